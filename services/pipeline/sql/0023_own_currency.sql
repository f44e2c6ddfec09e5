-- Workspaces from before their currency was heard: the one most of their deals are in. Where no deal has a value it is EUR until the gateway says it, with
-- the next change of the workspace's words. Reads the running sums, which are few.
update pipeline.workspace w
set currency = (
	select x.currency
	from pipeline.stage_sum x
	where x.workspace_id = w.workspace_id and x.currency <> '' and x.deals > 0
	group by x.currency
	order by sum(x.deals) desc, x.currency
	limit 1)
where w.currency is null;
