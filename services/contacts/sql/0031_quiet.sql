-- Days without contact (K06): calendar days, where the workspace is, since the last note was written about any of these records; where there is none, since they are there.
create function contacts.quiet(workspace uuid, records uuid[], since timestamptz, moment timestamptz, zones jsonb) returns jsonb language sql stable
	return (
		select jsonb_build_object('last_contact_at', contacts.rfc3339(max(a.created_at)),
			'days_without_contact', greatest((coalesce(moment, now()) at time zone coalesce(zones ->> workspace::text, 'Europe/Amsterdam'))::date
				- (coalesce(max(a.created_at), since) at time zone coalesce(zones ->> workspace::text, 'Europe/Amsterdam'))::date, 0))
		from contacts.activity a
		where a.workspace_id = workspace and a.record_id = any (records) and a.kind = 'note' and a.removed_at is null
			and (a.about <> 'deal' or not exists (
				select from contacts.deal_away x
				where (x.workspace_id, x.deal_id) = (a.workspace_id, a.record_id))));
comment on function contacts.quiet is 'When somebody last wrote a note about any of these records, and how many calendar days ago that is';
