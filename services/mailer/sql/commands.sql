-- Accounts and mails, as people ask for them.

-- part: account_found
select w.workspace_id is not null as known, a.id is not null as taken,
	(select count(*) from mailer.account o where o.workspace_id = item.workspace_id and o.id <> item.id and o.removed_at is null) as others,
	l.version, l.kind, l.name, l.from_name, l.from_email, l.reply_domain, l.host, l.port::bigint as port, l.tls, l.login, l.sealed, l.per_minute::bigint as per_minute, l.is_default, l.tracking, l.canary, l.event_key,
	b.host as imap_host, b.port::bigint as imap_port, b.tls as imap_tls, b.login as imap_login, b.sealed as imap_sealed, b.folder as imap_folder,
	g.provider as oauth_provider, g.tenant as oauth_tenant, g.authorize_url as oauth_authorize_url, g.token_url as oauth_token_url, g.scope as oauth_scope,
	g.client_id as oauth_client, g.secret_sealed as oauth_sealed
from unnest(:workspace[], :mail_account_id[]) with ordinality as item (workspace_id, id, i)
left join mailer.workspace w on w.workspace_id = item.workspace_id
left join mailer.account a on (a.workspace_id, a.id) = (item.workspace_id, item.id)
left join mailer.account l on (l.workspace_id, l.id) = (item.workspace_id, item.id) and l.removed_at is null
left join mailer.mailbox b on (b.workspace_id, b.account_id) = (l.workspace_id, l.id)
left join mailer.oauth g on (g.workspace_id, g.account_id) = (l.workspace_id, l.id)
order by item.i

-- name: mail_account_add_load mail_account_add -> mail_account_found; locks nothing; a row per item, in their order
-- use: account_found

-- name: mail_account_update_load mail_account_update -> mail_account_found; likewise
-- use: account_found

-- name: mail_account_remove_load mail_account_remove -> mail_account_found; likewise
-- use: account_found

-- name: mail_account_write kept_mail_account; inserts into mailer.account
insert into mailer.account (workspace_id, id, version, created_at, kind, name, from_name, from_email, reply_domain, host, port, tls, login, sealed, per_minute,
	is_default, tracking, canary, hook_hash, event_key, state)
select item.workspace_id, item.id, item.version, item.at, item.kind, item.name, item.from_name, item.from_email, item.reply_domain, item.host, item.port, item.tls,
	item.login, item.sealed, item.per_minute, item.is_default, coalesce(item.tracking, false), coalesce(item.canary, true), item.hook_hash, item.event_key, item.state
from unnest(:workspace_id[], :mail_account_id[], :version[], :at[], :kind[], :name[], :from_name[], :from_email[], :reply_domain[], :host[], :port[], :tls[], :login[],
	:sealed[], :per_minute[], :is_default[], :tracking[], :canary[], :hook_hash[], :event_key[], :state[])
	as item (workspace_id, id, version, at, kind, name, from_name, from_email, reply_domain, host, port, tls, login, sealed, per_minute, is_default, tracking, canary, hook_hash, event_key, state)

-- name: mail_account_change kept_mail_account; locks mailer.account; what waited for it to work is tried again
update mailer.account a
set version = item.version, name = item.name, from_name = item.from_name, from_email = item.from_email, reply_domain = item.reply_domain, host = item.host,
	port = item.port, tls = item.tls, login = item.login, sealed = item.sealed, per_minute = item.per_minute, is_default = item.is_default, tracking = coalesce(item.tracking, a.tracking), canary = coalesce(item.canary, a.canary), event_key = item.event_key,
	state = item.state, held_until = null
from unnest(:workspace_id[], :mail_account_id[], :version[], :name[], :from_name[], :from_email[], :reply_domain[], :host[], :port[], :tls[], :login[],
	:sealed[], :per_minute[], :is_default[], :tracking[], :canary[], :event_key[], :state[])
	as item (workspace_id, id, version, name, from_name, from_email, reply_domain, host, port, tls, login, sealed, per_minute, is_default, tracking, canary, event_key, state)
where (a.workspace_id, a.id) = (item.workspace_id, item.id)

-- name: mail_account_default_write kept_mail_account *; locks mailer.account: there is one default
update mailer.account a
set is_default = false
from unnest(:workspace_id[], :mail_account_id[], :is_default[]) as item (workspace_id, id, is_default)
where a.workspace_id = item.workspace_id and a.id <> item.id and item.is_default and a.is_default

