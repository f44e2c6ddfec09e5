-- Deals that lay in the trash for 30 days are gone for good. One made by hand goes whole; of a lead's deal the empty row stays, so that its lead never
-- gets a second one: it says nothing any more, is in no list, and does not come back.
alter table pipeline.deal add column purged_at timestamptz;
comment on column pipeline.deal.purged_at is 'when all it said was blanked, after 30 days in the trash; null: it was not';
create index deal_gone on pipeline.deal (trashed_at) where trashed_at is not null and purged_at is null;

create or replace function pipeline.trash_rows(before_at timestamptz, before_id uuid, most int) returns setof pipeline.deal
language sql stable security definer set search_path = pipeline, pg_temp as $$
	select d
	from pipeline.deal d
	where d.trashed_at is not null and d.purged_at is null and d.workspace_id = any (nullif(current_setting('crm.workspaces', true), '')::uuid[])
		and (current_setting('crm.scope', true) is distinct from 'own'
			or d.owner_id = any (coalesce(nullif(current_setting('crm.users', true), '')::uuid[], array[nullif(current_setting('crm.user', true), '')::uuid])))
		and (before_at is null or (d.trashed_at, d.id) < (before_at, before_id))
	order by d.trashed_at desc, d.id desc
	limit most
$$;

create function pipeline.deal_empty(workspace uuid, gone uuid, moment timestamptz) returns boolean language plpgsql as $$
declare
	d pipeline.deal;
begin
	select * into strict d from pipeline.deal t where (t.workspace_id, t.id) = (workspace, gone);
	update pipeline.stage_sum s
	set deals = s.deals - 1, value = s.value - coalesce(d.value, 0)
	where (s.workspace_id, s.stage_id, s.owner_id, s.currency) = (workspace, d.stage_id, coalesce(d.owner_id, '00000000-0000-0000-0000-000000000000'), coalesce(d.value_currency, ''));
	delete from pipeline.deal_contact t where (t.workspace_id, t.deal_id) = (workspace, gone);
	delete from pipeline.deal_account t where (t.workspace_id, t.deal_id) = (workspace, gone);
	delete from pipeline.deal_follow t where (t.workspace_id, t.deal_id) = (workspace, gone);
	delete from pipeline.deal_activity t where (t.workspace_id, t.deal_id) = (workspace, gone);
	delete from pipeline.deal_change t where (t.workspace_id, t.deal_id) = (workspace, gone);
	delete from pipeline.search_page t where t.workspace_id = workspace and t.n = 1 and t.last = gone;
	if d.lead_id is null then
		delete from pipeline.deal t where (t.workspace_id, t.id) = (workspace, gone);
		return true;
	end if;
	update pipeline.deal t
	set purged_at = moment, title = '', company = null, notes = null, annotations = null, value = null, value_currency = null, close_date = null, source = null, source_id = null,
		monthly_shipments = null, account_type = null, ecommerce_type = null, channel = null, weight_range = null, content_type = null, campaign = null, plan_type = null,
		locale = null, loss_reason = null, probability = null, custom = default, files = 0, trashed_by = null
	where (t.workspace_id, t.id) = (workspace, gone);
	return false;
end $$;
comment on function pipeline.deal_empty is 'A deal is no more, nor what was kept of it; of a lead''s the blank row stays';
