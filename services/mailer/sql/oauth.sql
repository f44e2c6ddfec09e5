-- Log-ins by OAuth 2: how an account does, what is under way at a provider, and the tokens.

-- name: mail_oauth_begin_load mail_oauth_begin -> mail_account_found; locks nothing; a row per item, in their order
-- use: account_found

-- name: mail_oauth_finish_load mail_oauth_finish -> oauth_under_way; likewise
select a.id is not null as known, g.account_id is not null as oauth, a.name, g.asked_by, g.asked_until, g.state_hash
from unnest(:workspace[], :mail_account_id[]) with ordinality as item (workspace_id, id, i)
left join mailer.account a on (a.workspace_id, a.id) = (item.workspace_id, item.id) and a.removed_at is null
left join mailer.oauth g on (g.workspace_id, g.account_id) = (a.workspace_id, a.id)
order by item.i

-- name: oauth_write kept_oauth; locks mailer.oauth; its tokens stay
insert into mailer.oauth as g (workspace_id, account_id, provider, tenant, authorize_url, token_url, scope, client_id, secret_sealed, state, told, fails, next_at, attempt)
select item.workspace_id, item.account_id, item.provider, item.tenant, item.authorize_url, item.token_url, item.scope, item.client_id, item.secret_sealed, 'none', 'none', 0,
	'infinity', 0
from unnest(:workspace_id[], :mail_account_id[], :provider[], :tenant[], :authorize_url[], :token_url[], :scope[], :client_id[], :secret_sealed[])
	as item (workspace_id, account_id, provider, tenant, authorize_url, token_url, scope, client_id, secret_sealed)
on conflict (workspace_id, account_id) do update
set provider = excluded.provider, tenant = excluded.tenant, authorize_url = excluded.authorize_url, token_url = excluded.token_url, scope = excluded.scope,
	client_id = excluded.client_id, secret_sealed = excluded.secret_sealed,
	next_at = case when g.refresh_sealed is not null then now() else g.next_at end, attempt = g.attempt + 1, owner = null, lease_until = null

-- name: oauth_end mail_account_gone *; locks mailer.oauth: what was granted goes to no server that it was not granted for; somebody logs in anew
update mailer.oauth g
set state = 'none', error = null, asked_by = null, asked_until = null, state_hash = null, redirect = null, verifier_sealed = null, code_sealed = null,
	refresh_sealed = null, access_sealed = null, expires_at = null, fails = 0, next_at = 'infinity', attempt = g.attempt + 1, owner = null, lease_until = null
from unnest(:workspace_id[], :mail_account_id[]) as item (workspace_id, account_id)
where (g.workspace_id, g.account_id) = (item.workspace_id, item.account_id)

-- name: oauth_drop mail_account_gone *; locks mailer.oauth
delete from mailer.oauth g
using unnest(:workspace_id[], :mail_account_id[]) as item (workspace_id, account_id)
where (g.workspace_id, g.account_id) = (item.workspace_id, item.account_id)

-- name: oauth_asking_write oauth_asking; locks mailer.oauth: one log-in at a time is under way
update mailer.oauth g
set asked_by = item.asked_by, asked_until = item.asked_until, state_hash = item.state_hash, redirect = item.redirect, verifier_sealed = item.verifier_sealed
from unnest(:workspace_id[], :mail_account_id[], :asked_by[], :asked_until[], :state_hash[], :redirect[], :verifier_sealed[])
	as item (workspace_id, account_id, asked_by, asked_until, state_hash, redirect, verifier_sealed)
where (g.workspace_id, g.account_id) = (item.workspace_id, item.account_id)

-- name: oauth_code_write oauth_code; locks mailer.oauth; whoever makes a token new now does so in vain
update mailer.oauth g
set code_sealed = item.code_sealed, state_hash = null, state = 'asked', error = null, fails = 0, next_at = now(), attempt = g.attempt + 1, owner = null, lease_until = null
from unnest(:workspace_id[], :mail_account_id[], :code_sealed[]) as item (workspace_id, account_id, code_sealed)
where (g.workspace_id, g.account_id) = (item.workspace_id, item.account_id)

-- name: oauth_claim effect_turn +> oauth_job; locks mailer.oauth, the one that waits longest
with due as (
	select g.workspace_id, g.account_id
	from mailer.oauth g
	where g.next_at <= now() and (g.lease_until is null or g.lease_until < now())
	order by g.next_at
	limit 1
	for update skip locked
)
update mailer.oauth g
set attempt = g.attempt + 1, owner = :owner, lease_until = now() + make_interval(secs => :lease::bigint)
from due
where (g.workspace_id, g.account_id) = (due.workspace_id, due.account_id)
returning g.workspace_id, g.account_id as mail_account_id, g.attempt, g.provider, g.tenant, g.token_url, g.client_id, g.secret_sealed, g.redirect, g.verifier_sealed,
	g.code_sealed, g.refresh_sealed, g.fails::bigint as fails

