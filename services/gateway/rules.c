/* What the gateway decides without asking anybody. See rules.h.
 * Pure: no I/O, no clock, no state. */
#include "rules.h"

#include <ctype.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* ---- words ---- */

bool slug_fits (const char *slug)
{
	size_t n = strlen (slug);
	if (n < 2 || n > 60 || !islower ((unsigned char) slug[0]) || slug[n - 1] == '-')
		return false;
	for (size_t i = 0; i < n; i++) {
		bool letter = (slug[i] >= 'a' && slug[i] <= 'z') || (slug[i] >= '0' && slug[i] <= '9');
		if (!letter && (slug[i] != '-' || slug[i - 1] == '-'))
			return false;
	}
	return true;
}

bool email_fits (const char *email)
{
	const char *at = strrchr (email, '@');
	if (!at || at == email || at - email > 64 || strlen (email) > 254 || !at[1])
		return false;
	for (const char *p = email; *p; p++)
		if ((unsigned char) *p <= ' ' || *p == 127)
			return false;
	return true;
}

bool language_known (const char *language)
{
	return strcmp (language, "en") == 0 || strcmp (language, "nl") == 0;
}

bool theme_known (const char *theme)
{
	return strcmp (theme, "light") == 0 || strcmp (theme, "dark") == 0 || strcmp (theme, "auto") == 0;
}

bool scope_fits (const char *scope)
{
	static const char *const scopes[] = { "none", "own", "team", "workspace" };
	for (size_t i = 0; i < LENGTH (scopes); i++)
		if (strcmp (scopes[i], scope) == 0)
			return true;
	return false;
}

static int permission_find (const char *name);

static bool word_fits (const char *word)
{
	size_t n = strlen (word);
	for (size_t i = 0; i < n; i++)
		if (!islower ((unsigned char) word[i]) && !isdigit ((unsigned char) word[i]) && !strchr ("_-", word[i]))
			return false;
	return n && n <= 60;
}

static bool permission_fits (const char *name)
{
	return permission_find (name) >= 0;
}

/* An array of texts that all fit, none of them twice. */
static bool array_fits (const char *json, bool (*fits) (const char *word))
{
	json_t *list = json_loads (json, JSON_DECODE_ANY, NULL), *item, *other;
	size_t i, k;
	bool ret = json_is_array (list) && json_array_size (list) <= 64;
	json_array_foreach (list, i, item)
	{
		ret = ret && json_is_string (item) && fits (json_string_value (item));
		json_array_foreach (list, k, other) ret = ret && (k >= i || !json_equal (item, other));
	}
	json_decref (list);
	return ret;
}

bool permissions_fit (const char *json)
{
	return array_fits (json, permission_fits);
}

bool words_fit (const char *json)
{
	return array_fits (json, word_fits);
}

bool label_fits (const char *json)
{
	json_t *label = json_loads (json, JSON_DECODE_ANY, NULL);
	const char *en = json_string_value (json_object_get (label, "en")), *nl = json_string_value (json_object_get (label, "nl"));
	bool ret = en && nl && *en && *nl && strlen (en) <= 100 && strlen (nl) <= 100 && json_object_size (label) == 2;
	json_decref (label);
	return ret;
}

bool page_fits (const char *place)
{
	size_t n = strspn (place, "abcdefghijklmnopqrstuvwxyz0123456789_-");
	return n && !place[n];
}

const char *marks_of (struct arena *a, const char *ids, int64_t at)
{
	json_t *list = ids ? json_loads (ids, 0, NULL) : NULL, *marks = json_object (), *one;
	size_t i, n = json_is_array (list) ? json_array_size (list) : 0;
	bool fits = n >= 1 && n <= MARKS_MOST;
	json_array_foreach (list, i, one)
	{
		struct uuid id;
		char text[UUID_TEXT];
		fits = fits && json_is_string (one) && uuid_parse (json_string_value (one), &id) == OK;
		if (fits) /* as the database writes it */
			json_object_set_new (marks, uuid_format (id, text), json_integer (at));
	}
	char *text = fits ? json_dumps (marks, JSON_COMPACT) : NULL;
	const char *ret = text ? arena_text (a, text) : NULL;
	free (text);
	json_decref (list);
	json_decref (marks);
	return ret;
}

