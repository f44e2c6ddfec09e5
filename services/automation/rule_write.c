/* A rule as JSON, in its one form; see rule.h. It must never write what rule_read would read as something else. */
#include <string.h>
#include "clock.h"
#include "rule_parts.h"

static void span_write (struct buffer *out, struct span span)
{
	buffer_printf (out, "{\"%s\":%d}", span_names[span.unit], span.n);
}

static void minute_write (struct buffer *out, int minute)
{
	buffer_printf (out, ",\"at\":\"%02d:%02d\"", minute / 60, minute % 60);
}

static void when_write (struct buffer *out, const struct rule *r)
{
	const struct when *w = &r->when;
	const char *before = "[";
	switch (w->kind) {
	case WHEN_EVENT: buffer_printf (out, "{\"event\":\"%s\"}", w->event->type); return;
	case WHEN_AFTER:
		buffer_printf (out, "{\"event\":\"%s\",\"after\":", w->event->type);
		span_write (out, w->span);
		break;
	case WHEN_BEFORE:
		buffer_printf (out, "{\"before\":\"%s\",\"by\":", r->fact[w->fact].name);
		span_write (out, w->span);
		minute_write (out, w->each.minute);
		break;
	case WHEN_QUIET:
		buffer_printf (out, "{\"quiet\":\"%s\",\"for\":", w->record);
		span_write (out, w->span);
		break;
	case WHEN_EACH:
		buffer_text (out, "{\"each\":");
		for (int i = 0; weekday_names[i]; i++)
			if (w->each.days & 1u << i) {
				buffer_printf (out, "%s\"%s\"", before, weekday_names[i]);
				before = ",";
			}
		buffer_text (out, "]");
		minute_write (out, w->each.minute);
		break;
	}
	buffer_text (out, "}");
}

/* ---- conditions ---- */

/* Whole as a number, else as a text without the zeros at its end. */
static void number_write (struct buffer *out, fact_number number)
{
	bool minus = number < 0;
	fact_number left = minus ? -number : number;
	long long whole = (long long) (left / FACT_NUMBER_ONE);
	int part = (int) (left % FACT_NUMBER_ONE), digits = FACT_NUMBER_DIGITS;
	if (!part) {
		buffer_printf (out, "%s%lld", minus ? "-" : "", whole);
		return;
	}
	for (; part % 10 == 0; digits--)
		part /= 10;
	buffer_printf (out, "\"%s%lld.%0*d\"", minus ? "-" : "", whole, digits, part);
}

static void many_write (struct buffer *out, const struct condition *c)
{
	char text[UUID_TEXT];
	if (c->n > 1)
		buffer_text (out, "[");
	for (size_t i = 0; i < c->n; i++) {
		if (i)
			buffer_text (out, ",");
		json_quote (out, c->id ? uuid_format (c->id[i], text) : c->word[i]);
	}
	if (c->n > 1)
		buffer_text (out, "]");
}

static void amount_write (struct buffer *out, const struct condition *c)
{
	if (!*c->currency) {
		number_write (out, c->number_wanted);
		return;
	}
	buffer_text (out, "{\"amount\":");
	number_write (out, c->number_wanted);
	buffer_printf (out, ",\"currency\":\"%s\"}", c->currency);
}

void rule_condition_write (struct buffer *out, const struct rule *r, const struct condition *c)
{
	enum wanted wanted = wanted_of (r->fact[c->fact].kind, c->op);
	char day[DATE_TEXT];
	buffer_text (out, "{\"fact\":");
	json_quote (out, r->fact[c->fact].name);
	buffer_printf (out, ",\"op\":\"%s\"", op_names[c->op]);
	if (wanted != WANTED_NOTHING)
		buffer_text (out, ",\"value\":");
	switch (wanted) {
	case WANTED_NOTHING: break;
	case WANTED_WORD:
	case WANTED_WORDS:
	case WANTED_IDS: many_write (out, c); break;
	case WANTED_NUMBER:
	case WANTED_AMOUNT: amount_write (out, c); break;
	case WANTED_DAY: json_quote (out, date_format (c->day, day)); break;
	case WANTED_DAYS: buffer_printf (out, "%d", c->days); break;
	case WANTED_FLAG: buffer_text (out, c->flag ? "true" : "false"); break;
	}
	buffer_text (out, "}");
}

