-- A company that went into another is given back with its address.
alter table billing.merge_move add column account jsonb;
comment on column billing.merge_move.account is 'of the company itself: as it was; personal';
comment on column billing.merge_move.place is 'document, payment, sales_order, deal, contact or lead_contact; account: where a contact belonged; loser: the company itself; not personal';
