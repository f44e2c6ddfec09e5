/* Metrics: a list of families, written as text when asked. Moving one is a single atomic addition.
 * It must never take a lock on the moving side, and never have a label that comes from data. */
#include "metrics.h"

#include <dirent.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum { BUCKETS = LENGTH (((struct metric *) 0)->bucket) };

/* Upper ends in µs and as Prometheus wants them, in seconds; the last bucket is what lies beyond. */
static const struct {
	int64_t most;
	const char *seconds;
} ends[BUCKETS - 1] = {
	{ 100, "0.0001" },  { 250, "0.00025" }, { 500, "0.0005" },  { 1000, "0.001" }, { 2500, "0.0025" },
	{ 5000, "0.005" },  { 10000, "0.01" },	{ 25000, "0.025" }, { 50000, "0.05" }, { 100000, "0.1" },
	{ 250000, "0.25" }, { 1000000, "1" },	{ 5000000, "5" },
};

static struct metric *first;
static pthread_mutex_t registering = PTHREAD_MUTEX_INITIALIZER;

/* Behind the last of its family, since the format wants a family in one piece. */
void metric_register (struct metric *m)
{
	pthread_mutex_lock (&registering);
	struct metric **place = &first, **after = NULL;
	for (; *place; place = &(*place)->next) {
		assert (*place != m);
		if (strcmp ((*place)->name, m->name) == 0)
			after = &(*place)->next;
	}
	if (after)
		place = after;
	m->next = *place;
	*place = m;
	pthread_mutex_unlock (&registering);
}

void metric_add (struct metric *m, int64_t n)
{
	atomic_fetch_add_explicit (&m->value, n, memory_order_relaxed);
}

void metric_set (struct metric *m, int64_t n)
{
	atomic_store_explicit (&m->value, n, memory_order_relaxed);
}

void metric_observe (struct metric *m, int64_t microseconds)
{
	size_t i = 0;
	while (i < LENGTH (ends) && microseconds > ends[i].most)
		i++;
	atomic_fetch_add_explicit (&m->bucket[i], 1, memory_order_relaxed);
	atomic_fetch_add_explicit (&m->value, microseconds, memory_order_relaxed);
}

/* Seconds with a point, from whole microseconds. */
static void seconds_write (struct buffer *out, int64_t microseconds)
{
	buffer_printf (out, "%s%lld.%06lld\n", microseconds < 0 ? "-" : "",
		       (long long) (microseconds < 0 ? -microseconds : microseconds) / 1000000,
		       (long long) (microseconds < 0 ? -microseconds : microseconds) % 1000000);
}

static void histogram_write (struct buffer *out, const struct metric *m)
{
	const char *label = m->label ? m->label : "", *comma = m->label ? "," : "";
	long long count = 0;
	for (size_t i = 0; i < BUCKETS; i++) {
		count += atomic_load_explicit (&m->bucket[i], memory_order_relaxed);
		buffer_printf (out, "%s_bucket{%s%sle=\"%s\"} %lld\n", m->name, label, comma, i < LENGTH (ends) ? ends[i].seconds : "+Inf",
			       count);
	}
	const char *open = m->label ? "{" : "", *close = m->label ? "}" : "";
	buffer_printf (out, "%s_sum%s%s%s ", m->name, open, label, close);
	seconds_write (out, atomic_load_explicit (&m->value, memory_order_relaxed));
	buffer_printf (out, "%s_count%s%s%s %lld\n", m->name, open, label, close, count);
}

/* OpenMetrics names a counter's family without the _total that its samples end in. */
static void family_write (struct buffer *out, const char *name, const char *help, const char *type, bool open_metrics)
{
	size_t n = strlen (name);
	if (open_metrics && strcmp (type, "counter") == 0 && n > 6 && strcmp (name + n - 6, "_total") == 0)
		n -= 6;
	buffer_printf (out, "# HELP %.*s ", (int) n, name);
	for (; *help; help++)
		if (*help == '\\' || *help == '\n')
			buffer_text (out, *help == '\n' ? "\\n" : "\\\\");
		else
			buffer_add (out, help, 1);
	buffer_printf (out, "\n# TYPE %.*s %s\n", (int) n, name, type);
}

