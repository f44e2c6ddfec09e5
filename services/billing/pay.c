/* What the readers of providers' answers share. It must never let an id through that would be more than one piece of a URL. */
#include "pay.h"

#include <string.h>

enum { ID_MOST = 255, WORDS_MOST = 300 };

const char *pay_state_name (enum pay_state state)
{
	static const char *const names[] = { "open", "pending", "paid", "failed", "expired", "cancelled" };
	assert ((size_t) state < LENGTH (names));
	return names[state];
}

bool pay_id_good (const char *id)
{
	size_t n = id ? strlen (id) : 0;
	return n && n <= ID_MOST && strspn (id, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-") == n;
}

const char *pay_text (struct arena *a, const json_t *o, const char *name)
{
	const char *text = json_string_value (json_object_get (o, name));
	return text && *text ? arena_text (a, text) : NULL;
}

const char *pay_id (struct arena *a, const json_t *o, const char *name)
{
	const char *text = pay_text (a, o, name);
	return pay_id_good (text) ? text : NULL;
}

const char *pay_words (struct arena *a, const char *text)
{
	if (!text || !*text)
		return NULL;
	char *ret = arena_printf (a, "%.*s", WORDS_MOST, text);
	size_t n = strlen (ret);
	while (n && ((unsigned char) text[n] & 0xc0) == 0x80) /* no half character */
		n--;
	ret[n] = 0;
	for (char *p = ret; *p; p++)
		if ((unsigned char) *p < ' ' || *p == 0x7f)
			*p = ' ';
	return ret;
}
