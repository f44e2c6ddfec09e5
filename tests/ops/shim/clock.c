/* Preloaded into one process, it moves that process' wall clock: CLOCK_OFFSET seconds. Monotonic time stays. For tests alone. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <sys/time.h>
#include <time.h>

int clock_gettime (clockid_t clock, struct timespec *ret);
time_t time (time_t *ret);
int gettimeofday (struct timeval *restrict ret, void *restrict zone);

static long offset (void)
{
	const char *text = getenv ("CLOCK_OFFSET");
	return text ? strtol (text, NULL, 10) : 0;
}

int clock_gettime (clockid_t clock, struct timespec *ret)
{
	static int (*real) (clockid_t, struct timespec *);
	if (!real)
		*(void **) &real = dlsym (RTLD_NEXT, "clock_gettime");
	int status = real (clock, ret);
	if (!status && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE))
		ret->tv_sec += offset ();
	return status;
}

time_t time (time_t *ret)
{
	struct timespec now;
	clock_gettime (CLOCK_REALTIME, &now);
	if (ret)
		*ret = now.tv_sec;
	return now.tv_sec;
}

int gettimeofday (struct timeval *restrict ret, void *restrict zone)
{
	struct timespec now;
	(void) zone;
	clock_gettime (CLOCK_REALTIME, &now);
	*ret = (struct timeval){ .tv_sec = now.tv_sec, .tv_usec = now.tv_nsec / 1000 };
	return 0;
}
