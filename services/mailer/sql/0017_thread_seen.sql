-- Whether somebody sees a conversation is asked of that conversation's own mails: with `offset 0` nobody reads all mails of a workspace first to know it of a few.
alter policy workspaces_asked on mailer.thread
	using (workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[])
		and exists (select from mailer.message m where (m.workspace_id, m.thread_id) = (thread.workspace_id, thread.id) offset 0));
