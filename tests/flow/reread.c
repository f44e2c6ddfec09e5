/* Requests as they were kept: seen whole, read by other rules before these are written, and read again once they are. One has leads once, whoever asks how often. */
#include <pthread.h>
#include <string.h>
#include "story.h"

struct source {
	char id[UUID_TEXT], path[100], hook[300];
};

static struct source given_way_in (struct stack *s, const struct user *u, const char *form)
{
	struct source ret;
	struct web_answer a = when_user_asks (s, u, "POST", "/api/sources", form);
	CHECK (a.status == 201, "a way in is %d: %.400s", a.status, a.body);
	snprintf (ret.id, sizeof ret.id, "%s", text_at (a.json, "id"));
	snprintf (ret.hook, sizeof ret.hook, "%s", text_at (a.json, "hook"));
	snprintf (ret.path, sizeof ret.path, "/api/sources/%s", ret.id);
	web_free (&a);
	return ret;
}

/* Bytes as somebody's program sends them; the status of what it is answered. */
static int when_sent (struct stack *s, const char *hook, const char *type, const char *header, struct bytes body)
{
	struct web_answer a = web_ask (
		s,
		&(struct web_request){
			.method = "POST", .url = hook, .type = type, .header = { header }, .body = (const char *) body.at, .n = body.n });
	int ret = a.status;
	web_free (&a);
	return ret;
}

static struct bytes bytes_of (const char *text)
{
	return (struct bytes){ (const unsigned char *) text, strlen (text) };
}

/* What reading again comes to: the end's "leads duplicates refused had"; `ret_last`: the last request's line, or null. */
static void when_replayed_in (struct stack *s, const struct user *u, const char *slug, const char *form, const char *expected,
			      json_t **ret_last)
{
	char origin[100], url[200], *rest, end[100] = "no end";
	snprintf (url, sizeof url, "/api/submissions/replay%s%s", slug ? "?workspace=" : "", slug ? slug : "");
	size_t progress = 0;
	snprintf (origin, sizeof origin, "Origin: %s", s->api);
	struct web_answer a = web_ask (s, &(struct web_request){ .method = "POST",
								 .url = url,
								 .cookie = u->cookie,
								 .header = { origin, "Sec-Fetch-Site: same-origin" },
								 .body = form,
								 .ms = 60000 });
	CHECK (a.status == 200 && strstr (a.headers, "application/x-ndjson"), "%d %.400s", a.status, a.body);
	for (char *line = strtok_r (a.body, "\n", &rest); line; line = strtok_r (NULL, "\n", &rest)) {
		json_t *o = json_loads (line, 0, NULL);
		CHECK (o && !strcmp (end, "no end"), "no line of JSON, or one behind the end: %.300s", line);
		progress += json_object_get (o, "progress") != NULL;
		if (json_object_get (o, "submission") && ret_last) {
			json_decref (*ret_last);
			*ret_last = json_incref (json_object_get (o, "submission"));
		}
		if (json_object_get (o, "end"))
			snprintf (end, sizeof end, "%lld %lld %lld %lld", (long long) number_at (o, "end.leads"),
				  (long long) number_at (o, "end.duplicates"), (long long) number_at (o, "end.refused"),
				  (long long) number_at (o, "end.had"));
		json_decref (o);
	}
	CHECK (!strcmp (end, expected), "leads, duplicates, refused, had: %s, not %s; %zu lines of progress", end, expected, progress);
	web_free (&a);
}

static void when_replayed (struct stack *s, const struct user *u, const char *form, const char *expected, json_t **ret_last)
{
	when_replayed_in (s, u, NULL, form, expected, ret_last);
}

/* Their ids as a form's list, newest first. */
static size_t requests (struct stack *s, const struct user *u, const char *query, char *ret_ids, size_t room)
{
	char path[300];
	snprintf (path, sizeof path, "/api/submissions?%s", query);
	struct web_answer a = when_user_asks (s, u, "GET", path, NULL);
	CHECK (a.status == 200, "requests are %d: %.400s", a.status, a.body);
	size_t n = json_array_size (json_at (a.json, "data")), at = 0, i;
	json_t *row;
	at += (size_t) snprintf (ret_ids, room, "[");
	json_array_foreach (json_at (a.json, "data"), i, row)
		at += (size_t) snprintf (ret_ids + at, room - at, "%s\"%s\"", i ? "," : "", text_at (row, "id"));
	CHECK (at + 2 < room, "no room");
	snprintf (ret_ids + at, room - at, "]");
	web_free (&a);
	return n;
}

