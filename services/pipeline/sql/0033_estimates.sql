-- How many rows these give, for the plans of what asks them: taken for a thousand each, whole tables were read and hashed where ten rows were looked up.
alter function pipeline.search_hits(text, int) rows 10;
alter function pipeline.search_more(text, int, uuid[]) rows 10;
alter function pipeline.search_block_mask(uuid, text, int) rows 50;
