/* A request's bytes, members, files and leads; see reading.h. */
#include "reading.h"

#include <string.h>
#include <strings.h>
#include <sodium.h>
#include "charset.h"
#include "seal.h"

enum { PARTS_MOST = 2000, EXTERNAL_MOST = 200, LINE_NAME_MOST = 60, LINE_WORDS_MOST = 4, BOOKING_NAME_MOST = 500 };

bool body_kind (const char *type, enum body *ret)
{
	static const struct {
		const char *type;
		enum body body;
	} known[] = { { "application/json", BODY_IS_JSON },
		      { "text/plain", BODY_IS_JSON },
		      { "text/json", BODY_IS_JSON },
		      { "application/x-www-form-urlencoded", BODY_IS_FORM },
		      { "multipart/form-data", BODY_IS_MULTIPART } };
	for (size_t i = 0; type && i < LENGTH (known); i++)
		if (header_is (type, known[i].type)) {
			*ret = known[i].body;
			return true;
		}
	return false;
}

/* ---- members and files ---- */

static enum status fault (struct reading_fault *ret, int error, const char *detail)
{
	*ret = (struct reading_fault){ .error = error, .detail = detail };
	return REFUSED;
}

static enum status form_members (struct arena *a, const char *type, struct bytes bytes, json_t **ret, struct reading_fault *ret_fault)
{
	const struct form_field *field;
	struct form_limits limits = { .fields = PARTS_MOST, .value_bytes = BODY_FORM };
	size_t n;
	if (form_read (a, bytes, type, limits, &field, &n) != OK)
		return fault (ret_fault, ERROR_too_large, "The form has more than 2,000 values.");
	return body_read_form (a, field, n, ret, ret_fault);
}

/* The character set that a form says all its fields have; null: it says none. */
static const char *parts_charset (struct arena *a, const struct part *part, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!part[i].filename && strcmp (part[i].name, "_charset_") == 0)
			return part_text (a, &part[i]);
	return NULL;
}

/* Values become members; files are gathered, but for those that were not chosen. */
static enum status multipart_members (struct arena *a, const char *type, struct bytes bytes, struct opened *ret,
				      struct reading_fault *ret_fault)
{
	struct multipart_limits limits = { .parts = PARTS_MOST, .files = PARTS_MOST, .value_bytes = BODY_FORM, .file_bytes = bytes.n };
	const struct part *part;
	const char *why = NULL;
	size_t n, fields = 0, total = 0;
	if (multipart_read (a, type, bytes, limits, &part, &n, &why) != OK)
		return fault (ret_fault, ERROR_bad_request, why);
	const char *charset = parts_charset (a, part, n);
	struct form_field *field = arena_array (a, n + 1, sizeof *field);
	ret->part = arena_array (a, FILES_MOST, sizeof *ret->part);
	for (size_t i = 0; i < n; i++) {
		if (!part[i].filename) {
			field[fields++] = (struct form_field){ part[i].name, part_text_usual (a, &part[i], charset) };
			continue;
		}
		if (!*part[i].filename && part[i].bytes.n == 0)
			continue;
		total += part[i].bytes.n;
		if (ret->n_files == FILES_MOST || total > FILES_BYTES_MOST)
			return fault (ret_fault, ERROR_too_large, "A form may carry 10 files, 25 MB together.");
		ret->part[ret->n_files++] = part[i];
	}
	if (fields == 0 && ret->n_files) /* files alone: somebody wants something */
		field[fields++] = (struct form_field){ "_files", "" };
	return body_read_form (a, field, fields, &ret->tree, ret_fault);
}

