-- A workspace `bench` with :deals deals of a year, laid past the daemons: as so many leads, moves, notes and wins would have left them, with the running
-- sums and the pages of search that the services keep. Its indexes are laid afterwards. It must never be run beside daemons at work.
\set ON_ERROR_STOP on
set maintenance_work_mem = '512MB';
set work_mem = '64MB';
set client_min_messages = warning;
set synchronous_commit = off;
create schema if not exists bench;
create or replace procedure bench.lay(way text) language plpgsql as $$
declare
	x record;
begin
	if way = 'drop' then
		create table bench.laid as
			select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as def
			from pg_index
			where not indisprimary and indrelid in ('pipeline.deal'::regclass, 'pipeline.deal_contact'::regclass, 'pipeline.deal_follow'::regclass,
				'pipeline.deal_change'::regclass, 'contacts.contact'::regclass, 'contacts.lead'::regclass, 'lead_intake.lead'::regclass);
		for x in select name from bench.laid loop
			execute 'drop index ' || x.name;
		end loop;
	else
		for x in select def from bench.laid loop
			execute x.def;
		end loop;
		drop table bench.laid;
	end if;
end $$;

truncate pipeline.deal, pipeline.deal_contact, pipeline.deal_follow, pipeline.deal_change, pipeline.deal_account, pipeline.stage_sum, pipeline.search_page,
	contacts.contact, contacts.account, contacts.lead, contacts.timeline, contacts.activity, contacts.search_page, contacts.search_block, contacts.search_gram, pipeline.search_block, pipeline.search_gram,
	contacts.alike, contacts.alike_key, contacts.alike_mark,
	lead_intake.lead, lead_intake.lead_file, lead_intake.search_page, lead_intake.search_block, lead_intake.search_gram;
update contacts.workspace set alike_contacts = null, alike_accounts = null;
call bench.lay('drop');

create unlogged table if not exists bench.seed (g bigint, workspace_id uuid, id uuid, owner_id uuid, created_at timestamptz, name text, email text, company text,
	form_type text, source text, hand boolean, stage_id uuid, kind text, since timestamptz, value bigint, currency text, close_date date, loss_reason text);
truncate bench.seed;
insert into bench.seed
select x.g, x.workspace_id, (lpad(to_hex((extract(epoch from x.created_at) * 1000)::bigint), 12, '0') || '7' || lpad(to_hex(x.g % 4096), 3, '0') || '8'
		|| lpad(to_hex(x.g), 15, '0'))::uuid,
	md5('owner ' || x.a % 20)::uuid, x.created_at, x.name, lower(replace(x.name, ' ', '.')) || x.g || '@' || (array['gmail.com', 'ziggo.nl', 'outlook.com', 'kpnmail.nl'])[1 + x.b % 4],
	case when x.c % 10 < 4 then (array['Bakkerij', 'Garage', 'Bouwbedrijf', 'Kapsalon', 'Hotel', 'Webwinkel', 'Advies', 'Transport'])[1 + x.b % 8] || ' ' || split_part(x.name, ' ', 2) end,
	(array['Offerteaanvraag', 'Contactformulier', 'Terugbelverzoek'])[1 + x.c % 3], (array['web_form', 'web_form', 'web_form', 'whatsapp', 'chat'])[1 + x.a % 5],
	x.c % 50 = 0, s.id, s.kind, x.created_at + least((x.c % 40) * interval '1 day', now() - x.created_at),
	case when x.b % 10 < 6 then 5000 + x.b % 900000 end, case when x.b % 10 < 6 then case when x.a % 20 < 19 then 'EUR' else 'USD' end end,
	case when x.b % 10 < 4 then (x.created_at + (x.c % 90) * interval '1 day')::date end, null
