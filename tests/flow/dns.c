/* What DNS says of an account's domains, by a name server of our own (dns_world.py): each record with its state and what is wrong with it, also when nobody answers.
 * It must never ask a name server outside. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "arena.h"
#include "story.h"

struct names {
	pid_t pid;
	char file[300];
};

static struct names names_start (struct stack *s)
{
	struct names v = { 0 };
	char port[16];
	snprintf (v.file, sizeof v.file, "%s/zone", s->var);
	snprintf (port, sizeof port, "%d", s->port + 34);
	v.pid = given_world ((const char *const[]){ "python3", "tests/flow/dns_world.py", port, v.file, NULL });
	return v;
}

static void names_end (struct names *v)
{
	kill (v->pid, SIGKILL);
	waitpid (v->pid, NULL, 0);
}

static void zone_is (const struct names *v, const char *lines)
{
	FILE *f = fopen (v->file, "w");
	CHECK (f && fputs (lines, f) >= 0 && !fclose (f), "%s cannot be written", v->file);
}

/* "spf:ok dkim:wrong/dkim_bad …" */
static const char *said_of (const struct web_answer *a)
{
	static char ret[1000];
	json_t *rows = json_object_get (a->json, "records");
	*ret = '\0';
	for (size_t i = 0; i < json_array_size (rows); i++) {
		const char *why = text_at (json_array_get (rows, i), "why");
		snprintf (ret + strlen (ret), sizeof ret - strlen (ret), "%s%s:%s%s%s", i ? " " : "",
			  text_at (json_array_get (rows, i), "role"), text_at (json_array_get (rows, i), "state"), *why ? "/" : "", why);
	}
	return ret;
}

static struct web_answer looked (struct stack *s, const struct workspace *w, const char *id)
{
	char path[200];
	snprintf (path, sizeof path, "/api/crm/mail/accounts/%s/records", id);
	UNTIL (30000, sql_number (s, "select count(*) from mailer.dns_check where account_id = '%s' and due_at is null", id) == 1,
	       "nobody looked: %s", sql_text (s, "select concat_ws(' ', state, attempt, owner, due_at) from mailer.dns_check"));
	struct web_answer a = web (s, w->key, "GET", path, NULL);
	CHECK (a.status == 200 && json_is_false (json_object_get (a.json, "looking")), "records are %d: %s", a.status, a.body);
	return a;
}

static void checked (struct stack *s, const struct workspace *w, const char *id, const char *body, const char *state, const char *wanted)
{
	char path[200];
	snprintf (path, sizeof path, "/api/crm/mail/accounts/%s/check", id);
	struct web_answer a = web (s, w->key, "POST", path, "%s", body);
	CHECK (a.status == 200 && !strcmp (text_at (a.json, "id"), id), "a check is %d: %s", a.status, a.body);
	web_free (&a);
	a = looked (s, w, id);
	CHECK (!strcmp (said_of (&a), wanted) && !strcmp (text_at (a.json, "state"), state), "it is %s, not %s (%s): %s",
	       text_at (a.json, "state"), state, wanted, a.body);
	web_free (&a);
}

static char *account_of (struct stack *s, const struct workspace *w, const char *body)
{
	struct web_answer a = web (s, w->key, "POST", "/api/crm/mail/accounts", "%s", body);
	CHECK (a.status == 201, "an account is %d: %s", a.status, a.body);
	char *id = strdup (text_at (a.json, "id"));
	web_free (&a);
	return id;
}

#define PUBLIC "TXT v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQC1\n"
#define POST_DKIM "post._domainkey.maan.test " PUBLIC
#define GRID(n) "s" n "._domainkey.zon.test CNAME s" n ".domainkey.u1.wl.sendgrid.net\ns" n ".domainkey.u1.wl.sendgrid.net " PUBLIC

