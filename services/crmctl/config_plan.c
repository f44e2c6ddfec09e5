/* What is to be done so that what is there becomes what a file says; see config_file.h. Pure.
 * It must never move more than it has to, nor remove anything before what may take its place is there. */
#include "config_file.h"

#include <string.h>

/* One section on both sides. */
struct planning {
	struct arena *arena;
	const struct config_section *section;
	const json_t *was, *wanted;
	size_t n_was, n_wanted;
	size_t *to;		   /* of each item that is there: its index in the file; NONE */
	size_t *from;		   /* of each of the file's: its index in what is there; NONE */
	size_t *group_was, *group; /* on either side: a number for those that are ordered with each other */
	bool *stays;		   /* of each of the file's: the others are moved around it */
};
#define NONE ((size_t) -1)

/* All keys but the last are the same. */
static size_t group_of (const struct config_section *s, const json_t *item, json_t *groups)
{
	const char *name = s->key[1] ? json_string_value (json_object_get (item, s->key[0])) : "";
	const json_t *known = json_object_get (groups, name);
	if (known)
		return (size_t) json_integer_value (known);
	size_t ret = json_object_size (groups);
	json_object_set_new (groups, name, json_integer ((json_int_t) ret));
	return ret;
}

static void sides_match (struct planning *p)
{
	json_t *index = json_object (), *groups = json_object (), *item;
	size_t i;
	p->group_was = arena_array (p->arena, p->n_was + 1, sizeof *p->group_was);
	p->group = arena_array (p->arena, p->n_wanted + 1, sizeof *p->group);
	p->to = arena_array (p->arena, p->n_was + 1, sizeof *p->to);
	p->from = arena_array (p->arena, p->n_wanted + 1, sizeof *p->from);
	p->stays = arena_array (p->arena, p->n_wanted + 1, sizeof *p->stays);
	json_array_foreach (p->was, i, item)
	{
		p->to[i] = NONE;
		p->group_was[i] = group_of (p->section, item, groups);
		json_object_set_new (index, config_item_name (p->arena, p->section, item), json_integer ((json_int_t) i));
	}
	json_array_foreach (p->wanted, i, item)
	{
		const json_t *at = json_object_get (index, config_item_name (p->arena, p->section, item));
		p->group[i] = group_of (p->section, item, groups);
		p->from[i] = at ? (size_t) json_integer_value (at) : NONE;
		if (at)
			p->to[p->from[i]] = i;
	}
	json_decref (index);
	json_decref (groups);
}

/* The longest run of a group's items that is in one order on both sides stays (by piles, as one sorts cards: the smallest end for each length). */
static void group_settle (struct planning *p, const size_t *group, size_t n, size_t *pile, size_t *before)
{
	size_t piles = 0;
	for (size_t i = 0; i < n; i++) {
		size_t at = group[i], low = 0, high = piles;
		if (p->from[at] == NONE)
			continue;
		while (low < high) {
			size_t middle = (low + high) / 2;
			if (p->from[pile[middle]] < p->from[at])
				low = middle + 1;
			else
				high = middle;
		}
		before[at] = low ? pile[low - 1] : NONE;
		pile[low] = at;
		piles += low == piles;
	}
	for (size_t at = piles ? pile[piles - 1] : NONE; at != NONE; at = before[at])
		p->stays[at] = true;
}

static size_t lying_find (const size_t *lying, size_t n, size_t what)
{
	size_t i = 0;
	while (i < n && lying[i] != what)
		i++;
	return i;
}

/* The group's items as they lie while the steps are taken, each by its index in the file (from n_wanted on: one that goes): what is new or moves is put
 * behind the one it follows, and `ret_place` says in which place that is. */
static void group_place (struct planning *p, const size_t *group, size_t n, size_t *lying, size_t *ret_place)
{
	size_t lie = 0;
	for (size_t i = 0; i < p->n_was; i++)
		if (p->group_was[i] == p->group[group[0]])
			lying[lie++] = p->to[i] == NONE ? p->n_wanted + i : p->to[i];
	for (size_t i = 0; i < n; i++) {
		size_t at = group[i];
		if (p->stays[at])
			continue;
		size_t was = lying_find (lying, lie, at);
		if (was < lie)
			memmove (lying + was, lying + was + 1, (--lie - was) * sizeof *lying);
		size_t to = i ? lying_find (lying, lie, group[i - 1]) + 1 : 0;
		memmove (lying + to + 1, lying + to, (lie++ - to) * sizeof *lying);
		lying[to] = at;
		ret_place[at] = to + 1;
	}
}