-- name: mail_account_gone_write mail_account_gone *; locks mailer.account, mailer.recipient: what waits to go by it does not go
with gone as (
	update mailer.account a
	set removed_at = item.at, is_default = false, sealed = null, hook_hash = null
	from unnest(:workspace_id[], :mail_account_id[], :at[]) as item (workspace_id, id, at)
	where (a.workspace_id, a.id) = (item.workspace_id, item.id)
)
update mailer.recipient r
set state = 'cancelled', state_at = item.at
from unnest(:workspace_id[], :mail_account_id[], :at[]) as item (workspace_id, id, at)
where r.workspace_id = item.workspace_id and r.account_id = item.id and r.state = 'queued'

-- part: place_rest
	a.id as mail_account_id, a.name as account_name, a.from_name, a.from_email, a.reply_domain
from item
left join mailer.workspace w on w.workspace_id = item.workspace_id
left join lateral (
	select x.*
	from mailer.account x
	where x.workspace_id = item.workspace_id and x.removed_at is null and (item.account_id is null or x.id = item.account_id)
	order by x.per_minute is not distinct from 0, x.is_default desc, x.created_at
	limit 1
) a on true

-- name: mail_send_load mail_send -> mail_place; locks nothing; a row per item, in their order
with item as (
	select * from unnest(:workspace[], :actor[], :mail_id[], :mail_account_id[], :deal_id[], :contact_id[], :reply_to_id[]) with ordinality
		as item (workspace_id, actor_id, mail_id, account_id, deal_id, contact_id, reply_to_id, i)
)
select w.workspace_id is not null as known, t.id is not null as taken, w.language, d.id is not null as deal_known, d.owner_id, c.id is not null as contact_known, c.owner_id as contact_owner_id,
	coalesce(d.contact_id, p.contact_id) as contact_id, coalesce(d.account_id, p.about_account_id) as account_id,
	p.thread_id, coalesce(p.owner_id, p.sent_by) as answered_owner_id, p.message_id as answers, p.refs, u.email as member_email,
-- use: place_rest
left join mailer.message t on (t.workspace_id, t.id) = (item.workspace_id, item.mail_id)
left join mailer.deal d on (d.workspace_id, d.id) = (item.workspace_id, item.deal_id)
left join mailer.contact c on (c.workspace_id, c.id) = (item.workspace_id, item.contact_id)
left join mailer.message p on (p.workspace_id, p.id) = (item.workspace_id, item.reply_to_id)
left join mailer.member u on (u.workspace_id, u.user_id) = (item.workspace_id, item.actor_id)
order by item.i

-- name: mail_account_test_load mail_account_test -> mail_place; likewise
with item as (
	select * from unnest(:workspace[], :actor[], :mail_account_id[]) with ordinality as item (workspace_id, actor_id, account_id, i)
)
select w.workspace_id is not null as known, false as taken, w.language, false as deal_known, null::uuid as owner_id, false as contact_known, null::uuid as contact_owner_id, null::uuid as contact_id,
	null::uuid as account_id, null::uuid as thread_id, null::uuid as answered_owner_id, null::text as answers, null::text as refs, u.email as member_email,
-- use: place_rest
left join mailer.member u on (u.workspace_id, u.user_id) = (item.workspace_id, item.actor_id)
order by item.i

-- name: mail_access_load mail_access -> mail_place; likewise
with item as (
	select workspace_id, mail_id, null::uuid as account_id, i from unnest(:workspace[], :mail_id[]) with ordinality as item (workspace_id, mail_id, i)
)
select w.workspace_id is not null as known, t.id is not null as taken, w.language, false as deal_known, null::uuid as owner_id, false as contact_known, null::uuid as contact_owner_id, null::uuid as contact_id,
	null::uuid as account_id, null::uuid as thread_id, null::uuid as answered_owner_id, null::text as answers, null::text as refs, null::text as member_email,
-- use: place_rest
left join mailer.message t on (t.workspace_id, t.id) = (item.workspace_id, item.mail_id)
order by item.i

-- name: mail_thread_write kept_mail *; locks mailer.thread: whom somebody writes to is waited for
insert into mailer.thread (workspace_id, id, created_at, last_at, subject, state)
select item.workspace_id, item.id, item.at, item.at, item.subject, case when not item.machine then 'waiting' end
from unnest(:workspace_id[], :thread_id[], :at[], :subject[], :machine[]) as item (workspace_id, id, at, subject, machine)
on conflict (workspace_id, id) do update set last_at = greatest(mailer.thread.last_at, excluded.last_at), state = coalesce(excluded.state, mailer.thread.state)

