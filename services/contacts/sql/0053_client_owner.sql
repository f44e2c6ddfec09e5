-- Who is a client keeps its owner, also when it goes into a prospect: their owner is not changed by way of a merge.
alter function contacts.merge_row(text, jsonb, jsonb, jsonb) rename to merge_row_whoever;
create function contacts.merge_row(of_kind text, survivor jsonb, loser jsonb, chosen jsonb) returns jsonb language sql immutable as $$
	select contacts.merge_row_whoever(of_kind, survivor, loser, chosen) || case
		when of_kind = 'account' and loser ->> 'lifecycle' = 'client' and survivor ->> 'lifecycle' <> 'client' then jsonb_build_object('owner_id', loser -> 'owner_id')
		else '{}' end
$$;
comment on function contacts.merge_row is 'The survivor''s row as the merge leaves it: what was chosen, else its own, else the loser''s; a client''s owner stays theirs';
