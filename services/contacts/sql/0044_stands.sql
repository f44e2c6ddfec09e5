-- What names an account that was merged away is of the one that stands, however many merges lie between.
create function contacts.account_stands(workspace uuid, account uuid, into_id uuid) returns uuid language plpgsql stable as $$
begin
	while into_id is not null loop
		select a.id, a.merged_into into account, into_id from contacts.account a where (a.workspace_id, a.id) = (workspace, into_id);
	end loop;
	return account;
end $$;
comment on function contacts.account_stands is 'Which account it is now whose row names another: for the writer';
