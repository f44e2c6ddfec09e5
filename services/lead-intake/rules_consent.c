/* What somebody agreed to, out of the boxes that stood below a form. Pure.
 * It must never make a yes of what could be read otherwise: leave for news by mail is there only where it was asked for in so many words. */
#include "rules.h"

#include <stdlib.h>
#include <string.h>
#include "charset.h"
#include "clock.h"

enum { CONSENT_TEXT_MOST = 2000, CONSENT_VERSION_MOST = 100, CONSENT_PAGE_MOST = 2000 };

static const char *const yes_words[] = { "1",  "aan", "accept", "accepted", "agree", "agreed", "akkoord", "checked", "granted",
					 "ja", "ok",  "oke",	"on",	    "true",  "x",      "y",	  "yes",     NULL };
static const char *const no_words[] = { "",   "0",    "denied", "false", "geen",	"n",   "nee",	    "neen", "niet",
					"no", "none", "null",	"off",	 "not granted", "uit", "unchecked", NULL };
/* Words with which a refusal begins that is a sentence. */
static const char *const refusals[] = { "nee ", "nee,",	    "neen",    "no ",	      "no,",	     "niet ", "geen ",
					"not ", "i do not", "i don't", "ik wil geen", "ik wil niet", NULL };
static const char *const news_words[] = { "nieuwsbrief", "newsletter", "marketing", "mailing", "aanbieding", "promot",
					  "offers",	 "nieuws",     "opt-in",    "optin",   NULL };
static const char *const terms_words[] = { "akkoord", "toestemming", "agree", "consent", "accept",
					   "privacy", "voorwaarden", "terms", "gdpr",	 NULL };

static bool is_any (const char *text, const char *const words[])
{
	for (size_t i = 0; words[i]; i++)
		if (strcmp (text, words[i]) == 0)
			return true;
	return false;
}

static bool has_any (const char *text, const char *const words[])
{
	for (size_t i = 0; words[i]; i++)
		if (strstr (text, words[i]))
			return true;
	return false;
}

static bool begins_any (const char *text, const char *const words[])
{
	for (size_t i = 0; words[i]; i++)
		if (strncmp (text, words[i], strlen (words[i])) == 0)
			return true;
	return false;
}

bool consent_is_answer (struct arena *a, const char *text)
{
	const char *small = text_small (a, text);
	return is_any (small, yes_words) || is_any (small, no_words);
}

enum consent_box consent_box_of (struct arena *a, const char *words)
{
	const char *small = text_small (a, words);
	return has_any (small, news_words) ? BOX_NEWS : has_any (small, terms_words) ? BOX_TERMS : BOX_NONE;
}

struct box {
	bool asked, yes, says_news;
	const char *text; /* what stood beside it; null: nobody said */
};

static struct box box_read (struct arena *a, const struct consent_answer *given, const char *shown)
{
	struct box box = { .asked = given->said != NULL, .text = shown };
	if (!box.asked)
		return box;
	const char *small = text_small (a, given->said);
	bool word = is_any (small, yes_words) || is_any (small, no_words);
	box.yes = !is_any (small, no_words) && !begins_any (small, refusals);
	if (!box.text && !word) /* a box whose value is what it says */
		box.text = given->said;
	if (!box.text && given->label && strchr (given->label, ' '))
		box.text = given->label;
	box.says_news = box.text && has_any (text_small (a, box.text), news_words);
	return box;
}

/* What was shown, each once: of those that were ticked, else of all. */
static const char *boxes_text (struct arena *a, const struct box box[], size_t n, bool given)
{
	const char *all = NULL;
	for (size_t i = 0; i < n; i++)
		if (box[i].asked && box[i].text && (box[i].yes || !given) && !(all && strstr (all, box[i].text)))
			all = all ? arena_printf (a, "%s\n%s", all, box[i].text) : box[i].text;
	return all;
}

static void text_set (struct arena *a, json_t *out, const char *name, const char *text, size_t most)
{
	if (text && *text)
		json_object_set_new (out, name, json_string (text_cut (a, text, most)));
}

/* When they said so: as the sender tells it, though never later than it came. */
static int64_t consent_at (const char *said, int64_t came)
{
	int64_t at;
	return said && time_parse (said, &at) == OK && at > 0 && (!came || at <= came) ? at : came;
}

const char *consent_read (struct arena *a, const struct consent_said *said, int64_t came)
{
	struct box box[] = { [BOX_NEWS] = box_read (a, &said->answer[BOX_NEWS], said->text),
			     [BOX_MAIL] = box_read (a, &said->answer[BOX_MAIL], said->text),
			     [BOX_TERMS] = box_read (a, &said->answer[BOX_TERMS], said->text) };
	const struct box *news = &box[BOX_NEWS], *mail = &box[BOX_MAIL], *terms = &box[BOX_TERMS];
	char moment[TIME_TEXT];
	if (!news->asked && !mail->asked && !terms->asked)
		return NULL;
	bool given = news->yes || mail->yes || terms->yes;
	bool by_mail = news->asked ? news->yes : (mail->yes && (!mail->text || mail->says_news)) || (terms->yes && terms->says_news);
	int64_t at = consent_at (said->at, came);
	json_t *out = json_pack ("{s:b, s:b}", "given", given, "news", by_mail);
	text_set (a, out, "text", boxes_text (a, box, LENGTH (box), given), CONSENT_TEXT_MOST);
	text_set (a, out, "version", said->version, CONSENT_VERSION_MOST);
	text_set (a, out, "at", at ? time_format (at, moment) : NULL, TIME_TEXT);
	if (said->page && (strncmp (said->page, "https://", 8) == 0 || strncmp (said->page, "http://", 7) == 0))
		text_set (a, out, "page", said->page, CONSENT_PAGE_MOST);
	char *text = json_dumps (out, JSON_COMPACT);
	const char *ret = arena_text (a, text);
	free (text);
	json_decref (out);
	return ret;
}

/* ---- as it is said by hand or by the API ---- */

static bool is_text_or_none (const json_t *value, size_t most)
{
	return !value || json_is_null (value) || (json_is_string (value) && json_string_length (value) <= most);
}

const char *consent_given (struct arena *a, const char *json, int64_t now)
{
	json_t *in = json_loads (json, 0, NULL);
	const char *ret = NULL;
	const json_t *given = json_object_get (in, "given"), *news = json_object_get (in, "news"), *at = json_object_get (in, "at");
	int64_t when;
	if (json_is_boolean (given) && (!news || json_is_boolean (news)) &&
	    is_text_or_none (json_object_get (in, "text"), CONSENT_TEXT_MOST) &&
	    is_text_or_none (json_object_get (in, "version"), CONSENT_VERSION_MOST) &&
	    is_text_or_none (json_object_get (in, "page"), CONSENT_PAGE_MOST) &&
	    (!at || json_is_null (at) || (json_is_string (at) && time_parse (json_string_value (at), &when) == OK && when <= now))) {
		static const char *const said[] = { "no", "yes" };
		struct consent_said all = { .text = json_string_value (json_object_get (in, "text")),
					    .version = json_string_value (json_object_get (in, "version")),
					    .at = json_string_value (at),
					    .page = json_string_value (json_object_get (in, "page")) };
		all.answer[BOX_TERMS].said = said[json_is_true (given)];
		if (news)
			all.answer[BOX_NEWS].said = said[json_is_true (news) && json_is_true (given)];
		ret = consent_read (a, &all, now);
	}
	json_decref (in);
	return ret;
}
