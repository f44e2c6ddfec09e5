-- name: workspace_created_write workspace_created; inserts into mailer.workspace
insert into mailer.workspace (workspace_id, agency_id, name, language, currency, timezone, home, won_mail)
select item.workspace_id, item.agency_id, item.name, item.language, item.currency, item.timezone, item.home,
	coalesce((item.content -> 'mail' ->> 'won')::boolean, false)
from unnest(:workspace_id[], :agency_id[], :name[], :language[], :currency[], :timezone[], :home[], :content[])
	as item (workspace_id, agency_id, name, language, currency, timezone, home, content)

-- name: workspace_updated_write workspace_updated *; locks mailer.workspace, the changed rows
update mailer.workspace w
set name = item.name
from unnest(:workspace_id[], :name[]) as item (workspace_id, name)
where w.workspace_id = item.workspace_id

-- name: workspace_preset_changed_write workspace_preset_changed *; locks mailer.workspace, the changed rows
update mailer.workspace w
set won_mail = coalesce((item.content -> 'mail' ->> 'won')::boolean, w.won_mail), language = coalesce(item.content ->> 'language', w.language)
from unnest(:workspace_id[], :content[]) as item (workspace_id, content)
where w.workspace_id = item.workspace_id

-- name: member_changed_write member_changed; locks mailer.member
insert into mailer.member (workspace_id, user_id, name, email, active)
select * from unnest(:workspace[], :user_id[], :name[], :email[], :active[])
on conflict (workspace_id, user_id) do update set name = excluded.name, email = excluded.email, active = excluded.active

-- name: deal_created_write deal_created *; inserts into mailer.deal; what was heard before stays as it is
insert into mailer.deal (workspace_id, id, number, title, value, value_currency, owner_id, lead_id, contact_id, account_id)
select item.workspace_id, item.id, item.number, item.title, item.value, item.value_currency, item.owner_id, item.lead_id, coalesce(item.contact_id, l.contact_id), item.account_id
from unnest(:workspace[], :deal_id[], :number[], :title[], :value[], :value_currency[], :owner_id[], :lead_id[], :contact_id[], :account_id[])
	as item (workspace_id, id, number, title, value, value_currency, owner_id, lead_id, contact_id, account_id)
left join mailer.lead_contact l on (l.workspace_id, l.lead_id) = (item.workspace_id, item.id)
on conflict (workspace_id, id) do nothing

-- name: deal_updated_write deal_updated *; locks mailer.deal, the changed rows, and mailer.message: its mails are whose it is
with mails as (
	update mailer.message m
	set owner_id = item.owner_id
	from unnest(:workspace[], :deal_id[], :owner_id[]) as item (workspace_id, id, owner_id)
	where (m.workspace_id, m.deal_id) = (item.workspace_id, item.id) and m.owner_id is distinct from item.owner_id
)
update mailer.deal d
set title = item.title, value = item.value, value_currency = item.value_currency, owner_id = item.owner_id
from unnest(:workspace[], :deal_id[], :title[], :value[], :value_currency[], :owner_id[]) as item (workspace_id, id, title, value, value_currency, owner_id)
where (d.workspace_id, d.id) = (item.workspace_id, item.id)

-- name: lead_contact_linked_write lead_contact_linked *; locks mailer.lead_contact, mailer.deal: a deal bears its lead's id, and may be heard later
with kept as (
	insert into mailer.lead_contact (workspace_id, lead_id, contact_id)
	select distinct on (item.workspace_id, item.lead_id) item.workspace_id, item.lead_id, item.contact_id
	from unnest(:workspace[], :lead_id[], :contact_id[]) as item (workspace_id, lead_id, contact_id)
	where item.contact_id is not null
	on conflict (workspace_id, lead_id) do update set contact_id = excluded.contact_id
)
update mailer.deal d
set contact_id = item.contact_id
from unnest(:workspace[], :lead_id[], :contact_id[]) as item (workspace_id, lead_id, contact_id)
where (d.workspace_id, d.id) = (item.workspace_id, item.lead_id) and item.contact_id is not null

-- name: deal_purged_drop deal_purged *; locks mailer.deal
delete from mailer.deal t
using unnest(:workspace[], :deal_id[]) as item (workspace_id, id)
where (t.workspace_id, t.id) = (item.workspace_id, item.id)

-- name: member_handed_over_write member_handed_over *; locks mailer.deal, mailer.message: what somebody owned is another one's
with deal as (
	update mailer.deal d
	set owner_id = item.to_id
	from unnest(:workspace[], :user_id[], :to_id[]) as item (workspace_id, user_id, to_id)
	where d.workspace_id = item.workspace_id and d.owner_id = item.user_id
)
update mailer.message m
set owner_id = item.to_id
from unnest(:workspace[], :user_id[], :to_id[]) as item (workspace_id, user_id, to_id)
where m.workspace_id = item.workspace_id and m.owner_id = item.user_id

-- name: removed_sending_stop workspace_removed *; locks mailer.recipient, the workspace's rows: no worker opens an attempt while attempts go
update mailer.recipient t
set state = 'cancelled'
from unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id and t.state in ('queued', 'unknown')

-- name: removed_provider_event_drop workspace_removed *; locks mailer.provider_event, the workspace's rows
delete from mailer.provider_event t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id

-- name: removed_suppression_drop workspace_removed *; locks mailer.suppression, the workspace's rows
delete from mailer.suppression t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id

-- name: removed_attachment_drop workspace_removed *; locks mailer.attachment, the workspace's rows
delete from mailer.attachment t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id

-- name: removed_try_drop workspace_removed *; locks mailer.try, the workspace's rows
delete from mailer.try t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id

-- name: removed_recipient_drop workspace_removed *; locks mailer.recipient, the workspace's rows
delete from mailer.recipient t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id

-- name: removed_message_drop workspace_removed *; locks mailer.message, the workspace's rows
delete from mailer.message t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id

-- name: removed_thread_drop workspace_removed *; locks mailer.thread, the workspace's rows
delete from mailer.thread t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id

-- name: removed_account_drop workspace_removed *; locks mailer.account, the workspace's rows
delete from mailer.account t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id

-- name: removed_deal_drop workspace_removed *; locks mailer.deal, the workspace's rows
delete from mailer.deal t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id

-- name: removed_member_drop workspace_removed *; locks mailer.member, the workspace's rows
delete from mailer.member t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id

-- name: removed_workspace_drop workspace_removed *; locks mailer.workspace, the workspace's rows
delete from mailer.workspace t
using unnest(:workspace_id[]) as item (workspace_id)
where t.workspace_id = item.workspace_id
