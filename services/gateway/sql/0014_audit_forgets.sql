-- A line of the audit is never changed, but that somebody who is being forgotten is named in it no more.
create function gateway.audit_line_forgets() returns trigger language plpgsql as $$
begin
	if not exists (select from gateway.erasure e where e.workspace_id = old.workspace_id and e.ended_at is null) then
		raise exception 'a line of the audit is not changed' using errcode = 'insufficient_privilege';
	end if;
	return new;
end $$;
comment on function gateway.audit_line_forgets is 'A line of the audit changes for nothing but that somebody is forgotten';
create trigger audit_line_forgets before update on gateway.audit for each row execute function gateway.audit_line_forgets();
grant update (detail) on gateway.audit to gateway;
