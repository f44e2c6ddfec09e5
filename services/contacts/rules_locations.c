/* What contacts decides about the places of a company; see rules.h. Pure functions.
 * Never counts a name in bytes where people count characters. */
#include "rules.h"

#include <string.h>

enum { CHANGES_MOST = 4 };

/* Code points: what arrives is UTF-8, and the bytes that go on with a character begin with 10. */
static size_t characters (const char *text)
{
	size_t n = 0;
	for (; *text; text++)
		n += ((unsigned char) *text & 0xc0) != 0x80;
	return n;
}

bool is_web_address (const char *text)
{
	size_t scheme = strncmp (text, "https://", 8) == 0 ? 8 : strncmp (text, "http://", 7) == 0 ? 7 : 0;
	return scheme && text[scheme] && !strchr ("/?#.:", text[scheme]) && !text[strcspn (text, " \t\r\n\"<>\\")];
}

static struct outcome words_check (struct arena *a, const struct location_row *row)
{
	if (row->has.name != HERE || !*row->name)
		return refused_at (a, "/name", "required", "a place is called something");
	if (characters (row->name) > LOCATION_NAME_MOST)
		return refused_at (a, "/name", "too_long", "at most 50 characters");
	if (row->has.map_url == HERE && !is_web_address (row->map_url))
		return refused_at (a, "/map_url", "not_a_url", "a web address, such as https://example.org");
	return done ();
}

struct outcome location_seen (const struct head *head, const struct location_row *was)
{
	bool seen = was->has.location_id == HERE && was->has.account_id == HERE && grant_covers (&head->grant, &was->owner_id);
	return seen ? done () : refused (location_not_found);
}

struct outcome location_add_check (struct arena *a, const struct location_add *cmd, const struct location_row *was,
				   struct location_row *ret)
{
	if (was->has.account_id != HERE || !grant_covers (&cmd->head.grant, &was->owner_id))
		return refused (account_not_found); /* what you may not see is not there */
	*ret = (struct location_row){
		.workspace_id = { cmd->head.workspace },
		.location_id = cmd->location_id,
		.account_id = cmd->account_id,
		.owner_id = was->owner_id,
		.version = 1,
		.name = name_trim (a, cmd->name),
		.type = cmd->type,
		.address = cmd->address,
		.map_url = cmd->has.map_url == HERE ? name_trim (a, cmd->map_url) : NULL,
		.created_at = cmd->head.at,
		.has = { .location_id = HERE,
			 .account_id = HERE,
			 .owner_id = was->has.owner_id,
			 .version = HERE,
			 .name = HERE,
			 .type = HERE,
			 .address = here (is_said (cmd->has.address, cmd->address)),
			 .map_url = here (is_said (cmd->has.map_url, cmd->map_url)),
			 .created_at = HERE },
	};
	return words_check (a, ret);
}

static void take_text (struct arena *a, const char **to, unsigned char *to_has, unsigned char has, const char *text)
{
	if (has == ABSENT)
		return;
	*to_has = here (is_said (has, text));
	*to = *to_has == HERE ? name_trim (a, text) : NULL;
}

struct outcome location_merge (struct arena *a, const struct location_update *cmd, const struct location_row *was, struct location_row *ret,
			       struct list *ret_changes)
{
	struct outcome out = location_seen (&cmd->head, was);
	if (!is_done (out))
		return out;
	if (was->has.removed_at == HERE)
		return refused (location_not_found);
	if (cmd->has.version == HERE && cmd->version != was->version)
		return refused (location_changed);
	*ret = *was;
	ret->version = was->version + 1;
	take_text (a, &ret->name, &ret->has.name, cmd->has.name, cmd->name);
	take_text (a, &ret->address, &ret->has.address, cmd->has.address, cmd->address);
	take_text (a, &ret->map_url, &ret->has.map_url, cmd->has.map_url, cmd->map_url);
	if (cmd->has.type == HERE)
		ret->type = cmd->type;
	out = words_check (a, ret);
	if (!is_done (out))
		return out;
	struct list list = { .at = arena_array (a, CHANGES_MOST, sizeof (struct change)) };
	change_note (&list, "name", was->name, ret->name);
	change_note (&list, "type", location_type_names[was->type], location_type_names[ret->type]);
	change_note (&list, "address", SAID (was, address), SAID (ret, address));
	change_note (&list, "map_url", SAID (was, map_url), SAID (ret, map_url));
	*ret_changes = list;
	return done ();
}
