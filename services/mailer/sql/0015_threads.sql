-- A conversation is open while somebody waits for us, waiting while we wait for them, done when somebody closed it; machines alone make none. What came in and
-- belongs to nothing yet is in the inbox, not here.
alter table mailer.thread add column state text, add column assignee_id uuid;
comment on column mailer.thread.state is 'open, waiting or done; null: machines alone wrote in it; not personal';
comment on column mailer.thread.assignee_id is 'who deals with it; null: whose record it is about';
update mailer.thread t
set state = case when m.direction = 'in' or m.state in ('bounced', 'dropped', 'complained') then 'open' else 'waiting' end
from (
	select distinct on (x.workspace_id, x.thread_id) x.workspace_id, x.thread_id, x.direction, x.state
	from mailer.message x
	where not x.auto and x.state <> 'cancelled'
	order by x.workspace_id, x.thread_id, x.id desc
) m
where (t.workspace_id, t.id) = (m.workspace_id, m.thread_id);
create index thread_state on mailer.thread (workspace_id, state, last_at desc, id desc) where state is not null;