STORY (dns_checked,
       "What stands in DNS about an account's domains is looked at when somebody asks: what is missing, wrong or not known, each with why")
{
	struct workspace *w = given_workspace (s, "naamserver", "nl-offerte-6");
	struct names v = names_start (s);
	char path[200], zone[6000];
	char *grid = account_of (
		s, w,
		"{\"kind\":\"sendgrid\",\"name\":\"Grid\",\"from_email\":\"verkoop@zon.test\",\"reply_domain\":\"in.zon.test\","
		"\"secret\":\"SG.x\"}");
	char *smtp = account_of (
		s, w,
		"{\"kind\":\"smtp\",\"name\":\"Post\",\"from_email\":\"verkoop@maan.test\",\"host\":\"smtp.maan.test\",\"tls\":\"tls\"}");
	snprintf (path, sizeof path, "/api/crm/mail/accounts/%s/records", grid);
	struct web_answer a = web (s, w->key, "GET", path, NULL);
	CHECK (a.status == 200 && !strcmp (text_at (a.json, "state"), "unchecked") &&
		       !json_array_size (json_object_get (a.json, "records")),
	       "nobody looked yet: %d %s", a.status, a.body);
	web_free (&a);

	zone_is (&v, "elders.test A 192.0.2.1\n");
	checked (s, w, grid, "{}", "missing",
		 "spf:missing/spf_none dkim:missing/dkim_none dkim:missing/dkim_none dmarc:missing/dmarc_none mx:missing/mx_none");
	zone_is (&v, "zon.test TXT v=spf1 ip4:192.0.2.1 -all\nzon.test TXT v=spf1 include:sendgrid.net ~all\n" GRID (
			     "1") "s2._domainkey.zon.test CNAME s2.elders.test\n_dmarc.zon.test FAILS\nin.zon.test MX 10 mail.zon.test\n");
	checked (s, w, grid, "{}", "wrong",
		 "spf:wrong/spf_two dkim:ok dkim:wrong/dkim_elsewhere dmarc:unknown/dns_fails mx:wrong/mx_elsewhere");
	zone_is (&v, "zon.test TXT v=spf1 include:sendgrid.net ~all\nsendgrid.net TXT v=spf1 ip4:198.51.100.0/24 ~all\n" GRID ("1")
			     GRID ("2") "_dmarc.zon.test TXT v=DMARC1; p=reject\nin.zon.test MX 10 mx.sendgrid.net\n");
	checked (s, w, grid, "{}", "ok", "spf:ok dkim:ok dkim:ok dmarc:ok mx:ok");

	/* a server of one's own, whose key has another name; what does not fit into a datagram */
	int at = snprintf (zone, sizeof zone,
			   "smtp.maan.test A 203.0.113.9\nmaan.test MX 10 smtp.maan.test\n" POST_DKIM
			   "_dmarc.maan.test TXT v=DMARC1; p=none\nmaan.test TXT v=spf1 ip4:203.0.113.9 -all\n");
	for (int i = 0; i < 20; i++)
		at += snprintf (zone + at, sizeof zone - (size_t) at, "maan.test TXT proof%d=%0100d\n", i, i);
	zone_is (&v, zone);
	checked (s, w, smtp, "{}", "unknown", "server:ok spf:ok dkim:unknown/dkim_selector dmarc:ok/dmarc_watches mx:ok");
	checked (s, w, smtp, "{\"selector\":\"post\"}", "ok", "server:ok spf:ok dkim:ok dmarc:ok/dmarc_watches mx:ok");
	checked (s, w, smtp, "{\"include\":\"spf.aanbieder.test\"}", "ok", "server:ok spf:ok dkim:ok dmarc:ok/dmarc_watches mx:ok");
	checked (s, w, smtp, "{\"selector\":null}", "unknown", "server:ok spf:ok dkim:unknown/dkim_selector dmarc:ok/dmarc_watches mx:ok");
	snprintf (path, sizeof path, "/api/crm/mail/accounts/%s/check", smtp);
	a = web (s, w->key, "POST", path, "{\"selector\":\"x y\",\"include\":\"http://x\"}");
	CHECK (a.status == 422 && !strcmp (text_at (a.json, "errors.0.pointer"), "/selector") &&
		       !strcmp (text_at (a.json, "errors.1.pointer"), "/include"),
	       "a selector that is none is %d: %s", a.status, a.body);
	web_free (&a);
	/* another server is looked at by itself */
	snprintf (path, sizeof path, "/api/crm/mail/accounts/%s", smtp);
	a = web (s, w->key, "PUT", path, "{\"host\":\"smtp.weg.test\"}");
	then_status (&a, 200);
	a = looked (s, w, smtp);
	CHECK (!strncmp (said_of (&a), "server:missing/host_none ", 25), "of another server it is %s", said_of (&a));
	web_free (&a);
	/* nobody answers */
	names_end (&v);
	checked (s, w, smtp, "{\"selector\":\"post\"}", "unknown",
		 "server:unknown/dns_fails spf:unknown/dns_fails dkim:unknown/dns_fails dmarc:unknown/dns_fails mx:unknown/dns_fails");
	a = web (s, w->key, "DELETE", path, NULL);
	then_status (&a, 204);
	then_number (s, 0, "looks that are kept of one that was removed", "select count(*) from mailer.dns_check where account_id = '%s'",
		     smtp);
	free (grid);
	free (smtp);
}
