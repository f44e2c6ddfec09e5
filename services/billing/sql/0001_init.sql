-- What billing keeps: documents of money and what they are made of, the files of each version, payments, bank statements, ways to be paid,
-- what is made again and again, orders; and copies of what the others said of workspaces, people and companies. Money is bigint, minor units.
-- Every key begins with the workspace; readers see what their query is bound to. A document that is final never changes in what is printed,
-- and never goes but with its workspace: a trigger says so, whoever asks.
create table billing.workspace (
	workspace_id uuid primary key,
	agency_id uuid not null,
	name text not null,
	language text not null,
	currency text not null,
	timezone text not null,
	country text not null,
	home boolean not null,
	removing boolean not null default false
);
comment on table billing.workspace is 'What billing keeps of a workspace (from workspace.created and workspace.updated)';
comment on column billing.workspace.workspace_id is 'which';
comment on column billing.workspace.agency_id is 'whose';
comment on column billing.workspace.name is 'what people call it; not personal';
comment on column billing.workspace.language is 'nl or en: of documents for customers of whom no other is known; not personal';
comment on column billing.workspace.currency is 'ISO 4217; not personal';
comment on column billing.workspace.timezone is 'IANA: when a day ends; not personal';
comment on column billing.workspace.country is 'ISO 3166; not personal';
comment on column billing.workspace.home is 'an agency''s home';
comment on column billing.workspace.removing is 'it is being removed: final documents may go, as nowhere else';

create table billing.member (
	workspace_id uuid not null,
	user_id uuid not null,
	name text not null,
	email text not null,
	active boolean not null,
	primary key (workspace_id, user_id)
);
comment on table billing.member is 'People of a workspace (from member.changed)';
comment on column billing.member.workspace_id is 'whose';
comment on column billing.member.user_id is 'who';
comment on column billing.member.name is 'their name; not personal';
comment on column billing.member.email is 'where they are reached; not personal';
comment on column billing.member.active is 'no: left or disabled';

create table billing.deal (
	workspace_id uuid not null,
	id uuid not null,
	number bigint not null,
	title text not null,
	value bigint,
	value_currency char(3),
	owner_id uuid,
	lead_id uuid,
	contact_id uuid,
	account_id uuid,
	source text,
	primary key (workspace_id, id)
);
create index deal_contact on billing.deal (workspace_id, contact_id) where contact_id is not null;
create index deal_account on billing.deal (workspace_id, account_id) where account_id is not null;
comment on table billing.deal is 'What documents are of (from deal.created, deal.updated and deal.converted)';
comment on column billing.deal.workspace_id is 'whose';
comment on column billing.deal.id is 'which';
comment on column billing.deal.number is 'its short number';
comment on column billing.deal.title is 'its title; personal by id, contact_id, lead_id: a word stays';
comment on column billing.deal.value is 'what it may bring, in minor units';
comment on column billing.deal.value_currency is 'ISO 4217; not personal';
comment on column billing.deal.owner_id is 'whose it is';
comment on column billing.deal.lead_id is 'the lead it came of';
comment on column billing.deal.contact_id is 'its contact';
comment on column billing.deal.account_id is 'its company';
comment on column billing.deal.source is 'what it came by, for revenue by source; not personal';

create table billing.contact (
	workspace_id uuid not null,
	id uuid not null,
	number bigint,
	name text not null,
	first_name text,
	email text,
	phone text,
	company text,
	account_id uuid,
	owner_id uuid,
	primary key (workspace_id, id)
);
comment on table billing.contact is 'People whom documents are for (from contact.created, contact.updated and merges)';
comment on column billing.contact.workspace_id is 'whose';
comment on column billing.contact.id is 'who';
comment on column billing.contact.number is 'their short number; null: nobody said it yet';
comment on column billing.contact.name is 'their name; personal by id: a word stays';
comment on column billing.contact.first_name is 'given name; personal by id';
comment on column billing.contact.email is 'their e-mail; personal by id';
comment on column billing.contact.phone is 'their phone; personal by id';
comment on column billing.contact.company is 'company as typed; personal by id';
comment on column billing.contact.account_id is 'the company they belong to';
comment on column billing.contact.owner_id is 'whose they are';

create table billing.lead_contact (
	workspace_id uuid not null,
	lead_id uuid not null,
	contact_id uuid not null,
	primary key (workspace_id, lead_id)
);
create index lead_contact_contact on billing.lead_contact (workspace_id, contact_id);
comment on table billing.lead_contact is 'Which contact a lead is (from lead.contact_linked): a deal may be heard later, and bears its id';
comment on column billing.lead_contact.workspace_id is 'whose';
comment on column billing.lead_contact.lead_id is 'which lead';
comment on column billing.lead_contact.contact_id is 'its contact';

create table billing.account (
	workspace_id uuid not null,
	id uuid not null,
	number bigint,
	name text not null,
	email text,
	phone text,
	address text,
	postcode text,
	city text,
	country text,
	registration_no text,
	vat_no text,
	owner_id uuid,
	balance bigint not null default 0,
	primary key (workspace_id, id)
);
comment on table billing.account is 'Companies whom documents are for (from account.created, account.updated and merges)';
comment on column billing.account.workspace_id is 'whose';
comment on column billing.account.id is 'which';
comment on column billing.account.number is 'its short number; null: nobody said it yet';
comment on column billing.account.name is 'what it is called; personal';
comment on column billing.account.email is 'its e-mail; personal';
comment on column billing.account.phone is 'its phone; personal';
comment on column billing.account.address is 'street and number; personal';
comment on column billing.account.postcode is 'postcode; not personal';
comment on column billing.account.city is 'city; not personal';
comment on column billing.account.country is 'country as typed; not personal';
comment on column billing.account.registration_no is 'number in the register of companies; not personal';
comment on column billing.account.vat_no is 'VAT number; not personal';
comment on column billing.account.owner_id is 'whose it is';
comment on column billing.account.balance is 'what it owes, as account.balance_changed said it last, in the workspace''s currency';