/* What one way of reading makes of a request, as "outcome name|email|message". */
static void then_previewed (struct stack *s, const struct user *u, const char *ids, const char *mapping, const char *expected)
{
	char form[4000], is[600];
	snprintf (form, sizeof form, "{\"ids\":%s%s%s}", ids, mapping ? ",\"mapping\":" : "", mapping ? mapping : "");
	struct web_answer a = when_user_asks (s, u, "POST", "/api/submissions/preview", form);
	CHECK (a.status == 200 && json_array_size (json_at (a.json, "data")) == 1, "a preview is %d: %.600s", a.status, a.body);
	if (json_array_size (json_at (a.json, "data.0.leads")))
		snprintf (is, sizeof is, "%s %s|%s|%s", text_at (a.json, "data.0.outcome"), text_at (a.json, "data.0.leads.0.name"),
			  text_at (a.json, "data.0.leads.0.email"), text_at (a.json, "data.0.leads.0.message"));
	else
		snprintf (is, sizeof is, "%s %s", text_at (a.json, "data.0.outcome"), text_at (a.json, "data.0.reason"));
	CHECK (!strcmp (is, expected), "it would be %s, not %s", is, expected);
	web_free (&a);
}

/* What nobody reads as a lead: lines of text as forms' mailers write them, each of somebody else and each in another way. */
static struct bytes malformed (int i)
{
	static const struct {
		const char *head, *name, *mail, *question;
	} ways[] = { { "", "Naam: ", "\nE-mail: ", "\nVraag: Wat kost het?\n" },
		     { "\xEF\xBB\xBF", "Naam:", "\r\nE-mail:", "\r\nVraag:Wat kost het?\r\n" },
		     { "", "Naam = ", "\nE-mail = ", "\nVraag = Wat kost het?" },
		     { "", "Naam\t", "\n\n\nE-mail\t", "\nVraag\tWat kost het?\n\n" },
		     { "Aanvraag van de site\n", "Naam: ", "\nE-mail: ", "\nVraag: Wat\nkost\nhet?\n" },
		     { "", "Naam: ", "\nE-mail: ", "\nPagina: https://regels.nl/caf\xE9\nVraag: Wat kost het?" } };
	static char text[300];
	size_t n = (size_t) i % LENGTH (ways);
	snprintf (text, sizeof text, "%s%sPersoon %d%sp%d@regels.nl%s", ways[n].head, ways[n].name, i, ways[n].mail, i, ways[n].question);
	return bytes_of (text);
}

#define LINES "[{\"read\":\"lines\"},{\"to\":\"message\",\"from\":\"Vraag\"}]"
#define KEPT                                                                                                                                          \
	"select md5(string_agg(concat_ws('|', id, at, source_id, method, type, headers, md5(body), body_file, body_size, remote), ',' order by id)) " \
	"from lead_intake.submission where workspace_id = '%s'"

