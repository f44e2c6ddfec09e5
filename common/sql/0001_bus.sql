-- The tables that every service's schema has for the bus: frames, epochs, cursors, what is parked, stored replies, numbers.
-- Run with search_path set to the service's own schema, before the service's own migrations.
create table lane (
	lane smallint primary key,
	epoch bigint not null,
	member text not null,
	clean boolean not null,
	stopped text,
	claimed_at timestamptz not null default now()
);
comment on table lane is 'Who owns a lane now, or owned it last; the advisory lock is the truth, this row is for people and for the next owner';
comment on column lane.lane is '0 to 15';
comment on column lane.epoch is 'random number of this claim';
comment on column lane.member is 'the process: service.replica';
comment on column lane.clean is 'it was let go in good order; no: the next owner looks closely at its first items';
comment on column lane.stopped is 'why nothing of some source is consumed any more (its log was cut), or null';
comment on column lane.claimed_at is 'when it was claimed';

create table lane_epoch (
	lane smallint not null,
	epoch bigint not null,
	first_seq bigint not null,
	member text not null,
	at timestamptz not null default now(),
	primary key (lane, epoch)
);
comment on table lane_epoch is 'Every claim of a lane there was: a new epoch that begins at or before a reader''s cursor means that the log was cut';
comment on column lane_epoch.lane is '0 to 15';
comment on column lane_epoch.epoch is 'random, never a counter: a restored schema cannot repeat one';
comment on column lane_epoch.first_seq is 'the sequence its first frame has or would have';
comment on column lane_epoch.member is 'the process: service.replica';
comment on column lane_epoch.at is 'when';

create table event (
	lane smallint not null,
	first_seq bigint not null,
	n int not null,
	epoch bigint not null,
	payload bytea not null,
	created_at timestamptz not null default now(),
	primary key (lane, first_seq)
);
alter table event alter payload set storage external;
create index event_created_at on event using brin (created_at);
comment on table event is 'Frames: the events of one transaction on one lane. The product''s history; kept for good';
comment on column event.lane is '0 to 15: hash of the workspace';
comment on column event.first_seq is 'sequence of the first event; dense: the next frame begins at first_seq + n';
comment on column event.n is 'how many events';
comment on column event.epoch is 'of the claim that wrote it';
comment on column event.payload is 'msgpack, see common/frame.h';
comment on column event.created_at is 'when the transaction began';

create table cursor (
	consumer text collate "C" not null,
	source text collate "C" not null,
	lane smallint not null,
	last_seq bigint not null,
	epoch bigint not null,
	primary key (consumer, source, lane)
) with (fillfactor = 10);
comment on table cursor is 'How far this service is in the lanes of others; moves in the transaction of its effects';
comment on column cursor.consumer is 'main, or a named projection';
comment on column cursor.source is 'the service that speaks';
comment on column cursor.lane is '0 to 15';
comment on column cursor.last_seq is 'the last event dealt with; a stranger''s update makes it null, which aborts the stranger';
comment on column cursor.epoch is 'epoch of that event; 0: none yet';

create table parked (
	lane smallint not null,
	source text collate "C" not null,
	sequence bigint not null,
	key bigint not null,
	key2 bigint not null,
	workspace_id uuid not null,
	type text not null,
	event bytea not null,
	state text not null check (state in ('waiting', 'poison', 'behind')),
	tries int not null,
	error text not null,
	first_at timestamptz not null default now(),
	next_at timestamptz not null,
	primary key (lane, source, sequence)
);
comment on table parked is 'Events that could not be dealt with, and later ones of the same key behind them';
comment on column parked.lane is '0 to 15';
comment on column parked.source is 'who said it';
comment on column parked.sequence is 'where it stands in the source''s lane';
comment on column parked.key is 'hash of what it is about';
comment on column parked.key2 is 'hash of the other thing it is about; 0: none';
comment on column parked.workspace_id is 'whose';
comment on column parked.type is 'the event''s type';
comment on column parked.event is 'the event alone, as a frame of one';
comment on column parked.state is 'waiting: what it refers to has not come; poison: fails every time; behind: waits for an earlier one of its key';
comment on column parked.tries is 'how often it was tried';
comment on column parked.error is 'what is missing, or what Postgres or the handler said';
comment on column parked.first_at is 'when it was parked';
comment on column parked.next_at is 'when it is tried again; poison waits for people';

create table attempt (
	source text collate "C" not null,
	lane smallint not null,
	sequence bigint not null,
	n int not null,
	primary key (source, lane, sequence)
);
comment on table attempt is 'Items under suspicion of killing the process: written before each is run alone after an unclean end';
comment on column attempt.source is 'who said it';
comment on column attempt.lane is '0 to 15';
comment on column attempt.sequence is 'where it stands';
comment on column attempt.n is 'how often the process died on it, this time included';

create table reply (
	workspace_id uuid not null,
	actor uuid not null,
	id uuid not null,
	hash bigint not null,
	error text,
	detail text,
	record_id uuid,
	number bigint,
	version bigint,
	data jsonb,
	lane smallint not null,
	sequence bigint not null,
	at timestamptz not null default now(),
	primary key (workspace_id, actor, id)
);
create index reply_at on reply using brin (at);
comment on table reply is 'Answers to commands, so that a repeat gets the same one; kept 7 days; nothing personal, nothing secret';
comment on column reply.workspace_id is 'whose';
comment on column reply.actor is 'who asked';
comment on column reply.id is 'the command''s id (Idempotency-Key)';
comment on column reply.hash is 'of the request: the same id with other content is refused';
comment on column reply.error is 'code of errors.def when it was refused';
comment on column reply.detail is 'what was said beside the code';
comment on column reply.record_id is 'the record made or changed';
comment on column reply.number is 'its short number';
comment on column reply.version is 'its version';
comment on column reply.data is 'further members of the answer';
comment on column reply.lane is 'where its effect stands';
comment on column reply.sequence is 'where its effect stands; 0: it had none';
comment on column reply.at is 'when';

create table number_block (
	workspace_id uuid not null,
	kind smallint not null,
	next bigint not null,
	primary key (workspace_id, kind)
);
comment on table number_block is 'Short numbers are taken in blocks; this is where the next block begins';
comment on column number_block.workspace_id is 'whose';
comment on column number_block.kind is 'row of proto/numbers.def';
comment on column number_block.next is 'first number not yet taken';