create table billing.company (
	workspace_id uuid primary key,
	version bigint not null default 1,
	name text,
	street text,
	street2 text,
	postcode text,
	city text,
	country text,
	email text,
	phone text,
	website text,
	kvk text,
	oin text,
	vat_id text,
	endpoint text,
	iban text,
	bic text,
	colour text,
	logo text collate "C",
	logo_sha256 text generated always as (logo) stored,
	due_days bigint not null default 30,
	quote_days bigint not null default 30,
	terms_nl text,
	terms_en text,
	quote_terms_nl text,
	quote_terms_en text,
	footer_nl text,
	footer_en text,
	kor boolean not null default false,
	price_mode text not null default 'net',
	deal_value text not null default 'net',
	remind_first bigint not null default 7,
	remind_second bigint not null default 14,
	remind_third bigint not null default 21,
	remind_auto boolean not null default false,
	updated_at timestamptz
);
comment on table billing.company is 'Who a workspace is on paper; a row from the beginning';
comment on column billing.company.workspace_id is 'which';
comment on column billing.company.version is 'counts changes';
comment on column billing.company.name is 'what it is called on its documents; not personal';
comment on column billing.company.street is 'street and house number; not personal';
comment on column billing.company.street2 is 'what else its address needs; not personal';
comment on column billing.company.postcode is 'postal code; not personal';
comment on column billing.company.city is 'city; not personal';
comment on column billing.company.country is 'ISO 3166-1 alpha-2; not personal';
comment on column billing.company.email is 'where customers write; not personal';
comment on column billing.company.phone is 'phone; not personal';
comment on column billing.company.website is 'its site; not personal';
comment on column billing.company.kvk is 'number at the chamber of commerce; not personal';
comment on column billing.company.oin is 'of a government body: its OIN; not personal';
comment on column billing.company.vat_id is 'VAT identification number; not personal';
comment on column billing.company.endpoint is 'Peppol address as scheme:id; null: made of the others; not personal';
comment on column billing.company.iban is 'where money goes; not personal';
comment on column billing.company.bic is 'its bank; not personal';
comment on column billing.company.colour is '#rrggbb: the accent of its documents; not personal';
comment on column billing.company.logo is 'sha256 of a PNG or JPEG in the files folder; not personal';
comment on column billing.company.logo_sha256 is 'the same, by the name that files are known by; not personal';
comment on column billing.company.due_days is 'days within which an invoice is to be paid';
comment on column billing.company.quote_days is 'days for which a quote is good';
comment on column billing.company.terms_nl is 'words about payment on Dutch invoices; not personal';
comment on column billing.company.terms_en is 'and on English ones; not personal';
comment on column billing.company.quote_terms_nl is 'words about acceptance on Dutch quotes; not personal';
comment on column billing.company.quote_terms_en is 'and on English ones; not personal';
comment on column billing.company.footer_nl is 'at the foot of each page, in Dutch; not personal';
comment on column billing.company.footer_en is 'in English; not personal';
comment on column billing.company.kor is 'it charges no VAT: the small-business scheme';
comment on column billing.company.price_mode is 'net or gross: how prices are typed on a new document; not personal';
comment on column billing.company.deal_value is 'net, gross or leave: what an accepted quote makes of its deal''s value; not personal';
comment on column billing.company.remind_first is 'days after the due date to the first reminder';
comment on column billing.company.remind_second is 'to the second';
comment on column billing.company.remind_third is 'to the third';
comment on column billing.company.remind_auto is 'reminders go by themselves';
comment on column billing.company.updated_at is 'when it was last changed';

create table billing.catalog_item (
	workspace_id uuid not null,
	id uuid not null,
	version bigint not null,
	code text,
	name_nl text,
	name_en text,
	description_nl text,
	description_en text,
	unit text not null,
	prices jsonb not null,
	created_at timestamptz not null,
	created_by uuid,
	removed_at timestamptz,
	primary key (workspace_id, id)
);
create unique index catalog_item_code on billing.catalog_item (workspace_id, lower(code)) where code is not null and removed_at is null;
comment on table billing.catalog_item is 'What is sold';
comment on column billing.catalog_item.workspace_id is 'whose';
comment on column billing.catalog_item.id is 'which';
comment on column billing.catalog_item.version is 'counts changes';
comment on column billing.catalog_item.code is 'its code; not personal';
comment on column billing.catalog_item.name_nl is 'what it is called in Dutch; not personal';
comment on column billing.catalog_item.name_en is 'in English; not personal';
comment on column billing.catalog_item.description_nl is 'more words about it, in Dutch; not personal';
comment on column billing.catalog_item.description_en is 'in English; not personal';
comment on column billing.catalog_item.unit is 'what a quantity of it counts; not personal';
comment on column billing.catalog_item.prices is '[{day, price, category, rate}]: what it costs from which day on; not personal';
comment on column billing.catalog_item.created_at is 'since when it is there';
comment on column billing.catalog_item.created_by is 'who made it';
comment on column billing.catalog_item.removed_at is 'since when it is no more';

