/* What a demo workspace is going to be: who asks for what, when, and how far it gets. Planned without a clock or the network, so that every run plans
 * the same; times are days before today and minutes of a day. */
#ifndef LEADWIRE_DEMO_H
#define LEADWIRE_DEMO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct demo_text {
	const char *const *at;
	size_t n;
};

enum {
	DEMO_LEADS = 62,
	DEMO_BY_HOOK = 6, /* the newest of them, which come in now */
	DEMO_BY_HAND = 6, /* deals without a lead */
	DEMO_CONTACTS = 84,
	DEMO_PEOPLE = 200, /* at most */
	DEMO_DAYS = 84,
	DEMO_TEAM = 3,
	DEMO_STAGES = 5,
	DEMO_ACCOUNTS = 4, /* companies that somebody entered by hand */
	DEMO_RATES = 3
};

struct demo_workspace {
	const char *agency; /* null: the first one */
	bool dutch;	    /* what people there read and write; English otherwise, wherever they are */
	const char *slug, *name, *preset, *domain;
	const struct demo_text *first, *last, *firms, *forms, *wishes, *projects, *notes, *moves, *losses, *sources, *tags, *did, *tasks,
		*talk, *asked;
	const char *currency, *second;	 /* second: what some deals are worth something in; null: none is */
	const char *rates[DEMO_RATES];	 /* what that was worth in the first one, the oldest first */
	const char *phone;		 /* what numbers begin with */
	int digits;			 /* and how many follow */
	int64_t least, most;		 /* what a deal is worth, whole units */
	const char *stages[DEMO_STAGES]; /* the way of a deal after the first stage, up to the one that is won */
	const char *lost;
	const char *file;	     /* name of a file that comes with a lead */
	bool by_qualify;	     /* the first step is taken by qualifying the lead, which alone makes a contact of it */
	bool notes_wanted;	     /* a move says why */
	const char *team[DEMO_TEAM]; /* the owner first */
	const char *role[DEMO_TEAM];
};

struct demo_person {
	char name[120], email[200], phone[40];
	const char *firm; /* null: somebody at home */
	bool is_contact;  /* made by hand or converted: no lead makes a contact of them */
	int days;	  /* since when */
};

struct demo_item {
	size_t person;
	const char *title, *wish, *source, *note; /* title: of a lead, its form */
	int days, minute, way;			  /* how many steps it has taken */
	bool lost;				  /* and the last of them to nowhere */
	const char *loss;			  /* why, by the catalogue's key; null: it is not lost */
	enum { DEMO_NEW, DEMO_CONTACTED, DEMO_QUALIFIED } status;
	size_t owner;
	int64_t worth;		       /* whole units; 0: nobody has said yet */
	int closes;		       /* in so many days; of one that is closed: minus how long ago */
	const char *move[DEMO_STAGES]; /* said with each step */
};

struct demo_plan {
	struct demo_person person[DEMO_PEOPLE];
	size_t people;
	struct demo_item lead[DEMO_LEADS], deal[DEMO_BY_HAND]; /* oldest first */
};

struct demo_spot {
	const char *name, *type;
	char address[120], map[140];
};
struct demo_firm {
	const char *industry, *address, *postcode, *city, *country;
	char website[120], email[100], phone[40];
	struct demo_spot place[2];
	size_t places;
};

extern const struct demo_workspace demo_workspaces[];
extern const size_t demo_workspaces_n;

/* What is known of the nth company beside its name; demo_firms.c. */
void demo_firm (const struct demo_workspace *w, const char *firm, size_t nth, struct demo_firm *ret);
void demo_plan (size_t which, struct demo_plan *ret);
/* How many days ago a deal took a step. */
int demo_step_days (const struct demo_item *item, int step);

#endif