static void places_make (struct planning *p, size_t *ret_place)
{
	size_t room = p->n_was + p->n_wanted + 1;
	size_t *group = arena_array (p->arena, room, sizeof *group), *one = arena_array (p->arena, room, sizeof *one);
	size_t *two = arena_array (p->arena, room, sizeof *two);
	bool *done = arena_array (p->arena, room, sizeof *done);
	for (size_t i = 0; i < p->n_wanted; i++) {
		size_t n = 0;
		if (done[p->group[i]])
			continue;
		done[p->group[i]] = true;
		for (size_t k = i; k < p->n_wanted; k++)
			if (p->group[k] == p->group[i])
				group[n++] = k;
		group_settle (p, group, n, one, two);
		group_place (p, group, n, one, ret_place);
	}
}

/* What the file says and is otherwise. What it does not say is let alone. */
static void changes_find (struct arena *a, const json_t *was, const json_t *now, struct config_step *step)
{
	struct config_change *change = arena_array (a, json_object_size (now) + 1, sizeof *change);
	const char *name;
	json_t *value;
	json_object_foreach ((json_t *) now, name, value)
	{
		const json_t *old = json_object_get (was, name);
		if (json_is_null (old))
			old = NULL;
		if (json_is_null (value) ? !old : json_equal (old, value))
			continue;
		change[step->changes++] = (struct config_change){ .field = name, .was = old, .now = json_is_null (value) ? NULL : value };
	}
	step->change = change;
}

static void step_add (struct config_plan *plan, struct config_step *steps, struct config_step step)
{
	steps[plan->n++] = step;
	plan->of[step.action]++;
}

/* What stays, changes and is new. */
static void section_plan (struct arena *a, struct planning *p, struct config_plan *plan, struct config_step *steps)
{
	sides_match (p);
	size_t *place = arena_array (a, p->n_wanted + 1, sizeof *place);
	if (p->section->ordered)
		places_make (p, place);
	for (size_t i = 0; i < p->n_wanted; i++) {
		const json_t *now = json_array_get (p->wanted, i), *was = p->from[i] == NONE ? NULL : json_array_get (p->was, p->from[i]);
		struct config_step step = {
			.section = p->section, .was = was, .now = now, .was_at = p->from[i], .now_at = i, .place = place[i]
		};
		step.name = config_item_name (a, p->section, now);
		changes_find (a, was, now, &step);
		step.action = !was ? CONFIG_ADD : step.changes || step.place ? CONFIG_CHANGE : CONFIG_KEEP;
		step_add (plan, steps, step);
	}
}

void config_plan_make (struct arena *a, const struct configuration *was, const struct configuration *wanted, struct config_plan *ret)
{
	size_t sections = 0, most = 0;
	while (was->sections[sections].name)
		sections++;
	struct planning *p = arena_array (a, sections + 1, sizeof *p);
	for (size_t i = 0; i < sections; i++) {
		const struct config_section *s = &was->sections[i];
		p[i] = (struct planning){ .arena = a, .section = s, .was = json_object_get (was->root, s->name) };
		p[i].wanted = json_object_get (wanted->root, s->name);
		p[i].n_was = json_array_size (p[i].was);
		p[i].n_wanted = json_array_size (p[i].wanted);
		most += p[i].n_was + p[i].n_wanted;
	}
	struct config_step *steps = arena_array (a, most + 1, sizeof *steps);
	*ret = (struct config_plan){ .step = steps };
	for (size_t i = 0; i < sections; i++)
		if (p[i].wanted)
			section_plan (a, &p[i], ret, steps);
	for (size_t i = sections; i-- > 0;)
		for (size_t k = p[i].wanted && !p[i].section->stays ? p[i].n_was : 0; k-- > 0;)
			if (p[i].to[k] == NONE) {
				const json_t *item = json_array_get (p[i].was, k);
				step_add (ret, steps,
					  (struct config_step){ .action = CONFIG_REMOVE,
								.section = p[i].section,
								.name = config_item_name (a, p[i].section, item),
								.was = item,
								.was_at = k,
								.now_at = NONE });
			}
}