create table billing.series (
	workspace_id uuid not null,
	kind text not null,
	format text not null,
	digits bigint not null,
	yearly boolean not null,
	primary key (workspace_id, kind)
);
comment on table billing.series is 'How documents of a kind are numbered; a row a kind from the beginning';
comment on column billing.series.workspace_id is 'whose';
comment on column billing.series.kind is 'quote, invoice or credit_note; not personal';
comment on column billing.series.format is 'as OFF-{year}-{seq}; not personal';
comment on column billing.series.digits is 'how long {seq} is at least';
comment on column billing.series.yearly is 'begins at 1 each year';

create table billing.counter (
	workspace_id uuid not null,
	kind text not null,
	year int not null,
	last bigint not null,
	issued date,
	primary key (workspace_id, kind, year)
);
comment on table billing.counter is 'The last number of a kind that was given. Never goes back; its row is locked by who takes the next one, until that is committed';
comment on column billing.counter.workspace_id is 'whose';
comment on column billing.counter.kind is 'quote, invoice or credit_note; not personal';
comment on column billing.counter.year is 'of which year; 0: of a series that is not yearly';
comment on column billing.counter.last is 'the last number';
comment on column billing.counter.issued is 'the day of the document that got it: the next one has no earlier';

create table billing.document (
	workspace_id uuid not null,
	id uuid not null,
	kind text not null,
	state text not null,
	version bigint not null,
	number text,
	series_year int,
	series_seq bigint,
	revision int not null default 1,
	deal_id uuid,
	lead_id uuid,
	contact_id uuid,
	account_id uuid,
	owner_id uuid,
	language text not null,
	currency char(3) not null,
	mode text not null,
	buyer jsonb not null default '{}',
	seller jsonb,
	logo_sha256 text generated always as (seller ->> 'logo') stored,
	title text,
	intro text,
	notes text,
	issued date,
	due date,
	supplied date,
	buyer_reference text,
	order_reference text,
	lines jsonb not null default '[]',
	discount text,
	discount_amount text,
	discount_reason text,
	prepaid bigint not null default 0,
	rounding bigint not null default 0,
	net bigint not null default 0,
	vat bigint not null default 0,
	gross bigint not null default 0,
	payable bigint not null default 0,
	groups jsonb not null default '[]',
	quote_id uuid,
	part text,
	original_id uuid,
	recurrence_id uuid,
	sent_at timestamptz,
	viewed_at timestamptz,
	seen_at timestamptz,
	accepted_at timestamptz,
	accepted_by text,
	accepted_address text,
	declined_at timestamptz,
	decline_reason text,
	finalised_at timestamptz,
	received bigint not null default 0,
	credited bigint not null default 0,
	paid_at timestamptz,
	paid_said boolean not null default false,
	overdue_at timestamptz,
	reminded int not null default 0,
	reminded_at timestamptz,
	token text collate "C",
	token_hash text collate "C",
	token_until timestamptz,
	created_at timestamptz not null,
	created_by uuid,
	removed_at timestamptz,
	search text generated always as (lower(coalesce(number, '') || ' ' || coalesce(title, '') || ' ' || coalesce(buyer ->> 'name', '') || ' ' || coalesce(buyer ->> 'attention', ''))) stored,
	primary key (workspace_id, id)
);
create unique index document_number on billing.document (workspace_id, kind, number) where number is not null;
create unique index document_series on billing.document (workspace_id, kind, series_year, series_seq) where series_seq is not null;
create unique index document_of_quote on billing.document (workspace_id, quote_id) where kind = 'invoice' and quote_id is not null and part is null and removed_at is null;
create unique index document_credit on billing.document (workspace_id, original_id) where kind = 'credit_note' and finalised_at is null and removed_at is null;
create unique index document_token on billing.document (token_hash) where token_hash is not null;
create index document_listed on billing.document (workspace_id, kind, created_at, id);
create index document_deal on billing.document (workspace_id, deal_id) where deal_id is not null;
create index document_contact on billing.document (workspace_id, contact_id) where contact_id is not null;
create index document_account on billing.document (workspace_id, account_id) where account_id is not null;
create index document_quote on billing.document (workspace_id, quote_id) where quote_id is not null;
create index document_original on billing.document (workspace_id, original_id) where original_id is not null;
create index document_due on billing.document (workspace_id, due) where state in ('sent', 'partly_paid');
create index document_final on billing.document (workspace_id, issued, id) where finalised_at is not null;
comment on table billing.document is 'Quotes, invoices and credit notes. One that is final never changes in what is printed (see billing.final_stays)';
comment on column billing.document.workspace_id is 'whose';
comment on column billing.document.id is 'which';
comment on column billing.document.kind is 'quote, invoice or credit_note; not personal';
comment on column billing.document.state is 'draft, sent, accepted, declined, expired, partly_paid, paid or cancelled; not personal';
comment on column billing.document.version is 'counts changes';
comment on column billing.document.number is 'its number; null: a draft of an invoice or a credit note has none; not personal';
comment on column billing.document.series_year is 'of which year its number is; 0: of a series that is not yearly';
comment on column billing.document.series_seq is 'which of that year';
comment on column billing.document.revision is 'of a quote: 1, 2 …';
comment on column billing.document.deal_id is 'the deal it is of';
comment on column billing.document.lead_id is 'the lead that its deal came of';
comment on column billing.document.contact_id is 'whom it goes to';
comment on column billing.document.account_id is 'the company it goes to';
comment on column billing.document.owner_id is 'whose record it is: who sees only their own sees it';
comment on column billing.document.language is 'nl or en: the customer''s; not personal';
comment on column billing.document.currency is 'ISO 4217; not personal';
comment on column billing.document.mode is 'net or gross: how its prices are meant; not personal';
comment on column billing.document.buyer is 'who it is for, as doc_party; of a final invoice the law wants it kept for seven years, else erased with who it names; personal by hand';
comment on column billing.document.seller is 'the company as it was when this was sent or became final, with logo, colour, terms and footer; null: as it is; not personal';
comment on column billing.document.logo_sha256 is 'the logo that stands on it, by the name that files are known by; not personal';
comment on column billing.document.title is 'what it is about; kept likewise; personal by hand';
comment on column billing.document.intro is 'words above the lines; kept likewise; personal by hand';
comment on column billing.document.notes is 'words below them; kept likewise; personal by hand';
comment on column billing.document.issued is 'its day; null: when it is sent or becomes final';
comment on column billing.document.due is 'until when it is to be paid, or is good; null: as many days as the company says';
comment on column billing.document.supplied is 'when it was, or will be, delivered';
comment on column billing.document.buyer_reference is 'what the customer wants to read on it; kept likewise; personal by hand';
comment on column billing.document.order_reference is 'the number of their order; kept likewise; personal by hand';
comment on column billing.document.lines is 'doc_line, each with net; kept likewise; personal by hand';
comment on column billing.document.discount is 'per cent off the whole; not personal';
comment on column billing.document.discount_amount is 'an amount off the whole; not personal';
comment on column billing.document.discount_reason is 'what that is for; kept likewise; personal by hand';
comment on column billing.document.prepaid is 'what was paid before, in minor units';
comment on column billing.document.rounding is 'what rounds it, in minor units';
comment on column billing.document.net is 'without VAT, in minor units';
comment on column billing.document.vat is 'VAT, in minor units';
comment on column billing.document.gross is 'net + vat';
comment on column billing.document.payable is 'gross - prepaid + rounding';
comment on column billing.document.groups is 'doc_group: VAT by category and rate; not personal';
comment on column billing.document.quote_id is 'of an invoice: the quote it was made of';
comment on column billing.document.part is 'of an invoice of a part of a quote: so many per cent; not personal';
comment on column billing.document.original_id is 'of a credit note: the invoice it corrects';
comment on column billing.document.recurrence_id is 'of an invoice that was made by itself: by which recurrence';
comment on column billing.document.sent_at is 'when it first went to the customer';
comment on column billing.document.viewed_at is 'when they first looked at it since';
comment on column billing.document.seen_at is 'when they last did';
comment on column billing.document.accepted_at is 'of a quote: when they said yes';
comment on column billing.document.accepted_by is 'who did; personal by hand';
comment on column billing.document.accepted_address is 'from which address; personal by hand';
comment on column billing.document.declined_at is 'when they said no';
comment on column billing.document.decline_reason is 'why; personal by hand';
comment on column billing.document.finalised_at is 'since when it is final';
comment on column billing.document.received is 'what was paid of it, in minor units';
comment on column billing.document.credited is 'what final credit notes took off it';
comment on column billing.document.paid_at is 'when all of it had come in; set once';
comment on column billing.document.paid_said is 'invoice.paid was said: never again';
comment on column billing.document.overdue_at is 'when invoice.overdue was said';
comment on column billing.document.reminded is 'how often the customer was reminded';
comment on column billing.document.reminded_at is 'when last';
comment on column billing.document.token is 'the secret of the customer''s link; in no event and no log; not personal';
comment on column billing.document.token_hash is 'its SHA-256, hex; not personal';
comment on column billing.document.token_until is 'until when the link is good; null: for ever';
comment on column billing.document.created_at is 'when it was written';
comment on column billing.document.created_by is 'who did; null: nobody, it was made by itself';
comment on column billing.document.removed_at is 'since when it is thrown away';
comment on column billing.document.search is 'what finds it; made of the others; personal by hand';

