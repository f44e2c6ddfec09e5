/* Settings: X-macro tables give the struct, the parser, --help, .env.example and the docs. An unknown CRM_* variable is an error.
 * Never a setting that is not in a table, never a secret in a log.
 *
 * A table file (common/config.def, services/<svc>/config.def) holds rows
 *   SETTING (kind, name, "CRM_NAME", "default", least, most, "one sentence")
 * kind: text, number (int64_t), flag (yes/no), secret (text; also read from the file that CRM_NAME_FILE names). */
#ifndef LEADWIRE_CONFIG_H
#define LEADWIRE_CONFIG_H

#include "status.h"

enum setting_kind { SETTING_TEXT, SETTING_NUMBER, SETTING_FLAG, SETTING_SECRET };
typedef const char *setting_text;
typedef int64_t setting_number;
typedef bool setting_flag;
typedef const char *setting_secret;

struct setting {
	enum setting_kind kind;
	const char *name, *env, *fallback; /* fallback null: must be given */
	int64_t least, most;		   /* of a number; bytes of a text */
	size_t offset;			   /* in the struct */
	const char *doc;
};

/* For tables: a row's kind as the enum, and a row of a struct's table. */
enum {
	setting_kind_text = SETTING_TEXT,
	setting_kind_number = SETTING_NUMBER,
	setting_kind_flag = SETTING_FLAG,
	setting_kind_secret = SETTING_SECRET,
};
/* #define SETTING(kind, ...) SETTING_ROW (struct contacts_config, kind, __VA_ARGS__) before the table file is included. */
#define SETTING_ROW(type, row_kind, row_name, row_env, row_fallback, row_least, row_most, row_doc) \
	{ .kind = (enum setting_kind) setting_kind_##row_kind,                                     \
	  .name = #row_name,                                                                       \
	  .env = row_env,                                                                          \
	  .fallback = row_fallback,                                                                \
	  .least = row_least,                                                                      \
	  .most = row_most,                                                                        \
	  .offset = offsetof (type, row_name),                                                     \
	  .doc = row_doc },

/* The settings every daemon has. */
struct config {
#define SETTING(kind, name, env, fallback, least, most, doc) setting_##kind name;
#include "config.def"
#undef SETTING
};
extern const struct setting config_settings[];
extern const size_t config_settings_n;

/* Fills `ret` (zeroed struct, offsets of the rows) from the environment. False: a sentence for each fault was written to stderr. */
bool settings_read (const struct setting *row, size_t n, void *ret) MUST_CHECK;
/* False and a sentence on stderr when the environment holds a CRM_* variable that none of the tables knows. */
bool settings_unknown (const struct setting *const table[], const size_t n[], size_t tables) MUST_CHECK;
void settings_help (const struct setting *row, size_t n); /* to stdout, as for .env.example */

#endif
