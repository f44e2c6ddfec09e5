-- Webhooks that go out: what a message is about is kept with it and with what came back, so that who is erased is gone from both; secrets of endpoints that are no more are gone.
alter table automation.hook_endpoint alter column sealed drop not null;
update automation.hook_endpoint
set sealed = null, old_sealed = null, old_until = null
where removed_at is not null;
comment on column automation.hook_endpoint.sealed is 'what its messages are signed with, sealed; null: it is no more; not personal';
comment on column automation.hook_endpoint.old_sealed is 'what they were signed with before, sealed, until old_until; not personal';

alter table automation.hook_delivery
	add column document_id uuid,
	add column record_id uuid;
create index hook_delivery_erased on automation.hook_delivery (workspace_id) where state = 'waiting' and body = 'erased';
comment on column automation.hook_delivery.document_id is 'likewise';
comment on column automation.hook_delivery.record_id is 'likewise: what an event about a record of any kind names';
comment on column automation.hook_delivery.body is 'the message, as it is sent; personal by deal_id, lead_id, contact_id, document_id, record_id: a word stays';

alter table automation.hook_try
	add column deal_id uuid,
	add column lead_id uuid,
	add column contact_id uuid,
	add column document_id uuid,
	add column record_id uuid;
update automation.hook_try t
set deal_id = d.deal_id, lead_id = d.lead_id, contact_id = d.contact_id
from automation.hook_delivery d
where (d.workspace_id, d.id) = (t.workspace_id, t.delivery_id);
comment on column automation.hook_try.deal_id is 'what its message is about';
comment on column automation.hook_try.lead_id is 'likewise';
comment on column automation.hook_try.contact_id is 'likewise';
comment on column automation.hook_try.document_id is 'likewise';
comment on column automation.hook_try.record_id is 'likewise';
comment on column automation.hook_try.response is 'the beginning of the answer, which may repeat the message; personal by deal_id, lead_id, contact_id, document_id, record_id';
