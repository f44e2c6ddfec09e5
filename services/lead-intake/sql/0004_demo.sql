-- Ways in that were made for the demo go with it.
alter table lead_intake.source add column demo boolean not null default false;
comment on column lead_intake.source.demo is 'made for the demo: it goes with it';
grant select (demo) on lead_intake.source to lead_intake_read;
