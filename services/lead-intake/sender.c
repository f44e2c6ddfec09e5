/* The senders that are known, by the kind of their source; and what their rooms share. See sender.h.
 * It must never know a sender anywhere else than in this table. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "sender_parts.h"

enum { WINDOW = 300, CALENDLY_WINDOW = 180 };

static const struct sender senders[] = {
	{ .kind = "typeform", .fits = typeform_fits, .read = typeform_read },
	{ .kind = "tally", .fits = tally_fits, .read = tally_read },
	{ .kind = "webflow", .fits = webflow_fits, .signed_at = webflow_signed_at, .window = WINDOW, .read = webflow_read },
	{ .kind = "google_ads", .fits = google_ads_fits, .read = google_ads_read, .plain_thanks = true },
	{ .kind = "google_forms", .fits = google_forms_fits, .read = google_forms_read },
	{ .kind = "meta", .fits = meta_fits, .read = meta_read, .shakes = SHAKES_META, .plain_thanks = true },
	{ .kind = "whatsapp", .fits = meta_fits, .read = whatsapp_read, .shakes = SHAKES_META, .plain_thanks = true },
	{ .kind = "hubspot", .fits = hubspot_fits, .signed_at = hubspot_signed_at, .window = WINDOW, .read = hubspot_read },
	{ .kind = "calendly", .fits = calendly_fits, .signed_at = calendly_signed_at, .window = CALENDLY_WINDOW, .read = calendly_read },
	{ .kind = "tawk", .fits = tawk_fits, .read = tawk_read },
	{ .kind = "crisp", .fits = crisp_fits, .signed_at = crisp_signed_at, .window = WINDOW, .read = crisp_read },
	{ .kind = "intercom", .fits = intercom_fits, .read = intercom_read, .plain_thanks = true },
	{ .kind = "linkedin", .fits = linkedin_fits, .read = linkedin_read, .shakes = SHAKES_LINKEDIN, .plain_thanks = true },
};

const struct sender *sender_of (const char *kind)
{
	for (size_t i = 0; i < LENGTH (senders); i++)
		if (strcmp (senders[i].kind, kind) == 0)
			return &senders[i];
	return NULL;
}

enum sender_fit sender_verify (const struct sender *s, struct bytes secret, const struct sender_request *r)
{
	if (!s->fits || !secret.n)
		return SENDER_FITS;
	if (!s->fits (secret, r))
		return SENDER_FORGED;
	int64_t at = s->signed_at ? s->signed_at (r) : 0, apart = r->now > at ? r->now - at : at - r->now;
	return s->signed_at && apart > s->window * INT64_C (1000000) ? SENDER_LATE : SENDER_FITS;
}

/* ---- what is asked before anything is sent ---- */

static bool token_fits (const char *said, const char *ours)
{
	size_t n = ours ? strlen (ours) : 0;
	unsigned char apart = 0;
	if (!said || !n || strlen (said) != n)
		return false;
	for (size_t i = 0; i < n; i++)
		apart |= (unsigned char) (said[i] ^ ours[i]);
	return apart == 0;
}

struct sender_shake sender_shake (const struct sender *s, struct arena *a, struct bytes secret, const char *verify_token,
				  const char *(*query) (const void *ctx, const char *name), const void *ctx)
{
	const char *mode = query (ctx, "hub.mode"), *challenge = query (ctx, "hub.challenge"), *code = query (ctx, "challengeCode");
	if (s->shakes == SHAKES_META && mode && strcmp (mode, "subscribe") == 0 && challenge)
		return token_fits (query (ctx, "hub.verify_token"), verify_token)
			       ? (struct sender_shake){ 200, "text/plain", arena_text (a, challenge) }
			       : (struct sender_shake){ .status = 403 };
	if (s->shakes != SHAKES_LINKEDIN || !code || !secret.n)
		return (struct sender_shake){ 0 };
	json_t *said = json_pack ("{s:s, s:s}", "challengeCode", code, "challengeResponse", sign_hex (a, secret, code));
	char *text = said ? json_dumps (said, JSON_COMPACT) : NULL;
	struct sender_shake ret = { text ? 200 : 403, "application/json", text ? arena_text (a, text) : NULL };
	free (text);
	json_decref (said);
	return ret;
}

struct sender_shake sender_thanks (const struct sender *s)
{
	return s->plain_thanks ? (struct sender_shake){ 200, "application/json", "{}" } : (struct sender_shake){ 0 };
}

/* ---- what a request says ---- */

struct sender_part *part_add (struct sender_parts *to, enum sender_what what, const char *external)
{
	if (to->n == to->room) {
		struct sender_part *more = arena_array (to->arena, to->room = to->room ? to->room * 2 : 4, sizeof *more);
		if (to->n)
			memcpy (more, to->at, to->n * sizeof *more);
		to->at = more;
	}
	struct sender_part *ret = &to->at[to->n++];
	*ret = (struct sender_part){ .what = what, .external = external };
	return ret;
}

struct sender_part *sender_read (const struct sender *s, struct arena *a, const json_t *tree, size_t *ret_n)
{
	struct sender_parts to = { .arena = a };
	s->read (&to, tree);
	if (!to.n) /* a shape that is new: all of it, as it came */
		part_add (&to, SENDER_LEAD, NULL)->tree = json_deep_copy (tree);
	*ret_n = to.n;
	return to.at;
}

void sender_parts_end (struct sender_part *part, size_t n)
{
	for (size_t i = 0; i < n; i++)
		json_decref (part[i].tree);
}

const char *said_at (struct arena *a, const json_t *object, const char *member)
{
	const json_t *value = json_object_get (object, member);
	if (json_is_integer (value))
		return arena_printf (a, "%" JSON_INTEGER_FORMAT, json_integer_value (value));
	const char *text = json_string_value (value);
	return text && *text ? arena_text (a, text) : NULL;
}

const char *named_by (struct arena *a, const char *one, const char *other, const char *third)
{
	return one && other && third ? arena_printf (a, "%s %s %s", one, other, third) : NULL;
}

json_t *lead_tree (void)
{
	return json_pack ("{s:{}}", "fields");
}

void lead_field (json_t *tree, const char *id, const char *title, const char *type, json_t *value)
{
	json_t *fields = json_object_get (tree, "fields");
	char other[300];
	const char *key = id;
	for (int n = 2; json_object_get (fields, key); n++) { /* a form may ask the same twice */
		snprintf (other, sizeof other, "%.280s %d", id, n);
		key = other;
	}
	json_object_set_new (fields, key,
			     json_pack ("{s:s, s:s, s:s, s:o}", "id", id, "title", title ? title : id, "type", type ? type : "text",
					"value", value ? value : json_null ()));
}

void lead_member (json_t *tree, const char *name, const char *text)
{
	if (text && *text)
		json_object_set_new (tree, name, json_string (text));
}
