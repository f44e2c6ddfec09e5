/* What is known of the companies of a demo workspace beside their name: what they do, where they are, how they are reached; and their places.
 * Made up, all of it, and the same every time; it must never name anybody who exists. */
#include "demo.h"

#include <stdio.h>
#include <string.h>

enum { FIRMS = 4 };

static const struct land {
	const char *phone; /* how numbers begin there */
	const char *country;
	bool dutch; /* of workspaces that speak Dutch: what it does, what its places are called; the streets are as they are there */
	const char *industry[FIRMS], *street[FIRMS], *postcode[FIRMS], *city[FIRMS];
	const char *line[FIRMS], *main_place, *other_place; /* line: its phone, of numbers that no one has */
} lands[] = {
	{ .phone = "+31",
	  .country = "Nederland",
	  .dutch = true,
	  .industry = { "Horeca", "Horeca", "Bouw", "Zakelijke diensten" },
	  .street = { "Lindelaan 12", "Noorderkade 3", "Industrieweg 41", "Marktplein 8" },
	  .postcode = { "3512 AB", "1811 CD", "8013 EF", "6811 GH" },
	  .city = { "Utrecht", "Alkmaar", "Zwolle", "Arnhem" },
	  .line = { "85 123 4501", "85 123 4502", "85 123 4503", "85 123 4504" },
	  .main_place = "Hoofdkantoor",
	  .other_place = "Magazijn" },
	{ .phone = "+31",
	  .country = "Netherlands",
	  .industry = { "Design", "Hotel", "Fashion", "Business services" },
	  .street = { "Lindelaan 12", "Noorderkade 3", "Industrieweg 41", "Marktplein 8" },
	  .postcode = { "3512 AB", "1811 CD", "8013 EF", "6811 GH" },
	  .city = { "Utrecht", "Alkmaar", "Zwolle", "Arnhem" },
	  .line = { "85 123 4501", "85 123 4502", "85 123 4503", "85 123 4504" },
	  .main_place = "Head office",
	  .other_place = "Warehouse" },
	{ .phone = "+44",
	  .country = "United Kingdom",
	  .industry = { "Manufacturing", "Software", "Health care", "Law" },
	  .street = { "12 Mill Lane", "3 Harbour Road", "41 Station Road", "8 Market Square" },
	  .postcode = { "LS1 4AB", "BS1 5CD", "YO1 7EF", "NR2 1GH" },
	  .city = { "Leeds", "Bristol", "York", "Norwich" },
	  .line = { "113 496 0101", "117 496 0102", "1632 960 103", "1632 960 104" },
	  .main_place = "Head office",
	  .other_place = "Warehouse" },
	{ .phone = "+52",
	  .country = "Mexico",
	  .industry = { "Fashion", "Food", "Fashion", "Books" },
	  .street = { "Av. Jacarandas 12", "Calle Sierra 3", "Av. Norte 41", "Calle del Sur 8" },
	  .postcode = { "06600", "44100", "64000", "72000" },
	  .city = { "Ciudad de México", "Guadalajara", "Monterrey", "Puebla" },
	  .line = { "55 5550 0101", "33 5550 0102", "81 5550 0103", "222 550 0104" },
	  .main_place = "Head office",
	  .other_place = "Warehouse" },
	{ .phone = "+1",
	  .country = "United States",
	  .industry = { "Retail", "Health care", "Shipping", "Law" },
	  .street = { "12 Mill Street", "3 Harbor Road", "41 Station Avenue", "8 Market Square" },
	  .postcode = { "60601", "97201", "02110", "19103" },
	  .city = { "Chicago", "Portland", "Boston", "Philadelphia" },
	  .line = { "312 555 0101", "503 555 0102", "617 555 0103", "215 555 0104" },
	  .main_place = "Head office",
	  .other_place = "Distribution center" },
};

static const struct land *land_of (const struct demo_workspace *w)
{
	for (size_t i = 0; i < sizeof lands / sizeof *lands; i++)
		if (lands[i].dutch == w->dutch && strncmp (w->phone, lands[i].phone, strlen (lands[i].phone)) == 0)
			return &lands[i];
	return &lands[0];
}

/* A firm's name as a host: letters and digits of ASCII, a dash for the rest. */
static const char *host_of (const char *firm, char out[80])
{
	size_t n = 0;
	for (; *firm && n < 60; firm++) {
		char c = *firm >= 'A' && *firm <= 'Z' ? (char) (*firm + 32) : *firm;
		bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
		if (plain)
			out[n++] = c;
		else if (n && out[n - 1] != '-')
			out[n++] = '-';
	}
	while (n && out[n - 1] == '-')
		n--;
	out[n] = '\0';
	return out;
}

void demo_firm (const struct demo_workspace *w, const char *firm, size_t nth, struct demo_firm *ret)
{
	const struct land *land = land_of (w);
	char host[80];
	nth %= FIRMS;
	host_of (firm, host);
	*ret = (struct demo_firm){ .industry = land->industry[nth],
				   .address = land->street[nth],
				   .postcode = land->postcode[nth],
				   .city = land->city[nth],
				   .country = land->country };
	snprintf (ret->website, sizeof ret->website, "https://www.%s.example", host);
	snprintf (ret->email, sizeof ret->email, "info@%s.example", host);
	snprintf (ret->phone, sizeof ret->phone, "%s %s", land->phone, land->line[nth]);
	ret->places = nth % 2 ? 1 : 2;
	ret->place[0] = (struct demo_spot){ .name = land->main_place, .type = "headquarters" };
	ret->place[1] = (struct demo_spot){ .name = land->other_place, .type = nth ? "distribution_center" : "warehouse" };
	for (size_t i = 0; i < ret->places; i++) {
		struct demo_spot *place = &ret->place[i];
		size_t at = (nth + i) % FIRMS;
		snprintf (place->address, sizeof place->address, "%s\n%s %s", land->street[at], land->postcode[at], land->city[at]);
		snprintf (place->map, sizeof place->map, "https://maps.example/%s/%zu", host, i + 1);
	}
}
