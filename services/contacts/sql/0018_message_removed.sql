-- What is unread in a room is its newest place less the one that was read, and less the few that were taken away between: those are found by themselves.
create index message_removed on contacts.message (workspace_id, room_id, place) where removed_at is not null;
create function contacts.room_unread(workspace uuid, room uuid, newest bigint, seen bigint) returns bigint language sql stable
	return least(greatest(newest - seen - (
		select count(*)
		from contacts.message m
		where (m.workspace_id, m.room_id) = (workspace, room) and m.place > seen and m.removed_at is not null), 0), 100);
comment on function contacts.room_unread is 'How many messages of others somebody has not read there: whoever writes has read what stands before, so none of them is their own; at most 100 are counted';
