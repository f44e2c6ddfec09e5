/* Runs the operator's stories, one process and one house each; ends with "N passed, N failed".
 * usage: build/ops [--only NAME] [--keep] [--list]     BIN: where the programs are (build); OPS_PORT, OPS_VAR: where houses stand
 * It must never leave a process behind, nor signal one that is not of its own houses. */
#include <glob.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "ops.h"

enum { STORY_SECONDS = 300 };

static struct op *ops, **ops_end = &ops;

void op_add (struct op *op)
{
	*ops_end = op;
	ops_end = &op->next;
}

int ops_port (int offset)
{
	const char *port = getenv ("OPS_PORT");
	return (port ? atoi (port) : 10120) + offset;
}

const char *ops_var (const char *name)
{
	static char room[4][200];
	static unsigned turn;
	const char *var = getenv ("OPS_VAR");
	char *ret = room[turn++ % 4];
	if (var)
		snprintf (ret, sizeof room[0], "%s-%s", var, name);
	else
		snprintf (ret, sizeof room[0], "/tmp/ops-%d-%s", (int) getpgrp (), name);
	return ret;
}

void house_up (struct stack *s, const char *name, int port_offset, const char *const words[])
{
	stack_up (s, ops_var (name), ops_port (port_offset), words);
}

/* ---- what stories are made of ---- */

struct hook given_hook (struct stack *s, const char *slug)
{
	struct hook h;
	json_decref (ctl (s, "workspace add %s --preset classic-6", slug));
	json_t *o = ctl (s, "source add --workspace %s --kind generic", slug);
	const char *slash = strrchr (text_at (o, "url"), '/');
	snprintf (h.key, sizeof h.key, "%s", slash ? slash + 1 : "");
	snprintf (h.slug, sizeof h.slug, "%s", slug);
	json_decref (o);
	CHECK (*h.key, "a source has no key");
	return h;
}

static void post (struct stack *s, const struct hook *h, const char *key, const char *type, const char *body)
{
	char url[300];
	snprintf (url, sizeof url, "%s/hooks/%s", s->hooks, h->key);
	int status = 0;
	for (int64_t limit = now_us () + 30000000; status != 202; pause_us (20000)) {
		struct web_answer a = web_ask (
			s,
			&(struct web_request){ .method = "POST", .url = url, .type = type, .body = body, .idempotency = key, .ms = 10000 });
		status = a.status;
		CHECK (status == 202 || status == 0 || status == 503 || status == 504, "a lead is answered %d: %s", status, a.body);
		web_free (&a);
		CHECK (now_us () < limit, "a lead is not taken: %d", status);
		if (status == 202)
			break;
	}
}

void lead_post (struct stack *s, const struct hook *h, const char *name)
{
	char body[300], key[100];
	snprintf (body, sizeof body, "{\"name\":\"%s\",\"email\":\"%s@ops.example\",\"form_type\":\"Quote\"}", name, name);
	snprintf (key, sizeof key, "ops-%s", name);
	post (s, h, key, NULL, body);
}

void lead_post_file (struct stack *s, const struct hook *h, const char *name, const char *content)
{
	char body[1200], key[100];
	snprintf (
		body, sizeof body,
		"--ops\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\n%s\r\n"
		"--ops\r\nContent-Disposition: form-data; name=\"email\"\r\n\r\n%s@ops.example\r\n"
		"--ops\r\nContent-Disposition: form-data; name=\"plan\"; filename=\"plan.txt\"\r\nContent-Type: text/plain\r\n\r\n%s\r\n--ops--\r\n",
		name, name, content);
	snprintf (key, sizeof key, "ops-%s", name);
	post (s, h, key, "multipart/form-data; boundary=ops", body);
}

json_t *doctor_ask (struct stack *s, int *ret_exit)
{
	char *text = ctl_text (s, ret_exit, "doctor --json");
	json_t *o = json_loads (text, 0, NULL);
	CHECK (o && (*ret_exit == 0) == json_is_true (json_object_get (o, "healthy")), "doctor: exit %d: %s", *ret_exit, text);
	free (text);
	return o;
}

