/* A workspace on its way: made from a preset, with its first owner and a way in. For the page of an agency's admin and for the set-up. Main thread. */
#ifndef LEADWIRE_GATEWAY_WORKSPACES_H
#define LEADWIRE_GATEWAY_WORKSPACES_H

#include "gateway.h"

struct making {
	struct request *q;
	struct uuid actor, agency, command;			       /* all ids are made of actor and command: a repeat makes the same */
	struct uuid owner;					       /* null: none yet */
	const char *name, *slug;				       /* slug null: made of the name */
	const char *preset, *language, *currency, *timezone, *country; /* null: the preset's */
	void (*then) (struct making *m);
	/* what came of it */
	struct uuid id;
	const char *hook; /* its URL; null: none could be made */
	/* on the way */
	const char *key;
	bool own_slug;
	int tries;
	struct positions after;
};
/* Ends with `then`, or with a refusal as the request's answer. */
void making_start (struct making *m);

#endif
