-- Mails that come in: kept, read by an effect worker, made into mails and matched by the writer; assigned by people.

-- name: inbound_keep_load inbound_keep -> inbound_door; locks nothing, the lane is the lock; a row per item, in their order
select a.id is not null as known
from unnest(:workspace[], :mail_account_id[]) with ordinality as item (workspace_id, account_id, i)
left join mailer.account a on (a.workspace_id, a.id) = (item.workspace_id, item.account_id) and a.removed_at is null
order by item.i

-- name: inbound_keep_write inbound_keep *; inserts into mailer.inbound; the same bytes by the same account are one mail
insert into mailer.inbound (workspace_id, id, account_id, received_at, sha256, type, size, state, attempts, trusted)
select item.workspace_id, item.id, item.account_id, now(), item.sha256, item.type, item.size, 'kept', 0, false
from unnest(:workspace[], :mail_id[], :mail_account_id[], :sha256[], :type[], :size[]) as item (workspace_id, id, account_id, sha256, type, size)
where not exists (select from mailer.forgotten f where (f.workspace_id, f.account_id, f.digest) = (item.workspace_id, item.account_id, item.sha256))
on conflict do nothing

-- name: mail_upload_load mail_upload -> mail_brought; locks nothing; a row per item, in their order
select w.workspace_id is not null as known, i.id is not null or m.id is not null as there, false as placed, null::uuid as mail_owner_id, d.id is not null as deal_known, c.id is not null as contact_known,
	coalesce(d.contact_id, c.id) as contact_id, d.account_id, d.lead_id, case when item.deal_id is null then c.owner_id else d.owner_id end as owner_id, case when d.contact_id is null then c.owner_id else d.owner_id end as contact_owner_id
from unnest(:workspace[], :mail_id[], :deal_id[], :contact_id[]) with ordinality as item (workspace_id, id, deal_id, contact_id, i)
left join mailer.workspace w on w.workspace_id = item.workspace_id
left join mailer.inbound i on (i.workspace_id, i.id) = (item.workspace_id, item.id)
left join mailer.message m on (m.workspace_id, m.id) = (item.workspace_id, item.id)
left join mailer.deal d on (d.workspace_id, d.id) = (item.workspace_id, item.deal_id)
left join mailer.contact c on (c.workspace_id, c.id) = (item.workspace_id, item.contact_id)
order by item.i

-- name: mail_upload_write mail_upload *; inserts into mailer.inbound
insert into mailer.inbound (workspace_id, id, uploaded_by, received_at, sha256, type, size, deal_id, contact_id, state, attempts, trusted)
select item.workspace_id, item.id, item.actor_id, item.at, item.sha256, 'message/rfc822', item.size, item.deal_id, item.contact_id, 'kept', 0, false
from unnest(:workspace[], :mail_id[], :actor[], :at[], :sha256[], :size[], :deal_id[], :contact_id[]) as item (workspace_id, id, actor_id, at, sha256, size, deal_id, contact_id)
on conflict do nothing

-- name: inbound_claim effect_turn +> inbound_job; locks mailer.inbound, the one that waits longest; one that ended who read it three times is left
with due as (
	select i.workspace_id, i.id
	from mailer.inbound i
	where i.state = 'kept' and i.attempts < 3 and (i.lease_until is null or i.lease_until < now())
	order by i.received_at, i.id
	limit 1
	for update skip locked
)
update mailer.inbound i
set attempts = i.attempts + 1, owner = :owner, lease_until = now() + make_interval(secs => :lease::bigint)
from due
where (i.workspace_id, i.id) = (due.workspace_id, due.id)
returning i.workspace_id, i.id as mail_id, i.attempts::bigint as attempt, i.sha256, i.type, i.account_id is null or i.type = 'message/rfc822' as brought

-- name: inbound_record inbound_told +> mail_told_row; locks mailer.inbound, its own attempt alone; a fault of the world is tried again in a minute, and not counted
update mailer.inbound i
set state = case when item.reading is null then 'kept' else 'read' end, reading = item.reading, from_email = item.from_email, fault = item.fault,
	attempts = case when item.reading is null then i.attempts - 1 else i.attempts end, owner = null,
	lease_until = case when item.reading is null then now() + interval '1 minute' end
