/* Mentions: what is one, what is text, how names are found behind a colon, and what a reader without links sees. */
#include "mentions.h"
#include "test.h"

#include <string.h>

#define ID "0192f7c0-0000-7000-8000-00000000000a"

static size_t found (const char *text, struct mention ret[8])
{
	size_t n = 0, at = 0;
	while (n < 8 && mention_next (text, &at, &ret[n]))
		n++;
	return n;
}

static void tokens (void)
{
	struct mention m[8];
	CHECK (found ("Ask @{contact:" ID "|Jane Doe} now", m) == 1);
	CHECK (m[0].kind == mention_kind_contact && !m[0].typed && m[0].label_n == 8 && memcmp (m[0].label, "Jane Doe", 8) == 0);
	CHECK (m[0].from == 4 && m[0].until == 4 + strlen ("@{contact:" ID "|Jane Doe}"));
	CHECK (found ("@{lead:" ID "|a}@{opportunity:" ID "|b}@{account:" ID "|c}@{user:" ID "|d}", m) == 4);
	static const char *const none[] = {
		"",
		"@",
		"@{",
		"@{lead:",
		"@{lead:" ID,
		"@{lead:" ID "|",
		"@{lead:" ID "|}",
		"@{lead:" ID "|a",
		"@{lead:" ID "|a\nb}",
		"@{lead:" ID "|a|b}",
		"@{lead:" ID "|{b}",
		"@{deal:" ID "|a}",
		"@{lead:0192f7c0-0000-7000-8000-00000000000g|a}",
		"@{ lead:" ID "|a}"
	};
	for (size_t i = 0; i < LENGTH (none); i++)
		CHECK (found (none[i], m) == 0);
	CHECK (found ("@{lead:" ID "|a @{lead:" ID "|b}", m) == 1 && m[0].label[0] == 'b');
}

static void typed (void)
{
	struct mention m[8];
	CHECK (found ("Ask @contact:Jane Doe about @opportunity:Enterprise Deal and @account:Acme Corp, @lead:John Smith", m) == 4);
	CHECK (m[0].typed && m[0].kind == mention_kind_contact && m[0].until == 13 &&
	       strncmp (m[0].label, "Jane Doe about ", m[0].label_n) == 0);
	CHECK (mention_named (m[0].label, m[0].label_n, "jane DOE") == 8);
	CHECK (mention_named (m[0].label, m[0].label_n, "Jane") == 4 && mention_named (m[0].label, m[0].label_n, "Jan") == 0);
	CHECK (mention_named (m[2].label, m[2].label_n, "Acme Corp") == 9 &&
	       mention_named (m[2].label, m[2].label_n, "Acme Corporation") == 0);
	CHECK (mention_named (m[3].label, m[3].label_n, "John Smith") == 10 && mention_named (m[3].label, m[3].label_n, "") == 0);
	CHECK (found ("mail me@contact:x, @ contact:y, @nobody:z, @lead:", m) == 0);
	CHECK (found ("@lead:a\n@lead:b", m) == 2 && m[0].label_n == 1);
	CHECK (found ("@{lead:" ID "|@lead:x}", m) == 1 && !m[0].typed);
}

static void written (void)
{
	struct buffer out = { 0 };
	struct uuid id;
	struct mention m[8];
	CHECK (uuid_parse (ID, &id) == OK);
	mention_write (&out, mention_kind_account, id, "A {b} | c\n");
	buffer_add (&out, "", 1);
	CHECK (strcmp ((const char *) out.at, "@{account:" ID "|A (b) / c }") == 0 && found ((const char *) out.at, m) == 1);
	buffer_clear (&out);
	char longest[400];
	memset (longest, 'x', sizeof longest);
	memcpy (longest + 199, "é", 2);
	longest[399] = '\0';
	mention_write (&out, mention_kind_lead, id, longest);
	buffer_add (&out, "", 1);
	CHECK (found ((const char *) out.at, m) == 1 && m[0].label_n == 201);
	buffer_fini (&out);
}

static void read_plainly (void)
{
	struct arena a;
	arena_init (&a);
	const char *text = "Vraag @{contact:" ID
	"|Zoë}\nvandaag";
	CHECK (mention_length (text) == strlen ("Vraag @Zo. vandaag"));
	CHECK (strcmp (mention_plain (&a, text, 100), "Vraag @Zoë vandaag") == 0);
	CHECK (strcmp (mention_plain (&a, text, 10), "Vraag @Zoë") == 0 && strcmp (mention_plain (&a, "", 5), "") == 0);
	CHECK (mention_length ("@lead:Jan") == 9);
	arena_fini (&a);
}

int main (void)
{
	tokens ();
	typed ();
	written ();
	read_plainly ();
	return test_end ();
}
