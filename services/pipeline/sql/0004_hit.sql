-- A deal as search shows it, in one place.
create function pipeline.hit_json(d pipeline.deal, k pipeline.deal_contact) returns json language sql stable
	return json_build_object('id', d.id, 'number', d.number, 'workspace_id', d.workspace_id, 'title', d.title,
		'subtitle', nullif(concat_ws(' · ', nullif(k.name, ''), coalesce(d.company, k.company)), ''), 'stage_id', d.stage_id,
		'owner_id', d.owner_id, 'created_at', pipeline.rfc3339(d.created_at));
