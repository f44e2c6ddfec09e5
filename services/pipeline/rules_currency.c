/* What pipeline decides about currencies: what a rate may be, and which one it is. See rules.h.
 * Never a floating point number: a rate is a whole number of 10^-9. */
#include "rules.h"

#include <inttypes.h>
#include <string.h>
#include "clock.h"

enum { RATES_MOST = 5000, RATE_DIGITS = 9 };
#define RATE_ONE INT64_C (1000000000)

bool currency_fits (const char *code)
{
	return strlen (code) == 3 && strspn (code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == 3;
}

/* Nine digits at most and at least one; how many, or 0. */
static size_t digits_read (const char *text, int64_t *ret)
{
	size_t n = strspn (text, "0123456789");
	*ret = 0;
	for (size_t i = 0; n <= RATE_DIGITS && i < n; i++)
		*ret = *ret * 10 + (text[i] - '0');
	return n <= RATE_DIGITS ? n : 0;
}

bool rate_parse (const char *text, int64_t *ret_nano)
{
	int64_t whole, part = 0;
	size_t n = digits_read (text, &whole), decimals = 0;
	if (n && text[n] == '.') {
		decimals = digits_read (text + n + 1, &part);
		n = decimals ? n + 1 + decimals : 0;
	}
	if (!n || text[n])
		return false;
	for (; decimals < RATE_DIGITS; decimals++)
		part *= 10;
	*ret_nano = whole * RATE_ONE + part; /* below 10^18 */
	return *ret_nano > 0;
}

const char *rate_text (struct arena *a, int64_t nano)
{
	char part[RATE_DIGITS + 2];
	int64_t rest = nano % RATE_ONE;
	size_t n = RATE_DIGITS;
	for (size_t i = RATE_DIGITS; i; i--, rest /= 10)
		part[i] = (char) ('0' + rest % 10);
	part[0] = '.';
	while (n && part[n] == '0')
		n--;
	part[n ? n + 1 : 0] = '\0';
	return arena_printf (a, "%" PRId64 "%s", nano / RATE_ONE, part);
}

struct outcome currency_set_check (struct arena *a, const struct currency_set *cmd, const struct rate_place *place)
{
	if (place->has.workspace_id != HERE)
		return refused (workspace_not_found);
	return currency_fits (cmd->base) ? done () : refused_at (a, "/base", "not_a_currency", "an ISO 4217 code, as EUR");
}

static struct outcome rate_wrong (struct arena *a)
{
	return refused_at (a, "/rate", "not_a_rate", "above 0, at most nine digits before the point and nine after it, as \"1.0845\"");
}

struct outcome rate_put_read (struct arena *a, const struct rate_put *cmd, const struct rate_place *place, struct rate_row *ret)
{
	char day[DATE_TEXT];
	if (place->has.workspace_id != HERE)
		return refused (workspace_not_found);
	if (!currency_fits (cmd->currency))
		return refused_at (a, "/currency", "not_a_currency", "an ISO 4217 code, as USD");
	if (!strcmp (cmd->currency, place->base))
		return refused_at (a, "/currency", "is_base", "the base currency needs no rate");
	*ret = (struct rate_row){
		.workspace_id = { cmd->head.workspace }, .base = place->base, .currency = cmd->currency, .day = cmd->day
	};
	if (!rate_parse (cmd->rate, &ret->nano))
		return rate_wrong (a);
	ret->rate_id.uuid = board_id_of (a, ret->workspace_id, "rate", arena_printf (a, "%s %s", ret->base, ret->currency),
					 date_format (ret->day, day));
	return done ();
}

struct outcome rate_room (struct arena *a, const struct rate_place *was)
{
	bool more = was->has.rate_id != HERE;
	return more && was->rates >= RATES_MOST ? refused_at (a, "/rate", "too_many", "five thousand rates are the most") : done ();
}

struct outcome rate_update_read (struct arena *a, const struct rate_update *cmd, const struct rate_place *place, struct rate_row *ret)
{
	if (place->has.rate_id != HERE)
		return refused (rate_not_found);
	*ret = (struct rate_row){ .workspace_id = place->workspace_id,
				  .rate_id = place->rate_id,
				  .base = place->of_base,
				  .currency = place->currency,
				  .day = place->day };
	return rate_parse (cmd->rate, &ret->nano) ? done () : rate_wrong (a);
}
