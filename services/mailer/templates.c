/* Templates as records: kept, changed, removed, and shown for somebody. Every version of a text is read before it is kept, so that what stands can be sent.
 * It must never keep a text that names a placeholder nobody knows, nor say of a record what the asker may not see. */
#include "templates.h"

#include <stdlib.h>
#include <string.h>
#include "charset.h"
#include "given.h"
#include "mailer.h"
#include "mailer_sql.h"

enum { TEMPLATES_OF_WORKSPACE = 200 };

const struct template_place mail_places[] = {
#define MAIL_PLACE(name, kind) { name, TEMPLATE_IS_##kind },
	MAIL_PLACES (MAIL_PLACE)
#undef MAIL_PLACE
		{ NULL, TEMPLATE_IS_TEXT },
};

/* ---- what is kept ---- */

struct template_set {
	const struct template_row *at;
	size_t n;
};

static struct template_set templates_of (struct batch *b, struct uuid workspace)
{
	struct template_ask ask = { .workspace_id = { workspace } };
	struct template_set ret;
	ret.at = template_load (b, &ask, 1, &ret.n);
	return ret;
}

static const struct template_row *template_find (const struct template_set *set, struct uuid id)
{
	for (size_t i = 0; i < set->n; i++)
		if (uuid_equal (set->at[i].template_id.uuid, id))
			return &set->at[i];
	return NULL;
}

static struct outcome name_check (struct batch *b, const struct template_set *set, const struct template_row *row)
{
	if (!is_said (HERE, row->name))
		return refused_at (batch_arena (b), "/name", "required", "a template is called something");
	for (size_t i = 0; i < set->n; i++)
		if (!uuid_equal (set->at[i].template_id.uuid, row->template_id.uuid) && set->at[i].has.removed_at != HERE &&
		    text_same (set->at[i].name, row->name))
			return refused_at (batch_arena (b), "/name", "taken", "there is a template of that name");
	return done ();
}

/* Where it is wrong stands in the detail: "2:10 contact.nickname", line, column and the word. */
static struct outcome text_check (struct batch *b, const char *pointer, const char *text)
{
	struct template_error e;
	struct arena *a = batch_arena (b);
	if (template_check (text, mail_places, &e) == OK)
		return done ();
	return refused_at (a, pointer, arena_printf (a, "template_%s", template_fault_names[e.fault]),
			   arena_printf (a, "%d:%d %s", e.line, e.column, e.name));
}

/* A language has both, or neither. */
static struct outcome language_check (struct batch *b, const char *language, bool has_subject, const char *subject, bool has_text,
				      const char *text)
{
	struct arena *a = batch_arena (b);
	if (has_subject != has_text)
		return refused_at (a, arena_printf (a, "/%s_%s", has_text ? "subject" : "text", language), "required",
				   "a language has a subject and a text");
	if (!has_text)
		return done ();
	struct outcome ret = text_check (b, arena_printf (a, "/subject_%s", language), subject);
	return is_done (ret) ? text_check (b, arena_printf (a, "/text_%s", language), text) : ret;
}

static struct outcome texts_check (struct batch *b, const struct template_row *row)
{
	bool nl = row->has.text_nl == HERE, en = row->has.text_en == HERE;
	struct outcome ret = language_check (b, "nl", row->has.subject_nl == HERE, row->subject_nl, nl, row->text_nl);
	if (is_done (ret))
		ret = language_check (b, "en", row->has.subject_en == HERE, row->subject_en, en, row->text_en);
	if (is_done (ret) && !nl && !en)
		ret = refused_at (batch_arena (b), "/text_nl", "required", "a template says something in one language at least");
	return ret;
}

/* Blanks alone are nothing. */
#define TEXT_GIVEN(to, from, field)                                                                                   \
	do {                                                                                                          \
		if ((from)->has.field != ABSENT) {                                                                    \
			(to)->has.field = is_said ((from)->has.field, (from)->field) ? HERE : (unsigned char) ABSENT; \
			(to)->field = (from)->field;                                                                  \
		}                                                                                                     \
	} while (0)
#define TEXTS_GIVEN(to, from)                      \
	do {                                       \
		TEXT_GIVEN (to, from, subject_nl); \
		TEXT_GIVEN (to, from, text_nl);    \
		TEXT_GIVEN (to, from, subject_en); \
		TEXT_GIVEN (to, from, text_en);    \
	} while (0)

