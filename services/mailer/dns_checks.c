/* Somebody wants to know what DNS says of an account's domains: load, decide, write. Looking is an effect.
 * It must never ask anybody itself. */
#include "dns.h"

#include "mailer_sql.h"

/* "" and null: what is usual. */
static const char *said (unsigned char has, const char *text)
{
	return has == HERE ? text : "";
}

static struct problem *names_look (struct batch *b, const struct mail_account_check *cmd)
{
	struct problem *p = NULL;
	const char *selector = said (cmd->has.selector, cmd->selector), *include = said (cmd->has.include, cmd->include);
	if (*selector && !dns_name_good (selector))
		form_wrong (b, &p, "/selector", "malformed", "The part before ._domainkey.");
	if (*include && !dns_name_good (include))
		form_wrong (b, &p, "/include", "bad_host", "A domain.");
	return p;
}

void mail_account_check (struct batch *b, const struct mail_account_check cmd[], size_t n, struct outcome ret[])
{
	const struct mail_account_found *found = mail_account_check_load (b, cmd, n);
	struct dns_asked *row = ARRAY (b, row, n);
	size_t rows = 0;
	for (size_t i = 0; i < n; i++) {
		struct problem *p = NULL;
		ret[i] = found[i].has.version != HERE ? refused (mail_account_not_found) : done ();
		ret[i].id = cmd[i].mail_account_id.uuid;
		if (is_done (ret[i]) && (p = names_look (b, &cmd[i]))) {
			ret[i] = refused (invalid);
			ret[i].problem = p;
		}
		if (!is_done (ret[i]))
			continue;
		/* one that two ask about is asked about once */
		size_t at = 0;
		while (at < rows && !uuid_equal (row[at].mail_account_id.uuid, cmd[i].mail_account_id.uuid))
			at++;
		row[at] = (struct dns_asked){ .workspace_id = { cmd[i].head.workspace },
					      .mail_account_id = cmd[i].mail_account_id,
					      .selector = said (cmd[i].has.selector, cmd[i].selector),
					      .include = said (cmd[i].has.include, cmd[i].include),
					      .has = { .selector = cmd[i].has.selector == ABSENT ? ABSENT : HERE,
						       .include = cmd[i].has.include == ABSENT ? ABSENT : HERE } };
		rows = at == rows ? rows + 1 : rows;
	}
	dns_ask (b, row, rows);
	if (rows)
		batch_wake (b);
}
