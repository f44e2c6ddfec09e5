-- What is due by the clock of each workspace: overdue, expired, to be reminded of, to be made again.

-- name: tend_waiting -> workspace_due; workspaces in which something of that is
select w.workspace_id, now() as now
from billing.workspace w
cross join lateral (
	select (now() at time zone w.timezone)::date as today
) t
left join billing.company c on c.workspace_id = w.workspace_id
where not w.removing and (exists (
		select from billing.document d
		where d.workspace_id = w.workspace_id and d.due < t.today and d.removed_at is null
			and ((d.kind = 'quote' and d.state = 'sent') or (d.kind = 'invoice' and d.overdue_at is null and d.state in ('sent', 'partly_paid'))))
	or exists (
		select from billing.recurrence r
		where r.workspace_id = w.workspace_id and r.next_on <= t.today and r.removed_at is null)
	or (c.remind_auto and exists (
		select from billing.document d
		where d.workspace_id = w.workspace_id and d.kind = 'invoice' and d.overdue_at is not null and d.reminded < 3 and d.state in ('sent', 'partly_paid')
			and coalesce(d.buyer ->> 'email', '') <> ''
			and d.sent_at is not null and billing.reminder_on(d, c, w.timezone) <= t.today)))

-- name: tend_late workspace_due => document_ask; of these, quotes that nobody answered in time and invoices that should have been paid: a bite; whoever writes of the past writes in a moment what came of it
select d.workspace_id, d.id as document_id, null::uuid as deal_id, null::uuid as contact_id, null::uuid as account_id, item.now
from unnest(:workspace_id[], :now[]) as item (workspace_id, now)
join billing.workspace w on w.workspace_id = item.workspace_id
cross join lateral (
	select x.workspace_id, x.id
	from billing.document x
	where x.workspace_id = item.workspace_id and x.due < (item.now at time zone w.timezone)::date and x.removed_at is null
		and ((x.kind = 'quote' and x.state = 'sent') or (x.kind = 'invoice' and x.overdue_at is null and x.state in ('sent', 'partly_paid')))
		and not exists (select from billing.render r where (r.workspace_id, r.document_id) = (x.workspace_id, x.id) and r.wanted_at > now() - interval '5 seconds')
	order by x.due, x.id
	limit 100
) d
limit 300

-- name: tend_reminders workspace_due => document_ask; of those that remind by themselves, invoices that went to their customer and whose next reminder's day has come: a bite
select d.workspace_id, d.id as document_id, null::uuid as deal_id, null::uuid as contact_id, null::uuid as account_id, item.now
from unnest(:workspace_id[], :now[]) as item (workspace_id, now)
join billing.workspace w on w.workspace_id = item.workspace_id
join billing.company c on c.workspace_id = item.workspace_id and c.remind_auto
cross join lateral (
	select x.workspace_id, x.id
	from billing.document x
	where x.workspace_id = item.workspace_id and x.kind = 'invoice' and x.overdue_at is not null and x.reminded < 3 and x.state in ('sent', 'partly_paid')
		and coalesce(x.buyer ->> 'email', '') <> ''
		and x.sent_at is not null and billing.reminder_on(x, c, w.timezone) <= (item.now at time zone w.timezone)::date
	order by x.due, x.id
	limit 50
) d
limit 100

-- name: tend_recurrences workspace_due => recurrence_due; of these, invoices that are to be made again by today: a bite
select r.workspace_id, r.id as recurrence_id, r.document_id, r.name, r.every, r.next_on, r.until, r.send, r.day::bigint as day
from unnest(:workspace_id[], :now[]) as item (workspace_id, now)
join billing.workspace w on w.workspace_id = item.workspace_id
join billing.recurrence r on r.workspace_id = item.workspace_id and r.next_on <= (item.now at time zone w.timezone)::date and r.removed_at is null
order by r.next_on, r.id
limit 50

-- name: recurrence_made_write recurrence_made *; locks billing.recurrence, billing.document: the one that was made says by what
with made as (
	update billing.document d
	set recurrence_id = item.id
	from unnest(:workspace_id[], :recurrence_id[], :document_id[]) as item (workspace_id, id, document_id)
	where (d.workspace_id, d.id) = (item.workspace_id, item.document_id)
)
update billing.recurrence r
set next_on = item.next_on, made = r.made + (item.document_id is not null)::int, last_on = item.made_on, last_id = coalesce(item.document_id, r.last_id), version = r.version + 1
from unnest(:workspace_id[], :recurrence_id[], :made_on[], :next_on[], :document_id[]) as item (workspace_id, id, made_on, next_on, document_id)
where (r.workspace_id, r.id) = (item.workspace_id, item.id)
