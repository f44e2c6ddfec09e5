/* What contacts decides about accounts; see rules.h. Pure functions.
 * Never lets two accounts of a workspace bear one name, nor a client become a prospect again. */
#include "people.h"
#include "rules.h"

#include <string.h>

enum { CHANGES_MOST = 21, ROLES_MOST = 30 };

/* The words of an account beside its name: of the row, the command and its changes alike. */
#define WORDS_OF_IT(X) X (industry) X (onboarding_status) X (account_type) X (registration_no) X (vat_no) X (notes)
#define WORDS_OF_PLACE(X) X (phone) X (email) X (website) X (address) X (postcode) X (city) X (country)
#define WORDS(X) WORDS_OF_IT (X) WORDS_OF_PLACE (X)

const char *name_trim (struct arena *a, const char *name)
{
	static const char blank[] = " \t\r\n";
	name += strspn (name, blank);
	size_t n = strlen (name);
	while (n && strchr (blank, name[n - 1]))
		n--;
	return arena_copy (a, name, n);
}

static void take_text (struct arena *a, const char **to, unsigned char *to_has, unsigned char has, const char *text)
{
	if (has == ABSENT)
		return;
	*to_has = here (is_said (has, text));
	*to = *to_has == HERE ? name_trim (a, text) : NULL;
}

/* An @ with something before it and a name with a dot behind it: what is no address at all is refused; whether it exists nobody knows. */
static bool is_address (const char *email)
{
	const char *at = strrchr (email, '@');
	return at && at > email && at[1] && strchr (at + 2, '.') && !email[strcspn (email, " \t\r\n<>,;")];
}

/* What people type is a host alone; what is kept leads there. */
static void website_whole (struct arena *a, struct account_row *row)
{
	size_t host = row->has.website == HERE ? strcspn (row->website, "/?#:") : 0;
	const char *dot = host ? strchr (row->website, '.') : NULL;
	if (dot && dot < row->website + host && row->website[host] != ':')
		row->website = arena_printf (a, "https://%s", row->website);
}

static struct outcome words_check (struct arena *a, struct account_row *row)
{
	website_whole (a, row);
	if (row->has.website == HERE && !is_web_address (row->website))
		return refused_at (a, "/website", "not_a_url", "a web address, such as https://example.org");
	if (row->has.email == HERE)
		row->email = email_fold (a, row->email);
	if (row->has.email == HERE && !is_address (row->email))
		return refused_at (a, "/email", "not_an_email", "an e-mail address");
	return done ();
}

/* What is said under the workspace's own fields, laid upon the row; of a new one all that is needed has to be there. */
static struct outcome own_take (struct arena *a, const struct own_field field[], size_t n, unsigned char has, const char *said, bool makes,
				struct account_row *row)
{
	if (!makes && has != HERE)
		return done ();
	struct outcome out = own_values_merge (a, field, n, row->has.custom == HERE ? row->custom : NULL, has == HERE ? said : NULL, makes,
					       &row->custom);
	row->has.custom = here (row->custom);
	return out;
}

struct outcome account_create_check (struct arena *a, const struct account_create *cmd, const struct account_row *was,
				     const struct own_field field[], size_t n, struct account_row *ret)
{
	if (was->has.known != HERE || !was->known)
		return refused (workspace_not_found);
	if (!is_said (HERE, cmd->name))
		return refused_at (a, "/name", "required", "a company is called something");
	if (was->has.taken_id == HERE)
		return refused (account_exists);
	*ret = (struct account_row){
		.workspace_id = { cmd->head.workspace },
		.account_id = cmd->account_id,
		.version = 1,
		.name = name_trim (a, cmd->name),
		.annual_revenue = cmd->annual_revenue,
		.lifecycle = cmd->has.lifecycle == HERE ? cmd->lifecycle : lifecycle_prospect,
		.created_at = cmd->head.at,
		.owner_id = cmd->has.owner_id == HERE ? cmd->owner_id : was->default_owner_id,
		.has = { .workspace_id = HERE,
			 .account_id = HERE,
			 .number = HERE,
			 .version = HERE,
			 .name = HERE,
			 .lifecycle = HERE,
			 .created_at = HERE,
			 .annual_revenue = here (cmd->has.annual_revenue == HERE),
			 .owner_id = here (cmd->has.owner_id == HERE || was->has.default_owner_id == HERE) },
	};
	if (cmd->has.owner_id != HERE && cmd->head.grant.scope == SCOPE_OWN) {
		ret->owner_id.uuid = cmd->head.grant.user;
		ret->has.owner_id = HERE;
	}
#define TAKE(field) take_text (a, &ret->field, &ret->has.field, cmd->has.field, cmd->field);
	WORDS (TAKE)
	account_is_client (ret, cmd->head.at);
	struct outcome out = words_check (a, ret);
	return is_done (out) ? own_take (a, field, n, cmd->has.custom, cmd->custom, true, ret) : out;
}

void account_is_client (struct account_row *row, int64_t at)
{
	if (row->lifecycle != lifecycle_client || row->has.client_at == HERE)
		return;
	row->client_at = at;
	row->has.client_at = HERE;
}

