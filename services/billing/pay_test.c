/* What is asked of Mollie and Stripe, what they answer and post, and who signed it: every fixture of theirs, and each cut short. */
#include <stdlib.h>
#include <string.h>
#include "mollie.h"
#include "seal.h"
#include "stripe.h"
#include "test.h"

static struct arena arena;
static const int64_t fixtures_at = 1795256100;

static struct bytes fixture (const char *name)
{
	struct buffer b = { 0 };
	FILE *f = fopen (arena_printf (&arena, "tests/fixtures/%s", name), "rb");
	CHECK (f);
	if (f) {
		b.n = fread (buffer_reserve (&b, 1 << 16), 1, 1 << 16, f);
		fclose (f);
	}
	struct bytes ret = { (const unsigned char *) arena_copy (&arena, b.n ? (const char *) b.at : "", b.n), b.n };
	buffer_fini (&b);
	return ret;
}

static json_t *fixture_json (const char *name)
{
	struct bytes text = fixture (name);
	json_t *ret = json_loadb ((const char *) text.at, text.n, 0, NULL);
	CHECK (ret);
	return ret;
}

static const char *text_of (json_t *o, const char *name)
{
	return arena_text (&arena, json_string_value (json_object_get (o, name)));
}

static struct bytes bytes_of (const char *text)
{
	return (struct bytes){ (const unsigned char *) text, strlen (text) };
}

/* ---- asking ---- */

static struct pay_ask ask_of (void)
{
	return (struct pay_ask){ .amount = { 121000, "EUR" },
				 .invoice_id = "inv_42",
				 .description = "Factuur 2026-0042",
				 .back_url = "https://crm.example.org/pay/return/inv_42" };
}

static void mollie_ask_test (void)
{
	json_t *whole = fixture_json ("mollie/create-payment.request.json"), *wanted = json_object_get (whole, "body");
	struct pay_ask ask = ask_of ();
	ask.workspace = "t_7";
	ask.hook_url = "https://crm.example.org/in/mollie/tok_test";
	ask.method = "ideal";
	ask.locale = "nl_NL";
	json_t *made = json_loads (mollie_payment_ask (&arena, &ask), 0, NULL);
	CHECK (json_equal (made, wanted));
	json_decref (made);
	ask.hook_url = ask.method = ask.locale = ask.workspace = NULL;
	ask.amount = (struct money){ 500, "JPY" };
	CHECK_TEXT (mollie_payment_ask (&arena, &ask),
		    "{\"amount\":{\"currency\":\"JPY\",\"value\":\"500\"},\"description\":\"Factuur 2026-0042\","
		    "\"redirectUrl\":\"https://crm.example.org/pay/return/inv_42\",\"metadata\":{\"invoice_id\":\"inv_42\"}}");
	json_decref (whole);
}

static void stripe_ask_test (void)
{
	struct pay_ask ask = ask_of ();
	struct bytes wanted = fixture ("stripe/create-checkout-session.request.form");
	ask.email = "sanne.dewit@example.com";
	CHECK_TEXT (stripe_session_ask (&arena, &ask), (const char *) wanted.at);
	ask.workspace = "t_7";
	ask.locale = "nl_NL";
	ask.description = "A&B=é";
	const char *more = stripe_session_ask (&arena, &ask);
	CHECK (strstr (more, "&metadata[tenant]=t_7") && strstr (more, "[metadata][tenant]=t_7") && strstr (more, "&locale=nl"));
	CHECK (strstr (more, "[name]=A%26B%3D%C3%A9&"));
}

/* ---- what is told ---- */

static const char *dump (const struct pay_told *t)
{
	char text[24];
	return arena_printf (&arena, "%s|%s|%s|%s %s|%lld|%lld|%s|%s|%s|%s", t->external_id ? t->external_id : "",
			     t->session_id ? t->session_id : "", pay_state_name (t->state), t->amount.currency,
			     money_amount (t->amount, text), (long long) t->refunded, (long long) t->charged_back,
			     t->invoice_id ? t->invoice_id : "", t->workspace ? t->workspace : "", t->url ? t->url : "",
			     t->name ? t->name : "");
}

