-- Commands that events asked for: an event that is delivered again is answered from here, and its command is not run again.
create table asked (
	workspace_id uuid not null,
	action_id uuid not null,
	error text,
	detail text,
	record_id uuid,
	number bigint not null,
	version bigint not null,
	at timestamptz not null default now(),
	primary key (workspace_id, action_id)
);
create index asked_at on asked using brin (at);
comment on table asked is 'What became of commands that events asked for: each is run once, whatever is delivered again; kept 30 days';
comment on column asked.workspace_id is 'whose';
comment on column asked.action_id is 'which: the command''s id';
comment on column asked.error is 'code of errors.def when it was refused; null: it was done; not personal';
comment on column asked.detail is 'what was said beside the code; personal';
comment on column asked.record_id is 'the record made or changed';
comment on column asked.number is 'its short number; 0: none';
comment on column asked.version is 'its version; 0: none';
comment on column asked.at is 'when';