bool object_fits (const char *json)
{
	json_t *value = json_loads (json, JSON_DECODE_ANY, NULL);
	bool ret = json_is_object (value);
	json_decref (value);
	return ret;
}

/* So many capital letters, and nothing else. */
static bool is_code (const char *text, size_t n)
{
	return strlen (text) == n && strspn (text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == n;
}

const char *preset_parts_wrong (const struct preset_set *cmd)
{
	static const char *const profiles[] = { "nl", "classic", "dynamics", "shipping", "commerce" };
	bool profile = cmd->has.label_profile != HERE;
	for (size_t i = 0; i < LENGTH (profiles) && !profile; i++)
		profile = strcmp (profiles[i], cmd->label_profile) == 0;
	if (!profile)
		return "/label_profile";
	if (cmd->has.landing == HERE && !word_fits (cmd->landing))
		return "/landing";
	if (cmd->has.tabs == HERE && !words_fit (cmd->tabs))
		return "/tabs";
	if (cmd->has.header == HERE && !words_fit (cmd->header))
		return "/header";
	if (cmd->has.language == HERE && !language_known (cmd->language))
		return "/language";
	if (cmd->has.currency == HERE && !is_code (cmd->currency, 3))
		return "/currency";
	return cmd->has.country == HERE && !is_code (cmd->country, 2) ? "/country" : NULL;
}

bool is_own_address (const char *host)
{
	static const char *const own[] = { "127.0.0.1", "localhost", "[::1]" };
	for (size_t i = 0; host && i < LENGTH (own); i++) {
		size_t n = strlen (own[i]);
		if (strncmp (host, own[i], n) != 0)
			continue;
		if (host[n] == ':')
			n += 1 + strspn (host + n + 1, "0123456789");
		if (!host[n] || host[n] == '/')
			return true;
	}
	return false;
}

bool zone_fits (const char *zone)
{
	size_t n = strlen (zone);
	if (n < 3 || n > 60 || !isupper ((unsigned char) zone[0]) || strstr (zone, "//") || zone[n - 1] == '/')
		return false;
	return strspn (zone, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-/") == n;
}

/* Characters of UTF-8, not bytes. */
static size_t letters_of (const char *text)
{
	size_t n = 0;
	for (; *text; text++)
		n += ((unsigned char) *text & 0xc0) != 0x80;
	return n;
}

static const char *const common_passwords[] = {
#include "passwords.def"
};

/* What is left of a password when the digits and signs around it are taken off: "Welcome2026!" is "welcome". */
static bool is_common (const char *password)
{
	char low[64];
	size_t n = strlen (password), begin = 0;
	if (n >= sizeof low)
		return false;
	for (size_t i = 0; i <= n; i++)
		low[i] = (char) tolower ((unsigned char) password[i]);
	for (size_t i = 0; i < LENGTH (common_passwords); i++)
		if (strcmp (common_passwords[i], low) == 0)
			return true;
	while (low[begin] && !isalpha ((unsigned char) low[begin]))
		begin++;
	while (n > begin && !isalpha ((unsigned char) low[n - 1]))
		n--;
	low[n] = 0;
	for (size_t i = 0; n > begin && i < LENGTH (common_passwords); i++)
		if (strcmp (common_passwords[i], low + begin) == 0)
			return true;
	return n == begin; /* nothing but digits and signs */
}

const char *password_wrong (const char *password, const char *email, const char *name)
{
	if (letters_of (password) < 8)
		return "too_short";
	size_t local = email ? strcspn (email, "@") : 0;
	bool own = (email && strcasecmp (password, email) == 0) || (name && strcasecmp (password, name) == 0) ||
		   (local && strlen (password) == local && strncasecmp (password, email, local) == 0);
	return own || is_common (password) ? "too_common" : NULL;
}

/* Thousandths, of what stands after ";q=". */
static int quality_of (const char *item, size_t n)
{
	const char *q = memmem (item, n, "q=", 2);
	if (!q)
		return 1000;
	int whole = q[2] == '1' ? 1000 : 0, place = 100;
	for (const char *p = q + 4; whole == 0 && q[3] == '.' && p < item + n && isdigit ((unsigned char) *p) && place; p++, place /= 10)
		whole += (*p - '0') * place;
	return whole;
}

const char *language_choose (const char *accept, const char *own)
{
	int best_en = 0, best_nl = 0;
	for (const char *p = accept; p && *p;) {
		size_t n = strcspn (p, ",");
		size_t lead = strspn (p, " \t");
		const char *tag = p + lead;
		int quality = quality_of (p, n);
		bool whole = lead < n && (n - lead == 2 || strchr ("-;, ", tag[2]));
		if (whole && strncasecmp (tag, "en", 2) == 0 && quality > best_en)
			best_en = quality;
		if (whole && strncasecmp (tag, "nl", 2) == 0 && quality > best_nl)
			best_nl = quality;
		p += n;
		p += *p == ',';
	}
	if (best_en || best_nl)
		return best_nl > best_en ? "nl" : "en";
	return own && language_known (own) ? own : "en";
}

bool owner_named (const struct workspace_updated *event, size_t n, struct uuid workspace)
{
	for (size_t i = 0; i < n; i++)
		if (uuid_equal (event[i].workspace_id.uuid, workspace))
			return true;
	return false;
}

/* ---- rights ---- */

static int permission_find (const char *name)
{
	for (int i = 0; i < PERMISSION_COUNT; i++)
		if (strcmp (permission_names[i], name) == 0)
			return i;
	return -1;
}

static bool may (const struct grant *g, int permission)
{
	return g->permissions >> permission & 1;
}

static enum scope scope_find (const char *name)
{
	for (int i = SCOPE_NONE; i <= SCOPE_ALL; i++)
		if (strcmp (scope_names[i], name) == 0)
			return (enum scope) i;
	return SCOPE_NONE;
}

struct grant grant_of_role (const char *scope, const char *const *permission, size_t n, struct uuid user, struct uuid team,
			    const struct uuid *owner, size_t owners, bool agency_admin)
{
	struct grant ret = { .scope = scope_find (scope), .user = user, .team = team };
	if (agency_admin) {
		ret.scope = SCOPE_ALL;
		ret.permissions = (UINT64_C (1) << PERMISSION_COUNT) - 1;
		return ret;
	}
	for (size_t i = 0; i < n; i++) {
		int bit = permission_find (permission[i]);
		if (bit >= 0)
			ret.permissions |= UINT64_C (1) << bit;
	}
	if (ret.scope == SCOPE_TEAM) { /* a team is its members: whoever does not know of them sees less, never more */
		ret.scope = SCOPE_OWN;
		ret.users = owners ? owner : NULL;
		ret.n_users = owners;
	}
	if (ret.scope == SCOPE_ALL) /* only an agency's admin is more than a workspace's */
		ret.scope = SCOPE_WORKSPACE;
	if (ret.scope == SCOPE_OWN && may (&ret, PERMISSION_all_prospects))
		ret.scope = SCOPE_WORKSPACE;
	if (ret.scope != SCOPE_OWN) {
		ret.users = NULL;
		ret.n_users = 0;
	}
	return ret;
}

int seat_check (const struct seat *s, int permission)
{
	if (!s->feature_crm)
		return ERROR_not_found;
	bool admin = s->grant.scope == SCOPE_ALL || strcmp (s->role, "owner") == 0 || strcmp (s->role, "admin") == 0;
	if (s->admin_only && !admin)
		return ERROR_forbidden;
	if (s->grant.scope == SCOPE_NONE || !may (&s->grant, PERMISSION_crm_view))
		return ERROR_forbidden;
	if (permission >= 0 && !may (&s->grant, permission))
		return ERROR_forbidden;
	return ALLOWED;
}

static int grant_compare (const struct grant *a, const struct grant *b)
{
	if (a->scope != b->scope)
		return a->scope < b->scope ? -1 : 1;
	if (a->permissions != b->permissions)
		return a->permissions < b->permissions ? -1 : 1;
	if (a->n_users != b->n_users)
		return a->n_users < b->n_users ? -1 : 1;
	int users = a->n_users ? memcmp (a->users, b->users, a->n_users * sizeof *a->users) : 0;
	return users ? users : memcmp (&a->user, &b->user, sizeof a->user);
}

static int seat_order (const void *a, const void *b)
{
	const struct seat *const *x = a, *const *y = b;
	int grant = grant_compare (&(*x)->grant, &(*y)->grant);
	return grant ? grant : memcmp (&(*x)->workspace, &(*y)->workspace, sizeof (struct uuid));
}

int sight_of (struct arena *a, const struct seat *seat, size_t n, int permission, struct sight *ret)
{
	const struct seat **found = arena_array (a, n + 1, sizeof *found);
	size_t *group = arena_array (a, n + 1, sizeof *group);
	int why = ALLOWED;
	*ret = (struct sight){ .seat = found, .group = group };
	for (size_t i = 0; i < n; i++) {
		int refusal = seat_check (&seat[i], permission);
		if (refusal == ALLOWED)
			found[ret->n++] = &seat[i];
		else if (why != ERROR_forbidden)
			why = refusal;
	}
	if (!ret->n)
		return why;
	qsort (found, ret->n, sizeof *found, seat_order);
	for (size_t i = 0; i < ret->n; i++)
		if (!i || grant_compare (&found[i - 1]->grant, &found[i]->grant))
			group[ret->n_groups++] = i;
	return ALLOWED;
}

bool office_of (struct arena *a, const struct seat *seat, size_t n, const struct seat *home, int permission, struct sight *ret)
{
	const struct seat **found = arena_array (a, n + 2, sizeof *found);
	size_t *group = arena_array (a, 1, sizeof *group);
	*ret = (struct sight){ .seat = found, .group = group };
	for (size_t i = 0; i < n; i++)
		if (may (&seat[i].grant, permission))
			found[ret->n++] = &seat[i];
	if (home)
		found[ret->n++] = home;
	ret->n_groups = ret->n > 0;
	return ret->n > 0;
}

const struct uuid *sight_set (struct arena *a, const struct sight *s, size_t group, size_t *ret_n)
{
	size_t first = s->group[group];
	size_t end = group + 1 < s->n_groups ? s->group[group + 1] : s->n;
	struct uuid *ret = arena_array (a, end - first, sizeof *ret);
	for (size_t i = first; i < end; i++)
		ret[i - first] = s->seat[i]->workspace;
	*ret_n = end - first;
	return ret;
}

const struct seat *seat_find (const struct seat *seat, size_t n, const char *name)
{
	struct uuid id;
	bool is_id = uuid_parse (name, &id) == OK;
	for (size_t i = 0; i < n; i++)
		if (is_id ? uuid_equal (seat[i].workspace, id) : strcasecmp (seat[i].slug, name) == 0)
			return &seat[i];
	return NULL;
}

const struct seat *seats_named (struct arena *a, const struct seat *seat, size_t n, const char *names, size_t *ret_n)
{
	struct seat *ret = arena_array (a, n + 1, sizeof *ret);
	*ret_n = 0;
	for (const char *at = names;; at++) {
		size_t length = strcspn (at, ",");
		const struct seat *found = seat_find (seat, n, arena_copy (a, at, length));
		if (!found)
			return NULL;
		char id[UUID_TEXT];
		if (!seat_find (ret, *ret_n, uuid_format (found->workspace, id)))
			ret[(*ret_n)++] = *found;
		at += length;
		if (!*at)
			return ret;
	}
}

static bool is_own (const struct grant *g, struct uuid owner)
{
	if (uuid_is_null (owner))
		return false;
	for (size_t i = 0; i < g->n_users; i++)
		if (uuid_equal (g->users[i], owner))
			return true;
	return uuid_equal (owner, g->user);
}

bool grant_hears (const struct grant *g, bool owned, struct uuid owner, struct uuid old_owner)
{
	if (g->scope == SCOPE_NONE || !may (g, PERMISSION_crm_view))
		return false;
	if (g->scope >= SCOPE_WORKSPACE)
		return true;
	return owned && (is_own (g, owner) || is_own (g, old_owner));
}

bool talk_hears (const struct grant *g, bool chat, bool channel, struct uuid owner)
{
	static const struct uuid nobody;
	if (chat && !may (g, PERMISSION_crm_chat))
		return false;
	return channel ? g->scope != SCOPE_NONE && may (g, PERMISSION_crm_view) : grant_hears (g, true, owner, nobody);
}

/* ---- requests ---- */

static bool method_writes (const char *method)
{
	return strcmp (method, "GET") && strcmp (method, "HEAD") && strcmp (method, "OPTIONS");
}

int origin_check (const char *method, bool by_cookie, const char *fetch_site, const char *origin, const char *host, const char *own_origin)
{
	if (!method_writes (method))
		return ALLOWED;
	if (fetch_site && strcmp (fetch_site, "same-origin"))
		return ERROR_cross_site;
	if (origin) {
		const char *name = strstr (origin, "://");
		bool ours = own_origin && own_origin[0] && strcasecmp (origin, own_origin) == 0;
		bool host_too = name && host && strcasecmp (name + 3, host) == 0;
		return ours || host_too ? ALLOWED : ERROR_cross_site;
	}
	return fetch_site || !by_cookie ? ALLOWED : ERROR_cross_site;
}

/* One row's path against what was asked; the field's value when it has one. */
static bool path_fits (const char *pattern, const char *path, struct route_found *ret)
{
	ret->field = NULL;
	ret->value[0] = 0;
	ret->sub = false;
	while (*pattern && *path) {
		size_t n = strcspn (pattern, "/"), m = strcspn (path, "/");
		if (pattern[0] == ':') {
			if (!m || m >= sizeof ret->value || n > sizeof ret->name)
				return false;
			memcpy (ret->name, pattern + 1, n - 1);
			ret->name[n - 1] = 0;
			ret->field = ret->name;
			memcpy (ret->value, path, m);
			ret->value[m] = 0;
			ret->sub = pattern[n] == '/';
		} else if (n != m || memcmp (pattern, path, n)) {
			return false;
		}
		pattern += n;
		path += m;
		if (*pattern != *path)
			return false;
		pattern += *pattern == '/';
		path += *path == '/';
	}
	return !*pattern && !*path;
}

static void allow_add (char *allow, size_t room, const char *method)
{
	if (!strstr (allow, method))
		snprintf (allow + strlen (allow), room - strlen (allow), "%s%s", allow[0] ? ", " : "", method);
}

void route_find (const struct route_row *row, size_t n, const char *method, const char *path, struct route_found *ret)
{
	const char *wanted = strcmp (method, "HEAD") ? method : "GET";
	struct route_found try = { 0 };
	memset (ret, 0, sizeof *ret);
	for (size_t i = 0; i < n; i++) {
		if (!path_fits (row[i].path, path, &try))
			continue;
		allow_add (ret->allow, sizeof ret->allow, row[i].method);
		if (ret->row || strcmp (row[i].method, wanted))
			continue;
		ret->row = &row[i];
		memcpy (ret->name, try.name, sizeof ret->name);
		ret->field = try.field ? ret->name : NULL;
		ret->sub = try.sub;
		memcpy (ret->value, try.value, sizeof ret->value);
	}
}

struct uuid key_id (struct uuid actor, const char *key)
{
	struct uuid ret;
	struct {
		struct uuid actor;
		char key[256];
	} name = { .actor = actor };
	size_t n = strlen (key);
	if (n >= 2 && key[0] == '"' && key[n - 1] == '"') { /* a structured field's string, or as it is */
		key++;
		n -= 2;
	}
	if (n > sizeof name.key)
		n = sizeof name.key;
	memcpy (name.key, key, n);
	char text[UUID_TEXT] = "";
	if (n == UUID_TEXT - 1)
		memcpy (text, key, n);
	return uuid_parse (text, &ret) == OK ? ret : uuid_of (&name, sizeof name.actor + n);
}

struct uuid made_id (struct uuid actor, struct uuid command, const char *field)
{
	struct {
		struct uuid actor, command;
		char field[64];
	} name = { .actor = actor, .command = command };
	snprintf (name.field, sizeof name.field, "%s", field);
	struct uuid ret = uuid_of (&name, sizeof name);
	if (command.b[6] >> 4 == 7) { /* it says when: the record keeps that, so that lists by id are lists by time */
		memcpy (ret.b, command.b, 6);
		ret.b[6] = (unsigned char) (0x70 | (ret.b[6] & 0x0f));
	}
	return ret;
}

int64_t version_of_match (const char *if_match)
{
	if (!if_match)
		return 0;
	if (strncmp (if_match, "W/", 2) == 0)
		if_match += 2;
	bool quoted = *if_match == '"';
	char *end;
	int64_t ret = strtoll (if_match + quoted, &end, 10);
	if (end == if_match + quoted || ret < 0)
		return 0;
	return strcmp (end, quoted ? "\"" : "") == 0 ? ret : 0;
}

static const char *tag_opaque (const char *tag)
{
	return strncmp (tag, "W/", 2) == 0 ? tag + 2 : tag;
}

bool tag_matches (const char *if_none_match, const char *tag)
{
	if (!if_none_match)
		return false;
	const char *wanted = tag_opaque (tag);
	size_t n = strlen (wanted);
	for (const char *p = if_none_match; *p;) {
		p += strspn (p, " \t,");
		size_t m = strcspn (p, ", \t");
		const char *is = tag_opaque (p);
		if ((m == 1 && *p == '*') || ((size_t) (p + m - is) == n && memcmp (is, wanted, n) == 0))
			return true;
		p += m;
	}
	return false;
}

int login_delay (int failures)
{
	if (failures < 5)
		return 0;
	int doubled = failures - 5;
	return doubled >= 6 ? 60 : 1 << doubled;
}

/* ---- positions ---- */

/* The services that anything can be written to; a position keeps no text of its own. */
static const char *service_name (const char *name, size_t n)
{
	static const char *const names[] = { "gateway", "lead-intake", "contacts", "pipeline", "mailer", "billing", "automation" };
	for (size_t i = 0; i < LENGTH (names); i++)
		if (strlen (names[i]) == n && memcmp (names[i], name, n) == 0)
			return names[i];
	return NULL;
}

void position_keep (struct positions *p, const char *service, int lane, int64_t sequence)
{
	const char *name = service ? service_name (service, strlen (service)) : NULL;
	if (!name || lane < 0 || lane >= LANES || sequence <= 0)
		return;
	struct position now = { .service = name, .lane = lane, .sequence = sequence };
	size_t i = 0;
	while (i < p->n && (p->at[i].service != name || p->at[i].lane != lane))
		i++;
	if (i < p->n && p->at[i].sequence > sequence)
		now.sequence = p->at[i].sequence;
	if (i == POSITIONS_MAX)
		i = 0;
	else if (i == p->n)
		p->n++;
	memmove (&p->at[i], &p->at[i + 1], (p->n - i - 1) * sizeof p->at[0]);
	p->at[p->n - 1] = now;
}

void positions_read (struct positions *p, const char *text)
{
	for (int items = 0; text && *text && items < POSITIONS_MAX; items++) {
		text += strspn (text, ", \t");
		size_t n = strcspn (text, "/");
		const char *name = service_name (text, n);
		char *end;
		if (!name || text[n] != '/')
			return;
		long lane = strtol (text + n + 1, &end, 10);
		if (*end != '/')
			return;
		position_keep (p, name, (int) lane, strtoll (end + 1, &end, 10));
		text = end;
	}
}

const char *position_text (struct arena *a, const struct position *p)
{
	return arena_printf (a, "%s/%d/%lld", p->service, p->lane, (long long) p->sequence);
}

/* ---- a stream's id ---- */

const char *const stream_services[STREAM_SERVICES] = { "lead-intake", "contacts", "pipeline", "mailer", "billing", "automation" };

int stream_service (const char *name)
{
	for (int i = 0; i < STREAM_SERVICES; i++)
		if (strcmp (stream_services[i], name) == 0)
			return i;
	return -1;
}

static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

static void base64_write (const unsigned char *in, size_t n, char *out)
{
	uint32_t held = 0;
	int bits = 0;
	for (size_t i = 0; i < n; i++) {
		held = held << 8 | in[i];
		for (bits += 8; bits >= 6; bits -= 6)
			*out++ = letters[held >> (bits - 6) & 63];
	}
	if (bits)
		*out++ = letters[held << (6 - bits) & 63];
	*out = 0;
}

static bool base64_read (const char *in, unsigned char *out, size_t room, size_t *ret_n)
{
	uint32_t held = 0;
	int bits = 0;
	size_t n = 0;
	for (; *in; in++) {
		const char *letter = strchr (letters, *in);
		if (!letter)
			return false;
		held = held << 6 | (uint32_t) (letter - letters);
		bits += 6;
		if (bits < 8)
			continue;
		bits -= 8;
		if (n == room)
			return false;
		out[n++] = (unsigned char) (held >> bits);
	}
	*ret_n = n;
	return true;
}

enum { VECTOR_VERSION = 5, VECTOR_BYTES = 1 + STREAM_SERVICES * LANES * 18 };

void vector_pack (const struct stream_vector *v, uint32_t lanes, char ret_text[STREAM_ID_TEXT])
{
	unsigned char out[VECTOR_BYTES];
	size_t n = 0;
	out[n++] = VECTOR_VERSION;
	for (int s = 0; s < STREAM_SERVICES; s++)
		for (int lane = 0; lane < LANES; lane++) {
			const struct stream_mark *m = &v->mark[s][lane];
			if (!m->known || !(lanes >> lane & 1))
				continue;
			out[n++] = (unsigned char) (s * LANES + lane);
			for (int i = 0; i < 8; i++)
				out[n++] = (unsigned char) (m->epoch >> 8 * i);
			uint64_t rest = (uint64_t) m->sequence; /* 63 bits: nine bytes of seven */
			for (; rest > 127; rest >>= 7)
				out[n++] = (unsigned char) (rest | 128);
			out[n++] = (unsigned char) rest;
		}
	base64_write (out, n, ret_text);
}

bool vector_unpack (const char *text, struct stream_vector *ret)
{
	unsigned char in[VECTOR_BYTES];
	size_t n, at = 1;
	memset (ret, 0, sizeof *ret);
	if (!base64_read (text, in, sizeof in, &n) || n < 1 || in[0] != VECTOR_VERSION)
		return false;
	while (at < n) {
		unsigned place = in[at++];
		if (place >= STREAM_SERVICES * LANES || at + 9 > n)
			return false;
		struct stream_mark *m = &ret->mark[place / LANES][place % LANES];
		m->known = true;
		m->epoch = 0;
		for (int i = 0; i < 8; i++)
			m->epoch |= (uint64_t) in[at++] << 8 * i;
		uint64_t sequence = 0;
		for (int shift = 0;; shift += 7) {
			if (at == n || shift > 56)
				return false;
			sequence |= (uint64_t) (in[at] & 127) << shift;
			if (!(in[at++] & 128))
				break;
		}
		m->sequence = (int64_t) sequence;
	}
	return true;
}

/* ---- files ---- */

const char *inline_type (const unsigned char *bytes, size_t n)
{
	static const struct {
		const char *bytes;
		size_t n, at;
		const char *type;
	} kinds[] = {
		{ "\x89PNG\r\n\x1a\n", 8, 0, "image/png" },
		{ "\xff\xd8\xff", 3, 0, "image/jpeg" },
		{ "GIF87a", 6, 0, "image/gif" },
		{ "GIF89a", 6, 0, "image/gif" },
		{ "WEBP", 4, 8, "image/webp" },
		{ "%PDF-", 5, 0, "application/pdf" },
	};
	for (size_t i = 0; i < LENGTH (kinds); i++)
		if (n >= kinds[i].at + kinds[i].n && memcmp (bytes + kinds[i].at, kinds[i].bytes, kinds[i].n) == 0)
			return kinds[i].type;
	return NULL;
}

const char *disposition_of (struct arena *a, bool shown, const char *name)
{
	size_t length = strlen (name);
	char *plain = arena_alloc (a, length + 1), *coded = arena_alloc (a, length * 3 + 1);
	size_t n = 0, m = 0;
	for (const unsigned char *p = (const unsigned char *) name; *p; p++) {
		bool word = isalnum (*p) || strchr ("-._", *p);
		plain[n++] = word || *p == ' ' ? (char) *p : '_';
		if (*p < 128 && word)
			coded[m++] = (char) *p;
		else
			m += (size_t) snprintf (coded + m, 4, "%%%02X", *p);
	}
	return arena_printf (a, "%s; filename=\"%s\"; filename*=UTF-8''%s", shown ? "inline" : "attachment", plain, coded);
}