static void mollie_read_test (void)
{
	static const struct {
		const char *name, *wanted;
	} table[] = {
#define TR "tr_5B8cwPMGnU6qLbRvo7qEZo||"
		{ "open", TR "open|EUR 1210.00|0|0|inv_42|t_7|https://www.mollie.com/checkout/select-method/7UhSN1zuXS|" },
		{ "paid", TR "paid|EUR 1210.00|0|0|inv_42|t_7||S DE WIT" },
		{ "failed", TR "failed|EUR 1210.00|0|0|inv_42|t_7||" },
		{ "expired", TR "expired|EUR 1210.00|0|0|inv_42|t_7||" },
		{ "canceled", TR "cancelled|EUR 1210.00|0|0|inv_42|t_7||" },
		{ "paid-then-refunded", TR "paid|EUR 1210.00|121000|0|inv_42|t_7||" },
	};
	for (size_t i = 0; i < LENGTH (table); i++) {
		struct bytes body = fixture (arena_printf (&arena, "mollie/payment-%s.response.json", table[i].name));
		struct pay_told told = { 0 };
		CHECK (mollie_payment_read (&arena, body, &told) == OK);
		CHECK_TEXT (dump (&told), table[i].wanted);
		while (body.n && body.at[body.n - 1] <= ' ')
			body.n--;
		for (size_t n = 0; n < body.n; n++)
			CHECK (mollie_payment_read (&arena, (struct bytes){ body.at, n }, &told) == REFUSED);
	}
	struct pay_told told;
	struct bytes missing = fixture ("mollie/error-404.response.json");
	CHECK (mollie_payment_read (&arena, missing, &told) == REFUSED);
	CHECK_TEXT (mollie_error (&arena, missing), "No payment exists with token tr_nope.");
	CHECK (!mollie_error (&arena, bytes_of ("<html>")));
	static const char *const refused[] = {
		"{\"resource\":\"payment\",\"id\":\"tr_1/../2\",\"status\":\"paid\",\"amount\":{\"value\":\"1.00\",\"currency\":\"EUR\"}}",
		"{\"resource\":\"payment\",\"id\":\"tr_1\",\"status\":\"paid\",\"amount\":{\"value\":\"-1.00\",\"currency\":\"EUR\"}}",
		"{\"resource\":\"payment\",\"id\":\"tr_1\",\"status\":\"paid\",\"amount\":{\"value\":\"1.001\",\"currency\":\"EUR\"}}",
		"{\"resource\":\"payment\",\"id\":\"tr_1\",\"status\":\"paid\",\"amount\":{\"value\":1,\"currency\":\"EUR\"}}",
		"{\"resource\":\"payment\",\"id\":\"tr_1\",\"status\":\"new\",\"amount\":{\"value\":\"1.00\",\"currency\":\"EUR\"}}",
		"{\"resource\":\"payment\",\"id\":\"tr_1\",\"status\":\"paid\",\"amount\":{\"value\":\"1.00\",\"currency\":\"EUR\"},"
		"\"amountRefunded\":{\"value\":\"1.00\",\"currency\":\"USD\"}}",
		"{\"resource\":\"order\",\"id\":\"ord_1\",\"status\":\"paid\",\"amount\":{\"value\":\"1.00\",\"currency\":\"EUR\"}}",
	};
	for (size_t i = 0; i < LENGTH (refused); i++)
		CHECK (mollie_payment_read (&arena, bytes_of (refused[i]), &told) == REFUSED);
	CHECK (mollie_payment_read (
		       &arena,
		       bytes_of (
			       "{\"resource\":\"payment\",\"id\":\"tr_1\",\"status\":\"paid\",\"amount\":{\"value\":\"9.00\",\"currency\":\"EUR\"},"
			       "\"amountChargedBack\":{\"value\":\"9.00\",\"currency\":\"EUR\"}}"),
		       &told) == OK &&
	       told.charged_back == 900 && !told.invoice_id);
	CHECK (mollie_payment_read (
		       &arena,
		       bytes_of (
			       "{\"resource\":\"payment-link\",\"id\":\"pl_1\",\"amount\":{\"value\":\"9.00\",\"currency\":\"EUR\"},\"paidAt\":null,"
			       "\"_links\":{\"paymentLink\":{\"href\":\"https://paymentlink.mollie.com/p/1\"}}}"),
		       &told) == OK);
	CHECK_TEXT (dump (&told), "pl_1||open|EUR 9.00|0|0|||https://paymentlink.mollie.com/p/1|");
}