static struct outcome template_keep (struct batch *b, const struct head *cause, const struct template_row *row)
{
	struct outcome ret = done ();
	struct template_changed said = { .head = head_caused (b, cause),
					 .template_id = row->template_id,
					 .name = row->name,
					 .version = row->version,
					 .removed = row->has.removed_at == HERE };
	template_write (b, row, 1);
	template_changed_emit (b, &said, 1);
	ret.id = row->template_id.uuid;
	ret.version = row->version;
	return ret;
}

void template_add (struct batch *b, const struct template_add cmd[], size_t n, struct outcome ret[])
{
	for (size_t i = 0; i < n; i++) {
		const struct template_set set = templates_of (b, cmd[i].head.workspace);
		struct template_row row = { .workspace_id = { cmd[i].head.workspace },
					    .template_id = cmd[i].template_id,
					    .version = 1,
					    .name = cmd[i].name,
					    .transactional = cmd[i].has.transactional == HERE && cmd[i].transactional,
					    .created_at = batch_now (b),
					    .created_by = { cmd[i].head.actor },
					    .has.created_by = HERE };
		TEXTS_GIVEN (&row, &cmd[i]);
		ret[i] = name_check (b, &set, &row);
		if (is_done (ret[i]))
			ret[i] = texts_check (b, &row);
		if (is_done (ret[i]) && set.n >= TEMPLATES_OF_WORKSPACE)
			ret[i] = refused_at (batch_arena (b), "/name", "too_many", "two hundred templates are the most");
		if (is_done (ret[i]))
			ret[i] = template_keep (b, &cmd[i].head, &row);
	}
}

static struct outcome may_change (const struct head *head, const struct template_row *was)
{
	if (!was)
		return refused (template_not_found);
	bool own = was->has.created_by == HERE && uuid_equal (was->created_by.uuid, head->actor);
	return own || grant_allows (&head->grant, PERMISSION_crm_settings) ? done () : refused (forbidden);
}

void template_update (struct batch *b, const struct template_update cmd[], size_t n, struct outcome ret[])
{
	for (size_t i = 0; i < n; i++) {
		const struct template_set set = templates_of (b, cmd[i].head.workspace);
		const struct template_row *was = template_find (&set, cmd[i].template_id.uuid);
		struct template_row row = was ? *was : (struct template_row){ 0 };
		ret[i] = may_change (&cmd[i].head, was);
		if (is_done (ret[i]) && cmd[i].has.version == HERE && cmd[i].version != was->version)
			ret[i] = refused (stale);
		if (!is_done (ret[i]))
			continue;
		if (cmd[i].has.name != ABSENT)
			row.name = cmd[i].has.name == HERE ? cmd[i].name : "";
		if (cmd[i].has.transactional == HERE)
			row.transactional = cmd[i].transactional;
		TEXTS_GIVEN (&row, &cmd[i]);
		row.version++;
		ret[i] = name_check (b, &set, &row);
		if (is_done (ret[i]))
			ret[i] = texts_check (b, &row);
		if (is_done (ret[i]))
			ret[i] = template_keep (b, &cmd[i].head, &row);
	}
}

/* What is so already is done, and says nothing. */
static struct outcome template_away (struct batch *b, const struct head *head, struct uuid id, bool away)
{
	const struct template_set set = templates_of (b, head->workspace);
	const struct template_row *was = template_find (&set, id);
	struct outcome ret = may_change (head, was);
	if (!is_done (ret) || (was->has.removed_at == HERE) == away)
		return ret;
	struct template_row row = *was;
	row.has.removed_at = away ? HERE : (unsigned char) ABSENT;
	row.removed_at = batch_now (b);
	row.version++;
	if (!away)
		ret = name_check (b, &set, &row);
	return is_done (ret) ? template_keep (b, head, &row) : ret;
}

void template_remove (struct batch *b, const struct template_remove cmd[], size_t n, struct outcome ret[])
{
	for (size_t i = 0; i < n; i++)
		ret[i] = template_away (b, &cmd[i].head, cmd[i].template_id.uuid, true);
}

void template_restore (struct batch *b, const struct template_restore cmd[], size_t n, struct outcome ret[])
{
	for (size_t i = 0; i < n; i++)
		ret[i] = template_away (b, &cmd[i].head, cmd[i].template_id.uuid, false);
}

/* ---- what it becomes for somebody ---- */

/* What one may not see is not there. */
static struct outcome about_check (const struct template_preview *cmd, const struct template_values *v)
{
	const struct grant *g = &cmd->head.grant;
	if (!v->has.language)
		return refused (workspace_not_found);
	if (cmd->has.deal_id == HERE && (!v->deal || !grant_covers (g, &v->deal_owner_id)))
		return refused (deal_not_found);
	if (cmd->has.contact_id == HERE && (!v->contact || !grant_covers (g, &v->contact_owner_id)))
		return refused (contact_not_found);
	return done ();
}