-- name: mail_write kept_mail; inserts into mailer.message
insert into mailer.message (workspace_id, id, direction, created_at, version, thread_id, account_id, deal_id, contact_id, about_account_id, lead_id, owner_id, sent_by,
	cause_id, subject, body_text, body_html, from_name, from_email, reply_to, message_id, in_reply_to, refs, token, template_id, transactional, auto, send_at, size, state,
	link, link_until, news_for)
select item.workspace_id, item.id, 'out', item.at, 1, item.thread_id, item.mail_account_id, item.deal_id, item.contact_id, item.account_id, item.lead_id, item.owner_id,
	item.sent_by, item.cause_id, item.subject, item.text, item.html, item.from_name, item.from_email, item.reply_to, item.message_id, item.in_reply_to, item.refs,
	item.token, item.template_id, item.transactional, item.auto, item.send_at, item.size, 'queued', item.link, item.link_until, item.news_for
from unnest(:workspace_id[], :mail_id[], :at[], :thread_id[], :mail_account_id[], :deal_id[], :contact_id[], :account_id[], :lead_id[], :owner_id[], :sent_by[],
	:cause_id[], :subject[], :text[], :html[], :from_name[], :from_email[], :reply_to[], :message_id[], :in_reply_to[], :refs[], :token[], :template_id[],
	:transactional[], :machine[], :send_at[], :size[], :link[], :link_until[], :news_for[])
	as item (workspace_id, id, at, thread_id, mail_account_id, deal_id, contact_id, account_id, lead_id, owner_id, sent_by, cause_id, subject, text, html, from_name,
		from_email, reply_to, message_id, in_reply_to, refs, token, template_id, transactional, auto, send_at, size, link, link_until, news_for)

-- name: mail_recipient_write kept_mail_recipient; inserts into mailer.recipient
insert into mailer.recipient (workspace_id, message_id, n, account_id, kind, email, name, contact_id, state, state_at, attempts, repeated, next_at)
select item.workspace_id, item.message_id, item.n, item.account_id, item.kind, item.email, item.name, item.contact_id, 'queued', now(), 0, false, item.next_at
from unnest(:workspace_id[], :mail_id[], :n[], :mail_account_id[], :kind[], :email[], :name[], :contact_id[], :next_at[])
	as item (workspace_id, message_id, n, account_id, kind, email, name, contact_id, next_at)

-- name: mail_file_write kept_mail_file; inserts into mailer.attachment
insert into mailer.attachment (workspace_id, message_id, n, name, type, size, sha256, content_id)
select * from unnest(:workspace_id[], :mail_id[], :n[], :name[], :type[], :size[], :sha256[], :content_id[])

-- name: mail_settings_load mail_settings_set -> mail_settings_row; locks nothing, the lane is the lock; a row per item, in their order
select w.workspace_id is not null as known, coalesce(w.won_mail, false) as won_mail
from unnest(:workspace[]) with ordinality as item (workspace_id, i)
left join mailer.workspace w on w.workspace_id = item.workspace_id
order by item.i

-- name: mail_settings_write mail_settings_set *; locks mailer.workspace
update mailer.workspace w
set won_mail = coalesce(item.won_mail, w.won_mail)
from unnest(:workspace[], :won_mail[]) as item (workspace_id, won_mail)
where w.workspace_id = item.workspace_id

-- name: won_load deal_stage_changed -> won_place; locks nothing; a row per item, in their order
select coalesce(w.won_mail, false) and m.id is null as wanted, w.language, w.name as workspace_name, a.id as mail_account_id, a.from_name, a.from_email, u.email, u.name,
	d.title, d.value, d.value_currency, d.contact_id, d.account_id
from unnest(:workspace[], :deal_id[], :owner_id[], :id[]) with ordinality as item (workspace_id, deal_id, owner_id, event_id, i)
left join mailer.workspace w on w.workspace_id = item.workspace_id
left join mailer.deal d on (d.workspace_id, d.id) = (item.workspace_id, item.deal_id)
left join mailer.member u on (u.workspace_id, u.user_id) = (item.workspace_id, item.owner_id) and u.active
left join mailer.message m on (m.workspace_id, m.cause_id) = (item.workspace_id, item.event_id)
left join lateral (
	select x.*
	from mailer.account x
	where x.workspace_id = item.workspace_id and x.removed_at is null and x.per_minute is distinct from 0
	order by x.is_default desc, x.created_at
	limit 1
) a on true
order by item.i
