-- What is asked of who looks after a deal's account: {role: ids, none}.
create function pipeline.roles_fit(roles jsonb, asked jsonb) returns boolean language sql immutable
	return (
		select coalesce(bool_and(coalesce((roles ->> a.key)::uuid = any (pipeline.asked_ids(a.value)), false)
			or (pipeline.asked_none(a.value) and roles ->> a.key is null)), true)
		from jsonb_each_text(asked) a);
comment on function pipeline.roles_fit is 'Who looks after an account against all that was asked of it';
