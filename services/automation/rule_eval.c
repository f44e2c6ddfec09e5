/* Conditions on facts; see rule_eval.h. Takes no memory: a thousand rules are asked about every event.
 * It must never look at the clock, nor order two amounts of different currencies. */
#include "rule_eval.h"

#include <string.h>
#include "clock.h"

static const int64_t day_us = 86400000000;

static enum truth truth_of (bool is)
{
	return is ? TRUTH_TRUE : TRUTH_FALSE;
}

static enum truth truth_not (enum truth t)
{
	return t == TRUTH_UNKNOWN ? t : truth_of (t == TRUTH_FALSE);
}

/* ---- numbers and amounts ---- */

static enum truth order_truth (enum op op, fact_number is, fact_number wanted)
{
	return truth_of (op == OP_MORE	     ? is > wanted
			 : op == OP_LESS     ? is < wanted
			 : op == OP_AT_LEAST ? is >= wanted
			 : op == OP_AT_MOST  ? is <= wanted
					     : is == wanted);
}

static enum truth amount_truth (const struct condition *c, enum op op, struct money money)
{
	if (*c->currency && strcmp (c->currency, money.currency) != 0)
		return op == OP_IS ? TRUTH_FALSE : TRUTH_UNKNOWN;
	fact_number is = money.minor;
	for (int i = money_digits (money.currency); i < FACT_NUMBER_DIGITS; i++)
		is *= 10;
	return order_truth (op, is, c->number_wanted);
}

/* A fact that is ordered. */
static enum truth number_truth (const struct condition *c, enum op op, const struct fact *f, const struct asking *asking)
{
	fact_number is;
	if (f->kind == FACT_MONEY)
		return amount_truth (c, op, f->money);
	if (f->kind == FACT_NUMBER)
		return *c->currency ? TRUTH_UNKNOWN : order_truth (op, f->number, c->number_wanted);
	bool read = f->kind == FACT_TEXT && !*c->currency && number_written (f->text, asking->written, &is) == OK;
	return read ? order_truth (op, is, c->number_wanted) : TRUTH_UNKNOWN;
}

/* ---- words ---- */

static bool word_holds (const struct condition *c, enum op op, const char *small)
{
	for (size_t i = 0; i < c->n; i++) {
		const char *wanted = c->small[i], *found = op == OP_CONTAINS ? strstr (small, wanted) : NULL;
		if (op == OP_IS	      ? strcmp (small, wanted) == 0
		    : op == OP_STARTS ? strncmp (small, wanted, strlen (wanted)) == 0
				      : found != NULL)
			return true;
	}
	return false;
}

static enum truth list_truth (const struct condition *c, enum op op, const struct fact *f)
{
	for (size_t i = 0; i < f->n; i++)
		if (word_holds (c, op, f->list[i]))
			return TRUTH_TRUE;
	return TRUTH_FALSE;
}

/* An own field that is no text is what its words say, where they can be read so. */
static enum truth own_is (const struct condition *c, const struct fact *f)
{
	for (size_t i = 0; i < c->n; i++) {
		fact_number number;
		struct money money = f->money;
		int32_t day;
		bool is = false;
		if (f->kind == FACT_NUMBER)
			is = number_exact (c->word[i], &number) == OK && number == f->number;
		else if (f->kind == FACT_MONEY)
			is = money_parse (c->word[i], f->money.currency, &money) == OK && money.minor == f->money.minor;
		else if (f->kind == FACT_FLAG)
			is = strcmp (c->small[i], f->flag ? "true" : "false") == 0;
		else if (f->kind == FACT_DATE || f->kind == FACT_TIME)
			is = date_parse (c->word[i], &day) == OK && day == f->day;
		if (is)
			return TRUTH_TRUE;
	}
	return TRUTH_FALSE;
}

static enum truth words_truth (const struct condition *c, enum op op, const struct fact *f)
{
	if (f->kind == FACT_LIST)
		return list_truth (c, op, f);
	if (f->kind == FACT_TEXT || f->kind == FACT_CHOICE)
		return truth_of (word_holds (c, op, f->small));
	return op == OP_IS ? own_is (c, f) : TRUTH_UNKNOWN;
}

static enum truth ids_truth (const struct condition *c, const struct fact *f)
{
	for (size_t i = 0; i < c->n; i++)
		if (uuid_equal (c->id[i], f->id))
			return TRUTH_TRUE;
	return TRUTH_FALSE;
}

/* ---- days ---- */

/* The days that a condition names: before, after, and is. */
static enum truth day_truth (enum op op, int32_t is, int32_t wanted)
{
	return truth_of (op == OP_BEFORE ? is < wanted : op == OP_AFTER ? is > wanted : is == wanted);
}

