-- What pipeline's columns hold of people: see common/sql/0005_erasure.sql. A deal stands without them, with its stage and its value.
select pipeline.says_of_people('personal by id', 'deal.title', 'deal.notes', 'deal.annotations', 'deal.custom');
select pipeline.says_of_people('personal by deal_id', 'deal_change.changes', 'deal_change.note');
select pipeline.says_of_people('personal by contact_id', 'deal_contact.name', 'deal_contact.email', 'deal_contact.phone');
select pipeline.says_of_people('personal by lead_id, contact_id', 'waiting_lead.title', 'waiting_lead.contact_name', 'waiting_lead.contact_email', 'waiting_lead.contact_phone');
select pipeline.says_of_people('personal', 'deal.company', 'deal_contact.company', 'waiting_lead.company', 'account.name', 'deal_account.name', 'deal_follow.tags', 'search_page.words');

select pipeline.says_of_people('not personal', 'merge_move.place', 'account.lifecycle', 'account.onboarding_status', 'account.roles', 'catalogue_item.catalogue', 'catalogue_item.cost_currency',
	'catalogue_item.country', 'catalogue_item.key', 'catalogue_item.label', 'catalogue_item.phone_code', 'custom_field.about', 'custom_field.choices', 'custom_field.key',
	'custom_field.kind', 'custom_field.label', 'deal.account_type', 'deal.campaign', 'deal.channel', 'deal.content_type', 'deal.ecommerce_type', 'deal.lead_status', 'deal.locale',
	'deal.loss_reason', 'deal.plan_type', 'deal.source', 'deal.value_currency', 'deal.weight_range', 'deal_activity.kind', 'deal_follow.next_kind', 'pipeline.key', 'pipeline.kind',
	'pipeline.label', 'pipeline.move_mode', 'rate.base', 'rate.currency', 'stage.colour', 'stage.key', 'stage.kind', 'stage.label', 'stage_sum.currency', 'waiting_lead.source',
	'workspace.base_currency', 'workspace.currency', 'workspace.timezone');