create table billing.render (
	workspace_id uuid not null,
	document_id uuid not null,
	version bigint not null,
	state text not null,
	wanted_at timestamptz not null,
	pdf_sha256 text collate "C",
	ubl_sha256 text collate "C",
	problems jsonb not null default '[]',
	attempts int not null default 0,
	owner text,
	lease_until timestamptz,
	next_at timestamptz not null default now(),
	made_at timestamptz,
	error text,
	primary key (workspace_id, document_id, version),
	foreign key (workspace_id, document_id) references billing.document (workspace_id, id)
);
create index render_due on billing.render (next_at) where state = 'wanted';
comment on table billing.render is 'Files of a version of a document: wanted, made or failed. The bytes lie in the files folder as workspace/sha256';
comment on column billing.render.workspace_id is 'whose';
comment on column billing.render.document_id is 'which';
comment on column billing.render.version is 'which version of it';
comment on column billing.render.state is 'wanted, made or failed; not personal';
comment on column billing.render.wanted_at is 'since when';
comment on column billing.render.pdf_sha256 is 'its PDF; not personal';
comment on column billing.render.ubl_sha256 is 'its UBL; null: a quote has none, or it cannot be made; not personal';
comment on column billing.render.problems is 'what the rules of UBL say: [{rule, pointer, nl, en}]; not personal';
comment on column billing.render.attempts is 'how often it was tried';
comment on column billing.render.owner is 'the process that makes it; only it may record what came of that; not personal';
comment on column billing.render.lease_until is 'what nobody recorded until then is made anew';
comment on column billing.render.next_at is 'not before';
comment on column billing.render.made_at is 'when it was';
comment on column billing.render.error is 'what went wrong; not personal';