static bool says (json_t *o, const char *code, const char *part)
{
	size_t i;
	json_t *f;
	json_array_foreach (json_object_get (o, "findings"), i, f)
	{
		if (!strcmp (text_at (f, "code"), code) && (!part || !strcmp (text_at (f, "part"), part))) {
			CHECK (*text_at (f, "what") && *text_at (f, "next"), "%s names no next step", code);
			printf ("    %s %s: %s\n        next: %s\n", code, text_at (f, "part"), text_at (f, "what"), text_at (f, "next"));
			return true;
		}
	}
	return false;
}

void doctor_says (struct stack *s, const char *code, const char *part)
{
	int code_exit;
	for (int64_t limit = now_us () + 20000000;; pause_us (50000)) {
		json_t *o = doctor_ask (s, &code_exit);
		bool said = says (o, code, part);
		char *text = json_dumps (o, JSON_COMPACT);
		CHECK (said || now_us () < limit, "doctor does not name %s (%s): %s", code, part ? part : "", text);
		free (text);
		json_decref (o);
		if (said)
			return;
	}
}

void doctor_healthy (struct stack *s)
{
	int code_exit;
	for (int64_t limit = now_us () + 30000000;; pause_us (50000)) {
		json_t *o = doctor_ask (s, &code_exit);
		char *text = json_dumps (o, JSON_COMPACT);
		CHECK (!code_exit || now_us () < limit, "doctor does not call it healthy: %s", text);
		free (text);
		json_decref (o);
		if (!code_exit)
			return;
	}
}

/* ---- running ---- */

static void houses_end (bool keep)
{
	glob_t all;
	char pattern[220];
	const char *bin = getenv ("BIN");
	snprintf (pattern, sizeof pattern, "%s*", ops_var (""));
	if (glob (pattern, 0, NULL, &all))
		return;
	for (size_t i = 0; i < all.gl_pathc; i++) {
		char program[300];
		int code;
		snprintf (program, sizeof program, "%s/crmctl", bin ? bin : "build");
		free (program_run ((const char *[]){ program, "down", "--json", "--var", all.gl_pathv[i], NULL }, &code));
		char mounted[300];
		snprintf (mounted, sizeof mounted, "%s/files", all.gl_pathv[i]);
		free (program_run ((const char *[]){ "/bin/sh", "-c", "mountpoint -q \"$0\" && umount \"$0\"; exit 0", mounted, NULL },
				   &code));
		if (!keep)
			free (program_run ((const char *[]){ "/bin/rm", "-rf", all.gl_pathv[i], NULL }, NULL));
	}
	globfree (&all);
}

static bool op_passes (const struct op *op, bool keep)
{
	int status;
	fflush (NULL);
	pid_t pid = fork ();
	if (!pid) {
		alarm (STORY_SECONDS);
		op->run ();
		fflush (NULL);
		_exit (0);
	}
	if (pid < 0 || waitpid (pid, &status, 0) < 0)
		return false;
	if (WIFSIGNALED (status))
		fprintf (stderr, "    %s\n", WTERMSIG (status) == SIGALRM ? "it took too long" : strsignal (WTERMSIG (status)));
	houses_end (keep);
	return WIFEXITED (status) && WEXITSTATUS (status) == 0;
}

int main (int argc, char **argv)
{
	const char *only = NULL;
	bool keep = false, list = false;
	int passed = 0, failed = 0;
	for (int i = 1; i < argc; i++)
		if (!strcmp (argv[i], "--only") && i + 1 < argc)
			only = argv[++i];
		else if (!strcmp (argv[i], "--keep"))
			keep = true;
		else if (!strcmp (argv[i], "--list"))
			list = true;
		else
			return fprintf (stderr, "usage: build/ops [--only NAME] [--keep] [--list]\n"), 2;
	setpgid (0, 0);
	signal (SIGPIPE, SIG_IGN);
	setvbuf (stdout, NULL, _IOLBF, 0);
	for (const struct op *op = ops; op; op = op->next) {
		if (only && !strstr (op->name, only))
			continue;
		if (list) {
			printf ("%-28s %s\n", op->name, op->sentence);
			continue;
		}
		int64_t began = now_us ();
		bool good = op_passes (op, keep);
		printf ("%-4s %-28s %s (%lld ms)\n", good ? "ok" : "FAIL", op->name, op->sentence, (long long) (now_us () - began) / 1000);
		passed += good, failed += !good;
	}
	if (!list)
		printf ("%d passed, %d failed\n", passed, failed);
	return failed > 0 || (!list && !passed);
}
