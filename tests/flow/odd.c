/* Fifty mails whose heads are missing, odd or hostile (N12): by a provider's door, one after the other. Each is matched or listed as tests/fixtures/email/odd/told
 * says, is there byte for byte, and can be shown. It must never pass because one of them did not come. */
#include <stdlib.h>
#include <string.h>
#include "story.h"

enum { ODD = 50, FIELDS = 6 };

#define ODD_FOLDER "tests/fixtures/email/odd/"

static char *file_of (const char *name, size_t *ret_n)
{
	char path[300];
	snprintf (path, sizeof path, ODD_FOLDER "%s", name);
	FILE *f = fopen (path, "r");
	CHECK (f, "there is no %s", path);
	char *ret = heap_alloc (1 << 18);
	*ret_n = fread (ret, 1, (1 << 18) - 1, f);
	ret[*ret_n] = '\0';
	fclose (f);
	return ret;
}

/* Its file, whom it was delivered to (-: nobody tells), who sent it, what becomes of it; then what is read of it, which the unit tests look at. */
struct odd {
	const char *file, *to, *from, *becomes;
};

static size_t odd_read (char *told, struct odd ret[ODD])
{
	size_t n = 0;
	char *rest;
	for (char *line = strtok_r (told, "\n", &rest); line; line = strtok_r (NULL, "\n", &rest)) {
		char *field[FIELDS] = { 0 }, *at;
		size_t fields = 0;
		if (*line == '#')
			continue;
		for (char *word = strtok_r (line, "\t", &at); word && fields < FIELDS; word = strtok_r (NULL, "\t", &at))
			field[fields++] = word;
		CHECK (fields == 5 && n < ODD, "told says '%s'", line);
		ret[n++] = (struct odd){ field[0], field[1], field[2], field[3] };
	}
	return n;
}

static void odd_comes (struct stack *s, const struct post *post, const struct odd *o)
{
	static const char head[] = "--xYzZY\r\nContent-Disposition: form-data; name=\"email\"\r\n\r\n";
	size_t n, size;
	char *raw = file_of (o->file, &n), *body = heap_alloc (n + 2000), *at = body;
	at = mempcpy (at, head, sizeof head - 1);
	at = mempcpy (at, raw, n);
	at += sprintf (at, "\r\n--xYzZY\r\nContent-Disposition: form-data; name=\"SPF\"\r\n\r\npass\r\n");
	if (strcmp (o->to, "-") != 0)
		at += sprintf (at,
			       "--xYzZY\r\nContent-Disposition: form-data; name=\"envelope\"\r\n\r\n{\"to\":[\"%s\"],\"from\":\"%s\"}\r\n",
			       o->to, strcmp (o->from, "<>") ? o->from : "");
	at += sprintf (at, "--xYzZY--\r\n");
	size = (size_t) (at - body);
	struct web_answer a = web_ask (
		s, &(struct web_request){
			   .method = "POST", .url = post->hook, .type = "multipart/form-data; boundary=xYzZY", .body = body, .n = size });
	CHECK (a.status == 200, "%s is %d: %s", o->file, a.status, a.body);
	web_free (&a);
	heap_free (body);
	heap_free (raw);
}

/* It is a mail like any other: it can be read, shown, and had as it came. */
static void odd_shown (struct stack *s, const struct workspace *w, const struct odd *o, const char *id)
{
	char path[200];
	size_t n;
	char *raw = file_of (o->file, &n);
	snprintf (path, sizeof path, "/api/crm/mails/%s", id);
	struct web_answer a = web (s, w->key, "GET", path, NULL);
	CHECK (a.status == 200 && !strcmp (text_at (a.json, "id"), id), "%s is %d: %s", o->file, a.status, a.body);
	web_free (&a);
	snprintf (path, sizeof path, "/api/crm/mails/%s/html", id);
	a = web (s, w->key, "GET", path, NULL);
	CHECK (a.status == 200 && !strstr (a.body, "alert(") && !strstr (a.body, "boef.test"), "%s is shown as %d: %s", o->file, a.status,
	       a.body);
	web_free (&a);
	snprintf (path, sizeof path, "/api/crm/mails/%s/file?n=0", id);
	a = web (s, w->key, "GET", path, NULL);
	CHECK (a.status == 200 && memmem (a.body, a.n, raw, n), "%s is not there as it came: %d, %zu bytes", o->file, a.status, a.n);
	web_free (&a);
	heap_free (raw);
}