/* ---- what changes ---- */

static json_t *roles_read (const struct account_row *row)
{
	json_t *roles = row->has.roles == HERE ? json_loads (row->roles, 0, NULL) : NULL;
	return roles ? roles : json_object ();
}

static const char *roles_text (struct arena *a, json_t *roles)
{
	size_t n = json_dumpb (roles, NULL, 0, JSON_COMPACT | JSON_SORT_KEYS);
	char *text = arena_alloc (a, n + 1);
	json_dumpb (roles, text, n, JSON_COMPACT | JSON_SORT_KEYS);
	return text;
}

/* Each role that another one has from now on, or nobody. */
static void roles_compare (struct arena *a, struct list *list, json_t *was, json_t *now)
{
	const char *role;
	json_t *user;
	json_object_foreach (was, role, user)
	{
		const char *new = json_string_value (json_object_get (now, role));
		change_note (list, arena_printf (a, "role.%s", role), arena_text (a, json_string_value (user)),
			     new ? arena_text (a, new) : NULL);
	}
	json_object_foreach (now, role, user)
	{
		if (!json_object_get (was, role))
			change_note (list, arena_printf (a, "role.%s", role), NULL, arena_text (a, json_string_value (user)));
	}
}

struct list account_compare (struct arena *a, const struct account_row *was, const struct account_row *now)
{
	json_t *roles_was = roles_read (was), *roles = roles_read (now);
	size_t own = (was->has.custom == HERE ? own_values_count (was->custom) : 0) +
		     (now->has.custom == HERE ? own_values_count (now->custom) : 0);
	struct list list = { .at = arena_array (a, CHANGES_MOST + own + json_object_size (roles_was) + json_object_size (roles),
						sizeof (struct change)) };
	change_note (&list, "name", was->name, now->name);
#define NOTE(field) change_note (&list, #field, SAID (was, field), SAID (now, field));
	WORDS (NOTE)
	own_values_compare (a, SAID (was, custom), SAID (now, custom), &list);
	change_note (&list, "primary_contact_id", id_said (a, was->has.primary_contact_id, was->primary_contact_id.uuid),
		     id_said (a, now->has.primary_contact_id, now->primary_contact_id.uuid));
	change_note (&list, "archived", was->has.archived_at == HERE ? "true" : NULL, now->has.archived_at == HERE ? "true" : NULL);
	change_note (&list, "annual_revenue", money_said (a, was->has.annual_revenue, was->annual_revenue),
		     money_said (a, now->has.annual_revenue, now->annual_revenue));
	change_note (&list, "lifecycle", lifecycle_names[was->lifecycle], lifecycle_names[now->lifecycle]);
	change_note (&list, "owner_id", id_said (a, was->has.owner_id, was->owner_id.uuid),
		     id_said (a, now->has.owner_id, now->owner_id.uuid));
	roles_compare (a, &list, roles_was, roles);
	json_decref (roles_was);
	json_decref (roles);
	return list;
}

static bool owner_is_other (const struct account_update *cmd, const struct account_row *was)
{
	return cmd->has.owner_id != ABSENT && (here (cmd->has.owner_id == HERE) != here (was->has.owner_id == HERE) ||
					       !uuid_equal (cmd->owner_id.uuid, was->owner_id.uuid));
}

struct outcome account_merge (struct arena *a, const struct account_update *cmd, const struct account_row *was,
			      const struct own_field field[], size_t n, struct account_row *ret, struct list *ret_changes)
{
	if (was->has.account_id != HERE || !grant_covers (&cmd->head.grant, &was->owner_id))
		return refused (account_not_found); /* what you may not see is not there */
	if (cmd->has.version == HERE && cmd->version != was->version)
		return refused (account_changed);
	if (cmd->has.name != ABSENT && !is_said (cmd->has.name, cmd->name))
		return refused_at (a, "/name", "required", "a company is called something");
	if (was->has.taken_id == HERE)
		return refused (account_exists);
	if (cmd->has.lifecycle != ABSENT && (cmd->has.lifecycle == CLEARED || cmd->lifecycle < was->lifecycle))
		return refused_at (a, "/lifecycle", "not_back", "a client becomes no prospect again");
	if (cmd->has.primary_contact_id == HERE && was->has.asked_contact_id != HERE)
		return refused_at (a, "/primary_contact_id", "unknown", "none of its people");
	if (owner_is_other (cmd, was) && !grant_allows (&cmd->head.grant, PERMISSION_crm_edit_salesman_prospect))
		return refused (forbidden);
	if (was->lifecycle == lifecycle_client && owner_is_other (cmd, was))
		return refused (account_is_client);
	*ret = *was;
	ret->version = was->version + 1;
	if (cmd->has.name == HERE)
		ret->name = name_trim (a, cmd->name);
	WORDS (TAKE)
	if (cmd->has.primary_contact_id != ABSENT) {
		ret->primary_contact_id = cmd->primary_contact_id;
		ret->has.primary_contact_id = here (cmd->has.primary_contact_id == HERE);
	}
	if (cmd->has.annual_revenue != ABSENT) {
		ret->annual_revenue = cmd->annual_revenue;
		ret->has.annual_revenue = here (cmd->has.annual_revenue == HERE);
	}
	if (cmd->has.lifecycle == HERE)
		ret->lifecycle = cmd->lifecycle;
	if (cmd->has.owner_id != ABSENT) {
		ret->owner_id = cmd->owner_id;
		ret->has.owner_id = here (cmd->has.owner_id == HERE);
	}
	account_is_client (ret, cmd->head.at);
	struct outcome out = words_check (a, ret);
	if (is_done (out))
		out = own_take (a, field, n, cmd->has.custom, cmd->custom, false, ret);
	if (is_done (out))
		*ret_changes = account_compare (a, was, ret);
	return out;
}

