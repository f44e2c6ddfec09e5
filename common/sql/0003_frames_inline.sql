-- A frame of up to a page stays in its row: its bytes are never compressed nor changed, and a second table with an index of its own costs more
-- than the room left on a page.
alter table event set (toast_tuple_target = 8160);
