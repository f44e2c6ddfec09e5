-- Cards are written as text: an object built of names and values looks up the type of each of them anew, which was most of a board's time (12 µs a card; so: 4).
create function pipeline.money_text(minor bigint, currency text) returns text language sql stable
	return case when minor is not null then '{"amount":"' || case
		when currency in ('EUR', 'USD', 'GBP') then (minor * 0.01)::text
		when currency in ('BIF', 'CLP', 'DJF', 'GNF', 'ISK', 'JPY', 'KMF', 'KRW', 'PYG', 'RWF', 'UGX', 'UYI', 'VND', 'VUV', 'XAF', 'XOF', 'XPF') then minor::text
		when currency in ('BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND') then (minor * 0.001)::text
		when currency in ('CLF', 'UYW') then (minor * 0.0001)::text
		else (minor * 0.01)::text end || '","currency":"' || currency || '"}' else 'null' end;
comment on function pipeline.money_text is 'money_json, as text; null is the word';

create function pipeline.card_text(d pipeline.deal, c pipeline.deal_contact, f pipeline.deal_follow, now timestamptz, zone text) returns text language sql stable
	return concat('{"id":"', d.id, '","workspace_id":"', d.workspace_id, '","number":', d.number, ',"title":', to_json(d.title), ',"stage_id":"', d.stage_id,
		'","contact_id":', coalesce('"' || c.contact_id || '"', 'null'), ',"contact_name":', coalesce(to_json(nullif(c.name, '')), 'null'),
		',"company":', coalesce(to_json(coalesce(d.company, c.company)), 'null'), ',"value":', pipeline.money_text(d.value, d.value_currency),
		',"owner_id":', coalesce('"' || d.owner_id || '"', 'null'), ',"lead_id":', coalesce('"' || d.lead_id || '"', 'null'),
		',"source":', coalesce(to_json(d.source), 'null'), ',"version":', d.version, ',"created_at":"', pipeline.rfc3339(d.created_at),
		'","stage_since":"', pipeline.rfc3339(d.stage_since), '","close_date":', coalesce('"' || to_char(d.close_date, 'YYYY-MM-DD') || '"', 'null'), ',"files":', d.files,
		',"last_note_at":', coalesce('"' || pipeline.rfc3339(f.last_note_at) || '"', 'null'), ',"notes_count":', coalesce(f.notes, 0),
		',"next_at":', coalesce('"' || pipeline.rfc3339(f.next_at) || '"', 'null'), ',"next_kind":', coalesce(to_json(f.next_kind), 'null'),
		',"tags":', coalesce(f.tags, '[]'), ',"days_without_contact":', pipeline.days_between(coalesce(f.last_note_at, d.created_at), now, zone), '}');
comment on function pipeline.card_text is 'A deal, with its contact or none and with what people did about it, as a card: card_json, as text';

-- What it calls is stable, so it must be: a function that claims more than it holds is not put in place of its call, and a call costs as much as a card.
alter function pipeline.money_json(bigint, text) stable;