from unnest(:workspace_id[], :mail_id[], :attempt[], :owner[], :reading[], :from_email[], :fault[]) as item (workspace_id, id, attempt, owner, reading, from_email, fault)
where (i.workspace_id, i.id, i.attempts) = (item.workspace_id, item.id, item.attempt) and i.owner = item.owner and i.state = 'kept'
returning item.attempt::bigint as attempt

-- name: inbound_waiting -> workspace_due; in which something was read, or cannot be
select i.workspace_id, now() as now
from mailer.inbound i
where i.state = 'read' or (i.state = 'kept' and i.attempts >= 3 and i.lease_until < now())
group by i.workspace_id

-- name: inbound_due_load workspace_due => inbound_due; what was read, and what nobody can read; each with what it may belong to: the mail that a report is about, whose
-- token it was sent to, that it answers, in this order
with due as materialized (
	select i.workspace_id, i.id, i.account_id, i.uploaded_by, i.received_at, i.state, i.from_email, i.deal_id, i.contact_id, said.message_id, said.original_id, said.subject,
		said.from_name, said.sort, said.canary, said.machine, said.aligned, said."references", said.tokens, coalesce(jsonb_array_length(said.files), 0)::bigint as files,
		md5(coalesce(said.text, '')) as sum
	from (
		select x.*
		from unnest(:workspace_id[], :now[]) as item (workspace_id, now)
		join mailer.inbound x on x.workspace_id = item.workspace_id
		where x.state = 'read' or (x.state = 'kept' and x.attempts >= 3 and x.lease_until < item.now)
		order by x.received_at, x.id
		limit 50
	) i
	cross join lateral jsonb_to_record(coalesce(i.reading, '{}')) as said (message_id text, original_id text, subject text, from_name text, sort text, canary text, machine boolean,
		aligned boolean, "references" jsonb, tokens jsonb, files jsonb, text text)
)
select d.workspace_id, d.id as mail_id, d.account_id as mail_account_id, d.uploaded_by, d.received_at, d.state = 'read' as readable,
	exists (select from due e
		where e.workspace_id = d.workspace_id and (e.received_at, e.id) < (d.received_at, d.id)
			and (d."references" ? e.message_id or d.message_id = e.message_id)) as waits,
	d.subject, d.from_email, d.from_name, d.sort,
	coalesce(d.machine, false) as machine, coalesce(d.aligned, false) as aligned,
	d.files, same.id as same_id,
	exists (select from mailer.message o where (o.workspace_id, o.message_id) = (d.workspace_id, d.message_id) and o.direction = 'out') as loops,
	dl.id as asked_deal_id, coalesce(dl.contact_id, ct.id) as asked_contact_id, dl.account_id as asked_account_id, dl.lead_id as asked_lead_id,
	coalesce(dl.owner_id, ct.owner_id) as asked_owner_id,
	found.found_by, found.id as found_id,
	coalesce(found.direction = 'out' or found.deal_id is not null or found.contact_id is not null or found.about_account_id is not null or found.lead_id is not null, false) as found_placed,
	coalesce(found.direction = 'out' and exists (select from mailer.recipient r where (r.workspace_id, r.message_id, r.email) = (d.workspace_id, found.id, d.from_email)), false) as agrees,
	found.thread_id, found.deal_id, found.contact_id, found.about_account_id as account_id, found.lead_id, coalesce(found.owner_id, found.sent_by) as owner_id, person.id as person_id,
	cn.id as canary_id, coalesce(cn.workspace_id = d.workspace_id, false) as canary_own
