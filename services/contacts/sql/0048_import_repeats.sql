-- How many rows of a file name an e-mail that an earlier one has; further e-mails and phones out of a file come beside those that are known.
alter table contacts.import add column repeats bigint not null default 0;
comment on column contacts.import.repeats is 'of the updates, those of somebody whom an earlier row of the file names';

create function contacts.reach_of(workspace uuid, contact uuid) returns jsonb language sql stable set search_path from current as $$
	select jsonb_build_object('emails', coalesce(contacts.reach_json(workspace, contact, 'email')::jsonb, '[]'),
		'phones', coalesce(contacts.reach_json(workspace, contact, 'phone')::jsonb, '[]'))
$$;
comment on function contacts.reach_of is 'The further e-mails and phones of a person';

create function contacts.import_reach(said jsonb, further jsonb) returns jsonb language sql immutable set search_path from current as $$
	select coalesce(jsonb_object_agg(kind, (further -> kind) || (said -> kind)), '{}')
	from unnest(array['emails', 'phones']) kind
	where further is not null and said ? kind
$$;
comment on function contacts.import_reach is 'Of those that a row says, what is to be kept: those that are known, and them';

create function contacts.import_more(i contacts.import) returns jsonb language sql stable as $$
	select jsonb_build_object('format', case i.delimiter when ':' then 'vcard' else 'csv' end, 'repeats', i.repeats)
$$;
comment on function contacts.import_more is 'What an import says of itself beside import_json';
