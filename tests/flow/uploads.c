/* Bodies larger than others': nothing of them is taken before it is known whose they are.
 * It must never send the body that it says it would: what is answered, is answered to the headers alone. */
#include <arpa/inet.h>
#include <dirent.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>
#include "seal.h"
#include "story.h"

/* A connection on which the headers of a large upload have gone out, and none of its bytes. */
static int upload_begun (struct stack *s, const char *path, const char *who)
{
	char text[1000];
	snprintf (text, sizeof text,
		  "POST %s HTTP/1.1\r\nHost: 127.0.0.1\r\n%s\r\nContent-Length: 20000000\r\nExpect: 100-continue\r\n\r\n", path, who);
	return web_by_hand (s, 0, text, 10000);
}

/* What is said to the headers: 100 is "go on". */
static int upload_told (struct stack *s, const char *path, const char *who, int *ret_fd)
{
	char text[16] = "";
	int fd = upload_begun (s, path, who);
	ssize_t n = recv (fd, text, sizeof text - 1, MSG_WAITALL);
	CHECK (n > 12, "%s by %s: nothing is said", path, who);
	if (ret_fd)
		*ret_fd = fd;
	else
		close (fd);
	return (int) strtol (text + 9, NULL, 10);
}

static void then_told (struct stack *s, const char *path, const char *who, int status)
{
	int is = upload_told (s, path, who, NULL);
	CHECK (is == status, "%s by %s is told %d, not %d", path, who, is, status);
}

STORY (uploads_are_asked_first,
       "A file's bytes are taken of nobody whose session is unknown, who may not put it there, or who is sending eight already; no byte of theirs is read")
{
	struct workspace *w = given_workspace (s, "doors", "classic-6");
	struct user reader = given_user (s, "reader@doors.test", "--workspace doors --role client");
	char key[200], session[700];
	int open[8];
	snprintf (key, sizeof key, "Authorization: Bearer %s", w->key);
	snprintf (session, sizeof session, "Cookie: %s", reader.cookie);
	const char *const doors[] = { "/api/crm/files?name=a.pdf", "/api/crm/imports?profile=contacts" };
	for (size_t i = 0; i < LENGTH (doors); i++) {
		then_told (s, doors[i], "Cookie: x", 401);
		then_told (s, doors[i], "Authorization: Bearer nobody", 401);
		then_told (s, doors[i], session, 403);
	}
	for (size_t i = 0; i < LENGTH (open); i++)
		CHECK (upload_told (s, doors[i % 2], key, &open[i]) == 100, "upload %zu is not taken", i);
	then_told (s, doors[0], key, 429);
	for (size_t i = 0; i < LENGTH (open); i++)
		close (open[i]);
	UNTIL (5000, upload_told (s, doors[1], key, NULL) == 100, "a place is not free again");
}

/* ---- files that no row names ---- */

static void aged (const char *path)
{
	struct timespec times[2] = { { .tv_sec = time (NULL) - 2 * 86400 }, { .tv_sec = time (NULL) - 2 * 86400 } };
	CHECK (utimensat (AT_FDCWD, path, times, 0) == 0, "there is no %s", path);
}

static void laid (const char *path, bool old)
{
	FILE *f = fopen (path, "we");
	CHECK (f && fputs ("nobody's", f) >= 0 && fclose (f) == 0, "%s cannot be written", path);
	if (old)
		aged (path);
}

/* All that lies in the folder of an id becomes two days old; how many files that were. */
static size_t folder_aged (struct stack *s, const char *id)
{
	char folder[400], path[700];
	size_t n = 0;
	snprintf (folder, sizeof folder, "%s/files/%s", s->var, id);
	DIR *d = opendir (folder);
	for (const struct dirent *e; d && (e = readdir (d));) {
		snprintf (path, sizeof path, "%s/%s", folder, e->d_name);
		n += *e->d_name != '.';
		aged (path);
	}
	if (d)
		closedir (d);
	return n;
}

static bool lies (struct stack *s, const char *name)
{
	char path[1000];
	snprintf (path, sizeof path, "%s/files/%s", s->var, name);
	return !access (path, F_OK);
}

