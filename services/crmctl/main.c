/* crmctl: the operator's tool. One verb a word; what each does stands in the file of its group.
 * OWNS nothing. ASKS every service. MUST NEVER do a daemon's work, nor write to a service's schema. */
#include <stdio.h>
#include <string.h>
#include "verbs.h"

static int crmctl_help (int argc, char **argv);

static const struct verb {
	const char *name;
	int (*run) (int argc, char **argv);
	const char *doc;
} verbs[] = {
	{ "up", crmctl_up, "start Postgres and every daemon, and stay with them" },
	{ "down", crmctl_down, "stop what `up` started" },
	{ "restart", crmctl_restart, "every daemon, one after the other, while work goes on; how another build comes in" },
	{ "status", crmctl_status, "each process, and whether it is ready" },
	{ "tail", crmctl_tail, "follow the streams of events; --from the beginning, a sequence or a time" },
	{ "lag", crmctl_lag, "how far each consumer is behind each source; gaps, parked items, stopped lanes" },
	{ "trace", crmctl_trace, "everything one request caused, with times" },
	{ "dead", crmctl_dead, "what is parked: list, show, redrive, drop" },
	{ "rebuild", crmctl_rebuild, "contacts timeline: built anew out of the streams, beside the one that is read" },
	{ "doctor", crmctl_doctor, "what is broken, in plain words, and what to do about it" },
	{ "backup", crmctl_backup, "everything at one moment, into one file, while it runs" },
	{ "restore", crmctl_restore, "a backup into an empty folder; --check: is it whole?" },
	{ "workspace", crmctl_workspace, "add, list" },
	{ "user", crmctl_user, "add" },
	{ "apikey", crmctl_apikey, "add, revoke" },
	{ "source", crmctl_source, "add, list: the addresses leads come in at" },
	{ "config", crmctl_config, "a workspace's stages, fields, templates, rules and webhooks as a file: export, diff, apply" },
	{ "decisions", crmctl_decisions, "what rules did about what happened, and why not" },
	{ "demo", crmctl_demo, "a workspace per preset with a believable start; remove: all of it goes again" },
	{ "docs", crmctl_docs, "openapi, asyncapi, types, events: what the tables say, as documents" },
	{ "help", crmctl_help, "this" },
};

static int crmctl_help (int argc, char **argv)
{
	(void) argc, (void) argv;
	printf ("usage: crmctl VERB [--var DIR] [--json] …\n\n");
	for (size_t i = 0; i < LENGTH (verbs); i++)
		printf ("  %-10s %s\n", verbs[i].name, verbs[i].doc);
	printf ("\nA verb without its words says which it takes. --var is the folder that `up` was given; $CRM_VAR, else var.\n");
	return 0;
}

int main (int argc, char **argv)
{
	for (size_t i = 0; argc > 1 && i < LENGTH (verbs); i++)
		if (!strcmp (argv[1], verbs[i].name))
			return verbs[i].run (argc - 1, argv + 1);
	if (argc > 1 && strcmp (argv[1], "--help"))
		fprintf (stderr, "crmctl: there is no verb %s\n\n", argv[1]);
	crmctl_help (argc, argv);
	return argc > 1 && !strcmp (argv[1], "--help") ? 0 : 2;
}