static void node_write (struct buffer *out, const struct rule *r, const struct node *node)
{
	if (node->kind == NODE_CONDITION) {
		rule_condition_write (out, r, &node->condition);
		return;
	}
	buffer_printf (out, "{\"%s\":", group_names[node->kind]);
	for (size_t i = 0; i < node->n; i++) {
		buffer_text (out, i ? "," : "[");
		node_write (out, r, &node->at[i]);
	}
	buffer_text (out, "]}");
}

/* ---- steps ---- */

static void steps_write (struct buffer *out, const struct rule *r, struct steps steps);

static void pick_write (struct buffer *out, const struct given_field *g)
{
	char text[UUID_TEXT];
	for (size_t i = 0; i < g->n_pick; i++)
		buffer_printf (out, "%s\"%s\"", i ? "," : "{\"pick\":[", uuid_format (g->pick[i], text));
	buffer_printf (out, "],\"by\":\"%s\"}", pick_names[g->pick_by]);
}

static void given_write (struct buffer *out, const struct rule *r, const struct given_field *given, size_t n);

static void items_write (struct buffer *out, const struct rule *r, const struct given_field *g)
{
	for (size_t i = 0; i < g->n_items; i++) {
		buffer_text (out, i ? "," : "[");
		given_write (out, r, g->item[i].field, g->item[i].n);
	}
	buffer_text (out, "]");
}

static void given_write (struct buffer *out, const struct rule *r, const struct given_field *given, size_t n)
{
	buffer_text (out, "{");
	for (size_t i = 0; i < n; i++) {
		const struct given_field *g = &given[i];
		buffer_printf (out, "%s\"%s\":", i ? "," : "", g->field->name);
		switch (g->kind) {
		case GIVEN_PLAIN:
		case GIVEN_JSON:
		case GIVEN_TEXT: buffer_text (out, g->json); break;
		case GIVEN_FACT:
			buffer_text (out, "{\"fact\":");
			json_quote (out, r->fact[g->fact].name);
			buffer_text (out, "}");
			break;
		case GIVEN_IN:
			buffer_text (out, "{\"in\":");
			span_write (out, g->in);
			if (g->in_at >= 0)
				minute_write (out, g->in_at);
			buffer_text (out, "}");
			break;
		case GIVEN_PICK: pick_write (out, g); break;
		case GIVEN_LIST: items_write (out, r, g); break;
		}
	}
	buffer_text (out, "}");
}

static void do_write (struct buffer *out, const struct rule *r, const struct step *step)
{
	buffer_printf (out, "{\"do\":\"%s\"", step->command->name);
	if (step->n_with) {
		buffer_text (out, ",\"with\":");
		given_write (out, r, step->with, step->n_with);
	}
	buffer_text (out, "}");
}

static void step_write (struct buffer *out, const struct rule *r, const struct step *step)
{
	switch (step->kind) {
	case STEP_DO: do_write (out, r, step); return;
	case STEP_WAIT:
		buffer_text (out, "{\"wait\":");
		span_write (out, step->wait);
		break;
	case STEP_BRANCH:
		buffer_text (out, "{\"if\":");
		node_write (out, r, step->branch.root);
		buffer_text (out, ",\"then\":");
		steps_write (out, r, step->yes);
		if (step->no.n) {
			buffer_text (out, ",\"else\":");
			steps_write (out, r, step->no);
		}
		break;
	case STEP_STOP: buffer_text (out, "{\"stop\":true"); break;
	}
	buffer_text (out, "}");
}

static void steps_write (struct buffer *out, const struct rule *r, struct steps steps)
{
	for (size_t i = 0; i < steps.n; i++) {
		buffer_text (out, i ? "," : "[");
		step_write (out, r, &steps.at[i]);
	}
	buffer_text (out, "]");
}

void rule_write (struct buffer *out, const struct rule *r)
{
	buffer_text (out, "{\"when\":");
	when_write (out, r);
	if (r->conditions.root) {
		buffer_text (out, ",\"if\":");
		node_write (out, r, r->conditions.root);
	}
	buffer_text (out, ",\"then\":");
	steps_write (out, r, r->steps);
	buffer_text (out, "}");
}