create table billing.mail_want (
	workspace_id uuid not null,
	id uuid not null,
	document_id uuid not null,
	version bigint not null,
	why text not null,
	recipients jsonb not null,
	subject text not null,
	body text not null,
	ubl boolean not null,
	link text,
	deal_id uuid,
	lead_id uuid,
	contact_id uuid,
	account_id uuid,
	owner_id uuid,
	sender_id uuid,
	at timestamptz not null,
	primary key (workspace_id, id),
	foreign key (workspace_id, document_id) references billing.document (workspace_id, id)
);
create index mail_want_document on billing.mail_want (workspace_id, document_id);
comment on table billing.mail_want is 'Mails that wait for their document''s files; told to mailer by document.mail_wanted, and gone then';
comment on column billing.mail_want.workspace_id is 'whose';
comment on column billing.mail_want.id is 'what the mail will be called';
comment on column billing.mail_want.document_id is 'which document';
comment on column billing.mail_want.version is 'which version of it';
comment on column billing.mail_want.why is 'sent or reminder; not personal';
comment on column billing.mail_want.recipients is 'mail_address: to whom; personal by deal_id, lead_id, contact_id';
comment on column billing.mail_want.subject is 'its subject; personal by deal_id, lead_id, contact_id';
comment on column billing.mail_want.body is 'its text; personal by deal_id, lead_id, contact_id';
comment on column billing.mail_want.ubl is 'with the UBL, where there is one';
comment on column billing.mail_want.link is 'the customer''s page, sealed; null: there is no key; not personal';
comment on column billing.mail_want.deal_id is 'its deal';
comment on column billing.mail_want.lead_id is 'the lead that came of';
comment on column billing.mail_want.contact_id is 'its contact';
comment on column billing.mail_want.account_id is 'its company';
comment on column billing.mail_want.owner_id is 'whose it is';
comment on column billing.mail_want.sender_id is 'who sends it; null: it goes by itself';
comment on column billing.mail_want.at is 'when it was asked for';

create table billing.payment (
	workspace_id uuid not null,
	id uuid not null,
	version bigint not null default 1,
	document_id uuid,
	account_id uuid,
	contact_id uuid,
	owner_id uuid,
	amount bigint not null,
	currency char(3) not null,
	day date not null,
	method text not null,
	note text,
	external_id text collate "C",
	statement_line_id uuid,
	pay_attempt_id uuid,
	created_at timestamptz not null,
	created_by uuid,
	removed_at timestamptz,
	primary key (workspace_id, id)
);
create unique index payment_external on billing.payment (workspace_id, method, external_id) where external_id is not null;
create index payment_document on billing.payment (workspace_id, document_id) where document_id is not null;
create index payment_account on billing.payment (workspace_id, account_id) where account_id is not null;
create index payment_line on billing.payment (workspace_id, statement_line_id) where statement_line_id is not null;
comment on table billing.payment is 'Money that came in or went back. What a bank or a provider told is told once';
comment on column billing.payment.workspace_id is 'whose';
comment on column billing.payment.id is 'which';
comment on column billing.payment.version is 'counts changes';
comment on column billing.payment.document_id is 'for which invoice; null: for none yet';
comment on column billing.payment.account_id is 'from which company';
comment on column billing.payment.contact_id is 'from whom';
comment on column billing.payment.owner_id is 'whose record it is about';
comment on column billing.payment.amount is 'minor units; negative: it went back';
comment on column billing.payment.currency is 'ISO 4217; not personal';
comment on column billing.payment.day is 'when';
comment on column billing.payment.method is 'manual, bank, mollie or stripe; not personal';
comment on column billing.payment.note is 'what is to be said of it; personal by contact_id';
comment on column billing.payment.external_id is 'what the bank or the provider calls it; not personal';
comment on column billing.payment.statement_line_id is 'the booking that it is';
comment on column billing.payment.pay_attempt_id is 'the attempt that it is';
comment on column billing.payment.created_at is 'since when it is known';
comment on column billing.payment.created_by is 'who wrote it down; null: nobody, it was told';
comment on column billing.payment.removed_at is 'it was a mistake: it counts no more';

create table billing.statement (
	workspace_id uuid not null,
	id uuid not null,
	name text not null,
	sha256 text collate "C" not null,
	format text not null,
	account text,
	from_day date,
	to_day date,
	lines bigint not null,
	matched bigint not null,
	doubtful bigint not null,
	unmatched bigint not null,
	repeated bigint not null,
	created_at timestamptz not null,
	created_by uuid,
	primary key (workspace_id, id)
);
comment on table billing.statement is 'Bank statements that were brought in';
comment on column billing.statement.workspace_id is 'whose';
comment on column billing.statement.id is 'which';
comment on column billing.statement.name is 'the file''s name; not personal';
comment on column billing.statement.sha256 is 'the file, in the files folder; not personal';
comment on column billing.statement.format is 'camt053 or mt940; not personal';
comment on column billing.statement.account is 'the workspace''s account, as the bank writes it; not personal';
comment on column billing.statement.from_day is 'its first day';
comment on column billing.statement.to_day is 'its last day';
comment on column billing.statement.lines is 'how many bookings';
comment on column billing.statement.matched is 'of which became payments at once';
comment on column billing.statement.doubtful is 'of which may be some';
comment on column billing.statement.unmatched is 'of which nothing was known';
comment on column billing.statement.repeated is 'how many were known from an earlier file';
comment on column billing.statement.created_at is 'when it was brought';
comment on column billing.statement.created_by is 'by whom';