from due d
left join mailer.canary cn on cn.token = d.canary and d.uploaded_by is null
left join mailer.deal dl on (dl.workspace_id, dl.id) = (d.workspace_id, d.deal_id)
left join mailer.contact ct on (ct.workspace_id, ct.id) = (d.workspace_id, d.contact_id)
left join lateral (
	select m.id
	from mailer.message m
	where (m.workspace_id, m.message_id) = (d.workspace_id, d.message_id) and m.direction = 'in' and m.from_email is not distinct from d.from_email
		and m.subject = d.subject and md5(coalesce(m.body_text, '')) = d.sum
	limit 1
) same on true
left join lateral (
	select m.*, x.found_by
	from (
		select 0 as rank, 'report' as found_by, o.id
		from mailer.message o
		where (o.workspace_id, o.message_id) = (d.workspace_id, d.original_id) and o.direction = 'out'
		union all
		select t.i, 'token', o.id
		from jsonb_array_elements_text(d.tokens) with ordinality as t (token, i)
		join mailer.message o on (o.workspace_id, o.token) = (d.workspace_id, t.token)
		union all
		select 10000 + t.i, 'reference', o.id
		from jsonb_array_elements_text(d."references") with ordinality as t (reference, i)
		join mailer.message o on (o.workspace_id, o.message_id) = (d.workspace_id, t.reference)
	) x
	join mailer.message m on (m.workspace_id, m.id) = (d.workspace_id, x.id)
	order by x.rank, m.direction desc, m.id
	limit 1
) found on true
left join lateral (
	select (array_agg(c.id))[1] as id
	from mailer.contact c
	where c.workspace_id = d.workspace_id and lower(c.email) = d.from_email
	having count(*) = 1
) person on true
order by d.received_at, d.id

-- name: inbound_candidates inbound_sender => inbound_candidate; locks nothing; what went to each in the last month, the latest first
select item.workspace_id, item.id as mail_id, m.id as sent_id, m.subject, m.deal_id, m.contact_id
from unnest(:workspace_id[], :mail_id[], :email[]) as item (workspace_id, id, email)
cross join lateral (
	select o.*
	from mailer.recipient r
	join mailer.message o on (o.workspace_id, o.id) = (r.workspace_id, r.message_id)
	where (r.workspace_id, r.email) = (item.workspace_id, item.email) and o.direction = 'out' and o.created_at > now() - interval '30 days'
	order by o.id desc
	limit 20
) m
order by item.id, m.id desc

-- name: inbound_failures inbound_step => inbound_failed; locks nothing; whom a report names, of those that the mail it is about went to; the only one when it names nobody
select i.workspace_id, i.id as report_id, i.reading ->> 'sort' = 'complaint' as complains, f.status, f.why, m.id as mail_id, r.n::bigint as n, r.state, r.email, m.subject, m.deal_id,
	m.contact_id, m.about_account_id as account_id, m.lead_id, m.owner_id
from unnest(:workspace_id[], :mail_id[], :found_id[]) as item (workspace_id, id, found_id)
join mailer.inbound i on (i.workspace_id, i.id) = (item.workspace_id, item.id)
join mailer.message m on (m.workspace_id, m.id) = (item.workspace_id, item.found_id)
join mailer.recipient r on (r.workspace_id, r.message_id) = (m.workspace_id, m.id)
left join lateral jsonb_to_recordset(i.reading -> 'failures') as f (email text, action text, status text, why text)
	on i.reading ->> 'sort' = 'complaint' or f.action = 'failed'
where i.reading ->> 'sort' in ('bounce', 'complaint') and m.direction = 'out'
	and (lower(f.email) = r.email
		or (coalesce(f.email, '') = '' and not exists (select from mailer.recipient o where (o.workspace_id, o.message_id) = (m.workspace_id, m.id) and o.n <> r.n)))

-- name: inbound_mail_write inbound_step; inserts into mailer.message: out of what was read, which goes by itself when the writer is done; one that could not be read before is there
insert into mailer.message (workspace_id, id, direction, created_at, version, thread_id, account_id, deal_id, contact_id, about_account_id, lead_id, owner_id,
	subject, body_text, body_html, from_name, from_email, reply_to, message_id, in_reply_to, refs, addressed, own, transactional, auto, send_at, size, state)
select item.workspace_id, item.id, 'in', item.at, 1, item.thread_id, item.mail_account_id, item.deal_id, item.contact_id, item.account_id, item.lead_id, item.owner_id,
	item.subject, coalesce(i.reading ->> 'text', ''), i.reading ->> 'html', i.reading ->> 'from_name', i.from_email, i.reading ->> 'reply_to',
	coalesce(i.reading ->> 'message_id', i.id::text || '@nameless.invalid'), i.reading ->> 'in_reply_to', i.reading ->> 'refs', i.reading -> 'addressed', (i.reading ->> 'own')::bigint,
	false, item.machine, item.at, i.size, 'received'
