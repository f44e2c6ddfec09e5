-- A search plans its own questions once for a connection, not at each asking: that was half of what it took.
alter function pipeline.search_hits(text, int) set plan_cache_mode = force_generic_plan;
alter function pipeline.search_more(text, int, uuid[]) set plan_cache_mode = force_generic_plan;
alter function pipeline.search_block_mask(uuid, text, int) set plan_cache_mode = force_generic_plan;