/* Bytes of a line before its value, with what is between; 0: it begins no field. A name is a few words, and no scheme of an address. */
static size_t line_name (const char *line, size_t n, size_t *ret_name)
{
	size_t cut = 0, words = 0;
	for (; cut < n && cut <= LINE_NAME_MOST && !strchr (":=\t", line[cut]); cut++)
		words += line[cut] != ' ' && (cut == 0 || line[cut - 1] == ' ');
	if (cut == n || cut > LINE_NAME_MOST || !words || words > LINE_WORDS_MOST ||
	    (line[cut] == ':' && n > cut + 1 && line[cut + 1] == '/'))
		return 0;
	for (*ret_name = cut; *ret_name && line[*ret_name - 1] == ' ';)
		--*ret_name;
	return cut + 1;
}

static const char *line_value (struct arena *a, struct buffer *value)
{
	const char *text = (const char *) value->at;
	size_t n = value->n, from = 0;
	while (n && strchr (" \t\n", text[n - 1]))
		n--;
	while (from < n && strchr (" \t\n", text[from]))
		from++;
	const char *ret = arena_copy (a, n ? text + from : "", n - from);
	buffer_clear (value);
	return ret;
}

/* "Naam: Piet" a line each; what begins no field belongs to the one before it, or is the message. */
static enum status line_members (struct arena *a, const char *type, struct bytes bytes, json_t **ret, struct reading_fault *ret_fault)
{
	const char *text = text_from_charset (a, bytes, type ? header_parameter (a, type, "charset") : NULL), *next;
	struct form_field *field = arena_array (a, PARTS_MOST + 1, sizeof *field);
	struct buffer value = { 0 };
	size_t n = 0, named = 0;
	if (strncmp (text, "\xEF\xBB\xBF", 3) == 0)
		text += 3;
	for (const char *line = text; *line && n <= PARTS_MOST; line = *next ? next + 1 : next) {
		size_t name = 0, length = strcspn (line, "\n");
		next = line + length;
		length -= length && line[length - 1] == '\r';
		size_t from = line_name (line, length, &name);
		if (from || (!n && length)) {
			if (n)
				field[n - 1].value = line_value (a, &value);
			field[n++].name = from ? arena_copy (a, line, name) : "message";
			named += from > 0;
		}
		buffer_add (&value, line + from, length - from);
		buffer_text (&value, "\n");
	}
	if (n)
		field[n - 1].value = line_value (a, &value);
	buffer_fini (&value);
	if (!named)
		return fault (ret_fault, ERROR_bad_request, "No line of it is a name and a value, as in Name: Jane.");
	return body_read_form (a, field, n, ret, ret_fault);
}

/* What lies where the rules say. */
static enum status place_open (struct arena *a, const char *path, json_t **tree, struct reading_fault *ret_fault)
{
	json_t *found = mapping_tree_at (*tree, path);
	json_decref (*tree);
	*tree = NULL;
	if (!found)
		return fault (ret_fault, ERROR_bad_request, arena_printf (a, "Nothing lies at %s.", path));
	enum status ret = body_check (a, found, ret_fault);
	if (ret == OK)
		*tree = found;
	else
		json_decref (found);
	return ret;
}

enum status request_open (struct arena *a, enum body body, const char *type, struct bytes bytes, const struct mapping_rules *rules,
			  struct opened *ret, struct reading_fault *ret_fault)
{
	static const char form[] = "application/x-www-form-urlencoded";
	enum mapping_body as = rules ? rules->body : BODY_AS_SENT;
	bool anything = rules && (as == BODY_JSON || (rules->at && as == BODY_AS_SENT)); /* what JSON it is, is seen where the lead lies */
	enum status read = REFUSED;
	*ret = (struct opened){ 0 };
	if (as == BODY_LINES)
		read = line_members (a, type, bytes, &ret->tree, ret_fault);
	else if (as == BODY_FORM_DATA || (as == BODY_AS_SENT && body == BODY_IS_FORM))
		read = form_members (a, body == BODY_IS_FORM ? type : form, bytes, &ret->tree, ret_fault);
	else if (as == BODY_AS_SENT && body == BODY_IS_MULTIPART)
		read = multipart_members (a, type, bytes, ret, ret_fault);
	else if (anything)
		read = body_read_any (a, bytes, &ret->tree, ret_fault);
	else
		read = body_read_json (a, bytes, &ret->tree, ret_fault);
	if (read == OK && (anything || (rules && rules->at)))
		read = place_open (a, rules->at ? rules->at : "", &ret->tree, ret_fault);
	return read;
}