/* ---- out of the lists, into the trash, and back ---- */

struct outcome account_seen (const struct head *head, const struct account_row *was, unsigned char has_version, int64_t version)
{
	if (was->has.account_id != HERE || !grant_covers (&head->grant, &was->owner_id))
		return refused (account_not_found);
	if (has_version == HERE && version != was->version)
		return refused (account_changed);
	return done ();
}

bool account_shelve (const struct account_row *was, bool away, int64_t at, struct account_row *ret)
{
	if ((was->has.archived_at == HERE) == away)
		return false;
	*ret = *was;
	ret->version++;
	ret->archived_at = at;
	ret->has.archived_at = here (away);
	return true;
}

bool account_throw (const struct account_row *was, bool away, const struct head *by, struct account_row *ret)
{
	if ((was->has.removed_at == HERE) == away)
		return false;
	*ret = *was;
	ret->version++;
	ret->removed_at = by->at;
	ret->removed_by.uuid = by->actor;
	ret->has.removed_at = here (away);
	ret->has.removed_by = here (away && !uuid_is_null (by->actor));
	return true;
}

/* ---- who looks after it ---- */

static bool is_role (const char *key)
{
	size_t n = strspn (key, "abcdefghijklmnopqrstuvwxyz0123456789_");
	return n > 0 && n <= 60 && !key[n];
}

/* The executive is the owner; the others are laid upon those that are there. */
static struct outcome roles_lay (struct arena *a, json_t *roles, json_t *said, struct account_update *owner)
{
	const char *role, *pointer;
	json_t *user;
	struct uuid id;
	json_object_foreach (said, role, user)
	{
		const char *text = json_string_value (user);
		pointer = arena_printf (a, "/%s", role);
		if (!is_role (role))
			return refused_at (a, pointer, "unknown", "there is no such role");
		if (!json_is_null (user) && (!text || uuid_parse (text, &id) != OK))
			return refused_at (a, pointer, "not_an_id", "a user's UUID, or null");
		if (strcmp (role, "executive") == 0) {
			owner->has.owner_id = text ? HERE : CLEARED;
			if (text)
				owner->owner_id.uuid = id;
		} else if (text) {
			char whole[UUID_TEXT];
			json_object_set_new (roles, role, json_string (uuid_format (id, whole)));
		} else
			json_object_del (roles, role);
	}
	return json_object_size (roles) > ROLES_MOST ? refused_at (a, "/", "too_many", "at most 30 roles") : done ();
}

struct outcome account_assign_merge (struct arena *a, const struct account_assign *cmd, const struct account_row *was,
				     struct account_row *ret, struct list *ret_changes)
{
	struct account_update owner = {
		.head = cmd->head, .account_id = cmd->account_id, .version = cmd->version, .has.version = cmd->has.version
	};
	if (was->has.account_id != HERE || !grant_covers (&cmd->head.grant, &was->owner_id))
		return refused (account_not_found);
	json_t *roles = roles_read (was), *said = json_loads (cmd->roles, 0, NULL);
	struct outcome out = json_object_size (said) ? roles_lay (a, roles, said, &owner)
						     : refused_at (a, "/", "required", "a role, and who has it");
	if (is_done (out))
		out = account_merge (a, &owner, was, NULL, 0, ret, ret_changes);
	if (is_done (out)) {
		ret->roles = roles_text (a, roles);
		ret->has.roles = HERE;
		*ret_changes = account_compare (a, was, ret);
	}
	json_decref (said);
	json_decref (roles);
	return out;
}

void account_hand_over (struct arena *a, struct account_row *row, user_id from, user_id to)
{
	char was[UUID_TEXT], now[UUID_TEXT];
	json_t *roles = roles_read (row), *user;
	const char *role;
	void *next;
	uuid_format (from.uuid, was);
	uuid_format (to.uuid, now);
	if (row->has.owner_id == HERE && uuid_equal (row->owner_id.uuid, from.uuid))
		row->owner_id = to;
	json_object_foreach_safe (roles, next, role, user)
	{
		if (strcmp (json_string_value (user), was) == 0)
			json_object_set_new (roles, role, json_string (now));
	}
	row->roles = roles_text (a, roles);
	row->has.roles = HERE;
	json_decref (roles);
}