/* Each as it is told; `got`: a line for each, in the order in which they came. */
static int64_t odd_became (const struct odd odd[], char *got)
{
	int64_t listed = 0;
	char *rest, *line = strtok_r (got, "\n", &rest);
	for (size_t i = 0; i < ODD; i++, line = strtok_r (NULL, "\n", &rest)) {
		CHECK (line && !strcmp (line, odd[i].becomes), "%s became '%s', and is told to become '%s'", odd[i].file, line ? line : "",
		       odd[i].becomes);
		listed += !strncmp (line, "suggested", 9) || !strncmp (line, "unmatched", 9);
	}
	return listed;
}

STORY (odd_mails,
       "Fifty mails with heads that are missing, odd or hostile: each is matched or listed, byte for byte, and none moves what it may not")
{
	static struct odd odd[ODD];
	struct workspace *w = given_workspace (s, "vreemde-post", "nl-offerte-6");
	struct uuid deal = given_deal_of (s, w, "Sanne de Wit", "sanne@klant.test", "Offerte");
	struct post post = given_post (s, w);
	size_t size;
	char *told = file_of ("told", &size), *rest, path[200];
	CHECK (odd_read (told, odd) == ODD, "told does not tell of fifty");
	settle (s);
	struct web_answer a = web (s, w->key, "POST", "/api/crm/mails",
				   "{\"deal_id\":\"%s\",\"to\":[{\"email\":\"sanne@klant.test\"}],\"subject\":\"Offerte zonwering\","
				   "\"text\":\"Beste Sanne\",\"send_at\":\"2099-01-01T00:00:00Z\"}",
				   id_text (deal));
	CHECK (a.status == 201, "a mail is %d: %s", a.status, a.body);
	struct uuid sent = uuid_at (a.json, "id");
	web_free (&a);
	sql_do (s, "update mailer.message set token = 'r7k2m9q4x8w3n5p6t2v4', message_id = '01jd7q3k5m@zon.test' where id = '%s'",
		id_text (sent)); /* what those that answer it were written with */
	for (size_t i = 0; i < ODD; i++)
		odd_comes (s, &post, &odd[i]);
	mails_taken (s, w, ODD);
	char *got = sql_text (
		s,
		"select string_agg(concat_ws(' ', i.state, i.why, case when i.trusted then 'trusted' end, case when m.auto then "
		"'machine' end), e'\\n' order by i.received_at, i.id) from mailer.inbound i left join mailer.message m using "
		"(workspace_id, id) where i.workspace_id = '%s'",
		w->id);
	int64_t listed = odd_became (odd, got);
	a = web (s, w->key, "GET", "/api/crm/mail/unmatched?limit=100", NULL);
	CHECK (a.status == 200 && (int64_t) json_array_size (json_at (a.json, "data")) == listed, "%lld are to be listed: %d %s",
	       (long long) listed, a.status, a.body);
	web_free (&a);
	char *ids = sql_text (s, "select string_agg(id::text, ' ' order by received_at, id) from mailer.inbound where workspace_id = '%s'",
			      w->id);
	size_t shown = 0;
	for (char *id = strtok_r (ids, " ", &rest); id; id = strtok_r (NULL, " ", &rest))
		odd_shown (s, w, &odd[shown++], id);
	/* nobody answered a machine, and no report moved what it did not name */
	then_number (s, 1, "mails that went out", "select count(*) from mailer.message where workspace_id = '%s' and direction = 'out'",
		     w->id);
	then_text (s, "queued", "whom ours goes to", "select state from mailer.recipient where message_id = '%s'", id_text (sent));
	then_number (s, 0, "addresses that get no mail any more", "select count(*) from mailer.suppression where workspace_id = '%s'",
		     w->id);
	snprintf (path, sizeof path, "/api/crm/mails/%s/cancel", id_text (sent));
	a = web (s, w->key, "POST", path, "{}");
	then_status (&a, 200);
	then_no_dead_letters (s);
	heap_free (told);
	free (got), free (ids);
}
