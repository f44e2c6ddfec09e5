/* Numbers of invoices under everything that may happen: eight who finalise at once, two replicas of billing of which now one dies, now the other.
 * It must never ask again under another key: whoever got no answer asks the same. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "story.h"

static const char *const two_of_it[] = { "--replicas", "billing=2", NULL };
enum { WORKSPACES = 4, CLIENTS = 8 };

/* One client: writes its share and finalises each. Ends with 0 when all are final. */
static void client_run (struct stack *s, struct workspace *const w[], int client, int share)
{
	static const char body[] =
		"{\"buyer\":{\"name\":\"Klant\",\"street\":\"S 1\",\"city\":\"U\"},\"lines\":[{\"name\":\"X\",\"price\":\"10\",\"rate\":\"21\"}]}";
	char key[60], path[120];
	for (int i = 0; i < share; i++) {
		struct workspace *to = w[(client + i) % WORKSPACES];
		snprintf (key, sizeof key, "write-%d-%d", client, i);
		struct web_answer a = when_insisted (s, to->key, "/api/crm/invoices", key, body);
		CHECK (a.status == 201, "an invoice is %d: %s", a.status, a.body);
		snprintf (path, sizeof path, "/api/crm/documents/%s/finalise", text_at (a.json, "id"));
		web_free (&a);
		snprintf (key, sizeof key, "final-%d-%d", client, i);
		a = when_insisted (s, to->key, path, key, "{}");
		CHECK (a.status == 200, "finalising is %d: %s", a.status, a.body);
		web_free (&a);
	}
}

STORY_IN (
	numbers_without_holes,
	"Eight clients finalise invoices at two replicas of billing that are killed in turn: the numbers of each workspace are 1 to N, no gap and no repeat",
	two_of_it)
{
	/* a short run among the others; make invoice-kills: ten thousand */
	const char *asked = getenv ("FLOW_DOCS");
	int documents = asked ? atoi (asked) : 480, kills = 0, share = documents / CLIENTS, ended = 0;
	struct workspace *w[WORKSPACES];
	pid_t client[CLIENTS];
	char slug[20], whose[WORKSPACES * 40 + 1] = "";
	CHECK (documents >= CLIENTS, "%d documents", documents);
	alarm (150 + (unsigned) documents / 5); /* a long run takes longer than a story may */
	for (int i = 0; i < WORKSPACES; i++) {
		snprintf (slug, sizeof slug, "nummers-%d", i);
		w[i] = given_workspace (s, slug, "nl-offerte-6");
		snprintf (whose + strlen (whose), sizeof whose - strlen (whose), "%s'%s'", i ? "," : "", w[i]->id);
	}
	settle (s);
	for (int i = 0; i < WORKSPACES; i++) {
		struct web_answer a = web (
			s, w[i]->key, "PUT", "/api/crm/company",
			"{\"name\":\"Firma\",\"street\":\"Weg 1\",\"postcode\":\"1234 AB\",\"city\":\"Utrecht\",\"kvk\":\"12345678\",\"vat_id\":"
			"\"NL123456782B01\"}");
		then_status (&a, 200);
	}
	fflush (NULL);
	for (int i = 0; i < CLIENTS; i++)
		if (!(client[i] = fork ())) {
			sql_forget (s);
			client_run (s, w, i, share);
			_exit (0);
		}
	while (ended < CLIENTS) {
		int status;
		pid_t pid = waitpid (-1, &status, WNOHANG);
		for (int i = 0; i < CLIENTS; i++)
			if (pid == client[i]) {
				CHECK (WIFEXITED (status) && !WEXITSTATUS (status), "client %d failed", i);
				ended++;
			}
		if (pid > 0)
			continue;
		pause_us (150000);
		if (ended < CLIENTS) {
			daemon_kill (s, "billing", kills % 2, SIGKILL);
			daemon_ready (s, "billing", kills % 2);
			kills++;
		}
	}
	printf ("    %d invoices, %d kills\n", share * CLIENTS, kills);
	then_number (s, share * CLIENTS, "final invoices",
		     "select count(*) from billing.document where workspace_id in (%s) and kind = 'invoice' and finalised_at is not null",
		     whose);
	then_number (
		s, 0, "workspaces whose numbers are not 1 to N",
		"select count(*) from (select workspace_id from billing.document where workspace_id in (%s) and finalised_at is not null group by 1 "
		"having count(*) <> max(series_seq) or min(series_seq) <> 1 or count(distinct number) <> count(*)) x",
		whose);
	then_number (s, share * CLIENTS, "invoices that were written", "select count(*) from billing.document where workspace_id in (%s)",
		     whose);
	CHECK (kills, "nothing was killed");
	then_no_dead_letters (s);
}