create table billing.statement_line (
	workspace_id uuid not null,
	id uuid not null,
	statement_id uuid not null,
	n bigint not null,
	version bigint not null default 1,
	hash bytea not null,
	account text,
	day date not null,
	amount bigint not null,
	currency char(3) not null,
	name text,
	iban text,
	text text not null,
	end_to_end text,
	reference text,
	reversal boolean not null default false,
	state text not null,
	why text,
	documents jsonb not null default '[]',
	primary key (workspace_id, id),
	foreign key (workspace_id, statement_id) references billing.statement (workspace_id, id)
);
create unique index statement_line_once on billing.statement_line (workspace_id, hash);
create index statement_line_statement on billing.statement_line (workspace_id, statement_id, n);
comment on table billing.statement_line is 'Bookings, each once however often it is brought';
comment on column billing.statement_line.workspace_id is 'whose';
comment on column billing.statement_line.id is 'which';
comment on column billing.statement_line.statement_id is 'of the statement that first had it';
comment on column billing.statement_line.n is 'its place there, from 1';
comment on column billing.statement_line.version is 'counts changes';
comment on column billing.statement_line.hash is 'of account, day, amount, reference, text and the how-manieth of equal ones; not personal';
comment on column billing.statement_line.account is 'the workspace''s account; not personal';
comment on column billing.statement_line.day is 'when it was booked';
comment on column billing.statement_line.amount is 'minor units; negative: it went out';
comment on column billing.statement_line.currency is 'ISO 4217; not personal';
comment on column billing.statement_line.name is 'of the other side; personal';
comment on column billing.statement_line.iban is 'of the other side; personal';
comment on column billing.statement_line.text is 'all that was said about it; personal';
comment on column billing.statement_line.end_to_end is 'the payer''s own reference; personal';
comment on column billing.statement_line.reference is 'the bank''s; not personal';
comment on column billing.statement_line.reversal is 'it takes an earlier booking back';
comment on column billing.statement_line.state is 'matched, doubtful, unmatched or ignored; not personal';
comment on column billing.statement_line.why is 'what led to that; not personal';
comment on column billing.statement_line.documents is 'invoices that it pays, or may pay: [{id, amount}]; not personal';

create table billing.pay_provider (
	workspace_id uuid not null,
	id uuid not null,
	version bigint not null default 1,
	kind text not null,
	name text not null,
	sealed text,
	hook_sealed text,
	hook_hash text collate "C" not null,
	hook_key_sealed text,
	url text,
	active boolean not null,
	state text not null,
	last_error text,
	checked_at timestamptz,
	created_at timestamptz not null,
	removed_at timestamptz,
	primary key (workspace_id, id)
);
create unique index pay_provider_hook on billing.pay_provider (hook_hash);
comment on table billing.pay_provider is 'Ways to be paid. Their secrets are sealed by CRM_KEY and never read back';
comment on column billing.pay_provider.workspace_id is 'whose';
comment on column billing.pay_provider.id is 'which';
comment on column billing.pay_provider.version is 'counts changes';
comment on column billing.pay_provider.kind is 'mollie or stripe; not personal';
comment on column billing.pay_provider.name is 'what people call it; not personal';
comment on column billing.pay_provider.sealed is 'its API key, sealed; not personal';
comment on column billing.pay_provider.hook_sealed is 'what its hooks are signed with, sealed; not personal';
comment on column billing.pay_provider.hook_hash is 'SHA-256 of the key in its hook''s URL, hex; not personal';
comment on column billing.pay_provider.hook_key_sealed is 'the key in its hook''s URL, sealed: it is told to the provider; not personal';
comment on column billing.pay_provider.url is 'another address than its usual one; not personal';
comment on column billing.pay_provider.active is 'customers may pay by it';
comment on column billing.pay_provider.state is 'unchecked, works or fails; not personal';
comment on column billing.pay_provider.last_error is 'what was wrong last; not personal';
comment on column billing.pay_provider.checked_at is 'when its state was found';
comment on column billing.pay_provider.created_at is 'since when it is there';
comment on column billing.pay_provider.removed_at is 'since when it is no more';

create table billing.pay_attempt (
	workspace_id uuid not null,
	id uuid not null,
	document_id uuid not null,
	pay_provider_id uuid not null,
	amount bigint not null,
	currency char(3) not null,
	external_id text collate "C",
	url text,
	state text not null,
	told text,
	error text,
	attempts int not null default 0,
	owner text,
	lease_until timestamptz,
	next_at timestamptz not null default now(),
	refunded bigint not null default 0,
	created_at timestamptz not null,
	paid_at timestamptz,
	primary key (workspace_id, id),
	foreign key (workspace_id, document_id) references billing.document (workspace_id, id),
	foreign key (workspace_id, pay_provider_id) references billing.pay_provider (workspace_id, id)
);
create unique index pay_attempt_external on billing.pay_attempt (workspace_id, pay_provider_id, external_id) where external_id is not null;
create index pay_attempt_due on billing.pay_attempt (next_at) where state in ('begun', 'open');
create index pay_attempt_document on billing.pay_attempt (workspace_id, document_id);
comment on table billing.pay_attempt is 'Every time that a customer wanted to pay: claimed and committed before a provider is talked to, recorded after';
comment on column billing.pay_attempt.workspace_id is 'whose';
comment on column billing.pay_attempt.id is 'which';
comment on column billing.pay_attempt.document_id is 'which invoice';
comment on column billing.pay_attempt.pay_provider_id is 'by whom';
comment on column billing.pay_attempt.amount is 'minor units';
comment on column billing.pay_attempt.currency is 'ISO 4217; not personal';
comment on column billing.pay_attempt.external_id is 'the provider''s name for it; not personal';
comment on column billing.pay_attempt.url is 'where the customer pays; not personal';
comment on column billing.pay_attempt.state is 'begun, open, paid, failed, expired or cancelled; not personal';
comment on column billing.pay_attempt.told is 'the state of which the consequences are drawn already; not personal';
comment on column billing.pay_attempt.error is 'what went wrong; not personal';
comment on column billing.pay_attempt.attempts is 'how often the provider was talked to';
comment on column billing.pay_attempt.owner is 'the process that talks; only it may record what came of it; not personal';
comment on column billing.pay_attempt.lease_until is 'what nobody recorded until then is asked anew';
comment on column billing.pay_attempt.next_at is 'when the provider is asked next';
comment on column billing.pay_attempt.refunded is 'what went back, as far as it is known';
comment on column billing.pay_attempt.created_at is 'when it began';
comment on column billing.pay_attempt.paid_at is 'when it was paid';

