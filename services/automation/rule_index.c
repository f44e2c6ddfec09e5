/* Rules by their first condition; see rule_index.h. Those that want a word or an id stand sorted by fact and by what they want; all others are asked always.
 * It must never judge a condition otherwise than rule_eval does: what it is not sure of is asked. */
#include "rule_index.h"

#include <stdlib.h>
#include <string.h>

enum { BITS = 64 };

/* One of the words or ids that a rule's first condition wants. */
struct key {
	size_t fact; /* among the set's */
	const char *small;
	struct uuid id;
	uint32_t rule;
};

struct rule_index {
	const struct rule *const *rule;
	size_t n;
	struct fact_name *fact;
	size_t n_facts;
	const size_t **place; /* of each rule's facts among the set's */
	struct key *key;
	size_t n_keys;
	uint64_t *always; /* a bit a rule */
};

/* ---- making it ---- */

static size_t fact_place (struct rule_index *x, const struct fact_name *name)
{
	for (size_t i = 0; i < x->n_facts; i++)
		if (strcmp (x->fact[i].name, name->name) == 0)
			return i;
	x->fact[x->n_facts] = *name;
	return x->n_facts++;
}

/* The condition without which nothing of the tree holds, if it is the one of number 1; null: there is none. */
static const struct condition *first_of (const struct node *node)
{
	while (node && node->kind == NODE_ALL)
		node = &node->at[0];
	return node && node->kind == NODE_CONDITION && node->condition.number == 1 ? &node->condition : NULL;
}

/* Whether what such a condition wants can be looked up. An own field's value may be of any kind: it is asked. */
static bool is_key (const struct condition *c, const struct rule *rule)
{
	enum fact_kind kind = rule->fact[c->fact].kind;
	return c->op == OP_IS && (kind == FACT_ID || kind == FACT_TEXT || kind == FACT_CHOICE || kind == FACT_LIST);
}

static int wanted_compare (const struct key *a, const struct key *b)
{
	if (a->fact != b->fact)
		return a->fact < b->fact ? -1 : 1;
	return a->small ? strcmp (a->small, b->small) : memcmp (&a->id, &b->id, sizeof a->id);
}

static int key_compare (const void *a, const void *b)
{
	const struct key *l = a, *r = b;
	int by_want = wanted_compare (l, r);
	return by_want ? by_want : l->rule < r->rule ? -1 : l->rule > r->rule;
}

static void keys_add (struct rule_index *x, uint32_t i)
{
	const struct condition *c = first_of (x->rule[i]->conditions.root);
	if (!c || !is_key (c, x->rule[i])) {
		x->always[i / BITS] |= (uint64_t) 1 << i % BITS;
		return;
	}
	for (size_t k = 0; k < c->n; k++) {
		struct key key = { .fact = x->place[i][c->fact], .small = c->id ? NULL : c->small[k], .rule = i };
		if (c->id)
			key.id = c->id[k];
		x->key[x->n_keys++] = key;
	}
}

struct rule_index *rule_index_make (struct arena *a, const struct rule *const rule[], size_t n)
{
	struct rule_index *x = arena_alloc (a, sizeof *x);
	size_t facts = 0, keys = 0;
	for (size_t i = 0; i < n; i++) {
		const struct condition *c = first_of (rule[i]->conditions.root);
		facts += rule[i]->n_facts;
		keys += c ? c->n : 0;
	}
	x->rule = rule;
	x->n = n;
	x->fact = arena_array (a, facts + 1, sizeof *x->fact);
	x->key = arena_array (a, keys + 1, sizeof *x->key);
	x->place = arena_array (a, n + 1, sizeof *x->place);
	x->always = arena_array (a, n / BITS + 1, sizeof *x->always);
	for (size_t i = 0; i < n; i++) {
		size_t *place = arena_array (a, rule[i]->n_facts + 1, sizeof *place);
		for (size_t k = 0; k < rule[i]->n_facts; k++)
			place[k] = fact_place (x, &rule[i]->fact[k]);
		x->place[i] = place;
		keys_add (x, (uint32_t) i);
	}
	qsort (x->key, x->n_keys, sizeof *x->key, key_compare);
	return x;
}

const struct fact_name *rule_index_facts (const struct rule_index *x, size_t *ret_n)
{
	*ret_n = x->n_facts;
	return x->fact;
}

/* ---- asking it ---- */

static void bit_set (uint64_t bits[], uint32_t i)
{
	bits[i / BITS] |= (uint64_t) 1 << i % BITS;
}

/* Those that want this. */
static void wanted_mark (const struct rule_index *x, const struct key *has, uint64_t bits[])
{
	size_t from = 0, to = x->n_keys;
	while (from < to) {
		size_t middle = from + (to - from) / 2;
		if (wanted_compare (&x->key[middle], has) < 0)
			from = middle + 1;
		else
			to = middle;
	}
	for (; from < x->n_keys && wanted_compare (&x->key[from], has) == 0; from++)
		bit_set (bits, x->key[from].rule);
}

/* Those of x->key[from] to before [to], which are of one fact. A value of another kind than its name says is for the evaluator to judge. */
static void fact_mark (const struct rule_index *x, size_t from, size_t to, const struct fact *f, uint64_t bits[])
{
	struct key has = { .fact = x->key[from].fact };
	if (f->has != HERE)
		return;
	if (f->kind != x->fact[has.fact].kind) {
		for (; from < to; from++)
			bit_set (bits, x->key[from].rule);
	} else if (f->kind == FACT_LIST) {
		for (size_t i = 0; i < f->n; i++) {
			has.small = f->list[i];
			wanted_mark (x, &has, bits);
		}
	} else {
		has.small = f->kind == FACT_ID ? NULL : f->small;
		has.id = f->id;
		wanted_mark (x, &has, bits);
	}
}

const uint32_t *rule_index_candidates (const struct rule_index *x, struct arena *a, const struct fact fact[], size_t *ret_n)
{
	size_t words = x->n / BITS + 1, n = 0;
	uint64_t *bits = arena_array (a, words, sizeof *bits);
	memcpy (bits, x->always, words * sizeof *bits);
	for (size_t from = 0, to; from < x->n_keys; from = to) {
		for (to = from + 1; to < x->n_keys && x->key[to].fact == x->key[from].fact;)
			to++;
		fact_mark (x, from, to, &fact[x->key[from].fact], bits);
	}
	for (size_t i = 0; i < words; i++)
		n += (size_t) __builtin_popcountll (bits[i]);
	uint32_t *ret = arena_array (a, n + 1, sizeof *ret);
	*ret_n = 0;
	for (size_t i = 0; i < words; i++)
		for (uint64_t left = bits[i]; left; left &= left - 1)
			ret[(*ret_n)++] = (uint32_t) (i * BITS) + (uint32_t) __builtin_ctzll (left);
	return ret;
}

const struct fact *rule_index_facts_of (const struct rule_index *x, struct arena *a, const struct fact fact[], uint32_t rule)
{
	size_t n = x->rule[rule]->n_facts;
	struct fact *ret = arena_array (a, n + 1, sizeof *ret);
	for (size_t i = 0; i < n; i++)
		ret[i] = fact[x->place[rule][i]];
	return ret;
}
