-- Which deals are in which segment of contacts: a copy, so that lists filter by it.
create table pipeline.segment_member (
	workspace_id uuid not null,
	record_id uuid not null,
	segment_id uuid not null,
	primary key (workspace_id, record_id, segment_id)
);
create index segment_member_segment on pipeline.segment_member (workspace_id, segment_id);
comment on table pipeline.segment_member is 'Which deals are in which segment (from segment.joined, segment.left and segment.changed)';
comment on column pipeline.segment_member.workspace_id is 'whose';
comment on column pipeline.segment_member.record_id is 'which deal';
comment on column pipeline.segment_member.segment_id is 'which segment';
alter table pipeline.segment_member enable row level security;
create policy read on pipeline.segment_member for select to pipeline_read
	using (workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]));
