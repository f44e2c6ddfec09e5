-- Deals in the order they began. A number is no such order: what is told late, or of another day, has a later number. Costs a lead's deal an entry
-- of 24 bytes at the end of the index.
create index deal_created on pipeline.deal (workspace_id, created_at);
