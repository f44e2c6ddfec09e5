/* What a story begins with: workspaces, ways in, users, deals; made by crmctl and through the hook, as a person would. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>
#include "story.h"

char *id_text (struct uuid id)
{
	static char text[8][UUID_TEXT];
	static unsigned next;
	char *at = text[next++ % 8];
	uuid_format (id, at);
	return at;
}

struct uuid uuid_at (json_t *o, const char *path)
{
	struct uuid id = { { 0 } };
	const char *text = text_at (o, path);
	CHECK (uuid_parse (text, &id) == OK, "%s is no id: %s", path, text);
	return id;
}

void given_source (struct stack *s, const char *slug, const char *words, char ret_url[200])
{
	json_t *o = slug ? ctl (s, "source add --workspace %s %s", slug, words) : ctl (s, "source add %s", words);
	snprintf (ret_url, 200, "%s", text_at (o, "url"));
	json_decref (o);
}

static json_t *workspace_make (struct stack *s, const char *slug, const char *preset)
{
	char hook[200];
	json_t *w = ctl (s, "workspace add %s --preset %s", slug, preset), *key = ctl (s, "apikey add --workspace %s --role owner", slug);
	given_source (s, slug, "--kind generic", hook);
	json_t *o = json_pack ("{ss ss ss}", "id", text_at (w, "id"), "key", text_at (key, "key"), "hook", hook);
	json_decref (w);
	json_decref (key);
	return o;
}

struct workspace *given_workspace (struct stack *s, const char *slug, const char *preset)
{
	char path[400];
	struct workspace *w = heap_alloc (sizeof *w);
	snprintf (path, sizeof path, "%s/story-%s.json", s->var, slug);
	json_t *o = json_load_file (path, 0, NULL);
	if (!o) {
		o = workspace_make (s, slug, preset);
		json_dump_file (o, path, 0);
	}
	snprintf (w->slug, sizeof w->slug, "%s", slug);
	snprintf (w->id, sizeof w->id, "%s", text_at (o, "id"));
	snprintf (w->hook, sizeof w->hook, "%s", text_at (o, "hook"));
	snprintf (w->key, sizeof w->key, "%s", text_at (o, "key"));
	w->uuid = uuid_at (o, "id");
	json_decref (o);
	return w;
}

struct user given_user (struct stack *s, const char *email, const char *words)
{
	struct user u = { 0 };
	char body[500], origin[100], cookie[512];
	json_t *o = ctl (s, "user add %s %s", email, words);
	snprintf (u.email, sizeof u.email, "%s", email);
	snprintf (u.id, sizeof u.id, "%s", text_at (o, "id"));
	snprintf (u.password, sizeof u.password, "%s", text_at (o, "password"));
	json_decref (o);
	snprintf (body, sizeof body, "{\"email\":\"%s\",\"password\":\"%s\"}", email, u.password);
	snprintf (origin, sizeof origin, "Origin: %s", s->api);
	struct web_answer a = web_ask (
		s, &(struct web_request){
			   .method = "POST", .url = "/api/login", .body = body, .header = { origin, "Sec-Fetch-Site: same-origin" } });
	CHECK (a.status == 200, "%s cannot log in: %d %s", email, a.status, a.body);
	CHECK (web_header (&a, "Set-Cookie", cookie, sizeof cookie), "the log-in of %s set no cookie", email);
	snprintf (u.cookie, sizeof u.cookie, "%.*s", (int) strcspn (cookie, ";"), cookie);
	web_free (&a);
	return u;
}

struct uuid given_deal_of (struct stack *s, struct workspace *w, const char *name, const char *email, const char *form_type)
{
	struct web_answer a = when_posted (s, w->hook, "{\"name\":\"%s\",\"email\":\"%s\",\"form_type\":\"%s\"}", name, email, form_type);
	then_status (&a, 202);
	settle (s);
	struct uuid deal;
	char *id = sql_text (s, "select id from pipeline.deal where workspace_id = '%s' and title = '%s — %s' order by id desc limit 1",
			     w->id, name, form_type);
	CHECK (uuid_parse (id, &deal) == OK, "the lead of %s became no deal", name);
	free (id);
	return deal;
}

struct uuid given_deal (struct stack *s, const char *slug, const char *preset, const char *name, const char *form_type)
{
	static int n;
	char email[100];
	snprintf (email, sizeof email, "given-%d-%lld@example.nl", ++n, (long long) now_us ());
	return given_deal_of (s, given_workspace (s, slug, preset), name, email, form_type);
}

/* A board's, a segment's, a linked record's and a company's too; looked for second, since a story that holds the service has its boards locked. */
struct uuid workspace_of_deal (struct stack *s, struct uuid deal)
{
	struct uuid w;
	char *id = sql_text (s, "select workspace_id from pipeline.deal where id = '%s'", id_text (deal));
	if (uuid_parse (id, &w) != OK) {
		free (id);
		id = sql_text (s, "select workspace_id from pipeline.pipeline where id = '%s'", id_text (deal));
	}
	if (uuid_parse (id, &w) != OK) {
		free (id);
		id = sql_text (
			s,
			"select workspace_id from contacts.segment where id = '%1$s' union all select workspace_id from contacts.linked where id = '%1$s' union all select workspace_id from mailer.template where id = '%1$s' union all select workspace_id from mailer.message where id = '%1$s' union all select workspace_id from contacts.account where id = '%1$s' union all select workspace_id from billing.document where id = '%1$s' union all select workspace_id from billing.sales_order where id = '%1$s' union all select workspace_id from billing.pay_provider where id = '%1$s' union all select workspace_id from automation.rule where rule_id = '%1$s'",
			id_text (deal));
	}
	CHECK (uuid_parse (id, &w) == OK, "there is no deal, board, segment, linked record, company, template, mail, document or order %s",
	       id_text (deal));
	free (id);
	return w;
}

pid_t given_world (const char *const argv[])
{
	char line[16] = "";
	int out[2];
	CHECK (!pipe (out), "no pipe");
	fflush (NULL);
	pid_t ret = fork ();
	if (!ret) {
		prctl (PR_SET_PDEATHSIG, SIGTERM);
		dup2 (out[1], STDOUT_FILENO);
		close (out[0]), close (out[1]);
		execv ("/usr/bin/python3", (char *const *) (uintptr_t) argv);
		_exit (127);
	}
	close (out[1]);
	CHECK (ret > 0 && read (out[0], line, sizeof line - 1) > 0 && !strncmp (line, "ready", 5),
	       "%s does not start (deploy/setup test installs what it needs)", argv[1]);
	return ret; /* the pipe stays: whoever writes to it is not to end */
}