static void metric_write (struct buffer *out, const struct metric *m, bool first_of_family, bool open_metrics)
{
	static const char *const types[] = { [METRIC_COUNTER] = "counter", [METRIC_GAUGE] = "gauge", [METRIC_HISTOGRAM] = "histogram" };
	if (first_of_family)
		family_write (out, m->name, m->help, types[m->kind], open_metrics);
	if (m->kind == METRIC_HISTOGRAM) {
		histogram_write (out, m);
		return;
	}
	long long value = atomic_load_explicit (&m->value, memory_order_relaxed);
	buffer_printf (out, m->label ? "%s{%s} %lld\n" : "%s%s %lld\n", m->name, m->label ? m->label : "", value);
}

/* Page and tick counts of the kernel; zero where /proc is not mounted. */
static long long resident_bytes (void)
{
	long long size = 0, resident = 0;
	FILE *file = fopen ("/proc/self/statm", "re");
	if (!file)
		return 0;
	if (fscanf (file, "%lld %lld", &size, &resident) != 2)
		resident = 0;
	fclose (file);
	return resident * sysconf (_SC_PAGESIZE);
}

static int64_t started_at (void)
{
	unsigned long long ticks = 0, boot = 0;
	char line[1024];
	FILE *file = fopen ("/proc/self/stat", "re");
	const char *rest = file && fgets (line, sizeof line, file) ? strrchr (line, ')') : NULL; /* a name may hold spaces */
	if (rest)
		(void) !sscanf (rest, ") %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d %*d %*d %llu", &ticks);
	if (file)
		fclose (file);
	if ((file = fopen ("/proc/stat", "re"))) {
		while (fgets (line, sizeof line, file) && sscanf (line, "btime %llu", &boot) != 1)
			;
		fclose (file);
	}
	return (int64_t) boot * 1000000 + (int64_t) (ticks * 1000000 / (unsigned long long) sysconf (_SC_CLK_TCK));
}

static long long descriptors_open (void)
{
	DIR *folder = opendir ("/proc/self/fd");
	long long n = -3; /* ".", ".." and the folder itself */
	if (!folder)
		return 0;
	while (readdir (folder))
		n++;
	closedir (folder);
	return n;
}

static void process_write (struct buffer *out, bool open_metrics)
{
	struct rusage use;
	getrusage (RUSAGE_SELF, &use);
	family_write (out, "process_cpu_seconds_total", "User and system CPU time", "counter", open_metrics);
	buffer_text (out, "process_cpu_seconds_total ");
	seconds_write (out, ((int64_t) use.ru_utime.tv_sec + use.ru_stime.tv_sec) * 1000000 + use.ru_utime.tv_usec + use.ru_stime.tv_usec);
	family_write (out, "process_start_time_seconds", "When the process started, since 1970", "gauge", open_metrics);
	buffer_text (out, "process_start_time_seconds ");
	seconds_write (out, started_at ());
	family_write (out, "process_resident_memory_bytes", "Memory in RAM", "gauge", open_metrics);
	buffer_printf (out, "process_resident_memory_bytes %lld\n", resident_bytes ());
	family_write (out, "process_open_fds", "Open file descriptors", "gauge", open_metrics);
	buffer_printf (out, "process_open_fds %lld\n", descriptors_open ());
}

static void all_write (struct buffer *out, bool open_metrics)
{
	pthread_mutex_lock (&registering);
	const char *family = "";
	for (const struct metric *m = first; m; m = m->next) {
		metric_write (out, m, strcmp (family, m->name) != 0, open_metrics);
		family = m->name;
	}
	pthread_mutex_unlock (&registering);
	process_write (out, open_metrics);
}

void metrics_write (struct buffer *out)
{
	all_write (out, false);
}

void metrics_write_open (struct buffer *out)
{
	all_write (out, true);
	buffer_text (out, "# EOF\n");
}