/* ---- what they say ---- */

/* What a request is by the weightiest of its parts, the first of these that occurs. What else stands in it stays in the request as it was kept. */
static const struct {
	enum sender_what what;
	enum submission_outcome outcome;
	const char *reason; /* null: it is a lead */
} weights[] = {
	{ SENDER_LEAD, submission_outcome_lead, NULL },
	{ SENDER_FETCH, submission_outcome_fetch, "It only names what is to be asked of its sender: that has not been asked yet." },
	{ SENDER_TALK, submission_outcome_talk, "A message of a conversation: it is kept, and not yet part of any conversation here." },
	{ SENDER_MOVE, submission_outcome_lead, NULL }, /* of an appointment that is known here none comes */
	{ SENDER_CANCEL, submission_outcome_booking, "It was called off or taken back: it is kept, and not told to any lead." },
	{ SENDER_TEST, submission_outcome_test, "Its sender tries the source: no lead comes of it." },
	{ SENDER_STATUS, submission_outcome_talk, "How far a message of ours is: it is kept, and not yet told to any conversation here." },
	{ SENDER_NOTHING, submission_outcome_noted, NULL },
};

static void outcome_weigh (struct arena *a, const struct sender_part part[], size_t n, struct told *ret)
{
	for (size_t w = 0; w < LENGTH (weights); w++)
		for (size_t i = 0; i < n; i++) {
			if (part[i].what != weights[w].what)
				continue;
			ret->outcome = weights[w].outcome;
			ret->reason = weights[w].reason ? weights[w].reason : part[i].why ? text_cut (a, part[i].why, 1000) : NULL;
			return;
		}
}

/* By what its sender would say the same again: all that it names, and what it says of it. Null: it names not all, and its content tells. */
static const char *key_made (struct arena *a, const struct sender_part part[], size_t n)
{
	/* kept for good in digests: a word, not its place in the enum */
	static const char *const words[] = {
		[SENDER_LEAD] = "lead",	  [SENDER_TEST] = "test",     [SENDER_TALK] = "talk", [SENDER_STATUS] = "status",
		[SENDER_FETCH] = "fetch", [SENDER_CANCEL] = "cancel", [SENDER_MOVE] = "move", [SENDER_NOTHING] = "nothing"
	};
	struct buffer key = { 0 };
	const char *ret = NULL;
	size_t named = 0;
	for (; named < n && part[named].external; named++)
		buffer_printf (&key, "%s %s\n", words[part[named].what], part[named].external);
	if (named == n)
		ret = arena_copy (a, (const char *) key.at, key.n);
	buffer_fini (&key);
	return ret;
}

/* A part's leads: one of a form, as many as there are of a shape that nobody knew. */
static size_t leads_add (struct arena *a, const struct sender_part *part, const struct reading *how, struct lead_draft *lead)
{
	struct lead_draft *read;
	size_t n;
	leads_read (a, part->tree, how, &read, &n);
	for (size_t i = 0; i < n; i++) {
		lead[i] = read[i];
		if (!part->external || n > 1)
			continue;
		lead[i].external_id = text_cut (a, part->external, EXTERNAL_MOST);
		lead[i].has.external_id = HERE;
	}
	return n;
}

static void draft_text (struct arena *a, const char **to, unsigned char *has, const char *text, size_t most)
{
	*to = text ? text_cut (a, text, most) : NULL;
	*has = text ? HERE : ABSENT;
}

