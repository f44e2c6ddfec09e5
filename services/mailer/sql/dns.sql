-- What DNS says of an account's domains: asked for, looked at by an effect worker, read by a page.

-- name: mail_account_check_load mail_account_check -> mail_account_found; locks nothing; a row per item, in their order
-- use: account_found

-- name: dns_ask dns_asked *; locks mailer.dns_check; whoever looks now does so in vain; what is not said stays, "" is none
insert into mailer.dns_check as d (workspace_id, account_id, selector, include, asked_at, state, records, due_at, attempt)
select item.workspace_id, item.account_id, item.selector, item.include, now(), 'unchecked', '[]', now(), 0
from unnest(:workspace_id[], :mail_account_id[], :selector[], :include[]) as item (workspace_id, account_id, selector, include)
on conflict (workspace_id, account_id) do update
set selector = coalesce(excluded.selector, d.selector), include = coalesce(excluded.include, d.include),
	asked_at = now(), due_at = now(), attempt = d.attempt + 1, owner = null, lease_until = null

-- name: dns_again kept_mail_account *; locks mailer.dns_check: of another server or domain other records are asked for, where they ever were
update mailer.dns_check d
set asked_at = now(), due_at = now(), attempt = d.attempt + 1, owner = null, lease_until = null
from unnest(:workspace_id[], :mail_account_id[]) as item (workspace_id, account_id)
where (d.workspace_id, d.account_id) = (item.workspace_id, item.account_id)

-- name: dns_drop mail_account_gone *; locks mailer.dns_check
delete from mailer.dns_check d
using unnest(:workspace_id[], :mail_account_id[]) as item (workspace_id, account_id)
where (d.workspace_id, d.account_id) = (item.workspace_id, item.account_id)

-- name: dns_claim effect_turn +> dns_job; locks mailer.dns_check, the one that waits longest; nobody is harmed when it was looked at before and not recorded
with due as (
	select d.workspace_id, d.account_id
	from mailer.dns_check d
	where d.due_at <= now() and (d.lease_until is null or d.lease_until < now())
	order by d.due_at
	limit 1
	for update skip locked
)
update mailer.dns_check d
set attempt = d.attempt + 1, owner = :owner, lease_until = now() + make_interval(secs => :lease::bigint)
from due
join mailer.account a on (a.workspace_id, a.id) = (due.workspace_id, due.account_id)
left join mailer.mailbox b on (b.workspace_id, b.account_id) = (due.workspace_id, due.account_id)
where (d.workspace_id, d.account_id) = (due.workspace_id, due.account_id)
returning d.workspace_id, d.account_id as mail_account_id, d.attempt, a.kind, a.from_email, a.reply_domain, a.host, a.sealed, nullif(d.selector, '') as selector, nullif(d.include, '') as include, b.host is not null as mailbox

-- name: dns_record dns_told +> mail_told_row; locks mailer.dns_check, its own attempt alone
update mailer.dns_check d
set state = item.state, records = item.records, looked_at = now(), due_at = null, owner = null, lease_until = null
from unnest(:workspace_id[], :mail_account_id[], :attempt[], :owner[], :state[], :records[]) as item (workspace_id, account_id, attempt, owner, state, records)
where (d.workspace_id, d.account_id, d.attempt) = (item.workspace_id, item.account_id, item.attempt) and d.owner = item.owner
returning d.attempt

-- name: removed_dns_drop workspace_removed *; locks mailer.dns_check, the workspace's rows
delete from mailer.dns_check t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id

-- name: mail_account_records mail_account_records -> json
select json_build_object('id', a.id, 'state', coalesce(d.state, 'unchecked'), 'looking', d.due_at is not null, 'selector', nullif(d.selector, ''), 'include', nullif(d.include, ''),
	'asked_at', to_char(d.asked_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
	'looked_at', to_char(d.looked_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), 'records', coalesce(d.records, '[]'))::text
from mailer.account a
left join mailer.dns_check d on (d.workspace_id, d.account_id) = (a.workspace_id, a.id)
where a.removed_at is null and a.workspace_id = any (:workspaces) and a.id = :mail_account_id
