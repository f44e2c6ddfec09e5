-- What makes an account of a won deal: itself, or somebody.
alter table gateway.workspace add column convert_on_won text collate "C" not null default 'automatic'
	check (convert_on_won in ('automatic', 'button'));
comment on column gateway.workspace.convert_on_won is 'automatic: a won deal is an account at once; button: when somebody says so';
