-- The entry that a lead's deal was made says in which stage it began; of those that were there before this it is not known.
alter table contacts.lead add column deal_stage_id uuid;
comment on column contacts.lead.deal_stage_id is 'the stage in which its deal began';
