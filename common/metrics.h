/* Metrics in Prometheus' text format 0.0.4 (OpenMetrics when asked). Counters and gauges are atomic, so any thread may move them;
 * a metric is registered once, at start, with its help text. Label values come from small fixed sets, never from data. */
#ifndef LEADWIRE_METRICS_H
#define LEADWIRE_METRICS_H

#include <stdatomic.h>
#include "arena.h"

struct metric {
	const char *name, *help; /* leadwire_frames_total, "Frames committed" */
	enum { METRIC_COUNTER, METRIC_GAUGE, METRIC_HISTOGRAM } kind;
	const char *label;	    /* "lane=\"03\",source=\"pipeline\"" or null; one metric struct per label set */
	_Atomic int64_t value;	    /* histogram: sum in µs */
	_Atomic int64_t bucket[14]; /* histogram: 100 µs, 250 µs, 500 µs, 1 ms, 2.5, 5, 10, 25, 50, 100, 250, 1 s, 5 s, more */
	struct metric *next;
};

void metric_register (struct metric *m); /* kept by pointer for the life of the process; same name = same family */
void metric_add (struct metric *m, int64_t n);
void metric_set (struct metric *m, int64_t n);
void metric_observe (struct metric *m, int64_t microseconds);
void metrics_write (
	struct buffer
		*out); /* also process_resident_memory_bytes, process_cpu_seconds_total, process_start_time_seconds, process_open_fds */

void metrics_write_open (struct buffer *out); /* the same as OpenMetrics 1.0.0, for who asks for application/openmetrics-text */

#endif