/* The appointment that a part is about; null: none, or its sender has no name for it. */
static struct booking_draft *booking_of (struct arena *a, const struct sender_part *part)
{
	const struct sender_booking *said = &part->booking;
	if (!said->external)
		return NULL;
	struct booking_draft *ret = arena_alloc (a, sizeof *ret);
	*ret = (struct booking_draft){ .state = said->state,
				       .external = text_cut (a, said->external, BOOKING_NAME_MOST),
				       .starts_at = said->starts_at,
				       .ends_at = said->ends_at,
				       .has = { .starts_at = said->starts_at ? HERE : ABSENT, .ends_at = said->ends_at ? HERE : ABSENT } };
	draft_text (a, &ret->before, &ret->has.before, said->before, BOOKING_NAME_MOST);
	draft_text (a, &ret->next, &ret->has.next, said->next, BOOKING_NAME_MOST);
	draft_text (a, &ret->title, &ret->has.title, said->title, 300);
	draft_text (a, &ret->place, &ret->has.place, said->place, 1000);
	draft_text (a, &ret->by, &ret->has.by, said->by, 300);
	draft_text (a, &ret->reason, &ret->has.reason, said->reason, 2000);
	return ret;
}

static bool is_lead (const struct sender_part *part)
{
	return part->what == SENDER_LEAD || part->what == SENDER_MOVE;
}

static struct told sender_tell (struct arena *a, const struct sender *s, const json_t *tree, const struct reading *how, bool made)
{
	struct told ret = { .outcome = submission_outcome_lead };
	size_t n, room = 0;
	struct sender_part *part = sender_read (s, a, tree, &n);
	ret.external = key_made (a, part, n);
	for (size_t i = 0; i < n; i++) {
		if (made && part[i].what == SENDER_TEST)
			part[i].what = SENDER_LEAD;
		if (is_lead (&part[i]))
			room += json_is_array (part[i].tree) ? json_array_size (part[i].tree) : 1;
	}
	ret.lead = arena_array (a, room, sizeof *ret.lead);
	for (size_t i = 0; i < n; i++)
		if (is_lead (&part[i]))
			ret.n += leads_add (a, &part[i], how, ret.lead + ret.n);
	if (n == 1)
		ret.booking = booking_of (a, &part[0]);
	outcome_weigh (a, part, n, &ret);
	sender_parts_end (part, n);
	return ret;
}

struct told request_tell (struct arena *a, const struct sender *s, const json_t *tree, const struct reading *how, bool made)
{
	struct told ret = { .outcome = submission_outcome_lead };
	if (s)
		return sender_tell (a, s, tree, how, made);
	leads_read (a, tree, how, &ret.lead, &ret.n);
	return ret;
}

/* ---- what makes it the same ---- */

static int digest_add (const char *bytes, size_t n, void *state)
{
	return crypto_hash_sha256_update (state, (const unsigned char *) bytes, n);
}

void content_digest (enum body body, bool elementor, const struct opened *said, struct bytes bytes, unsigned char ret[32])
{
	crypto_hash_sha256_state state;
	json_t *meta = said->tree && elementor ? json_object_get (said->tree, "meta") : NULL;
	if (body != BODY_IS_MULTIPART && !meta) {
		crypto_hash_sha256 (ret, bytes.at, bytes.n);
		return;
	}
	crypto_hash_sha256_init (&state);
	json_t *tree = said->tree ? json_copy (said->tree) : NULL;
	if (meta)
		json_object_del (tree, "meta"); /* the minute and the browser of it */
	json_dump_callback (tree, digest_add, &state, JSON_COMPACT);
	for (size_t i = 0; i < said->n_files; i++) {
		crypto_hash_sha256_update (&state, (const unsigned char *) said->part[i].name, strlen (said->part[i].name) + 1);
		crypto_hash_sha256_update (&state, said->part[i].bytes.at, said->part[i].bytes.n);
	}
	crypto_hash_sha256_final (&state, ret);
	json_decref (tree);
}