static const json_t *value_named (const json_t *values, const char *name)
{
	char word[TEMPLATE_NAME_MOST + 1];
	while (values && *name) {
		size_t n = strcspn (name, ".");
		snprintf (word, sizeof word, "%.*s", (int) n, name);
		values = json_object_get (values, word);
		name += n + (name[n] == '.');
	}
	return values;
}

/* Which of the placeholders that a text says have nothing to say here. */
static void empty_add (struct batch *b, const char *text, const json_t *values, json_t *ret)
{
	const char *const *names = template_names (batch_arena (b), text, mail_places);
	for (; *names; names++) {
		const json_t *value = value_named (values, *names);
		bool known = false;
		size_t i;
		json_t *one;
		json_array_foreach (ret, i, one) known |= strcmp (json_string_value (one), *names) == 0;
		if (!known && (!value || json_is_null (value)))
			json_array_append_new (ret, json_string (*names));
	}
}

static struct outcome part_render (struct batch *b, const char *pointer, const char *text, const json_t *values, enum template_form form,
				   enum template_language language, const char **ret)
{
	struct template_error e;
	struct arena *a = batch_arena (b);
	if (template_render (a, text, mail_places, values, form, language, ret, &e) == OK)
		return done ();
	return refused_at (a, pointer, arena_printf (a, "template_%s", template_fault_names[e.fault]),
			   arena_printf (a, "%d:%d %s", e.line, e.column, e.name));
}

/* Where the customer's page of a quote or an invoice is; nowhere, where the link cannot be opened or nobody knows our address. */
static json_t *values_of (struct batch *b, const struct template_values *v)
{
	static const char *const documents[] = { "quote", "invoice" };
	json_t *ret = json_loads (v->at, 0, NULL);
	for (size_t i = 0; i < LENGTH (documents); i++) {
		json_t *document = json_object_get (ret, documents[i]);
		const char *url = document_url (b, json_string_value (json_object_get (document, "link")));
		if (!json_is_object (document))
			continue;
		json_object_del (document, "link");
		json_object_set_new (document, "url", url ? json_string (url) : json_null ());
	}
	return ret;
}

static struct outcome preview (struct batch *b, const struct template_preview *cmd, const struct template_values *v)
{
	const char *subject = "", *text = "", *asked_subject = cmd->has.subject == HERE ? cmd->subject : "";
	const char *asked_text = cmd->has.text == HERE ? cmd->text : "", *said = cmd->has.language == HERE ? cmd->language : v->language;
	enum template_language language = strcmp (said, "nl") == 0 ? TEMPLATE_NL : TEMPLATE_EN;
	struct outcome ret = about_check (cmd, v);
	if (!is_done (ret))
		return ret;
	json_t *values = values_of (b, v), *empty = json_array ();
	ret = part_render (b, "/subject", asked_subject, values, TEMPLATE_LINE, language, &subject);
	if (is_done (ret))
		ret = part_render (b, "/text", asked_text, values, TEMPLATE_PLAIN, language, &text);
	if (is_done (ret)) {
		empty_add (b, asked_subject, values, empty);
		empty_add (b, asked_text, values, empty);
		json_t *data = json_pack ("{s:s, s:s, s:O}", "subject", subject, "text", text, "empty", empty);
		char *dump = data ? json_dumps (data, JSON_COMPACT) : NULL;
		ret.secret = arena_text (batch_arena (b), dump ? dump : "{}"); /* it says things of people: no reply keeps it */
		free (dump);
		json_decref (data);
	}
	json_decref (values);
	json_decref (empty);
	return ret;
}

void template_preview (struct batch *b, const struct template_preview cmd[], size_t n, struct outcome ret[])
{
	struct template_about *about = ARRAY (b, about, n);
	for (size_t i = 0; i < n; i++)
		about[i] = (struct template_about){ .workspace_id = { cmd[i].head.workspace },
						    .sender_id = { cmd[i].head.actor },
						    .deal_id = cmd[i].deal_id,
						    .contact_id = cmd[i].contact_id,
						    .now = batch_now (b),
						    .has = { .deal_id = cmd[i].has.deal_id, .contact_id = cmd[i].has.contact_id } };
	const struct template_values *v = template_values_load (b, about, n);
	for (size_t i = 0; i < n; i++)
		ret[i] = preview (b, &cmd[i], &v[i]);
}

/* ---- what a mail says ---- */

enum { TEXT_MOST = 200000 };

