-- Tags: one list a workspace, and what bears them. A lead and its deal bear one id, and so the same tags.
create table contacts.tag (
	workspace_id uuid not null,
	id uuid not null,
	label text not null,
	colour text collate "C" not null,
	primary key (workspace_id, id)
);
create unique index tag_label on contacts.tag (workspace_id, lower(label));
comment on table contacts.tag is 'A word that people put on leads, deals and contacts';
comment on column contacts.tag.workspace_id is 'whose';
comment on column contacts.tag.id is 'which';
comment on column contacts.tag.label is 'what it says; no two of a workspace say the same';
comment on column contacts.tag.colour is 'grey, blue, purple, orange, green or teal';

create table contacts.tagged (
	workspace_id uuid not null,
	record_id uuid not null,
	tag_id uuid not null,
	primary key (workspace_id, record_id, tag_id)
);
create index tagged_tag on contacts.tagged (workspace_id, tag_id);
comment on table contacts.tagged is 'What bears which tag';
comment on column contacts.tagged.workspace_id is 'whose';
comment on column contacts.tagged.record_id is 'the lead, deal or contact';
comment on column contacts.tagged.tag_id is 'the tag';

alter table contacts.tag enable row level security;
alter table contacts.tagged enable row level security;
create policy read on contacts.tag for select to contacts_read
	using (workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]));
create policy read on contacts.tagged for select to contacts_read
	using (workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]));

create function contacts.tags_json(workspace uuid, record uuid) returns jsonb language sql stable
	return (select coalesce(jsonb_agg(jsonb_build_object('id', t.id, 'label', t.label, 'colour', t.colour) order by lower(t.label)), '[]')
		from contacts.tagged g
		join contacts.tag t on (t.workspace_id, t.id) = (g.workspace_id, g.tag_id)
		where (g.workspace_id, g.record_id) = (workspace, record));
comment on function contacts.tags_json is 'The tags that a record bears, by label';

-- What somebody has still to do is few among all they did.
create index activity_open on contacts.activity (workspace_id, assignee_id, due_at, id) where removed_at is null and done_at is null;
