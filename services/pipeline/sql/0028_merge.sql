-- Which deals a merge of contacts or accounts gave to the one that stays: by that list they go back. An account that went into another is no account here
-- until it comes back.
create table pipeline.merge_move (
	workspace_id uuid not null,
	merge_id uuid not null,
	place text collate "C" not null,
	ids uuid[] not null,
	primary key (workspace_id, merge_id, place)
);
comment on table pipeline.merge_move is 'What contact.merged and account.merged moved; gone when it was taken back';
comment on column pipeline.merge_move.workspace_id is 'whose';
comment on column pipeline.merge_move.merge_id is 'which merge';
comment on column pipeline.merge_move.place is 'deal_contact, waiting_lead or deal_account; card: of these the open cards of a board of relationships that are none meanwhile';
comment on column pipeline.merge_move.ids is 'which deals or leads';
alter table pipeline.merge_move enable row level security;
revoke all on pipeline.merge_move from pipeline_read;
