/* Fuzz target: the small readers of text: times, dates, ids, amounts, JSON and UTF-8. What is taken comes back as it was written. */
#include "fuzz.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
	char *text = heap_alloc (size + 1), time[TIME_TEXT], date[DATE_TEXT], id[UUID_TEXT], amount[24];
	memcpy (text, data, size);
	int64_t at, at_again = 0;
	int32_t day, day_again = 0;
	struct uuid u, u_again = { 0 };
	struct money m, m_again = { 0 };
	enum status status = OK;
	if (time_parse (text, &at) == OK)
		status = time_parse (time_format (at, time), &at_again), assert (status == OK && at == at_again);
	if (date_parse (text, &day) == OK)
		status = date_parse (date_format (day, date), &day_again), assert (status == OK && day == day_again);
	if (uuid_parse (text, &u) == OK)
		status = uuid_parse (uuid_format (u, id), &u_again), assert (status == OK && uuid_equal (u, u_again));
	static const char *const currency[] = { "EUR", "JPY", "KWD", "CLF" };
	for (size_t i = 0; i < LENGTH (currency); i++)
		if (money_parse (text, currency[i], &m) == OK)
			status = money_parse (money_amount (m, amount), currency[i], &m_again),
			assert (status == OK && m.minor == m_again.minor);
	struct buffer quoted = { 0 };
	json_quote (&quoted, text);
	assert (json_is_valid ((struct bytes){ quoted.at, quoted.n })); /* whatever was quoted */
	buffer_fini (&quoted);
	if (json_is_valid ((struct bytes){ data, size })) { /* what we let through, a parser takes */
		json_error_t error;
		json_t *json = json_loadb ((const char *) data, size, JSON_DECODE_ANY, &error);
		assert (json || json_error_code (&error) == json_error_numeric_overflow);
		json_decref (json);
	}
	heap_free (text);
	return 0;
}
