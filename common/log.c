/* The log: JSON lines on stderr, one write a line, from any thread.
 * It must never print a personal value as it is (LOG_PERSONAL hashes), never a secret, and never fail its caller. */
#include "log.h"

#include <sodium.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "arena.h"
#include "clock.h"
#include "record.h"

enum { HASH_BYTES = 16, HASH_SHOWN = 6 };

static const char *const level_names[] = { "debug", "info", "warn", "error" };

static struct {
	const char *service;
	int64_t replica;
	enum log_level least;
	unsigned char key[crypto_generichash_KEYBYTES];
} self = { .service = "-", .least = LOG_INFO };

void log_open (const char *service, int64_t replica, enum log_level least)
{
	self.service = service;
	self.replica = replica;
	self.least = least;
	if (sodium_init () < 0)
		abort ();
	randombytes_buf (self.key, sizeof self.key);
}

void log_key (const char *secret)
{
	if (*secret)
		crypto_generichash (self.key, sizeof self.key, (const unsigned char *) secret, strlen (secret),
				    (const unsigned char *) "log", 3);
}

bool log_level_parse (const char *name, enum log_level *ret)
{
	for (size_t i = 0; i < LENGTH (level_names); i++)
		if (strcmp (name, level_names[i]) == 0) {
			*ret = (enum log_level) i;
			return true;
		}
	return false;
}

/* The wall clock as it is: a frozen clock is for the product's data, a log tells what happened when. */
static const char *now_format (char ret_text[TIME_TEXT])
{
	struct timespec now;
	clock_gettime (CLOCK_REALTIME, &now);
	return time_format ((int64_t) now.tv_sec * 1000000 + now.tv_nsec / 1000, ret_text);
}

static void hash_write (struct buffer *line, const char *text)
{
	unsigned char hash[HASH_BYTES];
	crypto_generichash (hash, sizeof hash, (const unsigned char *) text, strlen (text), self.key, sizeof self.key);
	buffer_text (line, "\"#");
	for (int i = 0; i < HASH_SHOWN; i++)
		buffer_printf (line, "%02x", hash[i]);
	buffer_text (line, "\"");
}

static void value_write (struct buffer *line, const struct log_value *value)
{
	char id[UUID_TEXT];
	buffer_text (line, ",");
	json_quote (line, value->name);
	buffer_text (line, ":");
	switch (value->kind) {
	case LOG_NUMBER: buffer_printf (line, "%lld", (long long) value->number); return;
	case LOG_ID: json_quote (line, uuid_format (value->id, id)); return;
	case LOG_TEXT:
	case LOG_HASH:
		if (!value->text)
			buffer_text (line, "null");
		else if (value->kind == LOG_HASH)
			hash_write (line, value->text);
		else
			json_quote (line, value->text);
		return;
	}
}

void log_write (enum log_level level, const char *event, const struct log_value *value, size_t n)
{
	if (level < self.least)
		return;
	char now[TIME_TEXT];
	struct buffer line = { 0 };
	buffer_printf (&line, "{\"time\":\"%s\",\"level\":\"%s\",\"service\":", now_format (now), level_names[level]);
	json_quote (&line, self.service);
	buffer_printf (&line, ",\"replica\":%lld,\"event\":", (long long) self.replica);
	json_quote (&line, event);
	for (size_t i = 0; i < n; i++)
		value_write (&line, &value[i]);
	buffer_text (&line, "}\n");
	/* One write, so that lines of threads and of daemons on one pipe do not mix; a log that cannot be written is not worth dying for. */
	ssize_t written = write (STDERR_FILENO, line.at, line.n);
	(void) written;
	buffer_fini (&line);
}
