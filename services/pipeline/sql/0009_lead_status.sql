-- A copy of the lead's status, for the column and the filter. A lead's deal begins without one: that is New, and costs its row nothing.
alter table pipeline.deal add column lead_status text;
comment on column pipeline.deal.lead_status is 'its lead''s status once that is no longer New; null: New, or no lead';
