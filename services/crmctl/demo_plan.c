/* The demo workspaces, and the plan of each: people, inquiries and deals by arithmetic alone. The same words in, the same plan out, whoever runs it and
 * when; it must never look at a clock, nor ask for anything. */
#include "demo.h"

#include <stdio.h>
#include <string.h>
#include "demo_data.h"

const struct demo_workspace demo_workspaces[] = {
	{ .agency = NULL,
	  .dutch = true,
	  .slug = "bakkerij-jansen",
	  .name = "Bakkerij Jansen",
	  .preset = "nl-offerte-6",
	  .domain = "bakkerij-jansen.example",
	  .first = &dutch_first,
	  .last = &dutch_last,
	  .firms = &bakery_firms,
	  .forms = &bakery_forms,
	  .wishes = &bakery_wishes,
	  .projects = &bakery_projects,
	  .notes = &dutch_notes,
	  .tags = &dutch_tags,
	  .talk = &dutch_talk,
	  .asked = &dutch_asked,
	  .did = &dutch_done,
	  .tasks = &dutch_tasks,
	  .losses = &dutch_losses,
	  .moves = &dutch_moves,
	  .sources = &web_sources,
	  .currency = "EUR",
	  .phone = "+31 6 ",
	  .digits = 8,
	  .least = 60,
	  .most = 2400,
	  .stages = { "contact_opgenomen", "offerte_verstuurd", "in_onderhandeling", "gewonnen" },
	  .lost = "verloren",
	  .file = "wensen.txt",
	  .by_qualify = false,
	  .notes_wanted = false,
	  .team = { "Jan Jansen", "Mieke Jansen", "Tom Kuipers" },
	  .role = { "owner", "sales", "sales" } },
	{ .agency = NULL,
	  .dutch = true,
	  .slug = "garage-smit",
	  .name = "Garage Smit",
	  .preset = "nl-offerte-6",
	  .domain = "garage-smit.example",
	  .first = &dutch_first,
	  .last = &dutch_last,
	  .firms = &garage_firms,
	  .forms = &garage_forms,
	  .wishes = &garage_wishes,
	  .projects = &garage_projects,
	  .notes = &dutch_notes,
	  .tags = &dutch_tags,
	  .talk = &dutch_talk,
	  .asked = &dutch_asked,
	  .did = &dutch_done,
	  .tasks = &dutch_tasks,
	  .losses = &dutch_losses,
	  .moves = &dutch_moves,
	  .sources = &web_sources,
	  .currency = "EUR",
	  .phone = "+31 6 ",
	  .digits = 8,
	  .least = 90,
	  .most = 14500,
	  .stages = { "contact_opgenomen", "offerte_verstuurd", "in_onderhandeling", "gewonnen" },
	  .lost = "verloren",
	  .file = "kenteken.txt",
	  .by_qualify = false,
	  .notes_wanted = false,
	  .team = { "Henk Smit", "Wilma Smit", "Ali Demir" },
	  .role = { "owner", "sales", "sales" } },
	{ .agency = "Kestrel IT",
	  .slug = "kestrel-it",
	  .name = "Kestrel IT",
	  .preset = "classic-6",
	  .domain = "kestrel-it.example",
	  .first = &english_first,
	  .last = &english_last,
	  .firms = &msp_firms,
	  .forms = &msp_forms,
	  .wishes = &msp_wishes,
	  .projects = &msp_projects,
	  .notes = &english_notes,
	  .tags = &english_tags,
	  .talk = &english_talk,
	  .asked = &english_asked,
	  .did = &english_done,
	  .tasks = &english_tasks,
	  .losses = &english_losses,
	  .moves = &english_moves,
	  .sources = &web_sources,
	  .currency = "EUR",
	  .phone = "+44 20 7946 ",
	  .digits = 4,
	  .least = 400,
	  .most = 38000,
	  .stages = { "qualified", "proposal", "negotiation", "won" },
	  .lost = "lost",
	  .file = "devices.txt",
	  .by_qualify = false,
	  .notes_wanted = false,
	  .team = { "Mitch Kestrel", "Rosie Bell", "Adam Finch" },
	  .role = { "owner", "admin", "admin" } },
	{ .agency = "Envíos MX",
	  .slug = "envios-mx",
	  .name = "Envíos MX",
	  .preset = "follow-up",
	  .domain = "envios-mx.example",
	  .first = &mexican_first,
	  .last = &mexican_last,
	  .firms = &shipping_firms,
	  .forms = &shipping_forms,
	  .wishes = &shipping_wishes,
	  .projects = &shipping_projects,
	  .notes = &english_notes,
	  .tags = &english_tags,
	  .talk = &english_talk,
	  .asked = &english_asked,
	  .did = &english_done,
	  .tasks = &english_tasks,
	  .losses = &english_losses,
	  .moves = &shipping_moves,
	  .sources = &web_sources,
	  .currency = "USD",
	  .phone = "+52 55 ",
	  .digits = 8,
	  .least = 250,
	  .most = 9000,
	  .stages = { "contacted", "interested", "negotiation", "onboarding", "won" },
	  .lost = "lost",
	  .file = "volumes.txt",
	  .by_qualify = false,
	  .notes_wanted = true,
	  .team = { "Carmen Solís", "Luis Prado", "Elena Mora" },
	  .role = { "owner", "sdr", "mdr" } },
	{ .agency = "Harbor & Pine",
	  .slug = "harbor-pine",
	  .name = "Harbor & Pine",
	  .preset = "dynamics",
	  .domain = "harbor-pine.example",
	  .first = &english_first,
	  .last = &english_last,
	  .firms = &sales_firms,
	  .forms = &sales_forms,
	  .wishes = &sales_wishes,
	  .projects = &sales_projects,
	  .notes = &english_notes,
	  .tags = &english_tags,
	  .talk = &english_talk,
	  .asked = &english_asked,
	  .did = &english_done,
	  .tasks = &english_tasks,
	  .losses = &english_losses,
	  .moves = &english_moves,
	  .sources = &web_sources,
	  .currency = "EUR",
	  .second = "USD",
	  .rates = { "0.9215", "0.9342", "0.9187" },
	  .phone = "+1 212 555 ",
	  .digits = 4,
	  .least = 1200,
	  .most = 85000,
	  .stages = { "qualified", "proposal", "negotiation", "won" },
	  .lost = "lost",
	  .file = "requirements.txt",
	  .by_qualify = true,
	  .notes_wanted = false,
	  .team = { "Dana Pine", "Rob Ellery", "Vera Quist" },
	  .role = { "owner", "manager", "sales" } },
	{ .agency = "Tulip & Co",
	  .slug = "tulip-co",
	  .name = "Tulip & Co",
	  .preset = "commerce",
	  .domain = "tulip-co.example",
	  .first = &english_first,
	  .last = &english_last,
	  .firms = &shop_firms,
	  .forms = &shop_forms,
	  .wishes = &shop_wishes,
	  .projects = &shop_projects,
	  .notes = &english_notes,
	  .tags = &english_tags,
	  .talk = &english_talk,
	  .asked = &english_asked,
	  .did = &english_done,
	  .tasks = &english_tasks,
	  .losses = &english_losses,
	  .moves = &english_moves,
	  .sources = &web_sources,
	  .currency = "EUR",
	  .phone = "+31 20 ",
	  .digits = 7,
	  .least = 35,
	  .most = 3200,
	  .stages = { "qualified", "proposal", "won" },
	  .lost = "lost",
	  .file = "order.txt",
	  .by_qualify = false,
	  .notes_wanted = false,
	  .team = { "Nina Tulp", "Max Orr", "Ilse Hof" },
	  .role = { "owner", "manager", "sales" } },
};
const size_t demo_workspaces_n = sizeof demo_workspaces / sizeof *demo_workspaces;

