/* EPC069-12, versions 001 (with the bank's BIC) and 002 (without): lines, up to what is said last.
 * It must never put a line break of ours into a line of theirs: what stands in a name would be read as an account. */
#include "epc.h"

#include <qrencode.h>
#include <string.h>
#include "charset.h"
#include "identifiers.h"

enum { NAME_MOST = 70, TEXT_MOST = 140, BYTES_MOST = 331, VERSION_MOST = 13 };
static const int64_t amount_most = 99999999999;

/* Control characters as blanks, none at the ends; cut to `most` characters. True: nothing was cut. */
static bool line_of (struct arena *a, const char *text, size_t most, const char **ret)
{
	char *line = arena_text (a, text);
	size_t n = 0, characters = 0;
	bool whole = true;
	for (char *at = line; *at; at++)
		if ((unsigned char) *at < ' ' || *at == 127)
			*at = ' ';
	line += strspn (line, " ");
	for (; line[n]; n++) {
		characters += ((unsigned char) line[n] & 0xC0) != 0x80; /* what goes on with a character counts with it */
		if (characters > most) {
			whole = false;
			break;
		}
	}
	while (n && line[n - 1] == ' ')
		n--;
	line[n] = '\0';
	*ret = line;
	return whole;
}

enum status epc_text (struct arena *a, const struct epc *e, const char **ret)
{
	const char *name, *iban, *bic = "", *reference = "", *text = "";
	if (!e->name || !text_is_utf8 ((struct bytes){ (const unsigned char *) e->name, strlen (e->name) }))
		return REFUSED;
	line_of (a, e->name, NAME_MOST, &name);
	if (!*name || !e->iban || iban_read (a, e->iban, &iban) != OK || e->amount < 1 || e->amount > amount_most)
		return REFUSED;
	if (e->bic && *e->bic && bic_read (a, e->bic, &bic) != OK)
		return REFUSED;
	if (e->reference && *e->reference && rf_read (a, e->reference, &reference) != OK)
		return REFUSED;
	if (e->text && (!text_is_utf8 ((struct bytes){ (const unsigned char *) e->text, strlen (e->text) }) ||
			!line_of (a, e->text, TEXT_MOST, &text) || (*text && *reference)))
		return REFUSED;
	char *all = arena_printf (a, "BCD\n%s\n1\nSCT\n%s\n%s\n%s\nEUR%lld.%02lld\n\n%s\n%s", *bic ? "001" : "002", bic, name, iban,
				  (long long) (e->amount / 100), (long long) (e->amount % 100), reference, text);
	size_t n = strlen (all);
	while (all[n - 1] == '\n')
		all[--n] = '\0';
	/* the two lines of what it is about stand there together, as in the fixtures: after a reference the empty text is still a line. The prose of the
	 * guideline would end before it; who reads by lines sees no difference */
	if (*reference)
		all[n++] = '\n';
	if (n > BYTES_MOST)
		return REFUSED;
	*ret = all;
	return OK;
}

enum status epc_qr (struct arena *a, const char *text, struct qr *ret)
{
	QRcode *code = QRcode_encodeData ((int) strlen (text), (const unsigned char *) text, 0, QR_ECLEVEL_M);
	if (!code)
		return REFUSED;
	bool fits = code->version <= VERSION_MOST;
	if (fits) {
		size_t n = (size_t) code->width * (size_t) code->width;
		unsigned char *module = arena_alloc (a, n);
		for (size_t i = 0; i < n; i++)
			module[i] = code->data[i] & 1; /* the other bits say what the module is for */
		*ret = (struct qr){ .width = code->width, .module = module };
	}
	QRcode_free (code);
	return fits ? OK : REFUSED;
}