create table billing.hook_event (
	workspace_id uuid not null,
	id uuid not null,
	pay_provider_id uuid not null,
	received_at timestamptz not null,
	event_key text collate "C" not null,
	body bytea not null,
	signature text,
	good boolean not null,
	state text not null,
	why text,
	done_at timestamptz,
	primary key (workspace_id, id),
	foreign key (workspace_id, pay_provider_id) references billing.pay_provider (workspace_id, id)
);
create unique index hook_event_once on billing.hook_event (workspace_id, pay_provider_id, event_key);
create index hook_event_waiting on billing.hook_event (workspace_id, id) where state = 'waiting';
comment on table billing.hook_event is 'What providers posted, kept before it is answered';
comment on column billing.hook_event.workspace_id is 'whose';
comment on column billing.hook_event.id is 'which';
comment on column billing.hook_event.pay_provider_id is 'of which provider';
comment on column billing.hook_event.received_at is 'when';
comment on column billing.hook_event.event_key is 'the provider''s name for it, or the digest of its bytes: each is kept once; not personal';
comment on column billing.hook_event.body is 'as it came; personal';
comment on column billing.hook_event.signature is 'as it came; not personal';
comment on column billing.hook_event.good is 'it is signed by whom it says, or needs no signature';
comment on column billing.hook_event.state is 'waiting, done or refused; not personal';
comment on column billing.hook_event.why is 'what was wrong with it; not personal';
comment on column billing.hook_event.done_at is 'when it was read';

create table billing.recurrence (
	workspace_id uuid not null,
	id uuid not null,
	version bigint not null default 1,
	document_id uuid not null,
	name text not null,
	every text not null,
	next_on date,
	until date,
	send boolean not null,
	day int not null,
	made bigint not null default 0,
	last_on date,
	last_id uuid,
	created_at timestamptz not null,
	created_by uuid,
	removed_at timestamptz,
	primary key (workspace_id, id),
	foreign key (workspace_id, document_id) references billing.document (workspace_id, id)
);
create index recurrence_due on billing.recurrence (next_on) where removed_at is null and next_on is not null;
create index recurrence_document on billing.recurrence (workspace_id, document_id);
comment on table billing.recurrence is 'Invoices that are made again and again';
comment on column billing.recurrence.workspace_id is 'whose';
comment on column billing.recurrence.id is 'which';
comment on column billing.recurrence.version is 'counts changes';
comment on column billing.recurrence.document_id is 'the invoice that is made again';
comment on column billing.recurrence.name is 'what people call it; not personal';
comment on column billing.recurrence.every is 'week, month, quarter or year; not personal';
comment on column billing.recurrence.next_on is 'the day of the next one; null: none any more';
comment on column billing.recurrence.until is 'none after that day; null: for ever';
comment on column billing.recurrence.send is 'it becomes final and is sent by itself';
comment on column billing.recurrence.day is 'the day of the month it began on';
comment on column billing.recurrence.made is 'how many were made';
comment on column billing.recurrence.last_on is 'the day of the last one';
comment on column billing.recurrence.last_id is 'the last one';
comment on column billing.recurrence.created_at is 'since when it is there';
comment on column billing.recurrence.created_by is 'who made it';
comment on column billing.recurrence.removed_at is 'since when it is no more';

create table billing.sales_order (
	workspace_id uuid not null,
	id uuid not null,
	version bigint not null default 1,
	seq bigint not null,
	state text not null,
	title text not null,
	total bigint,
	currency char(3),
	deal_id uuid,
	lead_id uuid,
	document_id uuid,
	contact_id uuid,
	account_id uuid,
	owner_id uuid,
	note text,
	created_at timestamptz not null,
	created_by uuid,
	primary key (workspace_id, id)
);
create unique index sales_order_seq on billing.sales_order (workspace_id, seq);
create unique index sales_order_deal on billing.sales_order (workspace_id, deal_id) where deal_id is not null;
create unique index sales_order_document on billing.sales_order (workspace_id, document_id) where document_id is not null;
create index sales_order_account on billing.sales_order (workspace_id, account_id) where account_id is not null;
create index sales_order_contact on billing.sales_order (workspace_id, contact_id) where contact_id is not null;
comment on table billing.sales_order is 'Deals and quotes that became orders';
comment on column billing.sales_order.workspace_id is 'whose';
comment on column billing.sales_order.id is 'which';
comment on column billing.sales_order.version is 'counts changes';
comment on column billing.sales_order.seq is 'its number, from 1001; shown as ORD-1001';
comment on column billing.sales_order.state is 'open, done or cancelled; not personal';
comment on column billing.sales_order.title is 'what it is about; personal by deal_id, contact_id, lead_id: a word stays';
comment on column billing.sales_order.total is 'what it comes to without VAT, in minor units';
comment on column billing.sales_order.currency is 'ISO 4217; not personal';
comment on column billing.sales_order.deal_id is 'of which deal';
comment on column billing.sales_order.lead_id is 'of which lead';
comment on column billing.sales_order.document_id is 'of which quote';
comment on column billing.sales_order.contact_id is 'its contact';
comment on column billing.sales_order.account_id is 'its company';
comment on column billing.sales_order.owner_id is 'whose it is';
comment on column billing.sales_order.note is 'what is to be said of it; personal by deal_id, contact_id, lead_id';
comment on column billing.sales_order.created_at is 'since when it is there';
comment on column billing.sales_order.created_by is 'who made it';

