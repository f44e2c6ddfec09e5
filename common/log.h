/* Logs: one JSON object a line on stderr: time, level, service, event, then the values. Event names are constant; values are fields.
 * Personal data only through LOG_PERSONAL, which prints a short hash. Never a secret. */
#ifndef LEADWIRE_LOG_H
#define LEADWIRE_LOG_H

#include "uuid.h"

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };

struct log_value {
	const char *name;
	enum { LOG_TEXT, LOG_NUMBER, LOG_ID, LOG_HASH } kind;
	const char *text;
	int64_t number;
	struct uuid id;
};

void log_open (const char *service, int64_t replica, enum log_level least);
/* Keys the hashes of LOG_PERSONAL, so that they are the same in every daemon and cannot be looked up in a table of e-mail addresses. Without it
 * each process has a random key of its own. */
void log_key (const char *secret);
bool log_level_parse (const char *name, enum log_level *ret);
void log_write (enum log_level level, const char *event, const struct log_value *value, size_t n);

#define LOG_T(field_name, t) ((struct log_value){ .name = field_name, .kind = LOG_TEXT, .text = (t) })
#define LOG_N(field_name, v) ((struct log_value){ .name = field_name, .kind = LOG_NUMBER, .number = (v) })
#define LOG_U(field_name, u) ((struct log_value){ .name = field_name, .kind = LOG_ID, .id = (u) })
#define LOG_PERSONAL(field_name, t) ((struct log_value){ .name = field_name, .kind = LOG_HASH, .text = (t) })
/* log_info ("lane_claimed", LOG_N ("lane", 3)) ; at least one value */
#define LOG_AT(level, event, ...)                                           \
	log_write (level, event, (const struct log_value[]){ __VA_ARGS__ }, \
		   sizeof ((const struct log_value[]){ __VA_ARGS__ }) / sizeof (struct log_value))
#define log_debug(event, ...) LOG_AT (LOG_DEBUG, event, __VA_ARGS__)
#define log_info(event, ...) LOG_AT (LOG_INFO, event, __VA_ARGS__)
#define log_warn(event, ...) LOG_AT (LOG_WARN, event, __VA_ARGS__)
#define log_error(event, ...) LOG_AT (LOG_ERROR, event, __VA_ARGS__)

#endif
