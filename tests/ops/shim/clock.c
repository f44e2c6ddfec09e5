/* Preloaded into a process, it moves that process' wall clock: CLOCK_OFFSET seconds; or as many microseconds as the file says that CLOCK_FILE names, which
 * whoever shares it may change at any time. Monotonic time stays. For tests alone. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

int clock_gettime (clockid_t clock, struct timespec *ret);
time_t time (time_t *ret);
int gettimeofday (struct timeval *restrict ret, void *restrict zone);

enum { SECOND = 1000000 };
static int (*real) (clockid_t, struct timespec *);
static const volatile int64_t *shared;
static int64_t fixed;

/* Before any thread begins. */
__attribute__ ((constructor)) static void shim_begin (void)
{
	const char *text = getenv ("CLOCK_OFFSET"), *file = getenv ("CLOCK_FILE");
	int fd = file ? open (file, O_RDONLY | O_CLOEXEC) : -1;
	void *at = fd >= 0 ? mmap (NULL, sizeof *shared, PROT_READ, MAP_SHARED, fd, 0) : MAP_FAILED;
	if (fd >= 0)
		close (fd);
	shared = at == MAP_FAILED ? NULL : at;
	fixed = text ? strtol (text, NULL, 10) * INT64_C (1000000) : 0;
}

int clock_gettime (clockid_t clock, struct timespec *ret)
{
	if (!real)
		*(void **) &real = dlsym (RTLD_NEXT, "clock_gettime");
	int status = real (clock, ret);
	if (status || (clock != CLOCK_REALTIME && clock != CLOCK_REALTIME_COARSE))
		return status;
	int64_t at = ret->tv_sec * INT64_C (1000000) + ret->tv_nsec / 1000 + (shared ? *shared : fixed);
	*ret = (struct timespec){ .tv_sec = at / SECOND, .tv_nsec = at % SECOND * 1000 + ret->tv_nsec % 1000 };
	return 0;
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