static void mollie_hook_test (void)
{
	struct pay_hook hook;
	json_t *c = fixture_json ("mollie/webhook-nextgen.case.json");
	struct bytes body = fixture ("mollie/webhook-nextgen.body.json");
	const char *header = text_of (json_object_get (c, "headers"), "X-Mollie-Signature"), *secret = text_of (c, "secret");
	CHECK ((json_int_t) body.n == json_integer_value (json_object_get (c, "body_bytes")));
	CHECK (mollie_hook_read (&arena, body, &hook) == OK && hook.has_told);
	CHECK_TEXT (hook.event_id, "whe_gQMMaGqAVA");
	CHECK_TEXT (hook.fetch_id, "tr_5B8cwPMGnU6qLbRvo7qEZo");
	CHECK_TEXT (dump (&hook.told), TR "paid|EUR 1210.00|0|0|inv_42|t_7||");
	CHECK (mollie_signed (header, secret, body));
	CHECK (mollie_signed (arena_printf (&arena, "sha256=%064d, %s", 0, header), secret, body)); /* its secret is changed in turn */
	CHECK (!mollie_signed (header, "another", body) && !mollie_signed (header, "", body) && !mollie_signed (NULL, secret, body));
	CHECK (!mollie_signed (header + 7, secret, body) && !mollie_signed ("", secret, body));
	CHECK (!mollie_signed (header, secret, (struct bytes){ body.at, body.n - 1 }));
	CHECK (mollie_hook_read (&arena, fixture ("mollie/webhook-classic.body.form"), &hook) == OK && !hook.event_id && !hook.has_told);
	CHECK_TEXT (hook.fetch_id, "tr_5B8cwPMGnU6qLbRvo7qEZo");
	static const char *const refused[] = { "",	   "id=", "id=tr_1%2F..", "id=tr_1&id=tr_2", "{}", "[]", "{\"resource\":\"event\"}",
					       "id=tr_1\n" };
	for (size_t i = 0; i < LENGTH (refused); i++)
		CHECK (mollie_hook_read (&arena, bytes_of (refused[i]), &hook) == REFUSED);
	json_decref (c);
}

static void stripe_hook_test (void)
{
	static const struct {
		const char *name, *event, *fetch, *wanted;
	} table[] = {
		{ "checkout.session.completed-paid", "evt_1TestPaid", "pi_3Test",
		  "pi_3Test|cs_test_a1b2|paid|EUR 1210.00|-1|-1|inv_42|t_7||" },
		{ "checkout.session.completed-unpaid", "evt_1TestUnpaid", "pi_3Test",
		  "pi_3Test|cs_test_a1b2|pending|EUR 1210.00|-1|-1|inv_42|t_7||" },
		{ "payment_intent.succeeded", "evt_1TestPI", "pi_3Test", "pi_3Test||paid|EUR 1210.00|-1|-1|inv_42|t_7||" },
		{ "charge.refunded", "evt_1TestRef", "pi_3Test", "pi_3Test||paid|EUR 1210.00|50000|-1|inv_42|||" },
	};
	for (size_t i = 0; i < LENGTH (table); i++) {
		json_t *c = fixture_json (arena_printf (&arena, "stripe/%s.case.json", table[i].name));
		struct bytes body = fixture (arena_printf (&arena, "stripe/%s.body.json", table[i].name));
		const char *header = text_of (json_object_get (c, "headers"), "Stripe-Signature"), *secret = text_of (c, "secret");
		struct pay_hook hook = { 0 };
		CHECK ((json_int_t) body.n == json_integer_value (json_object_get (c, "body_bytes")));
		CHECK (stripe_hook_read (&arena, body, &hook) == OK && hook.has_told);
		CHECK_TEXT (hook.event_id, table[i].event);
		CHECK_TEXT (hook.fetch_id, table[i].fetch);
		CHECK_TEXT (dump (&hook.told), table[i].wanted);
		CHECK (stripe_signed (header, secret, body, fixtures_at));
		CHECK (stripe_signed (text_of (c, "rotated_secret_header"), secret, body, fixtures_at));
		CHECK (stripe_signed (header, secret, body, fixtures_at + STRIPE_SECONDS) &&
		       stripe_signed (header, secret, body, fixtures_at - STRIPE_SECONDS));
		CHECK (!stripe_signed (header, secret, body, fixtures_at + STRIPE_SECONDS + 1));
		CHECK (!stripe_signed (header, secret, body, fixtures_at - STRIPE_SECONDS - 1));
		CHECK (!stripe_signed (header, secret + strlen ("whsec_"), body, fixtures_at)); /* the key is the whole of it */
		CHECK (!stripe_signed (header, secret, (struct bytes){ body.at, body.n - 1 }, fixtures_at));
		for (size_t n = 0; n < body.n; n++)
			CHECK (stripe_hook_read (&arena, (struct bytes){ body.at, n }, &hook) == REFUSED);
		json_decref (c);
	}
}