STORY (requests_read_again,
       "N4: twenty requests that nobody could read; the rules of their way in are mended, they are read again: twenty leads, none twice, and what came stands as it came")
{
	struct workspace *w = given_workspace (s, "herlezen", "nl-offerte-6");
	given_workspace (s, "elders-lezen", "nl-offerte-6");
	struct user jan = given_user (s, "jan@herlezen.nl", "--workspace herlezen --role owner"),
		    sales = given_user (s, "sara@herlezen.nl", "--workspace herlezen --role sales"),
		    other = given_user (s, "piet@elders.nl", "--workspace elders-lezen --role owner");
	struct source from = given_way_in (s, &jan, "{\"name\":\"Oude site\"}");
	char ids[2000], form[2600], one[60], query[200];
	for (int i = 0; i < 20; i++) {
		int status = when_sent (s, from.hook, "text/plain", NULL, malformed (i));
		CHECK (status == 400, "request %d is %d", i, status);
	}
	settle (s);
	then_number (s, 0, "leads", "select count(*) from lead_intake.lead where workspace_id = '%s'", w->id);
	snprintf (query, sizeof query, "outcome=open&source=%s", from.id);
	CHECK (requests (s, &jan, query, ids, sizeof ids) == 20, "not all of them are seen: %s", ids);
	CHECK (requests (s, &jan, "q=PERSOON%2017", one, sizeof one) == 1, "not one holds those words: %s", one);
	CHECK (requests (s, &jan, "outcome=lead", form, sizeof form) == 0, "there are leads: %s", form);
	char *before = sql_text (s, KEPT, w->id);

	/* who may not settle ways in sees nothing of them, nor does anybody elsewhere */
	struct web_answer a = when_user_asks (s, &sales, "GET", "/api/submissions", NULL);
	then_status (&a, 403);
	snprintf (form, sizeof form, "{\"ids\":%s}", one);
	a = when_user_asks (s, &other, "POST", "/api/submissions/preview", form);
	then_status (&a, 404);

	/* by other rules, before they are written */
	then_previewed (s, &jan, one, NULL, "bad_request Line 1, column 4: from here it is no JSON.");
	then_previewed (s, &jan, one, LINES, "lead Persoon 17|p17@regels.nl|Wat kost het?");
	snprintf (form, sizeof form, "{\"ids\":%s,\"mapping\":[{\"read\":\"verse\"}]}", one);
	a = when_user_asks (s, &jan, "POST", "/api/submissions/preview", form);
	CHECK (a.status == 422 && strstr (a.body, "\"pointer\":\"/mapping/0/read\",\"code\":\"not_a_choice\""), "%d %.400s", a.status,
	       a.body);
	web_free (&a);
	when_replayed (s, &jan, "{}", "0 0 20 0", NULL);

	a = when_user_asks (s, &jan, "PUT", from.path, "{\"mapping\":" LINES "}");
	then_status (&a, 200);
	snprintf (form, sizeof form, "{\"source\":\"%s\"}", from.id);
	when_replayed (s, &jan, form, "20 0 0 0", NULL);
	settle (s);
	then_number (
		s, 20, "people with what they asked",
		"select count(distinct email) from lead_intake.lead where workspace_id = '%s' and replace(message, E'\\n', ' ') = 'Wat kost het?'",
		w->id);
	then_number (s, 20, "deals", "select count(*) from pipeline.deal where workspace_id = '%s'", w->id);
	when_replayed (s, &jan, "{}", "0 0 0 0", NULL);
	snprintf (form, sizeof form, "{\"ids\":%s}", ids);
	when_replayed (s, &jan, form, "0 0 0 20", NULL);
	settle (s);
	then_number (s, 20, "leads", "select count(*) from lead_intake.lead where workspace_id = '%s'", w->id);
	then_number (
		s, 20, "requests with one lead that is theirs",
		"select count(*) from lead_intake.submission r join lead_intake.lead l on l.workspace_id = r.workspace_id and l.submission_id = r.id and "
		"uuid_send(l.id) = r.leads where r.workspace_id = '%s' and r.outcome = 'lead' and r.reread_by is not null",
		w->id);
	char *after = sql_text (s, KEPT, w->id);
	CHECK (!strcmp (before, after), "what came is another");
	/* and who sends the same once more hears of the lead that there is */
	pause_us (2200000);
	CHECK (when_sent (s, from.hook, "text/plain", NULL, malformed (3)) == 202, "it is not read now");
	settle (s);
	then_number (s, 20, "leads", "select count(*) from lead_intake.lead where workspace_id = '%s'", w->id);
	then_no_dead_letters (s);
}

struct reader {
	struct stack *s;
	const struct user *user;
	const char *form;
	int status;
};

static void *reads (void *ctx)
{
	struct reader *r = ctx;
	char origin[100];
	snprintf (origin, sizeof origin, "Origin: %s", r->s->api);
	struct web_answer a = web_ask (r->s, &(struct web_request){ .method = "POST",
								    .url = "/api/submissions/replay",
								    .cookie = r->user->cookie,
								    .header = { origin, "Sec-Fetch-Site: same-origin" },
								    .body = r->form,
								    .ms = 60000 });
	r->status = a.status;
	web_free (&a);
	return NULL;
}