/* A structured-field string is quoted (draft-ietf-httpapi-idempotency-key-header); older senders leave the quotes out. */
const char *idempotency_key (struct arena *a, const char *header)
{
	size_t n = header ? strlen (header) : 0;
	if (n >= 2 && header[0] == '"' && header[n - 1] == '"')
		header++, n -= 2;
	if (n == 0 || n > 300)
		return n ? arena_copy (a, header, 300) : NULL;
	char *out = arena_copy (a, header, n), *to = out;
	for (const char *p = out; *p; p++) {
		if (p[0] == '\\' && p[1])
			p++;
		*to++ = *p;
	}
	*to = '\0';
	return *out ? out : NULL;
}

struct bytes request_digest (struct arena *a, struct uuid source, const char *key, const char *external, const unsigned char content[32])
{
	struct buffer name = { 0 };
	struct uuid *digest = arena_alloc (a, sizeof *digest);
	buffer_add (&name, source.b, sizeof source.b);
	if (key) {
		buffer_printf (&name, "key %s", key);
	} else if (external) {
		buffer_printf (&name, "id %s", external);
	} else {
		buffer_text (&name, "content");
		buffer_add (&name, content, 32);
	}
	*digest = uuid_of (name.at, name.n);
	buffer_fini (&name);
	return (struct bytes){ digest->b, sizeof digest->b };
}

int64_t request_bucket (bool keyed, int64_t at)
{
	return keyed ? 0 : at / (600 * INT64_C (1000000));
}

/* ---- one that was kept ---- */

const char *header_kept (struct arena *a, const char *headers, const char *name)
{
	size_t n = strlen (name);
	for (const char *line = headers; line && *line; line += strcspn (line, "\n"), line += *line == '\n')
		if (strncasecmp (line, name, n) == 0 && line[n] == ':' && line[n + 1] == ' ')
			return arena_copy (a, line + n + 2, strcspn (line + n + 2, "\n"));
	return NULL;
}

static struct told kept_tell (struct arena *a, const struct kept_request *r, const struct sender *s, enum body body, struct envelope *e,
			      struct opened *said)
{
	struct reading_fault fault;
	const char *origin = header_kept (a, r->headers, "Origin");
	struct reading how = { .kind = r->kind,
			       .form_type = r->form_type,
			       .country = r->country,
			       .dutch = r->dutch,
			       .rules = s ? NULL : r->rules,
			       .at = r->at };
	if (origin) {
		how.page = header_kept (a, r->headers, "Referer");
		how.accepts = header_kept (a, r->headers, "Accept-Language");
	}
	if (request_open (a, body, r->type, r->body, how.rules, said, &fault) != OK)
		return (struct told){ .outcome = submission_outcome_bad_request,
				      .reason = fault.detail ? fault.detail : error_rows[fault.error].en };
	if (!s)
		*e = envelope_read (a, said->tree, (struct manner){ .kind = r->kind, .page = body != BODY_IS_JSON || origin });
	if (e->honeypot && !r->made)
		return (struct told){ .outcome = submission_outcome_spam, .reason = SPAM_TRAP };
	return request_tell (a, s, said->tree, &how, r->made);
}

struct reread request_reread (struct arena *a, const struct kept_request *r)
{
	struct reread ret = { 0 };
	struct envelope e = { 0 };
	unsigned char content[32];
	enum body body = BODY_IS_JSON;
	const struct sender *s = sender_of (source_kind_names[r->kind]);
	const char *key = idempotency_key (a, header_kept (a, r->headers, "Idempotency-Key"));
	if (r->kind == source_kind_records) {
		ret.told = (struct told){ .outcome = submission_outcome_records,
					  .reason = "It holds records of another system, no leads." };
		return ret;
	}
	body_kind (r->type, &body);
	ret.told = kept_tell (a, r, s, body, &e, &ret.said);
	const char *external = s ? ret.told.external : e.external;
	content_digest (body, e.elementor, &ret.said, r->body, content);
	ret.dedupe = request_digest (a, r->source, key, external, content);
	ret.bucket = request_bucket (key || external, r->at);
	json_decref (ret.said.tree);
	ret.said.tree = NULL;
	return ret;
}