static void stripe_signature_test (void)
{
	struct bytes body = bytes_of ("{}");
	char hex[SHA256_TEXT];
	hmac_sha256_text (bytes_of ("whsec_x"), bytes_of ("1000.{}"), hex);
	static const struct {
		const char *header;
		bool good;
	} table[] = {
		{ "t=1000,v1=%s", true },   { "v1=%s,t=1000", true },
		{ "t=1000, v1=%s", true },  { "t=1000,v1=,v1=zz,v1=%s", true },
		{ "t=1000,v0=%s", false },  { "v1=%s", false },
		{ "t=,v1=%s", false },	    { "t=1000x,v1=%s", false },
		{ "t=01000,v1=%s", false }, { "t=99999999999999999999,v1=%s", false },
		{ "t=1000", false },	    { "", false },
	};
	for (size_t i = 0; i < LENGTH (table); i++) {
		const char *at = strstr (table[i].header, "%s");
		const char *header = at ? arena_printf (&arena, "%.*s%s%s", (int) (at - table[i].header), table[i].header, hex, at + 2)
					: table[i].header;
		CHECK (stripe_signed (header, "whsec_x", body, 1000) == table[i].good);
	}
	CHECK (!stripe_signed (NULL, "whsec_x", body, 1000) && !stripe_signed ("t=1000,v1=0", NULL, body, 1000));
}