/* SplitMix64 (Steele, Lea, Flood 2014): small, and the same everywhere. */
static uint64_t random_next (uint64_t *seed)
{
	uint64_t z = *seed += 0x9e3779b97f4a7c15u;
	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

static int64_t random_between (uint64_t *seed, int64_t least, int64_t most)
{
	return least + (int64_t) (random_next (seed) % (uint64_t) (most - least + 1));
}

static const char *random_of (uint64_t *seed, const struct demo_text *texts)
{
	return texts->at[random_next (seed) % texts->n];
}

/* ---- people ---- */

/* The ASCII letter of what begins here: of U+00C0 to U+00FF the one without its accent, of ı the i. 0: none. */
static char letter_plain (const char *at)
{
	static const char plain[] = "aaaaaaaceeeeiiiidnooooo ouuuuytsaaaaaaaceeeeiiiidnooooo ouuuuyty";
	unsigned char c = (unsigned char) *at, next = c ? (unsigned char) at[1] : 0;
	if (c == 0xc3 && next >= 0x80 && next <= 0xbf)
		return plain[next - 0x80] == ' ' ? 0 : plain[next - 0x80];
	if (c == 0xc4 && next == 0xb1)
		return 'i';
	c |= 32;
	return c >= 'a' && c <= 'z' ? (char) c : 0;
}

/* "Sanne de Boer" of "Hotel De Linde": sanne.deboer@hotel-de-linde.example, in ASCII. */
static void address_make (char *ret, size_t room, const char *name, const char *firm)
{
	size_t n = 0;
	*ret = 0;
	for (const char *at = name; *at && n < room - 60; at++) {
		char letter = letter_plain (at);
		if (*at == ' ' && !strchr (ret, '.') && n)
			ret[n++] = '.';
		else if (letter)
			ret[n++] = letter;
		ret[n] = 0;
	}
	n += (size_t) snprintf (ret + n, room - n, "@");
	for (const char *at = firm ? firm : "post"; *at && n < room - 20; at++) {
		char letter = letter_plain (at);
		if (letter)
			ret[n++] = letter;
		else if (*at == ' ' && ret[n - 1] != '-')
			ret[n++] = '-';
	}
	snprintf (ret + n, room - n, ".example");
}

/* No two of a workspace have the same name: seven and the number of names have no common divisor. */
static struct demo_person person_make (const struct demo_workspace *w, size_t p, uint64_t *seed)
{
	struct demo_person ret = { .firm = random_of (seed, w->firms) };
	char digits[20];
	snprintf (ret.name, sizeof ret.name, "%s %s", w->first->at[p % w->first->n],
		  w->last->at[(p * 7 + p / w->first->n * 3) % w->last->n]);
	address_make (ret.email, sizeof ret.email, ret.name, ret.firm);
	snprintf (digits, sizeof digits, "%08lld", (long long) random_between (seed, 10000000, 99999999));
	snprintf (ret.phone, sizeof ret.phone, "%s%.*s", w->phone, w->digits, digits);
	return ret;
}

/* ---- how far things get ---- */

static int steps_of (const struct demo_workspace *w)
{
	int n = 0;
	while (n < DEMO_STAGES && w->stages[n])
		n++;
	return n;
}

/* The older, the further: what is twelve weeks old is won or lost, what is a week old has just begun; every stage has somebody in it. S is the last step. */
enum { S = 100 };
static const struct {
	int way;
	bool lost;
} fates[3][10] = {
	{ { S, false },
	  { S, false },
	  { 2, true },
	  { S, false },
	  { S - 1, false },
	  { 1, true },
	  { S, false },
	  { 3, true },
	  { S - 2, false },
	  { S, false } },
	{ { S, false },
	  { S - 1, false },
	  { 1, true },
	  { S - 1, false },
	  { 2, false },
	  { S - 1, false },
	  { 2, true },
	  { 1, false },
	  { S, false },
	  { S - 2, false } },
	{ { 0, false },
	  { 1, false },
	  { 0, false },
	  { 2, false },
	  { 0, false },
	  { 1, false },
	  { 0, false },
	  { 0, false },
	  { 1, false },
	  { 0, false } },
};

static void item_fate (const struct demo_workspace *w, struct demo_item *item, size_t i)
{
	int steps = steps_of (w), era = item->days > 42 ? 0 : item->days > 10 ? 1 : 2, way = fates[era][i % 10].way;
	if (way > S / 2)
		way = steps + way - S;
	item->lost = fates[era][i % 10].lost;
	item->way = way > steps ? steps : way < 0 ? 0 : way;
	item->status = item->way >= 2 && !(item->lost && item->way == 2) ? DEMO_QUALIFIED
		       : item->way || item->days % 2			 ? DEMO_CONTACTED
									 : DEMO_NEW;
	if (w->by_qualify && item->way && !(item->lost && item->way == 1))
		item->status = DEMO_QUALIFIED;
}

int demo_step_days (const struct demo_item *item, int step)
{
	int days = item->days - item->days * (step + 1) / (item->way + 1);
	return days < 1 ? 1 : days;
}

static const char *loss_key (const struct demo_text *losses, const char *said)
{
	size_t at = 0;
	while (at + 1 < losses->n && losses->at[at] != said)
		at++;
	return loss_keys.at[at];
}

static void item_words (const struct demo_workspace *w, struct demo_item *item, size_t i, uint64_t *seed)
{
	bool over = item->lost || item->way == steps_of (w);
	item->minute = (int) random_between (seed, 8 * 60, 16 * 60);
	item->owner = random_next (seed) % DEMO_TEAM;
	item->source = random_of (seed, w->sources);
	item->wish = random_of (seed, w->wishes);
	item->worth = item->way || i % 3 ? random_between (seed, w->least, w->most) : 0;
	item->note = i % 2 ? random_of (seed, w->notes) : NULL;
	item->closes = over ? -demo_step_days (item, item->way - 1) : (int) random_between (seed, 5, 60);
	for (int k = 0; k < item->way; k++) {
		const char *said = k < item->way - 1 || !over ? w->moves->at[(size_t) k % (w->moves->n - 1)]
				   : item->lost		      ? random_of (seed, w->losses)
							      : w->moves->at[w->moves->n - 1];
		if (item->lost && k == item->way - 1)
			item->loss = loss_key (w->losses, said);
		item->move[k] = w->notes_wanted || random_next (seed) % 2 ? said : NULL;
	}
}

/* The last ones come in now; before them one a day or two, and less often the longer ago. */
static int lead_days (size_t i)
{
	int before = DEMO_LEADS - DEMO_BY_HOOK - 1, k = before - (int) i;
	return k < 0 ? 0 : 1 + k * k * (DEMO_DAYS - 1) / (before * before);
}

void demo_plan (size_t which, struct demo_plan *ret)
{
	const struct demo_workspace *w = &demo_workspaces[which];
	uint64_t seed = 0x1ead0000 + which;
	size_t contacts = 0, leads_people = 0;
	*ret = (struct demo_plan){ 0 };
	for (size_t p = 0; p < DEMO_PEOPLE; p++)
		ret->person[p] = person_make (w, p + 31 * which, &seed);
	for (size_t i = 0; i < DEMO_LEADS; i++) {
		struct demo_item *lead = &ret->lead[i];
		lead->person = i % 9 == 8 ? ret->lead[i - 5].person : leads_people++; /* now and then somebody asks again */
		lead->days = lead_days (i);
		lead->title = random_of (&seed, w->forms);
		if (lead->days)
			item_fate (w, lead, i);
		item_words (w, lead, i, &seed);
		struct demo_person *who = &ret->person[lead->person];
		if (w->by_qualify && lead->status == DEMO_QUALIFIED && !who->is_contact) {
			who->is_contact = true;
			who->days = demo_step_days (lead, 0);
			contacts++;
		}
	}
	if (!w->by_qualify)
		contacts = leads_people;
	for (ret->people = leads_people; contacts < DEMO_CONTACTS; ret->people++, contacts++) {
		ret->person[ret->people].is_contact = true;
		ret->person[ret->people].days = (int) random_between (&seed, 2, DEMO_DAYS - 1);
	}
	for (size_t i = 0; i < DEMO_BY_HAND; i++) {
		struct demo_item *deal = &ret->deal[i];
		deal->person = leads_people + i;
		deal->days = 70 - 11 * (int) i;
		deal->title = w->projects->at[i % w->projects->n];
		deal->way = (int) i % steps_of (w);
		item_words (w, deal, i + 1, &seed);
		if (ret->person[deal->person].days <= deal->days)
			ret->person[deal->person].days = deal->days + 1;
	}
}
