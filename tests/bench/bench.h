/* What the rows of the benchmark share: how busy the machine is, how a row is told, the house, the flow's rate.
 * Never included outside this folder. */
#ifndef LEADWIRE_BENCH_H
#define LEADWIRE_BENCH_H

#include "../stack/stack.h"
#include "load.h"

enum { PAIRS = 5, CONNECTIONS = 32, ARRAY = 100, PEOPLE = 1000000000 };

struct house {
	struct stack s;
	char slug[64], path[200], key[200];
	bool open;
};

/* One side of a pair. */
struct side {
	double rate;	    /* leads a second, to committed and joined deals */
	double pg_cpu, wal; /* per lead: µs, bytes */
	double daemon_cpu, load_cpu;
	int64_t leads;
};

extern struct house house;     /* open after house_main */
extern int seconds;	       /* a side */
extern const char *bench_only; /* the one row that was asked for; null: all */

void house_main (void);
void house_open (struct house *h, const char *name, int port);
void house_close (struct house *h);
int port_first (void);

void calibrate (void);
double median (double *value, int n);
double least (const double *value, int n);
double most (const double *value, int n);
void row_end (const char *name, double ours, double peer, const char *unit, double ratio, double low, double high, const char *aim,
	      bool met);
/* Of pairs: ours and peer in turn; more is better, or less. */
void row_pairs (const char *name, double *ours, double *peer, int n, const char *unit, const char *aim, double wanted, bool more);

struct side ours_run (struct house *h, int per_request, int64_t people, int64_t microseconds);
int64_t smaps_value (pid_t pid, const char *name);
int64_t postgres_cpu (struct stack *s); /* µs, of all its processes */
int64_t daemons_cpu (struct stack *s);

/* gateway.c */
void row_logins (void);
void row_reads (void);
/* many.c */
void row_contacts (void);
/* imports.c */
void row_imports (void);
/* mails.c */
void row_mails (void);
/* documents.c */
void row_documents (void);
/* rules.c */
void row_dry_run (void);
void row_rules (void);
void row_waits (void);
/* deals.c */
void row_deals (void);
bool deals_has (const char *row); /* one of its questions */
/* statements.c: a statement of a room's .sql files with values, SQL themselves, in place of its parameters; what is not named is null */
struct sql_value {
	const char *name, *sql;
};
/* True: its plan is kept, and what that takes is set until somebody sets it back. */
bool statement_put (struct buffer *out, const char *room, const char *name, const char *record, const struct sql_value *value);

#endif
