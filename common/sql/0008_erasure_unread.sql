-- A frame that cannot be read may name whoever is to be forgotten: so that request does not end. It is gone through again a while later, and says so.
alter table erasure add column missed bigint not null default 0, add column unread bigint not null default 0, add column unread_seq bigint, add column next_at timestamptz;
comment on column erasure.missed is 'frames that this turn could not read';
comment on column erasure.unread is 'frames that the last whole turn could not read: it cannot end before somebody has seen to them';
comment on column erasure.unread_seq is 'where the first of them begins on its lane';
comment on column erasure.next_at is 'not gone through again before; null: at once';

create or replace function erase_bite(whose uuid) returns boolean language plpgsql set search_path from current as $$
declare
	at record;
	of_it record;
	blocks bigint;
	n bigint;
begin
	select min(e.step) as step, min(e.block) as block, sum(e.changed) as changed, erase_pattern(array(select distinct w from erasure x, unnest(x.words) w
		where x.workspace_id = whose and x.upto is not null and x.ended_at is null)) as pattern
	into at
	from erasure e
	where e.workspace_id = whose and e.done >= e.upto and e.ended_at is null;
	select p.* into of_it from personal_column p where p.keys is distinct from '{hand}' order by p.place offset at.step limit 1;
	if at.pattern is null or (not found and at.changed = 0) then
		update erasure
		set unread = missed, missed = 0, done = 0, step = 0, block = 0, changed = 0, next_at = now() + interval '10 min'
		where workspace_id = whose and done >= upto and ended_at is null and missed > 0;
		update erasure
		set ids = '{}', words = '{}', unread = 0, unread_seq = null, next_at = null, ended_at = now()
		where workspace_id = whose and done >= upto and ended_at is null;
		return false;
	elsif not found then
		update erasure set step = 0, block = 0, changed = 0 where workspace_id = whose and done >= upto and ended_at is null;
		return true;
	end if;
	blocks := pg_relation_size(of_it.of_table) / current_setting('block_size')::bigint;
	n := erase_found(of_it.place, whose, at.pattern, at.block, at.block + 256, 'erased');
	update erasure
	set changed = changed + n, step = step + (at.block + 256 >= blocks)::int, block = case when at.block + 256 >= blocks then 0 else at.block + 256 end
	where workspace_id = whose and done >= upto and ended_at is null;
	return true;
end
$$;
