/* Stripe's words; see stripe.h. Source: Stripe's API reference and its page on webhook signatures.
 * It must never take an event's order for the order of things: what it tells is read, what is so is asked. */
#include "stripe.h"

#include <stdlib.h>
#include <string.h>
#include "seal.h"

/* ---- what is asked ---- */

/* Brackets in names as they are, values as forms have them. */
static void pair_add (struct buffer *b, const char *name, const char *value)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~";
	if (!value)
		return;
	buffer_printf (b, "%s%s=", b->n ? "&" : "", name);
	for (; *value; value++)
		if (*value == ' ')
			buffer_text (b, "+");
		else if (strchr (plain, *value))
			buffer_add (b, value, 1);
		else
			buffer_printf (b, "%%%02X", (unsigned) (unsigned char) *value);
}

const char *stripe_session_ask (struct arena *a, const struct pay_ask *ask)
{
	struct buffer b = { 0 };
	char *currency = arena_text (a, ask->amount.currency);
	for (char *p = currency; *p; p++)
		*p = (char) (*p | ' ');
	pair_add (&b, "mode", "payment");
	pair_add (&b, "client_reference_id", ask->invoice_id);
	pair_add (&b, "customer_email", ask->email);
	pair_add (&b, "success_url", ask->back_url);
	pair_add (&b, "line_items[0][price_data][currency]", currency);
	pair_add (&b, "line_items[0][price_data][unit_amount]", arena_printf (a, "%lld", (long long) ask->amount.minor));
	pair_add (&b, "line_items[0][price_data][product_data][name]", ask->description);
	pair_add (&b, "line_items[0][quantity]", "1");
	pair_add (&b, "payment_intent_data[metadata][invoice_id]", ask->invoice_id);
	pair_add (&b, "metadata[invoice_id]", ask->invoice_id);
	pair_add (&b, "payment_intent_data[metadata][tenant]", ask->workspace);
	pair_add (&b, "metadata[tenant]", ask->workspace);
	pair_add (&b, "payment_method_types[0]", ask->method);
	pair_add (&b, "locale", ask->locale ? arena_printf (a, "%.2s", ask->locale) : NULL);
	const char *ret = arena_copy (a, (const char *) b.at, b.n);
	buffer_fini (&b);
	return ret;
}

/* ---- what is told ---- */

static bool amount_read (const json_t *o, const char *name, struct money *ret)
{
	const json_t *amount = json_object_get (o, name);
	const char *currency = json_string_value (json_object_get (o, "currency"));
	if (!json_is_integer (amount) || json_integer_value (amount) < 0 || !currency || strlen (currency) != 3)
		return false;
	*ret = (struct money){ .minor = json_integer_value (amount) };
	for (int i = 0; i < 3; i++) {
		ret->currency[i] = (char) (currency[i] & ~' ');
		if (ret->currency[i] < 'A' || ret->currency[i] > 'Z')
			return false;
	}
	return true;
}

/* An id, or the object itself where it was asked for with it. */
static const char *linked_id (struct arena *a, const json_t *o, const char *name)
{
	const json_t *value = json_object_get (o, name);
	return json_is_object (value) ? pay_id (a, value, "id") : pay_id (a, o, name);
}

static bool is (const json_t *o, const char *name, const char *value)
{
	const char *text = json_string_value (json_object_get (o, name));
	return text && !strcmp (text, value);
}

static int64_t number (const json_t *o, const char *name)
{
	const json_t *value = json_object_get (o, name);
	return json_is_integer (value) && json_integer_value (value) >= 0 ? json_integer_value (value) : PAY_UNTOLD;
}

/* What went back of a charge. A dispute takes all that was left of it. */
static void charge_parts (const json_t *charge, struct money whole, struct pay_told *ret)
{
	ret->refunded = number (charge, "amount_refunded");
	const json_t *disputed = json_object_get (charge, "disputed");
	if (json_is_boolean (disputed))
		ret->charged_back = json_is_true (disputed) ? whole.minor - (ret->refunded > 0 ? ret->refunded : 0) : 0;
}

static enum status session_read (struct arena *a, const json_t *o, struct pay_told *ret)
{
	const json_t *charge = json_object_get (json_object_get (o, "payment_intent"), "latest_charge"); /* where it was asked for */
	ret->session_id = pay_id (a, o, "id");
	ret->external_id = linked_id (a, o, "payment_intent");
	ret->url = pay_text (a, o, "url");
	ret->state = is (o, "payment_status", "paid") ? PAY_PAID
		     : is (o, "status", "expired")    ? PAY_EXPIRED
		     : is (o, "status", "complete")   ? PAY_PENDING
						      : PAY_OPEN;
	if (!ret->session_id || !amount_read (o, "amount_total", &ret->amount))
		return REFUSED;
	if (json_is_object (charge))
		charge_parts (charge, ret->amount, ret);
	return OK;
}

static enum status intent_read (struct arena *a, const json_t *o, struct pay_told *ret)
{
	const json_t *charge = json_object_get (o, "latest_charge");
	ret->external_id = pay_id (a, o, "id");
	ret->state = is (o, "status", "succeeded")    ? PAY_PAID
		     : is (o, "status", "processing") ? PAY_PENDING
		     : is (o, "status", "canceled")   ? PAY_CANCELLED
						      : PAY_OPEN;
	/* what was taken is what counts, once it was */
	if (!ret->external_id || !amount_read (o, ret->state == PAY_PAID ? "amount_received" : "amount", &ret->amount))
		return REFUSED;
	if (json_is_object (charge))
		charge_parts (charge, ret->amount, ret);
	return OK;
}