-- What is printed of a final document stays as it is, in any circumstances (STANDARDS: a numbered invoice is corrected by a credit note alone).
create function billing.final_stays() returns trigger language plpgsql set search_path = billing, pg_temp as $$
begin
	if old.finalised_at is null then
		return case tg_op when 'DELETE' then old else new end;
	end if;
	if tg_op = 'DELETE' then
		if exists (select from billing.workspace w where w.workspace_id = old.workspace_id and w.removing) then
			return old;
		end if;
		raise exception 'document % is final: it cannot be deleted', old.id using errcode = 'restrict_violation';
	end if;
	if (old.kind, old.number, old.series_year, old.series_seq, old.revision, old.language, old.currency, old.mode, old.buyer, old.seller, old.title, old.intro, old.notes, old.issued, old.due, old.supplied, old.buyer_reference, old.order_reference, old.lines, old.discount, old.discount_amount, old.discount_reason, old.prepaid, old.rounding, old.net, old.vat, old.gross, old.payable, old.groups, old.quote_id, old.part, old.original_id, old.finalised_at)
		is distinct from
		(new.kind, new.number, new.series_year, new.series_seq, new.revision, new.language, new.currency, new.mode, new.buyer, new.seller, new.title, new.intro, new.notes, new.issued, new.due, new.supplied, new.buyer_reference, new.order_reference, new.lines, new.discount, new.discount_amount, new.discount_reason, new.prepaid, new.rounding, new.net, new.vat, new.gross, new.payable, new.groups, new.quote_id, new.part, new.original_id, new.finalised_at) then
		raise exception 'document % is final: it cannot be changed', old.id using errcode = 'restrict_violation';
	end if;
	return new;
end
$$;
comment on function billing.final_stays is 'Refuses any change of what is printed of a final document, and its end but with its workspace';
create trigger final_stays before update or delete on billing.document for each row execute function billing.final_stays();

create function billing.moment(at timestamptz) returns text language sql stable
	return to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"');
comment on function billing.moment is 'A moment as the API writes it';

create function billing.amount(cents bigint, currency text) returns json language sql immutable
	return case when cents is not null then json_build_object('amount',
		case currency when 'JPY' then cents::text when 'KWD' then (cents / 1000.0)::numeric(30, 3)::text else (cents / 100.0)::numeric(30, 2)::text end,
		'currency', currency) end;
comment on function billing.amount is 'An amount as the API writes it';

-- Readers see the workspaces of their query, and within them their own records where their scope says so.
do $policies$
declare
	name text;
begin
	foreach name in array array['workspace', 'member', 'company', 'catalog_item', 'series', 'counter', 'lead_contact', 'statement', 'statement_line', 'pay_provider', 'hook_event'] loop
		execute format('alter table billing.%I enable row level security', name);
		execute format('create policy workspaces_asked on billing.%I for select to billing_read
			using (workspace_id = any ((select nullif(current_setting(''crm.workspaces'', true), ''''))::uuid[]))', name);
	end loop;
	foreach name in array array['deal', 'contact', 'account', 'document', 'sales_order', 'mail_want', 'payment'] loop
		execute format('alter table billing.%I enable row level security', name);
		execute format('create policy workspaces_asked on billing.%I for select to billing_read
			using (workspace_id = any ((select nullif(current_setting(''crm.workspaces'', true), ''''))::uuid[])
				and ((select current_setting(''crm.scope'', true)) <> ''own''
					or owner_id = any (coalesce((select nullif(current_setting(''crm.users'', true), ''''))::uuid[],
						array[(select nullif(current_setting(''crm.user'', true), ''''))::uuid]))))', name);
	end loop;
	foreach name in array array['render', 'pay_attempt', 'recurrence'] loop
		execute format('alter table billing.%I enable row level security', name);
		execute format('create policy workspaces_asked on billing.%1$I for select to billing_read
			using (workspace_id = any ((select nullif(current_setting(''crm.workspaces'', true), ''''))::uuid[])
				and exists (select from billing.document d where (d.workspace_id, d.id) = (%1$I.workspace_id, %1$I.document_id)))', name);
	end loop;
end
$policies$;
revoke all on billing.pay_provider from billing_read;
grant select (workspace_id, id, version, kind, name, url, active, state, last_error, checked_at, created_at, removed_at) on billing.pay_provider to billing_read;
revoke all on billing.hook_event from billing_read;
grant select (workspace_id, id, pay_provider_id, received_at, good, state, why, done_at) on billing.hook_event to billing_read;

-- The door's question crosses workspaces, since only the answer says which one it is: by an exact secret.
create function billing.provider_of_key(asked text) returns json
language sql stable security definer set search_path = billing, pg_temp as $$
	select json_build_object('workspace_id', p.workspace_id, 'pay_provider_id', p.id, 'kind', p.kind, 'hook_sealed', p.hook_sealed)
	from billing.pay_provider p
	where p.hook_hash = asked
$$;
comment on function billing.provider_of_key(text) is 'The provider that a key in a hook''s URL opens, by the key''s hash; one that was removed is still heard';
revoke all on function billing.provider_of_key(text) from public;
grant execute on function billing.provider_of_key(text) to billing_read;