from (
	select g, w.workspace_id, now() - (:deals - g) * (interval '365 days' / :deals) as created_at, a, b, c,
		(array['Jan', 'Piet', 'Anna', 'Sanne', 'Fatima', 'Mohammed', 'Lisa', 'Kees', 'Joost', 'Eva', 'Daan', 'Emma', 'Bram', 'Julia', 'Thijs', 'Noor', 'Lars', 'Sophie',
			'Ruben', 'Femke', 'Jeroen', 'Marieke', 'Willem', 'Hanna', 'Pieter', 'Ingrid', 'Stefan', 'Esther', 'Mark', 'Yasmin'])[1 + a % 30] || ' '
		|| (array['Bak', 'Vis', 'Smit', 'Meij', 'Mul', 'Dek', 'Brouw', 'Groot', 'Boss', 'Hend', 'Dijk', 'Koe', 'Pet', 'Jans', 'Will', 'Kuip', 'Veen', 'Post', 'Wolf', 'Linde',
			'Schout', 'Maas', 'Prins', 'Haan', 'Verb', 'Kram', 'Sand', 'Wever', 'Hoek', 'Rad'])[1 + b % 30]
		|| (array['ker', 'ser', 's', 'er', 'der', 'stra', 'sma', 'man', 'ema', 'inga', 'huis', 'berg', 'veld', 'hof', 'kamp', 'mans', 'sen', 'laar', 'donk', 'oord'])[1 + c % 20] as name
	from generate_series(1, :deals) g,
		lateral (select hashint8extended(g, 1) & 1048575 as a, hashint8extended(g, 2) & 1048575 as b, hashint8extended(g, 3) & 1048575 as c) h,
		(select workspace_id from gateway.workspace where slug = 'bench') w
	offset 0
) x
join (
	select s.id, s.kind, row_number() over (order by s.position) as position
	from pipeline.workspace p
	join pipeline.stage f on (f.workspace_id, f.id) = (p.workspace_id, p.first_stage_id)
	join pipeline.stage s on (s.workspace_id, s.pipeline_id) = (f.workspace_id, f.pipeline_id)
	where p.workspace_id = (select workspace_id from gateway.workspace where slug = 'bench')
) s on s.position = (array[1, 1, 1, 2, 2, 3, 4, 5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6])[1 + x.a / 32 % 20];

insert into contacts.account (workspace_id, id, owner_id, number, created_at, lifecycle, name)
select workspace_id, md5('account ' || g / 20)::uuid, owner_id, -g, created_at, 'prospect', coalesce(company, 'Bedrijf') || ' ' || g / 20 from bench.seed where g % 20 = 0;
insert into contacts.contact (workspace_id, id, owner_id, number, created_at, name, email, phone, company, account_id)
select workspace_id, id, owner_id, -g, created_at, name, email, '+31 6 ' || lpad(g::text, 8, '0'), company, case when g >= 20 and (g <= 4000 or g % 10 = 0) then md5('account ' || g / 20)::uuid end
from bench.seed order by g;
insert into contacts.lead (workspace_id, lead_id, contact_id, owner_id, at, deal, form_type)
select workspace_id, id, id, owner_id, created_at, true, form_type from bench.seed where not hand order by g;
insert into contacts.timeline (workspace_id, subject_id, event_id, owner_id, actor_id, at, type, data)
select workspace_id, id, md5('moved ' || id)::uuid, owner_id, owner_id, since, 'deal.stage_changed', jsonb_build_object('deal_id', id, 'to_id', stage_id, 'closed', kind <> 'open', 'version', 2)
from bench.seed where since > created_at order by g;
insert into contacts.activity (workspace_id, id, record_id, owner_id, assignee_id, kind, about, priority, created_at, created_by, done_at, done_by, note)
select workspace_id, md5('note ' || id)::uuid, id, owner_id, owner_id, 'note', 'deal', 'medium', since, owner_id, since, owner_id, 'Gebeld: wil vrijdag een prijs, met montage.'
from bench.seed where g % 10 < 3 order by g;
insert into lead_intake.lead (workspace_id, id, number, created_at, version, owner_id, contact_id, source, form_type, status, name, company, email, phone, message)
select workspace_id, id, -g, created_at, 1, owner_id, id, source, form_type, 'New', name, company, email, '+31 6 ' || lpad(g::text, 8, '0'),
	'Graag een prijs voor het onderhoud van ons pand, liefst deze maand.'
from bench.seed where not hand order by g;
insert into pipeline.deal (workspace_id, id, stage_id, lead_id, owner_id, number, version, stage_since, created_at, closed_at, value, value_currency, close_date, files,
	title, company, source)
select workspace_id, id, stage_id, case when not hand then id end, owner_id, -g, case when since > created_at then 2 else 1 end, since, created_at,
	case when kind <> 'open' then since end, value, currency, close_date, 0, name || ' — ' || form_type, company, case when not hand then source end
from bench.seed order by g;
insert into pipeline.deal_contact (workspace_id, deal_id, contact_id, name, company, email, phone)
select workspace_id, id, id, name, company, email, '+31 6 ' || lpad(g::text, 8, '0') from bench.seed order by g;
insert into pipeline.deal_follow (workspace_id, deal_id, last_note_at, next_at, notes, next_kind)
select workspace_id, id, since, case when kind = 'open' then since + interval '10 days' end, 1, case when kind = 'open' then 'call' end
from bench.seed where g % 10 < 3 order by g;
insert into pipeline.deal_change (workspace_id, deal_id, version, at, actor_id, changes, batch_id, since)
select workspace_id, id, 2, since, owner_id, jsonb_build_array(jsonb_build_object('field', 'stage', 'old', 'nieuwe_aanvraag', 'new', stage_id)), id, created_at
from bench.seed where since > created_at order by g;
insert into pipeline.stage_sum (workspace_id, stage_id, owner_id, currency, deals, value)
select workspace_id, stage_id, coalesce(owner_id, '00000000-0000-0000-0000-000000000000'), coalesce(value_currency, ''), count(*), coalesce(sum(value), 0)
from pipeline.deal group by 1, 2, 3, 4;
call bench.lay('back');

