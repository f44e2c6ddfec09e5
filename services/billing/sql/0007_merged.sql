-- What merges moved: taken back, it is the loser's again, with what it owes.
create table billing.merge_move (
	workspace_id uuid not null,
	merge_id uuid not null,
	place text collate "C" not null,
	ids uuid[] not null,
	primary key (workspace_id, merge_id, place)
);
comment on table billing.merge_move is 'What contact.merged and account.merged moved; gone when it was taken back';
comment on column billing.merge_move.workspace_id is 'whose';
comment on column billing.merge_move.merge_id is 'which merge';
comment on column billing.merge_move.place is 'document, payment, sales_order, deal, contact or lead_contact; not personal';
comment on column billing.merge_move.ids is 'which of those; of lead_contact the leads';
alter table billing.merge_move enable row level security;
revoke all on billing.merge_move from billing_read;
