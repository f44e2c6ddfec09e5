/* The load generator: one thread, epoll, keep-alive connections; as fast as answers come, or at a rate with intended send times. */
#ifndef LEADWIRE_LOAD_H
#define LEADWIRE_LOAD_H

#include <stdbool.h>
#include <stdint.h>

struct load {
	/* what to do */
	int port;
	const char *path; /* /hooks/KEY */
	int connections;
	int64_t microseconds; /* how long to send */
	int64_t requests;     /* or how many; 0: no limit */
	int64_t rate;	      /* requests a second; 0: as fast as answers come */
	int per_request;      /* leads in one request; more than one is sent as an array */
	int64_t people;	      /* e-mails are drawn from this many */
	uint64_t seed;
	const char *form_type;
	/* a stream of server-sent events that shows when the card arrives; 0: none */
	int stream_port;
	const char *stream_key;
	int64_t drain_us; /* how long to wait for the last cards */
	/* what came of it */
	int64_t answered, refused, broken, leads;
	int64_t began, ended; /* µs, monotonic; ended: the last answer */
	int64_t cpu_us;	      /* of this thread */
	int64_t *card;	      /* per request: µs from the intended send time to the card; -1: none came */
	int64_t *answer;      /* the same to the answer */
	int64_t n_timed;
	int64_t resets; /* how often the stream said that it had lost something; 1000: it was ended */
};

/* False: the stream or a connection could not be opened. */
bool load_run (struct load *l);
void load_free (struct load *l);
/* p in 0..100 of the values that are not negative; sorts them. */
int64_t percentile (int64_t *value, int64_t n, int p);
uint64_t random_next (uint64_t *state);

#endif
