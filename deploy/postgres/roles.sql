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
  foreach service in array array['lead_intake', 'contacts', 'pipeline', 'mailer', 'billing', 'automation', 'gateway']
  loop
    reader := service || '_read';
    if not exists (select from pg_roles where rolname = service) then
      execute format('create role %I login', service);
      -- A writer's plans are made once, on tables that may be empty and are going to be large: every statement goes by its keys,
      -- so they are told to. Without jit, which a plan's price would otherwise call.
      execute format('alter role %I set plan_cache_mode = force_generic_plan', service);
      execute format('alter role %I set enable_seqscan = off', service);
      execute format('alter role %I set enable_hashjoin = off', service);
      execute format('alter role %I set enable_mergejoin = off', service);
      execute format('alter role %I set jit = off', service);
    end if;
    if not exists (select from pg_roles where rolname = reader) then
      execute format('create role %I login', reader);
      execute format('alter role %I set default_transaction_read_only = on', reader);
      execute format('alter role %I set plan_cache_mode = force_custom_plan', reader);
      execute format('alter role %I set jit = off', reader);
    end if;
    -- whoever asked has been told 'no answer in time' long before: a query must not hold its reader any longer
    execute format('alter role %I set statement_timeout = ''20s''', reader);
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
  -- who is there: every process registers itself, and only as its own service; all may look
  if not exists (select from pg_namespace where nspname = 'bus') then
    create schema bus;
    create table bus.member (
      name text primary key,
      service text not null,
      pub text not null,
      rpc text not null,
      curve text,
      lanes int not null,
      pid int not null,
      seen timestamptz not null default now()
    ) with (fillfactor = 50);
    comment on schema bus is 'Where the processes find each other';
    comment on table bus.member is 'One row a living process; what has not been seen for a minute is gone';
    comment on column bus.member.name is 'service.replica';
    comment on column bus.member.service is 'the schema, and the role that wrote the row';
    comment on column bus.member.pub is 'address its frames come from';
    comment on column bus.member.rpc is 'address that answers commands, queries and replays';
    comment on column bus.member.curve is 'its public key, fresh at every start; null on one machine';
    comment on column bus.member.lanes is 'bits of the lanes it owns';
    comment on column bus.member.pid is 'its process';
    comment on column bus.member.seen is 'when it last said that it lives';
    alter table bus.member enable row level security;
    create policy all_may_look on bus.member for select using (true);
    -- the name says to others which service speaks, so it is bound to the role as well
    create policy own_service on bus.member using (service = current_user)
      with check (service = current_user and split_part(name, '.', 1) = replace(current_user, '_', '-'));
    grant usage on schema bus to public;
    grant select on bus.member to public;
    grant insert, update, delete on bus.member to crmctl;
  end if;
  foreach service in array array['lead_intake', 'contacts', 'pipeline', 'mailer', 'billing', 'automation', 'gateway']
  loop
    execute format('grant %I to crmctl', service);
    execute format('grant insert, update, delete on bus.member to %I', service);
  end loop;
  -- words in a search box find their rows by trigrams
  if not exists (select from pg_extension where extname = 'pg_trgm') then
    create extension pg_trgm with schema public;
  end if;
end
$roles$;

-- name: bus
-- Who is on the bus: every process writes its own service's rows and reads all.
create schema if not exists bus;
create table if not exists bus.member (
	name text primary key,
	service text not null,
	pub text not null,
	rpc text not null,
	curve text not null,
	lanes int not null,
	pid int not null,
	seen timestamptz not null
);
comment on table bus.member is 'The running processes: where they are reached, and their public key';
comment on column bus.member.name is 'service.replica';
comment on column bus.member.service is 'the service''s schema and role';
comment on column bus.member.pub is 'address of what it says';
comment on column bus.member.rpc is 'address of what it answers';
comment on column bus.member.curve is 'CURVE public key (Z85); empty on ipc';
comment on column bus.member.lanes is 'the lanes it owns, a bit each';
comment on column bus.member.pid is 'process id, for people';
comment on column bus.member.seen is 'when it last said it lives; others judge lanes by their locks, never by this';
alter table bus.member enable row level security;
do $bus$
begin
  if not exists (select from pg_policies where schemaname = 'bus' and policyname = 'own_service') then
    create policy all_read on bus.member for select using (true);
    create policy own_service on bus.member for all using (service = current_user) with check (service = current_user);
  end if;
end
$bus$;
grant usage on schema bus to public;
grant select on bus.member to public;
grant insert, update, delete on bus.member to public;