from unnest(:workspace_id[], :mail_id[], :at[], :thread_id[], :mail_account_id[], :deal_id[], :contact_id[], :account_id[], :lead_id[], :owner_id[], :subject[], :machine[])
	as item (workspace_id, id, at, thread_id, mail_account_id, deal_id, contact_id, account_id, lead_id, owner_id, subject, machine)
join mailer.inbound i on (i.workspace_id, i.id) = (item.workspace_id, item.id)
on conflict (workspace_id, id) do update set version = mailer.message.version + 1, thread_id = excluded.thread_id, deal_id = excluded.deal_id, contact_id = excluded.contact_id,
	about_account_id = excluded.about_account_id, lead_id = excluded.lead_id, owner_id = excluded.owner_id, subject = excluded.subject, body_text = excluded.body_text,
	body_html = excluded.body_html, from_name = excluded.from_name, from_email = excluded.from_email, reply_to = excluded.reply_to, message_id = excluded.message_id,
	in_reply_to = excluded.in_reply_to, refs = excluded.refs, addressed = excluded.addressed, own = excluded.own, auto = excluded.auto

-- name: inbound_files_write inbound_step *; inserts into mailer.attachment
insert into mailer.attachment (workspace_id, message_id, n, name, type, size, sha256, content_id)
select item.workspace_id, item.id, f.i, f.file ->> 'name', f.file ->> 'type', (f.file ->> 'size')::bigint, f.file ->> 'sha256', f.file ->> 'content_id'
from unnest(:workspace_id[], :mail_id[]) as item (workspace_id, id)
join mailer.inbound i on (i.workspace_id, i.id) = (item.workspace_id, item.id)
cross join lateral jsonb_array_elements(i.reading -> 'files') with ordinality as f (file, i)

-- name: inbound_step_write inbound_step; locks mailer.inbound
update mailer.inbound i
set state = item.state, why = item.why, trusted = item.trusted, mail_id = item.found_id, deal_id = item.deal_id, contact_id = item.contact_id, reading = null, taken_at = now()
from unnest(:workspace_id[], :mail_id[], :state[], :why[], :trusted[], :found_id[], :may_deal_id[], :may_contact_id[])
	as item (workspace_id, id, state, why, trusted, found_id, deal_id, contact_id)
where (i.workspace_id, i.id) = (item.workspace_id, item.id)

-- name: inbound_account_write inbound_step *; locks mailer.account: something came in by it
update mailer.account a
set last_received_at = greatest(a.last_received_at, item.at)
from (
	select x.workspace_id, x.id, max(x.at) as at
	from unnest(:workspace_id[], :mail_account_id[], :at[]) as x (workspace_id, id, at)
	group by 1, 2
) item
where (a.workspace_id, a.id) = (item.workspace_id, item.id)

-- name: mail_assign_load mail_assign -> mail_brought; locks nothing; a row per item, in their order
select w.workspace_id is not null as known, coalesce(m.direction = 'in', false) as there,
	coalesce(m.deal_id is not null or m.contact_id is not null or m.about_account_id is not null or m.lead_id is not null, false) as placed, m.owner_id as mail_owner_id,
	d.id is not null as deal_known, c.id is not null as contact_known, coalesce(d.contact_id, c.id) as contact_id, d.account_id, d.lead_id,
	case when item.deal_id is null then c.owner_id else d.owner_id end as owner_id, case when d.contact_id is null then c.owner_id else d.owner_id end as contact_owner_id
from unnest(:workspace[], :mail_id[], :deal_id[], :contact_id[]) with ordinality as item (workspace_id, id, deal_id, contact_id, i)
left join mailer.workspace w on w.workspace_id = item.workspace_id
left join mailer.message m on (m.workspace_id, m.id) = (item.workspace_id, item.id)
left join mailer.deal d on (d.workspace_id, d.id) = (item.workspace_id, item.deal_id)
left join mailer.contact c on (c.workspace_id, c.id) = (item.workspace_id, item.contact_id)
order by item.i