-- name: oauth_record oauth_told +> mail_told_row; locks mailer.oauth, its own attempt alone; a code is good for ten minutes, and then it is over
update mailer.oauth g
set state = case item.outcome when 'granted' then 'works' when 'ended' then 'expired'
		when 'later' then case when g.code_sealed is not null then case when g.asked_until > now() then 'asked' else 'refused' end
			when g.expires_at > now() then g.state else 'expired' end
		else 'refused' end,
	code_sealed = case when item.outcome = 'later' and g.asked_until > now() then g.code_sealed end,
	verifier_sealed = case when item.outcome = 'later' and g.asked_until > now() then g.verifier_sealed end,
	access_sealed = case item.outcome when 'granted' then item.access_sealed when 'refused' then null else g.access_sealed end,
	refresh_sealed = case item.outcome when 'granted' then coalesce(item.refresh_sealed, case when g.code_sealed is null then g.refresh_sealed end)
		when 'refused' then null else g.refresh_sealed end,
	expires_at = case item.outcome when 'granted' then now() + make_interval(secs => item.lasts) when 'refused' then null else g.expires_at end,
	granted_at = case when item.outcome = 'granted' and g.code_sealed is not null then now() else g.granted_at end,
	refreshed_at = case when item.outcome = 'granted' then now() else g.refreshed_at end,
	error = item.error, fails = case when item.outcome = 'granted' then 0 else g.fails + 1 end,
	next_at = case when item.outcome = 'granted' or (item.outcome = 'later' and (g.code_sealed is null or g.asked_until > now()))
		then now() + make_interval(secs => item.wait) else 'infinity' end,
	owner = null, lease_until = null
from unnest(:workspace_id[], :mail_account_id[], :attempt[], :owner[], :outcome[], :access_sealed[], :refresh_sealed[], :lasts[], :wait[], :error[])
	as item (workspace_id, account_id, attempt, owner, outcome, access_sealed, refresh_sealed, lasts, wait, error)
where (g.workspace_id, g.account_id, g.attempt) = (item.workspace_id, item.account_id, item.attempt) and g.owner = item.owner
returning g.attempt

-- name: oauths_changed -> workspace_due; in which a log-in has another state than was said
select g.workspace_id, now() as now
from mailer.oauth g
where g.told <> g.state
group by g.workspace_id

-- name: oauths_untold workspace_due => oauth_untold; those log-ins
select g.workspace_id, g.account_id as mail_account_id, g.state as oauth, a.name, a.state, g.error
from unnest(:workspace_id[]) as item (workspace_id)
join mailer.oauth g on g.workspace_id = item.workspace_id
join mailer.account a on (a.workspace_id, a.id) = (g.workspace_id, g.account_id)
where g.told <> g.state
limit 50

-- name: oauth_account_write oauth_standing *; locks mailer.account: what waited for a log-in goes when there is one
update mailer.account a
set state = item.state, last_error = case when item.state = 'fails' then item.error when item.oauth = 'works' then null else a.last_error end,
	checked_at = case when item.state <> a.state then now() else a.checked_at end, held_until = case when item.oauth = 'works' then null else a.held_until end
from unnest(:workspace_id[], :mail_account_id[], :oauth[], :state[], :error[]) as item (workspace_id, id, oauth, state, error)
where (a.workspace_id, a.id) = (item.workspace_id, item.id)

-- name: oauth_mailbox_hurry oauth_standing *; locks mailer.mailbox: and it is looked into at once
update mailer.mailbox b
set next_at = now()
from unnest(:workspace_id[], :mail_account_id[], :oauth[]) as item (workspace_id, account_id, oauth)
where (b.workspace_id, b.account_id) = (item.workspace_id, item.account_id) and item.oauth = 'works' and b.state <> 'works'

-- name: oauth_told_write oauth_standing *; locks mailer.oauth
update mailer.oauth g
set told = item.oauth
from unnest(:workspace_id[], :mail_account_id[], :oauth[]) as item (workspace_id, account_id, oauth)
where (g.workspace_id, g.account_id) = (item.workspace_id, item.account_id)

-- name: oauth_hurry mail_account_gone *; locks mailer.oauth; a server refused the token: perhaps it is good no longer, so a new one is asked for first
update mailer.oauth g
set state = 'asked', access_sealed = null, next_at = now()
from unnest(:workspace_id[], :mail_account_id[]) as item (workspace_id, account_id)
where (g.workspace_id, g.account_id) = (item.workspace_id, item.account_id) and g.state = 'works' and g.refresh_sealed is not null
	and g.refreshed_at < now() - interval '1 minute'

-- name: removed_oauth_drop workspace_removed *; locks mailer.oauth, the workspace's rows
delete from mailer.oauth t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id