static enum truth near_truth (const struct condition *c, enum op op, const struct fact *f, int32_t day, const struct asking *asking)
{
	if (f->kind == FACT_TIME) {
		int64_t most = c->days * day_us;
		return truth_of (op == OP_WITHIN ? f->at <= asking->now && f->at > asking->now - most
						 : f->at >= asking->now && f->at < asking->now + most);
	}
	int32_t today = asking->today;
	return truth_of (op == OP_WITHIN ? day <= today && day > today - c->days : day >= today && day < today + c->days);
}

static enum truth date_truth (const struct condition *c, enum op op, const struct fact *f, const struct asking *asking)
{
	int32_t day = f->day;
	bool is = f->kind == FACT_DATE || f->kind == FACT_TIME;
	if (!is && !(f->kind == FACT_TEXT && day_written (f->text, asking->written, &day) == OK))
		return TRUTH_UNKNOWN;
	return op == OP_WITHIN || op == OP_AHEAD ? near_truth (c, op, f, day, asking) : day_truth (op, day, c->day);
}

/* ---- one condition ---- */

/* What the operator denies; itself where it denies nothing. */
static enum op denied (enum op op)
{
	return op == OP_IS_NOT	       ? OP_IS
	       : op == OP_CONTAINS_NOT ? OP_CONTAINS
	       : op == OP_NOT_WITHIN   ? OP_WITHIN
	       : op == OP_NOT_AHEAD    ? OP_AHEAD
				       : op;
}

static enum truth is_truth (const struct condition *c, const struct fact *f, const struct asking *asking)
{
	if (c->id)
		return ids_truth (c, f);
	if (c->word)
		return words_truth (c, OP_IS, f);
	if (f->kind == FACT_FLAG)
		return truth_of (f->flag == c->flag);
	return f->kind == FACT_DATE || f->kind == FACT_TIME ? date_truth (c, OP_IS, f, asking) : number_truth (c, OP_IS, f, asking);
}

static enum truth value_truth (const struct condition *c, enum op op, const struct fact *f, const struct asking *asking)
{
	switch (op) {
	case OP_IS: return is_truth (c, f, asking);
	case OP_CONTAINS:
	case OP_STARTS: return words_truth (c, op, f);
	case OP_MORE:
	case OP_LESS:
	case OP_AT_LEAST:
	case OP_AT_MOST: return number_truth (c, op, f, asking);
	case OP_BEFORE:
	case OP_AFTER:
	case OP_WITHIN:
	case OP_AHEAD: return date_truth (c, op, f, asking);
	case OP_FILLED: return TRUTH_TRUE;
	case OP_EMPTY:
	case OP_IS_NOT:
	case OP_CONTAINS_NOT:
	case OP_NOT_WITHIN:
	case OP_NOT_AHEAD:
	case OP_COUNT: break;
	}
	return TRUTH_FALSE;
}

enum truth condition_evaluate (const struct condition *c, const struct fact *fact, const struct asking *asking)
{
	enum op op = denied (c->op);
	if (fact->has == ABSENT)
		return TRUTH_UNKNOWN;
	if (fact->has == CLEARED)
		return truth_of (c->op == OP_EMPTY || op != c->op);
	enum truth is = value_truth (c, op, fact, asking);
	return op == c->op ? is : truth_not (is);
}

/* ---- the tree ---- */

static enum truth node_truth (const struct node *node, const struct fact fact[], const struct asking *asking)
{
	if (node->kind == NODE_CONDITION)
		return condition_evaluate (&node->condition, &fact[node->condition.fact], asking);
	enum truth stop = node->kind == NODE_ALL ? TRUTH_FALSE : TRUTH_TRUE, ret = truth_not (stop);
	for (size_t i = 0; i < node->n && ret != stop; i++) {
		enum truth one = node_truth (&node->at[i], fact, asking);
		if (one == stop || one == TRUTH_UNKNOWN)
			ret = one;
	}
	return node->kind == NODE_NONE ? truth_not (ret) : ret;
}

/* The condition because of which a node is not `wanted`. */
static const struct condition *culprit (const struct node *node, enum truth wanted, const struct fact fact[], const struct asking *asking)
{
	while (node->kind != NODE_CONDITION) {
		/* what its members would have to be; where one of them would do, each of them failed, and the first is told */
		bool each = wanted == (node->kind == NODE_ANY ? TRUTH_FALSE : TRUTH_TRUE);
		size_t i = 0;
		if (node->kind == NODE_NONE)
			wanted = truth_not (wanted);
		while (each && i + 1 < node->n && node_truth (&node->at[i], fact, asking) == wanted)
			i++;
		node = &node->at[i];
	}
	return &node->condition;
}

struct verdict conditions_evaluate (const struct conditions *conditions, const struct fact fact[], const struct asking *asking)
{
	enum truth is = conditions->root ? node_truth (conditions->root, fact, asking) : TRUTH_TRUE;
	if (is == TRUTH_TRUE)
		return (struct verdict){ .matched = true };
	const struct condition *at = culprit (conditions->root, TRUTH_TRUE, fact, asking);
	return (struct verdict){ .unknown = is == TRUTH_UNKNOWN, .failed = at->number, .at = at };
}