-- name: mail_assign_write mail_assigning => mail_placed; locks mailer.message: it and those of its thread that belong to nothing; where it was suggested to answer a mail of
-- that very record, it stands in that one's thread
with item as (
	select * from unnest(:workspace_id[], :mail_id[], :deal_id[], :contact_id[], :account_id[], :lead_id[], :owner_id[])
		as item (workspace_id, id, deal_id, contact_id, account_id, lead_id, owner_id)
), open as (
	select o.workspace_id, o.id, item.deal_id, item.contact_id, item.account_id, item.lead_id, item.owner_id, coalesce(s.thread_id, o.thread_id) as thread_id
	from item
	join mailer.message m on (m.workspace_id, m.id) = (item.workspace_id, item.id)
	join mailer.message o on (o.workspace_id, o.thread_id) = (m.workspace_id, m.thread_id)
	left join mailer.inbound i on (i.workspace_id, i.id) = (item.workspace_id, item.id) and i.state = 'suggested'
	left join mailer.message s on (s.workspace_id, s.id) = (i.workspace_id, i.mail_id)
		and case when item.deal_id is null then s.contact_id = item.contact_id else s.deal_id = item.deal_id end
	where o.direction = 'in' and o.deal_id is null and o.contact_id is null and o.about_account_id is null and o.lead_id is null
)
update mailer.message m
set deal_id = open.deal_id, contact_id = open.contact_id, about_account_id = open.account_id, lead_id = open.lead_id, owner_id = coalesce(open.owner_id, m.owner_id),
	thread_id = open.thread_id, version = m.version + 1
from open
where (m.workspace_id, m.id) = (open.workspace_id, open.id)
returning m.id as mail_id, m.subject, m.from_email, m.from_name, m.auto as machine,
	(select count(*) from mailer.attachment f where (f.workspace_id, f.message_id) = (m.workspace_id, m.id)) as files

-- name: mail_assign_settle mail_assigning *; locks mailer.inbound: they wait for nobody any more
update mailer.inbound i
set state = 'matched', why = 'person', deal_id = m.deal_id, contact_id = m.contact_id, dismissed_at = null, dismissed_by = null
from unnest(:workspace_id[], :mail_id[]) as item (workspace_id, id)
join mailer.message said on (said.workspace_id, said.id) = (item.workspace_id, item.id)
join mailer.message m on (m.workspace_id, m.thread_id) = (said.workspace_id, said.thread_id)
where (i.workspace_id, i.id) = (m.workspace_id, m.id) and i.state in ('suggested', 'unmatched', 'unreadable')
	and (m.deal_id is not null or m.contact_id is not null or m.about_account_id is not null or m.lead_id is not null)

-- name: removed_inbound_drop workspace_removed *; locks mailer.inbound, the workspace's rows
delete from mailer.inbound t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id

-- name: person_erased_mails person_erased *; locks mailer.message: what came from them, or may be theirs, and belongs to nothing yet is theirs, so that it goes with them
update mailer.message m
set contact_id = item.ids[1]
from (
	select x.workspace_id, array(select i::uuid from jsonb_array_elements_text(x.ids) i) as ids, array(select lower(w) from jsonb_array_elements_text(x.words) w) as words
	from unnest(:workspace[], :ids[], :words[]) as x (workspace_id, ids, words)
) item
join mailer.inbound i on i.workspace_id = item.workspace_id and i.state in ('suggested', 'unmatched', 'unreadable')
	and (lower(i.from_email) = any (item.words) or i.contact_id = any (item.ids) or i.deal_id = any (item.ids))
where (m.workspace_id, m.id) = (i.workspace_id, i.id) and m.direction = 'in' and m.deal_id is null and m.contact_id is null and m.about_account_id is null and m.lead_id is null

-- name: person_erased_files person_erased *; locks mailer.attachment: what came from them, or about them; the bytes go with the sweep
delete from mailer.attachment a
using unnest(:workspace[], :ids[]) as item (workspace_id, ids), mailer.message m
where m.workspace_id = item.workspace_id and (a.workspace_id, a.message_id) = (m.workspace_id, m.id) and m.direction = 'in'
	and (m.contact_id = any (array(select i::uuid from jsonb_array_elements_text(item.ids) i))
		or m.deal_id = any (array(select i::uuid from jsonb_array_elements_text(item.ids) i))
		or m.lead_id = any (array(select i::uuid from jsonb_array_elements_text(item.ids) i)))

