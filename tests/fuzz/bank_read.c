/* Fuzz target: bank statements of both formats. What is read holds to the cent, in whole UTF-8 of one line each; what is refused says why. */
#include "fuzz.h"

#include "charset.h"
#include "../../services/billing/bank.h"

static void line_check (const char *text)
{
	if (!text)
		return;
	assert (text_is_utf8 ((struct bytes){ (const unsigned char *) text, strlen (text) }));
	assert (strlen (text) <= BANK_TEXT_MOST && !strpbrk (text, "\r\n\t"));
}

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
	struct arena a;
	struct bank_file file = { 0 };
	struct bank_fault fault = { 0 };
	arena_init (&a);
	if (bank_read (&a, (struct bytes){ data, size }, &file, &fault) != OK)
		assert (fault.where && *fault.where && fault.reason && *fault.reason);
	for (size_t i = 0; i < file.statements; i++) {
		const struct bank_statement *s = &file.statement[i];
		int64_t sum = s->opening;
		assert (s->account && *s->account && bank_currency_good (s->currency));
		line_check (s->account);
		line_check (s->number);
		for (size_t k = 0; k < s->entries; k++) {
			const struct bank_entry *e = &s->entry[k];
			sum += e->amount;
			assert (e->text);
			line_check (e->text);
			line_check (e->name);
			line_check (e->iban);
			line_check (e->end_to_end);
			line_check (e->reference);
		}
		assert (sum == s->closing);
	}
	arena_fini (&a);
	return 0;
}
