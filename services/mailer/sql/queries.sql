-- What pages read of mails.

-- part: account_page
jsonb_build_object('id', a.id, 'workspace_id', a.workspace_id, 'version', a.version, 'created_at', to_char(a.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
	'kind', a.kind, 'name', a.name, 'from_name', a.from_name, 'from_email', a.from_email, 'reply_domain', a.reply_domain, 'host', a.host, 'port', a.port, 'tls', a.tls,
	'login', a.login, 'per_minute', a.per_minute, 'is_default', a.is_default, 'tracking', a.tracking, 'canary', a.canary, 'event_key', a.event_key, 'state', a.state, 'last_error', a.last_error,
	'checked_at', to_char(a.checked_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
	'last_sent_at', to_char(a.last_sent_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
	'last_delivered_at', to_char(a.last_delivered_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
	'last_received_at', to_char(a.last_received_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
	'held_until', to_char(a.held_until at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
	'imap_host', b.host, 'imap_port', b.port, 'imap_tls', b.tls, 'imap_login', b.login, 'imap_folder', b.folder, 'imap_state', b.state, 'imap_fault', b.fault,
	'imap_error', b.last_error, 'imap_polled_at', to_char(b.last_polled_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
	'imap_received_at', to_char(b.last_received_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))
|| jsonb_build_object('auth', case when g.account_id is null then 'password' else 'oauth' end, 'oauth_provider', g.provider, 'oauth_tenant', g.tenant,
	'oauth_authorize_url', g.authorize_url, 'oauth_token_url', g.token_url, 'oauth_scope', g.scope, 'oauth_client', g.client_id, 'oauth_state', g.state, 'oauth_error', g.error,
	'oauth_expires_at', to_char(g.expires_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), 'oauth_granted_at', to_char(g.granted_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')

-- name: mail_account_list mail_account_list -> json; a workspace has few
select json_build_object('data', coalesce(json_agg(
-- use: account_page
) order by a.is_default desc, a.created_at), '[]'))::text
from mailer.account a
left join mailer.mailbox b on (b.workspace_id, b.account_id) = (a.workspace_id, a.id)
left join mailer.oauth g on (g.workspace_id, g.account_id) = (a.workspace_id, a.id)
where a.removed_at is null and a.workspace_id = any (:workspaces)

-- name: mail_way mail_way -> json; the workspaces of a set have few accounts
select coalesce((
	select json_build_object('workspace_id', a.workspace_id)
	from mailer.account a
	where a.removed_at is null and a.per_minute is distinct from 0 and a.workspace_id = any (:workspaces)
	order by coalesce(a.workspace_id = :prefer_id, false) desc, a.state = 'fails', a.state = 'works' desc, a.is_default desc, a.created_at
	limit 1
), 'null')::text

-- name: mail_account_get mail_account_get -> json
select (
-- use: account_page
))::text
from mailer.account a
left join mailer.mailbox b on (b.workspace_id, b.account_id) = (a.workspace_id, a.id)
left join mailer.oauth g on (g.workspace_id, g.account_id) = (a.workspace_id, a.id)
where a.removed_at is null and a.workspace_id = any (:workspaces) and a.id = :mail_account_id

-- part: mail_page
json_build_object('id', m.id, 'workspace_id', m.workspace_id, 'direction', m.direction, 'created_at', to_char(m.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
	'send_at', to_char(m.send_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), 'thread_id', m.thread_id, 'mail_account_id', m.account_id, 'deal_id', m.deal_id,
	'contact_id', m.contact_id, 'account_id', m.about_account_id, 'lead_id', m.lead_id, 'owner_id', m.owner_id, 'sent_by', m.sent_by, 'subject', m.subject,
	'from_name', m.from_name, 'from_email', m.from_email, 'transactional', m.transactional, 'auto', m.auto, 'size', m.size, 'state', m.state,
	'recipients', (select coalesce(json_agg(json_build_object('n', r.n, 'kind', r.kind, 'email', r.email, 'name', r.name, 'contact_id', r.contact_id, 'state', r.state,
			'state_at', to_char(r.state_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), 'reason', r.reason, 'attempts', r.attempts, 'repeated', r.repeated,
			'next_at', case when r.state in ('queued', 'unknown') and isfinite(r.next_at) then to_char(r.next_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') end) order by r.n), '[]')
		from mailer.recipient r
		where (r.workspace_id, r.message_id) = (m.workspace_id, m.id)),
	'files', (select coalesce(json_agg(json_build_object('n', f.n, 'name', f.name, 'type', f.type, 'size', f.size, 'sha256', f.sha256, 'content_id', f.content_id) order by f.n), '[]')
		from mailer.attachment f
		where (f.workspace_id, f.message_id) = (m.workspace_id, m.id)),
	'addressed', m.addressed,
	'snippet', case when m.news_for is null or m.news_for = :user then mailer.snippet(m.body_text, m.own) end,
	'inbound', (select json_build_object('state', i.state, 'why', i.why, 'trusted', i.trusted, 'deal_id', i.deal_id, 'contact_id', i.contact_id, 'mail_id', i.mail_id,
			'dismissed_at', to_char(i.dismissed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))
		from mailer.inbound i
		where (i.workspace_id, i.id) = (m.workspace_id, m.id))

-- name: mail_list mail_list -> json
with asked as (
	select least(greatest(coalesce(:limit, 50), 1), 200) as size,
		case when :after ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then :after::uuid end as after
), page as (
	select m.id, row_number() over (order by m.id desc) as i,
-- use: mail_page
		) as page
	from mailer.message m, asked
	where m.workspace_id = any (:workspaces) and (asked.after is null or m.id < asked.after)
		and (:deal_id::uuid is null or m.deal_id = :deal_id) and (:contact_id::uuid is null or m.contact_id = :contact_id)
		and (:account_id::uuid is null or m.about_account_id = :account_id) and (:thread_id::uuid is null or m.thread_id = :thread_id)
		and (:state::text is null or exists (select from mailer.recipient r where (r.workspace_id, r.message_id) = (m.workspace_id, m.id) and r.state = :state))
	order by m.id desc
	limit (select size + 1 from asked)
)
select json_build_object(
	'data', coalesce(json_agg(page.page order by page.i) filter (where page.i <= asked.size), '[]'),
	'next', case when count(page.i) > asked.size then (array_agg(page.id order by page.i))[asked.size] end)::text
from asked
left join page on true
group by asked.size

-- name: mail_get mail_get -> json
select (
-- use: mail_page
	)::jsonb || jsonb_strip_nulls(jsonb_build_object('text', case when m.news_for is null or m.news_for = :user then m.body_text end, 'own', m.own,
		'html', case when m.body_html is not null and (m.news_for is null or m.news_for = :user) then true end, 'message_id', m.message_id, 'in_reply_to', m.in_reply_to, 'reply_to', m.reply_to))
	|| jsonb_build_object('attempts', (select coalesce(jsonb_agg(jsonb_build_object('n', t.n, 'attempt', t.attempt, 'began_at', to_char(t.began_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
			'ended_at', to_char(t.ended_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), 'outcome', t.outcome, 'code', t.code, 'reason', t.reason) order by t.n, t.attempt), '[]')
		from mailer.try t
		where (t.workspace_id, t.message_id) = (m.workspace_id, m.id)),
	'events', (select coalesce(jsonb_agg(jsonb_build_object('n', e.n, 'kind', e.kind, 'at', to_char(e.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
			'machine', e.raw ->> 'sg_machine_open' = 'true', 'reason', coalesce(e.raw ->> 'reason', e.raw ->> 'response')) order by e.at, e.event_id), '[]')
		from mailer.provider_event e
		where (e.workspace_id, e.message_id) = (m.workspace_id, m.id))))::text
from mailer.message m
where m.workspace_id = any (:workspaces) and m.id = :mail_id

-- name: suppression_list suppression_list -> json; by address, and of one address by workspace: several may have it
with asked as (
	select least(greatest(coalesce(:limit, 50), 1), 200) as size,
		case when :after ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12} .' then left(:after, 36)::uuid end as after_workspace,
		case when :after ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12} .' then substr(:after, 38) end as after_email
), page as (
	select s.workspace_id, s.email, row_number() over (order by s.email, s.workspace_id) as i, json_build_object('workspace_id', s.workspace_id, 'email', s.email, 'reason', s.reason, 'detail', s.detail,
		'at', to_char(s.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), 'mail_id', s.message_id) as page
	from mailer.suppression s, asked
	where s.workspace_id = any (:workspaces) and (asked.after_email is null or (s.email, s.workspace_id) > (asked.after_email, asked.after_workspace))
	order by s.email, s.workspace_id
	limit (select size + 1 from asked)
)
select json_build_object(
	'data', coalesce(json_agg(page.page order by page.i) filter (where page.i <= asked.size), '[]'),
	'next', case when count(page.i) > asked.size then (array_agg(page.workspace_id || ' ' || page.email order by page.i))[asked.size] end)::text
from asked
left join page on true
group by asked.size

-- part: canary_page
	json_build_object('state', c.state, 'began_at', to_char(c.began_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
		'sent_at', to_char(c.sent_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), 'back_at', to_char(c.back_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
		'ms', (extract(epoch from c.back_at - coalesce(c.sent_at, c.began_at)) * 1000)::bigint, 'code', c.code, 'reason', c.reason)
		from mailer.canary c
		where (c.workspace_id, c.account_id) = (a.workspace_id, a.id)

-- name: mail_settings_get mail_settings_get -> json; by the workspaces of the asker: the first of them
select json_build_object('workspace_id', w.workspace_id, 'id', w.workspace_id, 'won_mail', w.won_mail)::text
from mailer.workspace w
where w.workspace_id = any (:workspaces)
limit 1

-- name: mail_health mail_health -> json
select json_build_object('data', coalesce(json_agg(json_build_object('mail_account_id', a.id, 'workspace_id', a.workspace_id, 'name', a.name, 'state', a.state,
	'last_error', a.last_error,
	'last_sent_at', to_char(a.last_sent_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
	'last_delivered_at', to_char(a.last_delivered_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
	'last_received_at', to_char(a.last_received_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
	'held_until', to_char(a.held_until at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
	'imap_state', b.state, 'imap_fault', b.fault, 'imap_error', b.last_error,
	'imap_polled_at', to_char(b.last_polled_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
	'imap_received_at', to_char(b.last_received_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
	'oauth_state', g.state, 'oauth_error', g.error, 'oauth_expires_at', to_char(g.expires_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
	'waiting', q.waiting, 'oldest_seconds', case when a.per_minute = 0 then 0 else q.oldest end, 'unknown', q.unknown, 'failures', q.failures,
	'receives',
-- use: canary_receives
	, 'canary', (select
-- use: canary_page
		and c.state in ('back', 'missing', 'failed')
		order by c.began_at desc
		limit 1),
	'canary_going', (select
-- use: canary_page
		and c.state in ('queued', 'sending', 'sent')
		order by c.began_at desc
		limit 1),
	'canary_back_at', (select to_char(max(c.back_at) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') from mailer.canary c
		where (c.workspace_id, c.account_id) = (a.workspace_id, a.id))) order by a.is_default desc, a.created_at), '[]'))::text
from mailer.account a
left join mailer.mailbox b on (b.workspace_id, b.account_id) = (a.workspace_id, a.id)
left join mailer.oauth g on (g.workspace_id, g.account_id) = (a.workspace_id, a.id)
cross join lateral (
	select count(*) filter (where r.state = 'queued' and r.next_at <= now()) as waiting,
		coalesce(extract(epoch from now() - min(r.next_at) filter (where r.state = 'queued' and r.next_at <= now()))::bigint, 0) as oldest,
		count(*) filter (where r.state = 'unknown') as unknown,
		(select coalesce(json_agg(json_build_object('state', f.state, 'reason', f.reason, 'count', f.n) order by f.n desc), '[]') from (
			select x.state, left(x.reason, 200) as reason, count(*) as n
			from mailer.recipient x
			where x.workspace_id = a.workspace_id and x.account_id = a.id and x.state in ('bounced', 'dropped', 'complained') and x.state_at > now() - interval '24 hours'
			group by 1, 2
			order by 3 desc
			limit 10) f) as failures
	from mailer.recipient r
	where r.workspace_id = a.workspace_id and r.account_id = a.id and r.state in ('queued', 'unknown')
) q
where a.removed_at is null and a.workspace_id = any (:workspaces)

-- name: mail_account_of_key mail_account_of_key -> json
select mailer.account_of_key(:hash)::text