-- name: person_erased_threads person_erased *; locks mailer.thread: it is called as its first mail, whose id it bears
update mailer.thread t
set subject = 'erased'
from (
	select x.workspace_id, array(select i::uuid from jsonb_array_elements_text(x.ids) i) as ids
	from unnest(:workspace[], :ids[]) as x (workspace_id, ids)
) item
join mailer.message m on m.workspace_id = item.workspace_id and (m.contact_id = any (item.ids) or m.deal_id = any (item.ids) or m.lead_id = any (item.ids))
where (t.workspace_id, t.id) = (m.workspace_id, m.id)

-- name: person_erased_inbound person_erased *; locks mailer.inbound: the bytes of what came from them, or about them, go with the sweep; inserts into mailer.forgotten: where they
-- lie in a mailbox still, they do not come in again
with gone as (
	delete from mailer.inbound t
	using unnest(:workspace[], :ids[]) as item (workspace_id, ids)
	where t.workspace_id = item.workspace_id
		and (t.deal_id = any (array(select i::uuid from jsonb_array_elements_text(item.ids) i))
		or exists (select from mailer.message m where (m.workspace_id, m.id) = (t.workspace_id, t.id)
			and (m.contact_id = any (array(select i::uuid from jsonb_array_elements_text(item.ids) i))
				or m.lead_id = any (array(select i::uuid from jsonb_array_elements_text(item.ids) i)))))
	returning t.workspace_id, t.account_id, t.sha256
)
insert into mailer.forgotten (workspace_id, account_id, digest, at)
select gone.workspace_id, gone.account_id, gone.sha256, now()
from gone
where gone.account_id is not null
on conflict do nothing

-- name: mail_html mail_html -> json; with its text, for what has no HTML
select json_build_object('id', m.id, 'workspace_id', m.workspace_id, 'subject', m.subject,
	'text', case when m.news_for is null or m.news_for = :user then m.body_text end, 'html', case when m.news_for is null or m.news_for = :user then m.body_html end,
	'files', (select coalesce(json_agg(json_build_object('n', f.n, 'content_id', f.content_id, 'sha256', f.sha256) order by f.n), '[]') from mailer.attachment f
		where (f.workspace_id, f.message_id) = (m.workspace_id, m.id) and f.content_id is not null))::text
from mailer.message m
where m.workspace_id = any (:workspaces) and m.id = :mail_id

-- name: mail_file_get mail_file_get -> json; the 0th: the mail itself, as it came
select json_build_object('id', x.id, 'workspace_id', x.workspace_id, 'name', x.name, 'sha256', x.sha256)::text
from (
	select f.message_id as id, f.workspace_id, f.name, f.sha256
	from mailer.attachment f
	where f.workspace_id = any (:workspaces) and f.message_id = :mail_id and f.n = coalesce(:n, 1)
	union all
	select i.id, i.workspace_id, case when i.account_id is null or i.type = 'message/rfc822' then 'mail.eml' else 'mail.txt' end, i.sha256
	from mailer.inbound i
	where i.workspace_id = any (:workspaces) and i.id = :mail_id and :n = 0
) x

-- part: file_row
json_build_object('id', f.id, 'name', f.name, 'type', f.type, 'size', f.size, 'sha256', f.sha256, 'at', to_char(m.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')

-- name: mail_files mail_files -> json; a record has few; pictures that stand in the text of a mail are no files to whoever looks for one
select json_build_object('data', coalesce(json_agg(
-- use: file_row
	) order by m.created_at desc, f.n), '[]'), 'next', null)::text
from mailer.message m
join mailer.attachment f on (f.workspace_id, f.message_id) = (m.workspace_id, m.id)
where m.workspace_id = any (:workspaces) and m.direction = 'in' and m.deal_id = :deal_id and (f.content_id is null or not starts_with(f.type, 'image/'))

-- name: mail_attachment_get mail_attachment_get -> json; no row: there is none, or none the reader may see
select
-- use: file_row
	, 'workspace_id', f.workspace_id)::text
from mailer.attachment f
join mailer.message m on (m.workspace_id, m.id) = (f.workspace_id, f.message_id)
where f.workspace_id = any (:workspaces) and f.id = :file_id
