-- What `crmctl up` asks of a cluster it has just started, as its superuser.

-- name: up_database_there
select 1 from pg_database where datname = 'crm'

-- name: up_database_make
create database crm

-- name: up_demo_stands
select 1 from gateway.workspace where demo limit 1
