/* UUIDs as RFC 9562 writes them. Randomness is the kernel's, fetched in pools of one thread's own.
 * It must never give two equal ids, nor let one thread's ids of one millisecond descend. */
#include "uuid.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

enum { MILLISECOND = 1000, COUNTERS = 1 << 12, POOL = 1024 };

/* Random bytes of this thread; a system call fills the pool for about a hundred ids. */
static void random_take (void *ret, size_t n)
{
	static _Thread_local unsigned char pool[POOL];
	static _Thread_local size_t left;
	if (left < n) {
		for (size_t got = 0; got < POOL;) {
			ssize_t more = getrandom (pool + got, POOL - got, 0);
			if (more < 0 && errno != EINTR) {
				perror ("getrandom");
				abort ();
			}
			got += more > 0 ? (size_t) more : 0;
		}
		left = POOL;
	}
	left -= n;
	memcpy (ret, pool + left, n);
	memset (pool + left, 0, n); /* an id's bits are used once */
}

struct uuid uuid_v7 (int64_t at)
{
	/* `asked` is the millisecond the caller gave last, `used` the one that was written: 4,096 ids later it runs ahead of it
	 * (RFC 9562, 6.2: counter rollover), and ids go on ascending until real time has caught up. */
	static _Thread_local int64_t asked = -1, used = -1;
	static _Thread_local unsigned counter;
	int64_t now = at / MILLISECOND;
	if (now < 0)
		now = 0;
	struct uuid u;
	random_take (u.b + 6, 10);
	bool borrowed = now >= asked && now <= used;
	asked = now;
	if (!borrowed) {
		used = now;
		counter = ((unsigned) u.b[6] << 8 | u.b[7]) & (COUNTERS / 2 - 1); /* at least half of the room is free */
	} else if (++counter == COUNTERS) {
		used++;
		counter = 0;
	}
	for (int i = 0; i < 6; i++)
		u.b[i] = (unsigned char) ((uint64_t) used >> (40 - 8 * i));
	u.b[6] = (unsigned char) (0x70 | counter >> 8);
	u.b[7] = (unsigned char) counter;
	u.b[8] = (unsigned char) (0x80 | (u.b[8] & 0x3f));
	return u;
}

struct uuid uuid_of (const void *bytes, size_t n)
{
	unsigned char digest[crypto_generichash_blake2b_BYTES_MAX];
	crypto_generichash_blake2b (digest, sizeof digest, bytes, n, NULL, 0);
	struct uuid u;
	memcpy (u.b, digest, sizeof u.b);
	u.b[6] = (unsigned char) (0x80 | (u.b[6] & 0x0f));
	u.b[8] = (unsigned char) (0x80 | (u.b[8] & 0x3f));
	return u;
}

bool uuid_equal (struct uuid a, struct uuid b)
{
	return memcmp (a.b, b.b, sizeof a.b) == 0;
}

bool uuid_is_null (struct uuid u)
{
	return uuid_equal (u, (struct uuid){ 0 });
}

int64_t uuid_time (struct uuid u)
{
	int64_t milliseconds = 0;
	for (int i = 0; i < 6; i++)
		milliseconds = milliseconds << 8 | u.b[i];
	return milliseconds * MILLISECOND;
}

static bool hyphen_after (int byte)
{
	return byte == 3 || byte == 5 || byte == 7 || byte == 9;
}

const char *uuid_format (struct uuid u, char ret_text[UUID_TEXT])
{
	static const char digits[] = "0123456789abcdef";
	char *to = ret_text;
	for (int i = 0; i < 16; i++) {
		*to++ = digits[u.b[i] >> 4];
		*to++ = digits[u.b[i] & 15];
		if (hyphen_after (i))
			*to++ = '-';
	}
	*to = 0;
	return ret_text;
}

static int hex_digit (char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

enum status uuid_parse (const char *text, struct uuid *ret)
{
	struct uuid u;
	for (int i = 0; i < 16; i++) {
		int high = hex_digit (text[0]);
		int low = high < 0 ? -1 : hex_digit (text[1]);
		if (low < 0)
			return REFUSED;
		u.b[i] = (unsigned char) (high << 4 | low);
		text += 2;
		if (hyphen_after (i) && *text++ != '-')
			return REFUSED;
	}
	if (*text)
		return REFUSED;
	*ret = u;
	return OK;
}

/* Both halves are mixed, for a version 7 id is random in one and time in the other (the finaliser of MurmurHash3, Appleby). */
uint64_t uuid_hash (struct uuid u)
{
	uint64_t half[2];
	memcpy (half, u.b, sizeof half);
	uint64_t h = half[0] * 0x9e3779b97f4a7c15u ^ half[1];
	h = (h ^ h >> 33) * 0xff51afd7ed558ccdu;
	h = (h ^ h >> 33) * 0xc4ceb9fe1a85ec53u;
	return h ^ h >> 33;
}
