-- A bell rings for what rules say, too.
comment on column contacts.notice.id is 'made of who, the action and what it was about: the same action rings once; of a rule what it was asked by';
comment on column contacts.notice.kind is 'assigned or rule; not personal';
comment on column contacts.notice.about is 'lead, deal, contact or account; of a rule also channel: no record; not personal';
comment on column contacts.notice.record_id is 'which of these; of several the first; of the channel the workspace';
comment on column contacts.notice.title is 'what that is called, null: its person''s name is looked up; of a rule what it says; personal by record_id: a word stays';
