/* Mollie's words; see mollie.h. Source: Mollie's API reference, v2 (OpenAPI), and its page on next-generation webhooks.
 * It must never write an amount but as the exact decimal text that Mollie wants. */
#include "mollie.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "seal.h"

/* ---- what is asked ---- */

static json_t *amount_json (struct money m)
{
	char text[24];
	return json_pack ("{ssss}", "currency", m.currency, "value", money_amount (m, text));
}

static void set (json_t *o, const char *name, const char *text)
{
	if (text)
		json_object_set_new (o, name, json_string (text));
}

static const char *written (struct arena *a, json_t *o)
{
	char *text = json_dumps (o, JSON_COMPACT);
	assert (text); /* what the database keeps is UTF-8 */
	const char *ret = arena_text (a, text);
	free (text);
	json_decref (o);
	return ret;
}

const char *mollie_payment_ask (struct arena *a, const struct pay_ask *ask)
{
	json_t *o = json_object (), *ours = json_object ();
	json_object_set_new (o, "amount", amount_json (ask->amount));
	set (o, "description", ask->description);
	set (o, "redirectUrl", ask->back_url);
	set (o, "webhookUrl", ask->hook_url);
	set (o, "method", ask->method);
	set (o, "locale", ask->locale);
	set (ours, "invoice_id", ask->invoice_id);
	set (ours, "tenant", ask->workspace);
	json_object_set_new (o, "metadata", ours);
	return written (a, o);
}

/* ---- what is answered ---- */

static bool amount_read (const json_t *o, const char *name, struct money *ret)
{
	const json_t *amount = json_object_get (o, name);
	const char *value = json_string_value (json_object_get (amount, "value")),
		   *currency = json_string_value (json_object_get (amount, "currency"));
	return value && currency && strlen (currency) == 3 && money_parse (value, currency, ret) == OK && ret->minor >= 0;
}

/* In the payment's own currency; what is not there is nothing. */
static bool part_read (const json_t *o, const char *name, struct money whole, int64_t *ret)
{
	struct money m;
	*ret = 0;
	if (!json_is_object (json_object_get (o, name)))
		return true;
	if (!amount_read (o, name, &m) || strcmp (m.currency, whole.currency) != 0)
		return false;
	*ret = m.minor;
	return true;
}

static bool state_read (const char *text, enum pay_state *ret)
{
	static const struct {
		const char *name;
		enum pay_state state;
	} table[] = { { "open", PAY_OPEN },	{ "pending", PAY_PENDING }, { "authorized", PAY_PENDING }, { "paid", PAY_PAID },
		      { "failed", PAY_FAILED }, { "expired", PAY_EXPIRED }, { "canceled", PAY_CANCELLED } };
	for (size_t i = 0; text && i < LENGTH (table); i++)
		if (!strcmp (text, table[i].name)) {
			*ret = table[i].state;
			return true;
		}
	return false;
}

static enum status payment_read (struct arena *a, const json_t *o, struct pay_told *ret)
{
	const char *resource = json_string_value (json_object_get (o, "resource"));
	struct pay_told told = { .external_id = pay_id (a, o, "id") };
	const json_t *ours = json_object_get (o, "metadata"), *links = json_object_get (o, "_links"),
		     *details = json_object_get (o, "details");
	bool link = resource && !strcmp (resource, "payment-link");
	if (!resource || (!link && strcmp (resource, "payment") != 0) || !told.external_id || !amount_read (o, "amount", &told.amount))
		return REFUSED;
	/* a link has no status of its own: it is paid from a moment on */
	if (link)
		told.state = json_is_string (json_object_get (o, "paidAt")) ? PAY_PAID : PAY_OPEN;
	else if (!state_read (json_string_value (json_object_get (o, "status")), &told.state))
		return REFUSED;
	if (!part_read (o, "amountRefunded", told.amount, &told.refunded) ||
	    !part_read (o, "amountChargedBack", told.amount, &told.charged_back))
		return REFUSED;
	told.invoice_id = pay_id (a, ours, "invoice_id");
	told.workspace = pay_id (a, ours, "tenant");
	told.url = pay_text (a, json_object_get (links, link ? "paymentLink" : "checkout"), "href");
	told.name = pay_text (a, details, "consumerName");
	told.iban = pay_id (a, details, "consumerAccount");
	*ret = told;
	return OK;
}

enum status mollie_payment_read (struct arena *a, struct bytes body, struct pay_told *ret)
{
	json_t *o = json_loadb ((const char *) body.at, body.n, 0, NULL);
	enum status status = payment_read (a, o, ret);
	json_decref (o);
	return status;
}

const char *mollie_error (struct arena *a, struct bytes body)
{
	json_t *o = json_loadb ((const char *) body.at, body.n, 0, NULL);
	const char *detail = json_string_value (json_object_get (o, "detail")), *title = json_string_value (json_object_get (o, "title"));
	const char *ret = pay_words (a, detail ? detail : title);
	json_decref (o);
	return ret;
}

/* ---- what is posted ---- */

static enum status event_read (struct arena *a, const json_t *o, struct pay_hook *ret)
{
	const char *resource = json_string_value (json_object_get (o, "resource"));
	struct pay_hook hook = { .event_id = pay_id (a, o, "id"), .fetch_id = pay_id (a, o, "entityId") };
	if (!resource || strcmp (resource, "event") != 0 || !hook.event_id)
		return REFUSED;
	hook.has_told = payment_read (a, json_object_get (json_object_get (o, "_embedded"), "entity"), &hook.told) == OK;
	*ret = hook;
	return OK;
}

enum status mollie_hook_read (struct arena *a, struct bytes body, struct pay_hook *ret)
{
	if (body.n > 3 && !memcmp (body.at, "id=", 3)) {
		const char *id = arena_copy (a, (const char *) body.at + 3, body.n - 3);
		if (!pay_id_good (id) || strlen (id) != body.n - 3)
			return REFUSED;
		*ret = (struct pay_hook){ .fetch_id = id };
		return OK;
	}
	json_t *o = json_loadb ((const char *) body.at, body.n, 0, NULL);
	enum status status = event_read (a, o, ret);
	json_decref (o);
	return status;
}

bool mollie_signed (const char *header, const char *secret, struct bytes body)
{
	unsigned char digest[32];
	if (!header || !secret || !*secret)
		return false;
	hmac_sha256 ((struct bytes){ (const unsigned char *) secret, strlen (secret) }, body, digest);
	while (*header) {
		char one[80];
		header += strspn (header, " ,");
		size_t n = strcspn (header, " ,");
		if (n > 7 && n < sizeof one && !strncasecmp (header, "sha256=", 7)) {
			memcpy (one, header + 7, n - 7);
			one[n - 7] = 0;
			if (hex_equal (one, digest, sizeof digest))
				return true;
		}
		header += n;
	}
	return false;
}
