-- A demo goes as a whole: its workspaces, the agencies that were made for it, and what the audit says of them.
alter table gateway.agency add column demo boolean not null default false;
comment on column gateway.agency.demo is 'made for the demo: it goes with its workspaces';

-- A line of the audit stays, whoever asks, but for those of a demo.
create function gateway.audit_line_stays() returns trigger language plpgsql as $$
begin
  if exists (select from gateway.workspace w where w.workspace_id = old.workspace_id and w.demo)
    or exists (select from gateway.agency a where a.workspace_id = old.workspace_id and a.demo) then
    return old;
  end if;
  raise exception 'a line of the audit stays' using errcode = 'insufficient_privilege';
end
$$;
create trigger audit_line_stays before delete on gateway.audit for each row execute function gateway.audit_line_stays();
grant delete on gateway.audit to gateway;
