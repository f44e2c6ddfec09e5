-- When an invoice's next reminder goes: so many days after it was due, and as many after the one before as the company leaves between them, so that who turns
-- reminders on late sends one at a time.
create function billing.reminder_on(d billing.document, c billing.company, timezone text) returns date language sql stable
	return greatest(
		d.due + (case d.reminded when 0 then c.remind_first when 1 then c.remind_second else c.remind_third end)::int,
		(d.reminded_at at time zone timezone)::date + (case d.reminded when 1 then c.remind_second - c.remind_first when 2 then c.remind_third - c.remind_second else 1 end)::int);
comment on function billing.reminder_on is 'The day of an invoice''s next reminder';
-- A file may hold tens of thousands of bookings, each looked for: by keys that begin with what tells them apart, for a plan that was made while the table was empty
-- takes any index that begins with the workspace.
drop index billing.statement_line_once;
create unique index statement_line_once on billing.statement_line (hash, workspace_id);
create index statement_line_alike on billing.statement_line (account, day, amount);
