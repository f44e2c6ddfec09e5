/* Fuzz target: what name servers say. The bytes of an answer as it came give texts that can be printed, or none; and whatever stands in records, looking at a
 * domain ends after so many questions, each record with a state. */
#include "fuzz.h"

#include "../../services/mailer/dns.h"

enum { QUESTIONS_MOST = 2000, ANSWERS_MOST = 3 };

/* no server is talked to here */
bool address_is_private (const struct sockaddr *at)
{
	return at == NULL;
}

struct zone {
	struct arena *arena;
	const uint8_t *at;
	size_t n;
	int asked;
};

static enum dns_said zone_ask (void *ctx, const char *name, enum dns_type type, struct dns_answer *ret)
{
	struct zone *z = ctx;
	(void) type;
	assert (name && ++z->asked < QUESTIONS_MOST);
	*ret = (struct dns_answer){ .text = arena_array (z->arena, ANSWERS_MOST, sizeof *ret->text) };
	if (!z->n)
		return DNS_FAILS;
	size_t rows = *z->at++ % 4;
	z->n--;
	if (rows == ANSWERS_MOST)
		return DNS_FAILS;
	while (rows-- && z->n) {
		size_t n = *z->at++;
		z->n--;
		n = n < z->n ? n : z->n;
		char *text = arena_copy (z->arena, (const char *) z->at, n);
		for (size_t i = 0; i < n; i++)
			text[i] = text[i] < ' ' || text[i] > '~' ? '?' : text[i];
		ret->text[ret->n++] = text;
		z->at += n;
		z->n -= n;
	}
	return ret->n ? DNS_SOME : DNS_NONE;
}

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
	static const enum dns_type types[] = { DNS_A, DNS_AAAA, DNS_CNAME, DNS_MX, DNS_TXT };
	struct dns_answer found;
	struct dns_record record[DNS_RECORDS_MOST];
	if (size < 2)
		return 0;
	struct arena arena;
	arena_init (&arena);
	enum dns_said said = dns_read (&arena, data + 1, size - 1, types[*data % LENGTH (types)], &found);
	assert ((said == DNS_SOME) == (found.n > 0));
	for (size_t i = 0; i < found.n; i++)
		for (const char *p = found.text[i]; *p; p++)
			assert (*data % LENGTH (types) != 4 || (*p >= ' ' && *p <= '~'));
	struct zone zone = { .arena = &arena, .at = data + 1, .n = size - 1 };
	struct dns_zone z = { .ask = zone_ask, .ctx = &zone, .arena = &arena };
	struct dns_subject s = { .kind = *data & 16 ? mail_account_kind_smtp : mail_account_kind_sendgrid,
				 .domain = "zon.test",
				 .host = *data & 16 ? *data & 32 ? "smtp.gmail.com" : "smtp.zon.test" : NULL,
				 .reply_domain = *data & 64 ? "in.zon.test" : NULL,
				 .selector = *data & 128 ? "x" : NULL };
	size_t n = dns_look (&z, &s, record);
	assert (n >= 4 && n <= DNS_RECORDS_MOST);
	for (size_t i = 0; i < n; i++)
		assert (record[i].role && record[i].name && record[i].type && record[i].state <= DNS_UNKNOWN &&
			(record[i].state == DNS_OK || record[i].why));
	arena_fini (&arena);
	return 0;
}
