-- Quotes and invoices as they were sent last: what the placeholders of a mail say of them.
create table mailer.document (
	workspace_id uuid not null,
	id uuid not null,
	kind text not null,
	number text not null,
	deal_id uuid,
	contact_id uuid,
	total bigint not null,
	open bigint not null,
	currency text not null,
	due date,
	link text,
	state text not null,
	removed boolean not null default false,
	sent_at timestamptz not null,
	primary key (workspace_id, id)
);
create index document_deal on mailer.document (workspace_id, deal_id, kind, sent_at desc) where deal_id is not null;
create index document_contact on mailer.document (workspace_id, contact_id, kind, sent_at desc) where contact_id is not null;
comment on table mailer.document is 'What a mail says of a quote or an invoice (from quote.sent, invoice.sent and document.changed)';
comment on column mailer.document.workspace_id is 'whose';
comment on column mailer.document.id is 'which';
comment on column mailer.document.kind is 'quote or invoice; not personal';
comment on column mailer.document.number is 'its number; not personal';
comment on column mailer.document.deal_id is 'its deal';
comment on column mailer.document.contact_id is 'its contact';
comment on column mailer.document.total is 'what it comes to with VAT, in minor units';
comment on column mailer.document.open is 'what is still to be paid, in minor units';
comment on column mailer.document.currency is 'ISO 4217; not personal';
comment on column mailer.document.due is 'until when it is good, or to be paid';
comment on column mailer.document.link is 'the customer''s page, sealed by CRM_KEY; not personal';
comment on column mailer.document.state is 'how far it is; not personal';
comment on column mailer.document.removed is 'it was thrown away: nobody writes of it';
comment on column mailer.document.sent_at is 'when it was sent last';
alter table mailer.document enable row level security;
create policy workspaces_asked on mailer.document for select to mailer_read
	using (workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]));
revoke all on mailer.document from mailer_read;

-- What the placeholders say of the latest that was sent: of that deal, or without one of that contact. `link` is sealed still.
create function mailer.document_values(whose uuid, which text, of_deal uuid, of_contact uuid) returns jsonb language sql stable as $$
	select jsonb_build_object('number', d.number, 'total', mailer.amount(d.total, d.currency), 'open', mailer.amount(d.open, d.currency),
		'valid_until', d.due::text, 'due', d.due::text, 'link', d.link)
	from mailer.document d
	where d.workspace_id = whose and d.kind = which and not d.removed
		and case when of_deal is not null then d.deal_id = of_deal else d.contact_id = of_contact end
	order by d.sent_at desc
	limit 1
$$;
comment on function mailer.document_values is 'What placeholders say of the quote or the invoice that was sent last';
