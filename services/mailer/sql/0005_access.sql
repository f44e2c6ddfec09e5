-- A link in a mail by which somebody gets in: apart from its text, sealed, and only until the mail went.
alter table mailer.message add column link text, add column link_until timestamptz;
comment on column mailer.message.link is 'what {link} in its text stands for, sealed by CRM_KEY; it goes when the mail went; not personal';
comment on column mailer.message.link_until is 'the mail is not sent with it after that';