static void stripe_object_test (void)
{
	static const struct {
		const char *body, *wanted; /* null: refused */
	} table[] = {
		{ "{\"object\":\"checkout.session\",\"id\":\"cs_1\",\"url\":\"https://checkout.stripe.com/c/1\",\"amount_total\":500,\"currency\":\"jpy\","
		  "\"status\":\"open\",\"payment_status\":\"unpaid\",\"payment_intent\":null}",
		  "|cs_1|open|JPY 500|-1|-1|||https://checkout.stripe.com/c/1|" },
		{ "{\"object\":\"checkout.session\",\"id\":\"cs_1\",\"amount_total\":500,\"currency\":\"eur\",\"status\":\"expired\",\"payment_status\":\"unpaid\"}",
		  "|cs_1|expired|EUR 5.00|-1|-1||||" },
		{ "{\"object\":\"payment_intent\",\"id\":\"pi_1\",\"amount\":900,\"amount_received\":900,\"currency\":\"eur\",\"status\":\"succeeded\","
		  "\"latest_charge\":{\"object\":\"charge\",\"amount_refunded\":100,\"disputed\":false}}",
		  "pi_1||paid|EUR 9.00|100|0||||" },
		{ "{\"object\":\"payment_intent\",\"id\":\"pi_1\",\"amount\":900,\"amount_received\":900,\"currency\":\"eur\",\"status\":\"succeeded\","
		  "\"latest_charge\":{\"object\":\"charge\",\"amount_refunded\":100,\"disputed\":true}}",
		  "pi_1||paid|EUR 9.00|100|800||||" },
		{ "{\"object\":\"payment_intent\",\"id\":\"pi_1\",\"amount\":900,\"amount_received\":0,\"currency\":\"eur\",\"status\":\"processing\"}",
		  "pi_1||pending|EUR 9.00|-1|-1||||" },
		{ "{\"object\":\"dispute\",\"id\":\"dp_1\",\"amount\":900,\"currency\":\"eur\",\"payment_intent\":\"pi_1\",\"status\":\"needs_response\"}",
		  "pi_1||paid|EUR 9.00|-1|900||||" },
		{ "{\"object\":\"dispute\",\"id\":\"dp_1\",\"amount\":900,\"currency\":\"eur\",\"payment_intent\":\"pi_1\",\"status\":\"won\"}",
		  "pi_1||paid|EUR 9.00|-1|0||||" },
		{ "{\"object\":\"customer\",\"id\":\"cus_1\"}", NULL },
		{ "{\"object\":\"payment_intent\",\"id\":\"pi_1\",\"amount\":9.5,\"currency\":\"eur\",\"status\":\"processing\"}", NULL },
		{ "{\"object\":\"payment_intent\",\"id\":\"pi_1\",\"amount\":-9,\"currency\":\"eur\",\"status\":\"processing\"}", NULL },
		{ "{\"object\":\"payment_intent\",\"id\":\"pi_1/x\",\"amount\":9,\"currency\":\"eur\",\"status\":\"processing\"}", NULL },
		{ "{\"object\":\"payment_intent\",\"id\":\"pi_1\",\"amount\":9,\"currency\":\"e1r\",\"status\":\"processing\"}", NULL },
		{ "nothing", NULL },
	};
	for (size_t i = 0; i < LENGTH (table); i++) {
		struct pay_told told;
		enum status status = stripe_object_read (&arena, bytes_of (table[i].body), &told);
		CHECK (status == (table[i].wanted ? OK : REFUSED));
		if (status == OK)
			CHECK_TEXT (dump (&told), table[i].wanted);
	}
	CHECK_TEXT (stripe_error (&arena, bytes_of ("{\"error\":{\"message\":\"Invalid API Key\\nprovided\"}}")),
		    "Invalid API Key provided");
	struct pay_hook hook;
	CHECK (stripe_hook_read (
		       &arena,
		       bytes_of (
			       "{\"object\":\"event\",\"id\":\"evt_1\",\"type\":\"payment_intent.payment_failed\",\"data\":{\"object\":{\"object\":"
			       "\"payment_intent\",\"id\":\"pi_1\",\"amount\":900,\"currency\":\"eur\",\"status\":\"requires_payment_method\"}}}"),
		       &hook) == OK &&
	       hook.told.state == PAY_FAILED);
	CHECK (stripe_hook_read (
		       &arena,
		       bytes_of ("{\"object\":\"event\",\"id\":\"evt_1\",\"type\":\"x\",\"data\":{\"object\":{\"object\":\"product\"}}}"),
		       &hook) == OK &&
	       !hook.has_told && !hook.fetch_id);
}

/* What a dispute holds back, it holds until it is won. */
static void disputes_test (void)
{
#define DISPUTE(amount, status) "{\"object\":\"dispute\",\"amount\":" amount ",\"status\":\"" status "\"}"
#define LIST(list) "{\"object\":\"list\",\"data\":[" list "]}"
	static const struct {
		const char *text;
		int64_t holds; /* -1: it is no such list */
	} table[] = {
		{ LIST (""), 0 },
		{ LIST (DISPUTE ("5000", "needs_response")), 5000 },
		{ LIST (DISPUTE ("5000", "under_review")), 5000 },
		{ LIST (DISPUTE ("5000", "lost")), 5000 },
		{ LIST (DISPUTE ("5000", "won")), 0 },
		{ LIST (DISPUTE ("5000", "warning_closed") "," DISPUTE ("700", "lost")), 700 },
		{ LIST (DISPUTE ("5000", "won") "," DISPUTE ("4000", "needs_response")), 4000 },
		{ LIST (DISPUTE ("9223372036854775807", "lost") "," DISPUTE ("1", "lost")), -1 },
		{ LIST (DISPUTE ("-5", "lost")), -1 },
		{ LIST ("7"), -1 },
		{ "{\"object\":\"list\"}", -1 },
		{ "[]", -1 },
		{ "", -1 },
	};
	for (size_t i = 0; i < LENGTH (table); i++) {
		int64_t holds;
		enum status status = stripe_disputes_read (bytes_of (table[i].text), &holds);
		CHECK (table[i].holds < 0 ? status != OK : status == OK && holds == table[i].holds);
	}
}

int main (void)
{
	arena_init (&arena);
	mollie_ask_test ();
	stripe_ask_test ();
	mollie_read_test ();
	mollie_hook_test ();
	stripe_hook_test ();
	stripe_signature_test ();
	stripe_object_test ();
	disputes_test ();
	arena_fini (&arena);
	return test_end ();
}