insert into pipeline.search_page (workspace_id, last, n, ids, words, marks)
select workspace_id, (array_agg(id order by id desc))[1], count(*), array_agg(id order by id), string_agg(words, '' order by id), pipeline.search_marks(array_agg(words order by id))
from (
	select t.workspace_id, t.id, pipeline.search_text(concat_ws(' ', t.title, t.company, k.name, k.company)) as words, (row_number() over (order by t.id) - 1) / 256 as page
	from pipeline.deal t
	left join pipeline.deal_contact k on (k.workspace_id, k.deal_id) = (t.workspace_id, t.id)
) p
group by workspace_id, page;
update pipeline.workspace w set search_upto = (select max(last::text)::uuid from pipeline.search_page p where p.workspace_id = w.workspace_id);
insert into contacts.search_page (workspace_id, last, n, ids, words, marks)
select workspace_id, (array_agg(id order by id desc))[1], count(*), array_agg(id order by id), string_agg(words, '' order by id), contacts.search_marks(array_agg(words order by id))
from (
	select workspace_id, id, contacts.search_text(concat_ws(' ', name, company, email)) as words, (row_number() over (order by id) - 1) / 256 as page from contacts.contact
) p
group by workspace_id, page;
update contacts.workspace w set search_upto = (select max(last::text)::uuid from contacts.search_page p where p.workspace_id = w.workspace_id);
insert into lead_intake.search_page (workspace_id, last, n, ids, words, marks)
select workspace_id, (array_agg(id order by id desc))[1], count(*), array_agg(id order by id), string_agg(words, '' order by id), lead_intake.search_marks(array_agg(words order by id))
from (
	select workspace_id, id, lead_intake.search_text(concat_ws(' ', name, company, email)) as words, (row_number() over (order by id) - 1) / 256 as page from lead_intake.lead
) p
group by workspace_id, page;
update lead_intake.workspace w set search_upto = (select max(last::text)::uuid from lead_intake.search_page p where p.workspace_id = w.id);
-- where three letters occur, in bites of 2,048 as the services write them
create or replace procedure bench.grams(room text, source text) language plpgsql as $$
begin
	execute format('create temporary table bite as
		select x.workspace_id, x.id, x.words, max(x.id::text) over (partition by x.n / 2048)::uuid as last, (row_number() over (partition by x.n / 2048 order by x.id desc) - 1)::int as i
		from (select t.workspace_id, t.id, %1$s.search_text(t.words) || '' '' as words, row_number() over (order by t.id) - 1 as n from (%2$s) t) x', room, source);
	execute format('insert into %1$s.search_block select workspace_id, last, array_agg(id order by i) from bite group by 1, 2', room);
	execute format('insert into %1$s.search_gram
		select b.workspace_id, g.bucket, b.last, bit_or(set_bit(repeat(''0'', 2048)::bit(2048), b.i, 1))
		from bite b
		cross join lateral (select distinct %1$s.search_gram_bucket(x) as bucket from unnest(%1$s.search_threes(b.words)) x) g
		group by 1, 2, 3', room);
	drop table bite;
end $$;
call bench.grams('contacts', 'select workspace_id, id, concat_ws('' '', name, company, email) as words from contacts.contact');
call bench.grams('lead_intake', 'select workspace_id, id, concat_ws('' '', name, company, email) as words from lead_intake.lead');
call bench.grams('pipeline', 'select t.workspace_id, t.id, concat_ws('' '', t.title, t.company, k.name, k.company) as words
	from pipeline.deal t left join pipeline.deal_contact k on (k.workspace_id, k.deal_id) = (t.workspace_id, t.id)');
-- who looks like whom, in bites as contacts takes them
create or replace procedure bench.alike(kind text) language plpgsql as $$
declare
	left_over boolean := true;
begin
	while left_over loop
		select t.more into left_over from contacts.alike_bite((select workspace_id from bench.seed limit 1), kind, 2000) t;
		commit;
	end loop;
end $$;
analyze contacts.contact;
analyze contacts.account;
call bench.alike('contact');
call bench.alike('account');
drop table bench.seed;
vacuum analyze;
checkpoint;
