-- What is planned for deals is looked for by when it is due. The index waits for the writers of the table, and they for it: seconds for a million activities.
create index deal_activity_due on pipeline.deal_activity (workspace_id, due_at, activity_id) where due_at is not null and not removed;

grant select on pipeline.deal_activity to pipeline_read;
create policy read on pipeline.deal_activity for select to pipeline_read
	using (workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]));

create function pipeline.zone_known(zone text) returns text language plpgsql stable as $$
begin
	perform now() at time zone zone;
	return coalesce(zone, 'UTC');
exception when invalid_parameter_value then
	return 'UTC';
end $$;
comment on function pipeline.zone_known is 'A time zone that there is: the one named, else UTC';