static enum status charge_read (struct arena *a, const json_t *o, struct pay_told *ret)
{
	ret->external_id = linked_id (a, o, "payment_intent");
	ret->state = is (o, "status", "failed") ? PAY_FAILED : is (o, "status", "pending") ? PAY_PENDING : PAY_PAID;
	if (!ret->external_id || !amount_read (o, "amount", &ret->amount))
		return REFUSED;
	charge_parts (o, ret->amount, ret);
	return OK;
}

/* Its amount is the dispute's, not the payment's: that is asked for. */
static enum status dispute_read (struct arena *a, const json_t *o, struct pay_told *ret)
{
	ret->external_id = linked_id (a, o, "payment_intent");
	ret->state = PAY_PAID;
	if (!ret->external_id || !amount_read (o, "amount", &ret->amount))
		return REFUSED;
	ret->charged_back = is (o, "status", "won") || is (o, "status", "warning_closed") ? 0 : ret->amount.minor;
	return OK;
}

static enum status object_read (struct arena *a, const json_t *o, struct pay_told *ret)
{
	struct pay_told told = { .refunded = PAY_UNTOLD, .charged_back = PAY_UNTOLD };
	const json_t *ours = json_object_get (o, "metadata");
	enum status status = is (o, "object", "checkout.session") ? session_read (a, o, &told)
			     : is (o, "object", "payment_intent") ? intent_read (a, o, &told)
			     : is (o, "object", "charge")	  ? charge_read (a, o, &told)
			     : is (o, "object", "dispute")	  ? dispute_read (a, o, &told)
								  : REFUSED;
	told.invoice_id = pay_id (a, ours, "invoice_id");
	told.workspace = pay_id (a, ours, "tenant");
	if (status == OK)
		*ret = told;
	return status;
}

enum status stripe_object_read (struct arena *a, struct bytes body, struct pay_told *ret)
{
	json_t *o = json_loadb ((const char *) body.at, body.n, 0, NULL);
	enum status status = object_read (a, o, ret);
	json_decref (o);
	return status;
}

static bool dispute_holds (const json_t *o)
{
	const char *status = json_string_value (json_object_get (o, "status"));
	return !status || (strcmp (status, "won") != 0 && strncmp (status, "warning_", 8) != 0);
}

enum status stripe_disputes_read (struct bytes body, int64_t *ret)
{
	json_t *o = json_loadb ((const char *) body.at, body.n, 0, NULL), *list = json_object_get (o, "data"), *one;
	enum status status = is (o, "object", "list") && json_is_array (list) ? OK : REFUSED;
	size_t i;
	*ret = 0;
	json_array_foreach (list, i, one)
	{
		int64_t amount = number (one, "amount");
		if (amount == PAY_UNTOLD || !is (one, "object", "dispute") ||
		    __builtin_add_overflow (*ret, dispute_holds (one) ? amount : 0, ret))
			status = REFUSED;
	}
	json_decref (o);
	return status;
}

const char *stripe_error (struct arena *a, struct bytes body)
{
	json_t *o = json_loadb ((const char *) body.at, body.n, 0, NULL);
	const char *ret = pay_words (a, json_string_value (json_object_get (json_object_get (o, "error"), "message")));
	json_decref (o);
	return ret;
}

/* ---- what is posted ---- */

static enum status event_read (struct arena *a, const json_t *o, struct pay_hook *ret)
{
	struct pay_hook hook = { .event_id = pay_id (a, o, "id") };
	const json_t *object = json_object_get (json_object_get (o, "data"), "object");
	if (!is (o, "object", "event") || !hook.event_id || !json_is_object (object))
		return REFUSED;
	hook.has_told = object_read (a, object, &hook.told) == OK;
	if (hook.has_told) {
		if (is (o, "type", "checkout.session.async_payment_failed") || is (o, "type", "payment_intent.payment_failed"))
			hook.told.state = PAY_FAILED;
		hook.fetch_id = hook.told.external_id ? hook.told.external_id : hook.told.session_id;
	}
	*ret = hook;
	return OK;
}

enum status stripe_hook_read (struct arena *a, struct bytes body, struct pay_hook *ret)
{
	json_t *o = json_loadb ((const char *) body.at, body.n, 0, NULL);
	enum status status = event_read (a, o, ret);
	json_decref (o);
	return status;
}

bool stripe_signed (const char *header, const char *secret, struct bytes body, int64_t now)
{
	if (!header || !secret || !*secret)
		return false;
	char time[24] = "", one[72];
	const char *at = strncmp (header, "t=", 2) ? strstr (header, ",t=") : header;
	size_t n = 0;
	if (at) {
		at += *at == ',' ? 3 : 2;
		n = strspn (at, "0123456789");
	}
	if (!n || n > 12 || (at[n] && at[n] != ','))
		return false;
	memcpy (time, at, n);
	int64_t off = now - strtoll (time, NULL, 10);
	if (off > STRIPE_SECONDS || off < -STRIPE_SECONDS)
		return false;
	unsigned char digest[32];
	struct buffer text = { 0 };
	buffer_printf (&text, "%s.", time);
	buffer_add (&text, body.at, body.n);
	hmac_sha256 ((struct bytes){ (const unsigned char *) secret, strlen (secret) }, (struct bytes){ text.at, text.n }, digest);
	buffer_fini (&text);
	for (const char *p = header; p; p = strchr (p, ',')) {
		p += strspn (p, ", ");
		n = strcspn (p, ",");
		if (n <= 3 || n - 3 >= sizeof one || strncmp (p, "v1=", 3) != 0)
			continue;
		memcpy (one, p + 3, n - 3);
		one[n - 3] = 0;
		if (hex_equal (one, digest, sizeof digest))
			return true;
	}
	return false;
}