STORY (files_are_swept,
       "Files that no row names go when they are a day old, and what uploads left that broke off; a contact's file, one that was taken away, an import's and somebody's picture stay however old; the doctor knows how many")
{
	static const char nobody[] = "00000000000000000000000000000000000000000000000000000000000000aa",
			  young[] = "00000000000000000000000000000000000000000000000000000000000000bb";
	struct workspace *w = given_workspace (s, "doors", "classic-6");
	struct user bea = given_user (s, "bea@doors.test", "--workspace doors --role owner");
	char path[700], import[UUID_TEXT], home[UUID_TEXT], sum[SHA256_TEXT];
	struct web_answer a = web (s, w->key, "POST", "/api/crm/contacts", "{\"name\":\"Bea Laden\",\"email\":\"bea@doors.test\"}");
	snprintf (path, sizeof path, "/api/crm/files?contact_id=%s&name=a.csv", text_at (a.json, "id"));
	web_free (&a);
	a = web_ask (s, &(struct web_request){ .method = "POST", .url = path, .key = w->key, .body = "name\nBea\n", .type = "text/csv" });
	CHECK (a.status == 201, "a file is %d: %s", a.status, a.body);
	snprintf (path, sizeof path, "%s/%s", w->id, text_at (a.json, "sha256"));
	char *kept = strdup (path);
	snprintf (path, sizeof path, "/api/crm/files/%s", text_at (a.json, "id"));
	web_free (&a);
	a = web (s, w->key, "DELETE", path, NULL);
	then_status (&a, 204);
	a = web_ask (s, &(struct web_request){ .method = "POST",
					       .url = "/api/crm/imports?profile=contacts",
					       .key = w->key,
					       .body = "name,email\nX,x@y.test\n",
					       .type = "text/csv" });
	CHECK (a.status == 201, "an import is %d: %s", a.status, a.body);
	snprintf (import, sizeof import, "%s", text_at (a.json, "id"));
	web_free (&a);
	char *of = sql_text (s, "select workspace_id from gateway.user where id = '%s'", bea.id);
	snprintf (home, sizeof home, "%s", of);
	sha256_text ((struct bytes){ (const unsigned char *) "nobody's", 8 }, sum);
	sql_do (s, "update gateway.user set photo = '%s' where id = (select id from gateway.user where workspace_id = '%s' limit 1)", sum,
		home);
	snprintf (path, sizeof path, "%s/files/%s", s->var, home);
	(void) mkdir (path, 0750);
	snprintf (path, sizeof path, "%s/files/%s/%s", s->var, home, sum);
	laid (path, true);
	snprintf (path, sizeof path, "%s/files/%s/%s", s->var, w->id, nobody);
	laid (path, true);
	snprintf (path, sizeof path, "%s/files/%s/.new-abcdef", s->var, w->id);
	laid (path, true);
	snprintf (path, sizeof path, "%s/files/tmp/spool-abcdef", s->var);
	laid (path, true);
	CHECK (folder_aged (s, w->id) >= 2 && folder_aged (s, import) == 1, "a file is missing");
	snprintf (path, sizeof path, "%s/files/%s/%s", s->var, w->id, young);
	laid (path, false);
	snprintf (path, sizeof path, "%s/files/.swept", s->var);
	(void) unlink (path);
	snprintf (path, sizeof path, "%s/files/.sweep", s->var);
	(void) unlink (path);
	UNTIL (15000, lies (s, ".swept"), "nobody sweeps");
	const char *const gone[] = { nobody, ".new-abcdef" };
	for (size_t i = 0; i < LENGTH (gone); i++) {
		snprintf (path, sizeof path, "%s/%s", w->id, gone[i]);
		CHECK (!lies (s, path), "%s lies there yet", path);
	}
	CHECK (!lies (s, "tmp/spool-abcdef") && lies (s, kept) && folder_aged (s, import) == 1, "the wrong ones went");
	snprintf (path, sizeof path, "%s/%s", w->id, young);
	CHECK (lies (s, path), "a young one went");
	snprintf (path, sizeof path, "%s/%s", home, sum);
	CHECK (lies (s, path), "a picture went");
	json_t *doctor = ctl (s, "doctor");
	CHECK (number_at (doctor, "counts.files_swept") == 1 && number_at (doctor, "counts.uploads_broken") == 2 &&
		       number_at (doctor, "counts.files_named") >= 3,
	       "the doctor says %s", json_dumps (doctor, JSON_COMPACT));
	json_decref (doctor);
	sql_do (s, "update gateway.user set photo = null where photo = '%s'", sum);
	free (kept), free (of);
}