STORY (requests_made_leads,
       "Somebody says that it is a lead: of spam, a duplicate, a sender's try or a wrong signature, with its files, once; two who read the same again at once make nothing twice, and a secret in it is not shown")
{
	struct workspace *w = given_workspace (s, "tochlead", "nl-offerte-6");
	struct user jan = given_user (s, "jan@tochlead.nl", "--workspace tochlead --role owner"),
		    eva = given_user (s, "eva@tochlead.nl", "--workspace tochlead --role owner");
	struct source site = given_way_in (s, &jan, "{\"kind\":\"web_form\",\"name\":\"Site\"}"),
		      google = given_way_in (s, &jan, "{\"kind\":\"google_ads\",\"name\":\"Google\",\"secret\":\"sleutel-van-google\"}"),
		      signs = given_way_in (s, &jan, "{\"name\":\"Ondertekend\",\"secret\":\"geheim-van-ons\"}");
	static const char parts[] =
		"--x\r\nContent-Disposition: form-data; name=\"naam\"\r\n\r\nBot of Bob\r\n"
		"--x\r\nContent-Disposition: form-data; name=\"_gotcha\"\r\n\r\nja\r\n"
		"--x\r\nContent-Disposition: form-data; name=\"foto\"; filename=\"dak.txt\"\r\nContent-Type: text/plain\r\n\r\nlekt\r\n--x--\r\n";
	static const char *const outcomes[] = { "spam", "duplicate", "test", "bad_signature" };
	char ids[600], form[700], query[100];
	CHECK (when_sent (s, site.hook, "multipart/form-data; boundary=x", NULL, bytes_of (parts)) == 202, "spam is not taken");
	for (int i = 0; i < 2; i++)
		CHECK (when_sent (s, site.hook, NULL, NULL, bytes_of ("{\"naam\":\"Twee Keer\",\"email\":\"twee@keer.nl\"}")) == 202,
		       "a lead is not taken");
	CHECK (when_sent (
		       s, google.hook, NULL, NULL,
		       bytes_of (
			       "{\"lead_id\":\"proef\",\"is_test\":true,\"google_key\":\"sleutel-van-google\",\"user_column_data\":[{\"column_id\":\"FULL_"
			       "NAME\",\"string_value\":\"Proef Persoon\"}]}")) == 200,
	       "a try is not taken");
	CHECK (when_sent (s, signs.hook, NULL, NULL, bytes_of ("{\"naam\":\"Geen Handtekening\"}")) == 401, "it is taken unsigned");
	settle (s);
	then_number (s, 1, "leads", "select count(*) from lead_intake.lead where workspace_id = '%s'", w->id);

	for (size_t i = 0; i < LENGTH (outcomes); i++) {
		snprintf (query, sizeof query, "outcome=%s", outcomes[i]);
		CHECK (requests (s, &jan, query, ids, sizeof ids) == 1, "requests of %s: %s", outcomes[i], ids);
		json_t *last = NULL;
		snprintf (form, sizeof form, "{\"ids\":%s}", ids);
		when_replayed (s, &jan, form, strcmp (outcomes[i], "duplicate") ? "0 0 1 0" : "0 0 0 1", &last);
		CHECK (!strcmp (text_at (last, "outcome"), outcomes[i]), "it is %s", text_at (last, "outcome"));
		json_decref (last);
		snprintf (form, sizeof form, "{\"ids\":%s,\"made\":true}", ids);
		when_replayed (s, &jan, form, "1 0 0 0", NULL);
		when_replayed (s, &eva, form, "0 0 0 1", NULL);
	}
	settle (s);
	then_number (s, 5, "leads", "select count(*) from lead_intake.lead where workspace_id = '%s'", w->id);
	then_number (
		s, 1, "leads with their file",
		"select count(*) from lead_intake.lead l join lead_intake.lead_file f on (f.workspace_id, f.lead_id) = (l.workspace_id, l.id) where "
		"l.workspace_id = '%s' and l.name = 'Bot of Bob'",
		w->id);
	struct web_answer a = when_user_asks (s, &jan, "POST", "/api/submissions/replay", "{\"outcome\":\"spam\",\"made\":true}");
	then_status (&a, 422);

	/* as it came, but for what is secret in it */
	snprintf (query, sizeof query, "source=%s", google.id);
	requests (s, &jan, query, ids, sizeof ids);
	snprintf (form, sizeof form, "/api/submissions/%.36s", ids + 2);
	a = when_user_asks (s, &jan, "GET", form, NULL);
	CHECK (a.status == 200 && strstr (text_at (a.json, "body"), "Proef Persoon") && !strstr (a.body, "sleutel-van-google"), "%d %.900s",
	       a.status, a.body);
	web_free (&a);

	/* two at once, of requests that say the same */
	struct source late = given_way_in (s, &jan, "{\"name\":\"Later\"}");
	for (int i = 0; i < 30; i++) {
		snprintf (form, sizeof form, "Naam: Wachtend %d\nE-mail: w%d@later.nl\n", i / 2, i / 2);
		CHECK (when_sent (s, late.hook, "text/plain", NULL, bytes_of (form)) == 400, "request %d is read", i);
	}
	a = when_user_asks (s, &jan, "PUT", late.path, "{\"mapping\":[{\"read\":\"lines\"}]}");
	then_status (&a, 200);
	settle (s);
	pthread_t thread;
	struct reader second = { .s = s, .user = &eva, .form = "{}" };
	pthread_create (&thread, NULL, reads, &second);
	struct reader first = { .s = s, .user = &jan, .form = "{}" };
	reads (&first);
	pthread_join (thread, NULL);
	CHECK (first.status == 200 && second.status == 200, "they are answered %d and %d", first.status, second.status);
	settle (s);
	then_number (s, 15, "leads of thirty requests, of which each says what another says",
		     "select count(*) from lead_intake.lead where workspace_id = '%s' and email like '%%@later.nl'", w->id);
	then_number (s, 15, "duplicates",
		     "select count(*) from lead_intake.submission where workspace_id = '%s' and outcome = 'duplicate' and source_id = '%s'",
		     w->id, late.id);
	then_no_dead_letters (s);
}

