-- Workspaces that are no more: what still comes about them is passed over, and what was said of them is taken out of the frames.
create table gone (
	workspace_id uuid primary key,
	lane smallint not null,
	upto bigint not null,
	erased bigint not null,
	at timestamptz not null default now()
);
create index gone_lane on gone (lane);
comment on table gone is 'Workspaces that were taken away: nothing about them is dealt with any more, whoever says it and however late it comes';
comment on column gone.workspace_id is 'which: nothing but its id is left';
comment on column gone.lane is 'its lane';
comment on column gone.upto is 'where the lane''s frames ended when it went: what was said of it stands up to there';
comment on column gone.erased is 'up to there its events are blank: in their place and number, without whose, what and when';
comment on column gone.at is 'when';
