-- Mailboxes that are looked into by IMAP: as people name them, and what an effect worker does there.

-- name: mailbox_write kept_mailbox; locks mailer.mailbox; of another mailbox nothing was read yet; whoever looks into it now does so in vain
insert into mailer.mailbox as b (workspace_id, account_id, host, port, tls, login, sealed, folder, since, last_uid, state, told, fails, next_at, attempt)
select item.workspace_id, item.account_id, item.host, item.port, item.tls, item.login, item.sealed, item.folder, now(), 0, 'unchecked', 'unchecked', 0, now(), 0
from unnest(:workspace_id[], :mail_account_id[], :host[], :port[], :tls[], :login[], :sealed[], :folder[])
	as item (workspace_id, account_id, host, port, tls, login, sealed, folder)
on conflict (workspace_id, account_id) do update
set host = excluded.host, port = excluded.port, tls = excluded.tls, login = excluded.login, sealed = excluded.sealed, folder = excluded.folder,
	since = case when (b.host, b.login, b.folder) = (excluded.host, excluded.login, excluded.folder) then b.since else now() end,
	validity = case when (b.host, b.login, b.folder) = (excluded.host, excluded.login, excluded.folder) then b.validity end,
	last_uid = case when (b.host, b.login, b.folder) = (excluded.host, excluded.login, excluded.folder) then b.last_uid else 0 end,
	stuck_uid = null, stuck = 0, state = 'unchecked', told = 'unchecked', fault = null, last_error = null, fails = 0, next_at = now(), attempt = b.attempt + 1, owner = null, lease_until = null

-- name: mailbox_drop mail_account_gone *; locks mailer.mailbox
delete from mailer.mailbox b
using unnest(:workspace_id[], :mail_account_id[]) as item (workspace_id, account_id)
where (b.workspace_id, b.account_id) = (item.workspace_id, item.account_id)

-- name: mailbox_hurry mail_account_test *; locks mailer.mailbox: it is looked into now
update mailer.mailbox b
set next_at = now()
from unnest(:workspace[], :mail_account_id[]) as item (workspace_id, account_id)
where (b.workspace_id, b.account_id) = (item.workspace_id, item.account_id)

-- name: mailbox_claim effect_turn +> mailbox_job; locks mailer.mailbox, the one that waits longest; nobody is harmed when it was read before and not recorded
with due as (
	select b.workspace_id, b.account_id, g.account_id is not null as oauth, case when g.expires_at > now() then g.access_sealed end as access_sealed
	from mailer.mailbox b
	left join mailer.oauth g on (g.workspace_id, g.account_id) = (b.workspace_id, b.account_id)
	where b.next_at <= now() and (b.lease_until is null or b.lease_until < now())
		and not coalesce(g.state in ('works', 'asked') and (g.access_sealed is null or g.expires_at <= now() + interval '10 s'), false) -- its token is made new in a moment
	order by b.next_at
	limit 1
	for update of b skip locked
)
update mailer.mailbox b
set attempt = b.attempt + 1, owner = :owner, lease_until = now() + make_interval(secs => :lease::bigint)
from due
where (b.workspace_id, b.account_id) = (due.workspace_id, due.account_id)
returning b.workspace_id, b.account_id as mail_account_id, b.attempt, b.host, b.port::bigint as port, b.tls, b.login, b.sealed, b.folder, b.since, b.validity, b.last_uid,
	due.oauth, due.access_sealed, b.fails::bigint as fails, b.stuck_uid, b.stuck::bigint as stuck, (select w.language from mailer.workspace w where w.workspace_id = b.workspace_id) as language

-- name: mailbox_record mailbox_told +> mail_told_row; locks mailer.mailbox, its own attempt alone; inserts into mailer.inbound: what was taken out and how far that
-- came are one step
with mine as (
	update mailer.mailbox b
	set validity = coalesce(item.validity, b.validity), last_uid = coalesce(item.last_uid, b.last_uid), state = case when item.fault is null then 'works' else 'fails' end,
		stuck_uid = item.stuck_uid, stuck = case when item.stuck_uid is null then 0 when item.stuck_uid = b.stuck_uid then b.stuck + 1 else 1 end,
		fault = item.fault, last_error = item.error, fails = case when item.fault is null then 0 else b.fails + 1 end, last_polled_at = now(),
		last_received_at = case when jsonb_array_length(item.messages) > 0 then now() else b.last_received_at end,
		next_at = now() + make_interval(secs => item.wait), owner = null, lease_until = null
	from unnest(:workspace_id[], :mail_account_id[], :attempt[], :owner[], :validity[], :last_uid[], :messages[], :stuck_uid[], :fault[], :error[], :wait[])
		as item (workspace_id, account_id, attempt, owner, validity, last_uid, messages, stuck_uid, fault, error, wait)
	where (b.workspace_id, b.account_id, b.attempt) = (item.workspace_id, item.account_id, item.attempt) and b.owner = item.owner
	returning b.workspace_id, b.account_id, b.attempt, item.messages
), kept as (
	insert into mailer.inbound (workspace_id, id, account_id, received_at, sha256, type, size, state, attempts, lease_until, fault, trusted)
	select mine.workspace_id, (m.message ->> 'id')::uuid, mine.account_id, now(), m.message ->> 'sha256', 'message/rfc822', (m.message ->> 'size')::bigint, 'kept',
		case when m.message ? 'fault' then 3 else 0 end, case when m.message ? 'fault' then now() end, m.message ->> 'fault', false
	from mine
	cross join lateral jsonb_array_elements(mine.messages) as m (message)
	where not exists (select from mailer.forgotten f where (f.workspace_id, f.account_id, f.digest) = (mine.workspace_id, mine.account_id, m.message ->> 'sha256'))
	on conflict do nothing
)
select mine.attempt
from mine

-- name: mailboxes_changed -> workspace_due; in which a mailbox works or fails from now on
select b.workspace_id, now() as now
from mailer.mailbox b
where b.told <> b.state
group by b.workspace_id

-- name: mailboxes_untold workspace_due => mailbox_untold; those mailboxes
select b.workspace_id, b.account_id as mail_account_id, b.state as mailbox, a.name, a.state
from unnest(:workspace_id[]) as item (workspace_id)
join mailer.mailbox b on b.workspace_id = item.workspace_id
join mailer.account a on (a.workspace_id, a.id) = (b.workspace_id, b.account_id)
where b.told <> b.state
limit 50

-- name: mailbox_told_write mailbox_untold *; locks mailer.mailbox
update mailer.mailbox b
set told = item.mailbox
from unnest(:workspace_id[], :mail_account_id[], :mailbox[]) as item (workspace_id, account_id, mailbox)
where (b.workspace_id, b.account_id) = (item.workspace_id, item.account_id)

-- name: removed_forgotten_drop workspace_removed *; locks mailer.forgotten, the workspace's rows
delete from mailer.forgotten t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id

-- name: removed_mailbox_drop workspace_removed *; locks mailer.mailbox, the workspace's rows
delete from mailer.mailbox t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id