struct filling {
	const struct template_row *of; /* null: only what was given */
	enum template_language language;
	json_t *values;
};

/* Which of its languages; what was asked for and is not there is not replaced by another. */
static struct outcome language_choose (struct batch *b, const struct mail_send *cmd, const char *own, struct filling *f)
{
	const char *said = cmd->has.language == HERE ? cmd->language : own;
	f->language = strcmp (said, "nl") == 0 ? TEMPLATE_NL : TEMPLATE_EN;
	if (cmd->has.language == HERE && strcmp (said, "nl") != 0 && strcmp (said, "en") != 0)
		return refused_at (batch_arena (b), "/language", "not_a_choice", "nl or en");
	if (!f->of || (f->language == TEMPLATE_NL ? f->of->has.text_nl : f->of->has.text_en) == HERE)
		return done ();
	if (cmd->has.language == HERE)
		return refused_at (batch_arena (b), "/language", "unknown", "the template has no text in that language");
	f->language = f->language == TEMPLATE_NL ? TEMPLATE_EN : TEMPLATE_NL;
	return done ();
}

static struct outcome mail_part_fill (struct batch *b, const struct filling *f, const char *pointer, const char *text, size_t most,
				      enum template_form form, const char **ret)
{
	struct outcome o = part_render (b, pointer, text, f->values, form, f->language, ret);
	if (is_done (o) && strlen (*ret) > most)
		return refused_at (batch_arena (b), pointer, "too_long", "with what stands in it, it is too long");
	return o;
}

static struct outcome subject_fill (struct batch *b, const struct mail_send *cmd, const struct filling *f, struct draft *d)
{
	bool given = cmd->has.subject == HERE;
	const char *of = given ? cmd->subject : !f->of ? NULL : f->language == TEMPLATE_NL ? f->of->subject_nl : f->of->subject_en;
	if (!of)
		return refused_at (batch_arena (b), "/subject", "required", "a mail has a subject");
	d->mail.subject = of;
	if (given && !(cmd->has.placeholders == HERE && cmd->placeholders))
		return done ();
	return mail_part_fill (b, f, given ? "/subject" : "/template_id", of, SUBJECT_MOST, TEMPLATE_LINE, &d->mail.subject);
}

static struct outcome text_fill (struct batch *b, const struct mail_send *cmd, const struct filling *f, struct draft *d)
{
	bool given = cmd->has.text == HERE;
	const char *of = given ? cmd->text : !f->of ? NULL : f->language == TEMPLATE_NL ? f->of->text_nl : f->of->text_en;
	const char *pointer = given ? "/text" : "/template_id";
	if (!of)
		return refused_at (batch_arena (b), "/text", "required", "a mail has a text");
	d->mail.text = of;
	if (!given && cmd->has.transactional != HERE)
		d->mail.transactional = f->of->transactional;
	if (given && !(cmd->has.placeholders == HERE && cmd->placeholders))
		return done ();
	struct outcome ret = mail_part_fill (b, f, pointer, of, TEXT_MOST, TEMPLATE_PLAIN, &d->mail.text);
	return is_done (ret) ? mail_part_fill (b, f, pointer, of, (size_t) 2 * TEXT_MOST, TEMPLATE_MARKDOWN, &d->marked) : ret;
}

struct outcome mail_words_fill (struct batch *b, const struct mail_send *cmd, struct draft *d)
{
	bool wants = cmd->has.subject != HERE || cmd->has.text != HERE;
	struct filling f = { 0 };
	struct outcome ret = done ();
	if (cmd->has.template_id == HERE && wants) {
		const struct template_set set = templates_of (b, cmd->head.workspace);
		f.of = template_find (&set, cmd->template_id.uuid);
		if (!f.of || f.of->has.removed_at == HERE)
			return refused (template_not_found);
	}
	if (f.of || (cmd->has.placeholders == HERE && cmd->placeholders)) {
		struct template_about about = { .workspace_id = { cmd->head.workspace },
						.sender_id = { cmd->head.actor },
						.deal_id = d->mail.deal_id,
						.contact_id = d->mail.contact_id,
						.now = batch_now (b),
						.has = { .deal_id = d->mail.has.deal_id, .contact_id = d->mail.has.contact_id } };
		const struct template_values *v = template_values_load (b, &about, 1);
		f.values = values_of (b, v);
		ret = language_choose (b, cmd, v->has.language == HERE ? v->language : "en", &f);
	}
	if (is_done (ret))
		ret = subject_fill (b, cmd, &f, d);
	if (is_done (ret))
		ret = text_fill (b, cmd, &f, d);
	json_decref (f.values);
	return ret;
}
