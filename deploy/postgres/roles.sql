-- name: roles
-- Who may do what in the database: for each service its own role, which owns its own schema and nothing else, and a second
-- one that may only read it. Run by a superuser in the database `crm`, at every start; it only adds what is missing.
-- It must never drop anything, nor let one service's role into another's schema.
do $roles$
declare
  service text;
  reader text;
begin
  perform pg_advisory_xact_lock(hashtext('leadwire roles'));
  execute format('revoke all on database %I from public', current_database());
  foreach service in array array['lead_intake', 'contacts', 'pipeline', 'gateway']
  loop
    reader := service || '_read';
    if not exists (select from pg_roles where rolname = service) then
      execute format('create role %I login', service);
    end if;
    if not exists (select from pg_roles where rolname = reader) then
      execute format('create role %I login', reader);
      execute format('alter role %I set default_transaction_read_only = on', reader);
      execute format('alter role %I set plan_cache_mode = force_custom_plan', reader);
    end if;
    if not exists (select from pg_namespace where nspname = service) then
      execute format('grant connect on database %I to %I, %I', current_database(), service, reader);
      execute format('create schema %I authorization %I', service, service);
      execute format('grant usage on schema %I to %I', service, reader);
      execute format('alter default privileges for role %I in schema %I grant select on tables to %I', service, service, reader);
    end if;
  end loop;
  -- the operator's tool: reads every schema, and writes what is parked
  if not exists (select from pg_roles where rolname = 'crmctl') then
    create role crmctl login;
    execute format('grant connect on database %I to crmctl', current_database());
  end if;
  foreach service in array array['lead_intake', 'contacts', 'pipeline', 'gateway']
  loop
    execute format('grant %I to crmctl', service);
  end loop;
  -- words in a search box find their rows by trigrams
  if not exists (select from pg_extension where extname = 'pg_trgm') then
    create extension pg_trgm with schema public;
  end if;
end
$roles$;