STORY (requests_of_nobody,
       "A request to an agency that names no client waits in the agency's home; its administrator says whose it is, and it becomes one lead there, with its files, however often that is said")
{
	char hook[200], form[300], *id;
	struct workspace *w = given_workspace (s, "van-niemand", "nl-offerte-6");
	struct user admin = given_user (s, "admin@niemand.test", "--admin"),
		    owner = given_user (s, "eigenaar@niemand.test", "--workspace van-niemand --role owner");
	given_source (s, NULL, "--kind agency", hook);
	struct web_answer a = web_ask (
		s, &(struct web_request){ .method = "POST",
					  .url = hook,
					  .type = "multipart/form-data; boundary=x",
					  .body = "--x\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\nNora Niemand\r\n"
						  "--x\r\nContent-Disposition: form-data; name=\"phone\"\r\n\r\n06 12345678\r\n"
						  "--x\r\nContent-Disposition: form-data; name=\"plan\"; filename=\"plan.txt\"\r\n"
						  "Content-Type: text/plain\r\n\r\nmijn plan\r\n--x--\r\n" });
	CHECK (a.status == 422 || a.status == 400 || a.status == 404, "who names no client is answered %d %s", a.status, a.body);
	web_free (&a);
	settle (s);
	id = sql_text (s, "select id from lead_intake.submission where outcome = 'no_workspace' order by id desc limit 1");
	snprintf (form, sizeof form, "{\"ids\":[\"%s\"],\"home\":true}", id);
	a = when_user_asks (s, &owner, "POST", "/api/submissions/replay?workspace=van-niemand", form);
	then_status (&a, 403);
	when_replayed_in (s, &admin, "van-niemand", form, "1 0 0 0", NULL);
	when_replayed_in (s, &admin, "van-niemand", form, "0 0 0 1", NULL);
	settle (s);
	then_text (s, "Nora Niemand +31612345678", "the lead",
		   "select string_agg(name || ' ' || phone, ', ') from lead_intake.lead where workspace_id = '%s'", w->id);
	then_number (s, 1, "deals", "select count(*) from pipeline.deal where workspace_id = '%s'", w->id);
	then_number (s, 1, "files", "select count(*) from lead_intake.lead_file where workspace_id = '%s'", w->id);
	then_text (s, "lead", "what it is there",
		   "select string_agg(outcome, ',') from lead_intake.submission where workspace_id = '%s' and body is not null", w->id);
	then_number (
		s, 1, "requests at home that are settled by that lead",
		"select count(*) from lead_intake.submission s join lead_intake.lead l on l.workspace_id = '%s' and s.leads = uuid_send(l.id) "
		"where s.id = '%s' and s.outcome = 'duplicate' and s.body is not null",
		w->id, id);
	/* whoever died before it was settled says it again: the same lead */
	sql_do (s, "update lead_intake.submission set outcome = 'no_workspace', leads = null where id = '%s'", id);
	when_replayed_in (s, &admin, "van-niemand", form, "1 0 0 0", NULL);
	then_number (s, 1, "leads", "select count(*) from lead_intake.lead where workspace_id = '%s'", w->id);
	then_no_dead_letters (s);
	free (id);
}
