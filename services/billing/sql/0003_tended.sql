-- What billing's clock looks for, without going through what was said already.
create index document_untold on billing.document (workspace_id, due)
	where removed_at is null and ((kind = 'quote' and state = 'sent') or (kind = 'invoice' and overdue_at is null and state in ('sent', 'partly_paid')));
create index document_reminded on billing.document (workspace_id, due) where kind = 'invoice' and overdue_at is not null and reminded < 3 and state in ('sent', 'partly_paid');
create index recurrence_next on billing.recurrence (workspace_id, next_on) where next_on is not null and removed_at is null;
