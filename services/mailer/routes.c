/* The door: what providers, mail programs and people's browsers ask of mailer itself, by secrets in the address.
 * It must never answer success before the commit, nor let a key or a token into a log. */
#include "mailer.h"

#include <string.h>

void answer_error (struct http_request *r, int error, const char *detail)
{
	const struct error_row *row = &error_rows[error];
	const char *said = http_header (r, "Accept-Language");
	const char *nl = said ? strstr (said, "nl") : NULL, *en = said ? strstr (said, "en") : NULL;
	if (row->status == 503 || row->status == 504)
		http_set (r, "Retry-After", "5");
	http_reply_problem (r, row->status, row->code, nl && (!en || nl < en) ? row->nl : row->en, detail, NULL);
}

void mailer_route (struct http_request *r, void *app)
{
	(void) app;
	answer_error (r, ERROR_not_found, NULL);
}
