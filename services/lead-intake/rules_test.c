/* Every lead of the senders' fixtures becomes what its case file expects; addresses, phone numbers, names of fields, and what is no
 * request at all. Needs nothing but the files of tests/fixtures. */
#include "rules.h"
#include "http_multipart.h"
#include "test.h"

#include <stdlib.h>

static struct arena arena;

static struct bytes file_read (const char *path)
{
	char full[300];
	snprintf (full, sizeof full, "tests/fixtures/%s", path);
	FILE *f = fopen (full, "rb");
	if (!f) {
		fprintf (stderr, "%s cannot be read; run from the project's folder\n", full);
		exit (2);
	}
	unsigned char *at = arena_alloc (&arena, 65536);
	size_t n = fread (at, 1, 65535, f);
	fclose (f);
	return (struct bytes){ at, n };
}

static json_t *json_file (const char *path)
{
	struct bytes b = file_read (path);
	json_t *j = json_loadb ((const char *) b.at, b.n, 0, NULL);
	CHECK (j != NULL);
	return j;
}

static json_t *json_tree (struct bytes body)
{
	json_t *tree = NULL;
	struct reading_fault fault = { 0 };
	CHECK (body_read_json (&arena, body, &tree, &fault) == OK);
	return tree;
}

static struct bytes text_bytes (const char *text)
{
	return (struct bytes){ (const unsigned char *) text, strlen (text) };
}

static json_t *fields_tree (const struct form_field *field, size_t n)
{
	json_t *tree = NULL;
	struct reading_fault fault = { 0 };
	CHECK (body_read_form (&arena, field, n, &tree, &fault) == OK);
	return tree;
}

static json_t *form_tree (struct bytes body)
{
	const struct form_field *field = NULL;
	struct form_limits limits = { .fields = 2000, .value_bytes = 65536 };
	size_t n = 0;
	CHECK (form_read (&arena, body, "application/x-www-form-urlencoded", limits, &field, &n) == OK);
	return fields_tree (field, n);
}

/* The values of a multipart body, and how many files it has. */
static json_t *parts_tree (struct bytes body, const char *type, const struct part **ret_file, size_t *ret_files)
{
	const struct part *part = NULL;
	struct multipart_limits limits = { .parts = 100, .files = 10, .value_bytes = 65536, .file_bytes = 65536 };
	const char *why;
	size_t n = 0, fields = 0;
	CHECK (multipart_read (&arena, type, body, limits, &part, &n, &why) == OK);
	struct form_field *field = arena_array (&arena, n, sizeof *field);
	*ret_files = 0;
	*ret_file = part;
	for (size_t i = 0; i < n; i++)
		if (!part[i].filename)
			field[fields++] = (struct form_field){ part[i].name, part_text (&arena, &part[i]) };
		else if ((*ret_files)++ == 0)
			*ret_file = &part[i];
	return fields_tree (field, fields);
}

static struct lead_draft lead_of (json_t *tree, enum source_kind kind)
{
	struct reading how = { .kind = kind, .country = "NL", .dutch = true };
	struct lead_draft *lead;
	size_t n;
	leads_read (&arena, tree, &how, &lead, &n);
	CHECK (n == 1);
	json_decref (tree);
	return lead[0];
}

static const char *expected (const json_t *lead, const char *key)
{
	return json_string_value (json_object_get (lead, key));
}

/* A case's `source` is our kind of source; lead.source is then web_form. */
static void lead_fits (struct lead_draft d, const char *case_path)
{
	json_t *c = json_file (case_path), *lead = json_object_get (c, "expect_lead");
	const struct {
		const char *key, *is;
	} text[] = { { "name", d.name },       { "email", d.email },	     { "phone_e164", d.phone },	      { "company", d.company },
		     { "message", d.message }, { "form_type", d.form_type }, { "external_id", d.external_id } };
	for (size_t i = 0; i < LENGTH (text); i++)
		if (expected (lead, text[i].key))
			CHECK_TEXT (text[i].is, expected (lead, text[i].key));
	CHECK_TEXT (d.source, "web_form");
	json_decref (c);
}

static void fixtures_fit (void)
{
	struct lead_draft d = lead_of (json_tree (file_read ("generic/json.body.json")), source_kind_generic);
	lead_fits (d, "generic/json.case.json");
	CHECK (strstr (d.fields, "\"utm_campaign=najaar\"") == NULL && strstr (d.fields, "\"utm\":{\"source\":\"google\"") != NULL);

	d = lead_of (form_tree (file_read ("generic/form-urlencoded.body.form")), source_kind_generic);
	lead_fits (d, "generic/form-urlencoded.case.json");
	CHECK_TEXT (d.fields, "{\"interesse\":[\"zonneschermen\",\"rolluiken\"]}");

	d = lead_of (form_tree (file_read ("elementor/advanced-data.body.form")), source_kind_elementor);
	lead_fits (d, "elementor/advanced-data.case.json");
	CHECK_TEXT (d.form_type, "Offerteaanvraag");
	CHECK (strstr (d.message, "zonneschermen") != NULL);

	const struct part *file;
	size_t files;
	json_t *tree = parts_tree (file_read ("contact-form-7/native-feedback.body.multipart"),
				   "multipart/form-data; boundary=----WebKitFormBoundaryCF7test00000001", &file, &files);
	d = lead_of (tree, source_kind_contact_form_7);
	lead_fits (d, "contact-form-7/native-feedback.case.json");
	CHECK_TEXT (d.fields, "{\"your-subject\":\"Offerte\"}");

	/* Its case file wants a company too, but the body has none: what is not said is not made up. */
	tree = parts_tree (file_read ("generic/multipart.body.multipart"),
			   "multipart/form-data; boundary=----crmFormBoundary7MA4YWxkTrZu0gW", &file, &files);
	d = lead_of (tree, source_kind_generic);
	CHECK (files == 2 && file->bytes.n == 125);
	CHECK_TEXT (file->filename, "plattegrond café.pdf");
	CHECK_TEXT (d.name, "Sanne de Wit");
	CHECK_TEXT (d.email, "sanne.dewit@example.com");
	CHECK_TEXT (d.phone, "+31612345678");
	CHECK (d.message != NULL && d.has.company == ABSENT);

	d = lead_of (json_tree (file_read ("gravity-forms/all-fields-json.body.json")), source_kind_gravity_forms);
	lead_fits (d, "gravity-forms/all-fields-json.case.json");
	CHECK_TEXT (d.first_name, "Sanne");
	CHECK_TEXT (d.last_name, "de Wit");
	CHECK (strstr (d.message, "zonneschermen") != NULL);
	CHECK_TEXT (d.external_id, "4711");

	d = lead_of (json_tree (file_read ("contact-form-7/cf7-to-webhook-plugin.body.json")), source_kind_contact_form_7);
	CHECK_TEXT (d.name, "Sanne de Wit");
	CHECK_TEXT (d.email, "sanne.dewit@example.com");
	CHECK_TEXT (d.form_type, "Offerte");
	CHECK_TEXT (d.fields, "{\"your-subject\":\"Offerte\",\"dienst\":[\"Zonneschermen\"]}");

	d = lead_of (json_tree (file_read ("zapier/webhooks-post-json.body.json")), source_kind_zapier);
	CHECK_TEXT (d.phone, "+31612345678");
	CHECK_TEXT (d.source, "api");
	CHECK_TEXT (d.fields, "{\"lead\":{\"source\":\"Facebook\"},\"zap_meta_id\":\"z1\",\"tags\":\"zon,terras\"}");
}

static void phones_fit (void)
{
	json_t *list = json_file ("generic/phones.json"), *one;
	size_t i;
	json_array_foreach (list, i, one)
		CHECK_TEXT (phone_read (&arena, expected (one, "in"), expected (one, "region")), expected (one, "e164"));
	json_decref (list);
	CHECK_TEXT (phone_read (&arena, "31612345678", "NL"), "+31612345678");
	CHECK_TEXT (phone_read (&arena, "+44 (0)20 7946 0018", "NL"), "+442079460018");
	CHECK_TEXT (phone_read (&arena, "+39 06 6982", "NL"), "+39066982");
	CHECK_TEXT (phone_read (&arena, "0900-1234", "NL"), "+319001234");
	CHECK_TEXT (phone_read (&arena, "06-12345678 / 020-1234567", "NL"), NULL);
	CHECK_TEXT (phone_read (&arena, "", "NL"), NULL);
	CHECK_TEXT (phone_read (&arena, "+0612345678", "NL"), NULL);
	CHECK_TEXT (phone_read (&arena, "0612345678", NULL), NULL);
	CHECK_TEXT (phone_read (&arena, "++31612345678", "NL"), NULL);
}

static void addresses_fit (void)
{
	json_t *list = json_file ("generic/addresses.json"), *one;
	size_t i;
	json_array_foreach (list, i, one) CHECK_TEXT (email_read (&arena, expected (one, "in")), expected (one, "match_key"));
	json_decref (list);
	CHECK_TEXT (email_read (&arena, "mailto:Piet@Example.nl"), "piet@example.nl");
	CHECK_TEXT (email_read (&arena, ""), NULL);
	CHECK_TEXT (email_read (&arena, "@example.nl"), NULL);
	CHECK_TEXT (email_read (&arena, "a@-b.nl"), NULL);
	CHECK_TEXT (email_read (&arena, "a@b..nl"), NULL);
	CHECK_TEXT (email_read (&arena, "a@1.2.3.4"), NULL);
	CHECK_TEXT (email_read (&arena, "a b@example.nl"), NULL);
}

static struct lead_draft lead_text (const char *json)
{
	return lead_of (json_tree (text_bytes (json)), source_kind_generic);
}

static void names_fit (void)
{
	static const char *const names[] = { "name",	  "naam",	    "fullname", "Full Name",
					     "your-name", "volledige_naam", "NAAM",	"Volledige naam *" };
	static const char *const phones[] = { "phone", "tel", "telefoon", "telefoonnummer", "mobile", "mobiel", "Telefoonnummer:" };
	static const char *const mails[] = { "email", "e-mail", "e-mailadres", "your-email", "mail", "E-Mail", "E_MAILADRES" };
	static const char *const firms[] = { "company", "bedrijf", "bedrijfsnaam", "organisation" };
	static const char *const texts[] = { "message", "bericht", "opmerking", "your-message" };
	for (size_t i = 0; i < LENGTH (names); i++)
		CHECK_TEXT (lead_text (arena_printf (&arena, "{\"%s\":\"Piet\"}", names[i])).name, "Piet");
	for (size_t i = 0; i < LENGTH (phones); i++)
		CHECK_TEXT (lead_text (arena_printf (&arena, "{\"%s\":\"0612345678\"}", phones[i])).phone, "+31612345678");
	for (size_t i = 0; i < LENGTH (mails); i++)
		CHECK_TEXT (lead_text (arena_printf (&arena, "{\"%s\":\"A@b.nl\"}", mails[i])).email, "a@b.nl");
	for (size_t i = 0; i < LENGTH (firms); i++)
		CHECK_TEXT (lead_text (arena_printf (&arena, "{\"%s\":\"X\"}", firms[i])).company, "X");
	for (size_t i = 0; i < LENGTH (texts); i++)
		CHECK_TEXT (lead_text (arena_printf (&arena, "{\"%s\":\"X\"}", texts[i])).message, "X");

	struct lead_draft d = lead_text ("{\"voornaam\":\"Piet\",\"tussenvoegsel\":\"de\",\"achternaam\":\"Vries\"}");
	CHECK_TEXT (d.name, "Piet de Vries");
	CHECK_TEXT (d.last_name, "de Vries");
	d = lead_text ("{\"first_name\":\"Piet\",\"last_name\":\"de Vries\",\"x\":1}");
	CHECK_TEXT (d.name, "Piet de Vries");
	CHECK_TEXT (d.fields, "{\"x\":1}");
	d = lead_text ("{\"voornaam\":\"Piet\",\"naam\":\"de Vries\"}");
	CHECK_TEXT (d.name, "Piet de Vries");
	d = lead_text ("{\"name\":\"  Piet \\n de  Vries \"}");
	CHECK_TEXT (d.name, "Piet de Vries");

	CHECK_TEXT (lead_text ("{\"email\":\"sanne.dewit@example.com\"}").name, "sanne.dewit");
	CHECK_TEXT (lead_text ("{\"phone\":\"06 12345678\"}").name, "+31612345678");
	CHECK_TEXT (lead_text ("{\"x\":\"y\"}").name, "Onbekend");
	CHECK_TEXT (lead_text ("{\"phone\":612345678}").phone, "+31612345678");
	CHECK_TEXT (lead_text ("{\"phone\":\"call me\"}").phone, "call me");

	d = lead_text ("{\"email\":\"none\",\"mail\":\"a@b.nl\"}"); /* what is no address stays among the fields */
	CHECK_TEXT (d.email, "a@b.nl");
	CHECK_TEXT (d.fields, "{\"email\":\"none\"}");
	d = lead_text (
		"{\"contact\":{\"name\":\"Piet\",\"email\":\"a@b.nl\",\"age\":4},\"company\":{\"name\":\"X\"},\"product\":{\"name\":\"Y\"}}");
	CHECK_TEXT (d.name, "Piet");
	CHECK_TEXT (d.company, "X");
	CHECK_TEXT (d.fields, "{\"contact\":{\"age\":4},\"product\":{\"name\":\"Y\"}}");
	d = lead_text ("{\"contact\":{\"name\":\"Jan\"},\"name\":\"Piet\"}");
	CHECK_TEXT (d.name, "Piet");
	d = lead_text ("{\"contact__email\":\"a@b.nl\",\"car__name\":\"Y\"}");
	CHECK_TEXT (d.email, "a@b.nl");
	CHECK_TEXT (d.name, "a");
	d = lead_text ("{\"fields\":[{\"name\":\"email\",\"value\":\"a@b.nl\"},{\"name\":\"kleur\",\"value\":\"rood\"}]}");
	CHECK_TEXT (d.email, "a@b.nl");
	CHECK_TEXT (d.fields, "{\"fields\":[{\"name\":\"kleur\",\"value\":\"rood\"}]}");
	CHECK_TEXT (lead_text ("{\"name\":\"P\",\"source\":\"Referral\"}").source, "referral");
	CHECK_TEXT (lead_text ("{\"name\":\"P\"}").form_type, "Contactformulier");
}

static void envelopes_fit (void)
{
	struct manner page = { .kind = source_kind_generic, .page = true }, program = { .kind = source_kind_generic };
	json_t *tree = form_tree (file_read ("generic/honeypot-filled.body.form"));
	CHECK (envelope_read (&arena, tree, page).honeypot);
	CHECK (!envelope_read (&arena, tree, program).honeypot);
	json_decref (tree);
	tree = json_tree (file_read ("generic/json.body.json"));
	CHECK_TEXT (envelope_read (&arena, tree, program).external, "sub_01JD7Q3K5M9W2X4Y6Z8A0B2C4D");
	json_decref (tree);
	tree = json_tree (file_read ("gravity-forms/all-fields-json.body.json"));
	CHECK_TEXT (envelope_read (&arena, tree, program).external, "www.example.com 3 4711");
	json_decref (tree);
	tree = form_tree (file_read ("elementor/advanced-data.body.form"));
	CHECK (envelope_read (&arena, tree, program).elementor);
	json_decref (tree);
	tree = json_tree (text_bytes ("[{\"client_id\":\"a\"},{\"client_id\":\"b\"}]"));
	CHECK (envelope_read (&arena, tree, program).clients_differ);
	json_decref (tree);
	tree = json_tree (text_bytes ("[{\"client_id\":\"a\"},{\"client_id\":\"A\"}]"));
	CHECK (!envelope_read (&arena, tree, program).clients_differ);
	CHECK_TEXT (envelope_read (&arena, tree, program).client, "a");
	CHECK_TEXT (envelope_read (&arena, tree, program).stamp, NULL);
	json_decref (tree);
	tree = form_tree (text_bytes ("name=P&_stamp=17.ab&_redirect=x"));
	CHECK_TEXT (envelope_read (&arena, tree, page).stamp, "17.ab");
	json_decref (tree);
	CHECK_TEXT (lead_text ("{\"name\":\"P\",\"_stamp\":\"17.ab\",\"kleur\":\"rood\"}").fields, "{\"kleur\":\"rood\"}");
}

static int fault_of (const char *json)
{
	json_t *tree = NULL;
	struct reading_fault fault = { .error = -1 };
	if (body_read_json (&arena, text_bytes (json), &tree, &fault) == OK)
		json_decref (tree);
	return fault.error;
}

/* JSON of a program that was never told of UTF-8. */
static void charsets_fit (void)
{
	struct lead_draft d = lead_of (json_tree (text_bytes ("{\"naam\":\"Ren\xE9 \x80\"}")), source_kind_generic);
	CHECK_TEXT (d.name, "René €");
	d = lead_of (json_tree (text_bytes ("{\"naam\":\"René €\"}")), source_kind_generic);
	CHECK_TEXT (d.name, "René €");
}

static void faults_are_told (void)
{
	CHECK (fault_of ("") == ERROR_bad_json);
	CHECK (fault_of ("{") == ERROR_bad_json);
	CHECK (fault_of ("{} x") == ERROR_bad_json);
	CHECK (fault_of ("{}") == ERROR_bad_request);
	CHECK (fault_of ("[]") == ERROR_bad_request);
	CHECK (fault_of ("[1]") == ERROR_bad_request);
	CHECK (fault_of ("[{}]") == ERROR_bad_request);
	CHECK (fault_of ("\"x\"") == ERROR_bad_json || fault_of ("\"x\"") == ERROR_bad_request);
	CHECK (fault_of ("\xEF\xBB\xBF{\"a\":1}") == -1);
	struct buffer deep = { 0 };
	for (int i = 0; i < 40; i++)
		buffer_text (&deep, "{\"a\":");
	buffer_text (&deep, "1");
	for (int i = 0; i < 40; i++)
		buffer_text (&deep, "}");
	buffer_add (&deep, "", 1);
	CHECK (fault_of ((const char *) deep.at) == ERROR_bad_request);
	buffer_clear (&deep);
	buffer_text (&deep, "{");
	for (int i = 0; i < 201; i++)
		buffer_printf (&deep, "%s\"a%d\":1", i ? "," : "", i);
	buffer_add (&deep, "}", 2);
	CHECK (fault_of ((const char *) deep.at) == ERROR_too_large);
	buffer_fini (&deep);
}

static void forms_unfold (void)
{
	static const struct {
		const char *form, *json;
	} text[] = {
		{ "a=1&a=2", "{\"a\":[\"1\",\"2\"]}" },
		{ "a[]=1", "{\"a\":[\"1\"]}" },
		{ "a[b][c]=1&a[b][d]=2", "{\"a\":{\"b\":{\"c\":\"1\",\"d\":\"2\"}}}" },
		{ "a[0]=x&a[1]=y", "{\"a\":[\"x\",\"y\"]}" },
		{ "a=1&a[b]=2", "{\"a\":\"1\",\"a[b]\":\"2\"}" },
		{ "a[b=1&[c]=2&d]e[=3", "{\"a[b\":\"1\",\"[c]\":\"2\",\"d]e[\":\"3\"}" },
		{ "a[][b]=1&a[][b]=2", "{\"a\":[{\"b\":\"1\"},{\"b\":\"2\"}]}" },
	};
	for (size_t i = 0; i < LENGTH (text); i++) {
		json_t *tree = form_tree (text_bytes (text[i].form));
		char *is = json_dumps (tree, JSON_COMPACT);
		CHECK_TEXT (is, text[i].json);
		free (is);
		json_decref (tree);
	}
}

static void decisions_hold (void)
{
	enum fate fate;
	struct submission_known known = { 0 };
	struct submission_take cmd = { .outcome = submission_outcome_lead, .submission_id = { { { 1 } } } };
	CHECK (submission_check (&cmd, &known, &fate).error == ERROR_workspace_not_found);
	known.has.workspace_id = HERE;
	CHECK (is_done (submission_check (&cmd, &known, &fate)) && fate == FATE_NEW);
	known.has.first_id = HERE;
	known.first_id = (submission_id){ { { 2 } } };
	CHECK (is_done (submission_check (&cmd, &known, &fate)) && fate == FATE_REPEAT);
	cmd.bucket = 5;
	CHECK (is_done (submission_check (&cmd, &known, &fate)) && fate == FATE_DUPLICATE);
	known.first_id = cmd.submission_id;
	CHECK (is_done (submission_check (&cmd, &known, &fate)) && fate == FATE_REPEAT);
	known.first_id = (submission_id){ { { 2 } } };
	cmd.bucket = 0;
	cmd.content = text_bytes ("x"), cmd.has.content = HERE;
	known.first_content = text_bytes ("y"), known.has.first_content = HERE;
	CHECK (submission_check (&cmd, &known, &fate).error == ERROR_key_reused);
	cmd.outcome = submission_outcome_bad_signature;
	CHECK (is_done (submission_check (&cmd, &known, &fate)) && fate == FATE_NOTE);
}

static void leads_change (void)
{
	struct lead_found lead = {
		.name = "Piet", .email = "a@b.nl", .source = "web_form", .status = lead_status_New, .version = 3, .country = "NL"
	};
	lead.has.lead_id = lead.has.name = lead.has.email = lead.has.source = lead.has.status = HERE;
	struct lead_update cmd = { .head.grant.scope = SCOPE_WORKSPACE, .phone = "06 12345678", .status = lead_status_Contacted };
	cmd.has.phone = cmd.has.status = HERE;
	cmd.has.email = CLEARED;
	CHECK (is_done (lead_update_check (&arena, &cmd, &lead)));
	struct list changes;
	struct lead_change to = lead_update_merge (&arena, &cmd, &lead, &changes);
	const struct change *change = changes.at;
	CHECK (changes.n == 3 && to.version == 4 && to.has.email == ABSENT);
	CHECK_TEXT (to.name, "Piet");
	CHECK_TEXT (to.phone, "+31612345678");
	CHECK_TEXT (change[0].field, "email");
	CHECK_TEXT (change[2].new, "Contacted");
	cmd.status = lead_status_Qualified;
	CHECK (lead_update_check (&arena, &cmd, &lead).error == ERROR_invalid);
	cmd.version = 2, cmd.has.version = HERE;
	CHECK (lead_update_check (&arena, &cmd, &lead).error == ERROR_lead_changed);
	cmd.head.grant.scope = SCOPE_NONE;
	CHECK (lead_update_check (&arena, &cmd, &lead).error == ERROR_lead_not_found);
}

/* A phone beside a country code is one number; one that bears a code keeps its own. */
static void registrations_join (void)
{
	static const char *const given[][3] = { { "+52", "5512345678", "+525512345678" },
						{ "+31", "0612345678", "+31612345678" },
						{ "+39", "0612345678", "+390612345678" },
						{ "+52", "+31 6 12345678", "+31612345678" } };
	struct workspace_facts facts = { .language = "en", .country = "MX", .form_type = "By hand", .has.language = HERE };
	for (size_t i = 0; i < LENGTH (given); i++) {
		struct lead_create cmd = { .name = "Ana", .phone_code = given[i][0], .phone = given[i][1] };
		cmd.has.name = cmd.has.phone_code = cmd.has.phone = HERE;
		CHECK (is_done (lead_create_check (&arena, &cmd, &facts)));
		CHECK_TEXT (lead_create_fill (&arena, &cmd, &facts).phone, given[i][2]);
	}
	struct lead_create cmd = { .name = "Ana", .phone_code = "0052", .monthly_shipments = -1 };
	cmd.has.name = cmd.has.phone_code = HERE;
	CHECK (lead_create_check (&arena, &cmd, &facts).error == ERROR_invalid);
	cmd.has.phone_code = ABSENT, cmd.has.monthly_shipments = HERE;
	CHECK (lead_create_check (&arena, &cmd, &facts).error == ERROR_invalid);
}

/* ---- what other systems say ---- */

static enum status pushed (const char *text, size_t n, struct pushed_draft **ret, size_t *ret_n, struct problem *problem)
{
	json_t *tree = json_loadb (text, n, 0, NULL);
	*ret_n = 0;
	*problem = (struct problem){ 0 };
	if (!json_is_object (tree) && !(json_is_array (tree) && json_is_object (json_array_get (tree, 0)))) {
		json_decref (tree);
		return FAULT; /* the reader of bodies refuses it before */
	}
	enum status status = pushed_read (&arena, tree, "shop", ret, ret_n, problem);
	json_decref (tree);
	return status;
}

static void pushes_are_read (void)
{
	static const char good[] =
		"[{\"kind\":\"order\",\"external_id\":1001,\"account\":\"Acme\",\"amount\":{\"amount\":\"12.50\",\"currency\":\"EUR\"},\"url\":\"https://a.nl\",\"updated_at\":\"2026-11-21T09:00:00Z\",\"data\":{\"a\":[1]}},"
		"{\"panel\":\"metrics\",\"key\":\"visits\",\"label\":{\"en\":\"V\",\"nl\":\"B\"},\"value\":12,\"email\":\" Jan@Acme.NL \"},{\"account\":\"Acme\",\"lifecycle\":\"client\"},{\"every\":60}]";
	struct pushed_draft *d;
	struct problem problem;
	size_t n;
	CHECK (pushed (good, sizeof good - 1, &d, &n, &problem) == OK && n == 4);
	CHECK_TEXT (d[0].external_id, "1001");
	CHECK_TEXT (d[0].system, "shop");
	CHECK (d[0].amount.minor == 1250);
	CHECK_TEXT (d[1].email, "jan@acme.nl");
	CHECK_TEXT (pushed_what (&arena, &d[0]), "order/shop/1001");
	CHECK_TEXT (pushed_what (&arena, &d[1]), "fact/metrics/visits/jan@acme.nl");
	CHECK_TEXT (pushed_what (&arena, &d[2]), "company/Acme");
	CHECK_TEXT (pushed_what (&arena, &d[3]), "system/shop");
	/* whatever becomes of a byte, it is read whole, or refused with a place */
	char text[sizeof good];
	for (size_t i = 0; i < sizeof good - 1; i++)
		for (size_t k = 0; k < 6; k++) {
			memcpy (text, good, sizeof good);
			text[i] = "\"{0\\]x"[k];
			enum status status = pushed (text, sizeof good - 1, &d, &n, &problem);
			CHECK (status == FAULT || (status == OK) == (problem.n_errors == 0));
			CHECK (status != REFUSED || (problem.n_errors && problem.errors[0].pointer[0] == '/'));
		}
	json_t *many = json_array ();
	for (int i = 0; i <= PUSHED_MOST; i++)
		json_array_append_new (many, json_pack ("{si}", "every", 60));
	problem = (struct problem){ 0 };
	CHECK (pushed_read (&arena, many, "shop", &d, &n, &problem) == REFUSED && error_find (problem.code) == ERROR_too_large);
	json_decref (many);
}

/* ---- which language somebody reads ---- */

static const char *language_of (const char *json, const char *page, const char *accepts)
{
	struct reading how = { .kind = source_kind_generic, .country = "NL", .dutch = true, .page = page, .accepts = accepts };
	struct lead_draft *lead;
	size_t n;
	json_t *tree = json_tree (text_bytes (json));
	leads_read (&arena, tree, &how, &lead, &n);
	json_decref (tree);
	CHECK (n == 1 && (lead->has.language == HERE) == (lead->language != NULL));
	return lead->language;
}

static void languages_are_told (void)
{
	static const struct {
		const char *text, *is;
	} read[] = { { "nl", "nl" },	{ "NL", "nl" },	    { "nl-BE", "nl" },	  { "en_US.UTF-8", "en" },   { "Nederlands", "nl" },
		     { "DUTCH", "nl" }, { "Engels", "en" }, { "français", "fr" }, { "norsk", "nb" },	     { "mx", NULL },
		     { "", NULL },	{ "n", NULL },	    { "nlx", NULL },	  { "english please", NULL } },
	  page[] = { { "https://x.nl/en/contact", "en" },
		     { "https://x.nl/nl", "nl" },
		     { "https://x.nl/NL-be/", "nl" },
		     { "https://x.nl/de_AT?x=1", "de" },
		     { "/fr/devis", "fr" },
		     { "https://x.nl/contact?a=1&lang=en#top", "en" },
		     { "https://x.nl/?lang=nl", "nl" },
		     { "https://x.nl/contact", NULL },
		     { "https://x.nl/english/", NULL },
		     { "https://x.nl/en-gros/", NULL },
		     { "https://x.nl/us/", NULL },
		     { "https://en", NULL },
		     { "https://x.nl/?language=nl", NULL },
		     { "", NULL } },
	  accepted[] = { { "nl", "nl" },
			 { "en-GB,en;q=0.9,nl;q=0.8", "en" },
			 { "xx, nl;q=0.2, de;q=0.4", "de" },
			 { "nl;q=0, en;q=0.1", "en" },
			 { "*", NULL },
			 { "nl;q=0", NULL },
			 { "en ; q=0.5,nl; q=0.7", "nl" },
			 { ",,", NULL },
			 { "", NULL } };
	for (size_t i = 0; i < LENGTH (read); i++)
		CHECK_TEXT (language_read (read[i].text), read[i].is);
	for (size_t i = 0; i < LENGTH (page); i++)
		CHECK_TEXT (language_of_page (page[i].text), page[i].is);
	for (size_t i = 0; i < LENGTH (accepted); i++)
		CHECK_TEXT (language_accepted (accepted[i].text), accepted[i].is);
	/* the form before the page that it names, that before the page that the browser came from, that before what it would rather read */
	CHECK_TEXT (language_of ("{\"taal\":\"Engels\",\"page_url\":\"https://x.nl/nl/\"}", "https://x.nl/de/", "fr"), "en");
	CHECK_TEXT (language_of ("{\"taal\":\"Klingon\",\"page_url\":\"https://x.nl/nl/\"}", "https://x.nl/de/", "fr"), "nl");
	CHECK_TEXT (language_of ("{\"page_url\":\"https://x.nl/contact\"}", "https://x.nl/de/", "fr"), "de");
	CHECK_TEXT (language_of ("{\"meta\":{\"page_url\":{\"title\":\"Page URL\",\"value\":\"https://x.nl/en/\"}}}", NULL, NULL), "en");
	CHECK_TEXT (language_of ("{\"name\":\"Piet\"}", "https://x.nl/", "fr;q=0.3"), "fr");
	CHECK_TEXT (language_of ("{\"name\":\"Piet\"}", NULL, NULL), NULL);
	/* what a form asked for stays as it came */
	CHECK_TEXT (lead_text ("{\"name\":\"Piet\",\"locale\":\"nl_NL\"}").fields, "{\"locale\":\"nl_NL\"}");
	CHECK_TEXT (lead_text ("{\"name\":\"Piet\",\"locale\":\"nl_NL\"}").language, "nl");
	/* one made by hand says one that there is */
	struct lead_create cmd = { .name = "Piet", .language = "nl-NL", .has.language = HERE };
	struct workspace_facts facts = { .language = "nl", .has.language = HERE, .form_type = "Contact" };
	CHECK (is_done (lead_create_check (&arena, &cmd, &facts)));
	CHECK_TEXT (lead_create_fill (&arena, &cmd, &facts).language, "nl");
	cmd.language = "klingon";
	CHECK (lead_create_check (&arena, &cmd, &facts).error == ERROR_invalid);
}

/* ---- what somebody agreed to ---- */

static void consent_is (const char *json, const char *is)
{
	struct reading how = { .kind = source_kind_generic,
			       .country = "NL",
			       .dutch = true,
			       .page = "https://x.nl/contact",
			       .at = INT64_C (1800000000000000) };
	json_t *tree = json_tree ((struct bytes){ (const unsigned char *) json, strlen (json) });
	struct lead_draft *lead;
	size_t n;
	leads_read (&arena, tree, &how, &lead, &n);
	CHECK_TEXT (lead[0].has.consent == HERE ? lead[0].consent : "", is);
	json_decref (tree);
}

#define CAME "\"at\":\"2027-01-15T08:00:00.000000Z\",\"page\":\"https://x.nl/contact\"}"

static void consents_are_read (void)
{
	consent_is ("{\"name\":\"A\"}", "");
	/* a box for news, and one that nobody ticked */
	consent_is ("{\"nieuwsbrief\":\"on\"}", "{\"given\":true,\"news\":true," CAME);
	consent_is ("{\"newsletter\":\"\"}", "{\"given\":false,\"news\":false," CAME);
	consent_is ("{\"opt-in\":false}", "{\"given\":false,\"news\":false," CAME);
	/* leave without words is for mail; with words it is for what they say */
	consent_is ("{\"toestemming\":\"ja\"}", "{\"given\":true,\"news\":true," CAME);
	consent_is ("{\"consent\":true,\"consent_text\":\"U mag mij bellen.\",\"consent_version\":\"3\"}",
		    "{\"given\":true,\"news\":false,\"text\":\"U mag mij bellen.\",\"version\":\"3\"," CAME);
	consent_is ("{\"consent\":\"Ja, stuur mij de nieuwsbrief\"}",
		    "{\"given\":true,\"news\":true,\"text\":\"Ja, stuur mij de nieuwsbrief\"," CAME);
	consent_is ("{\"nieuwsbrief\":\"Nee, liever niet\"}", "{\"given\":false,\"news\":false,\"text\":\"Nee, liever niet\"," CAME);
	/* terms are never leave for mail by themselves */
	consent_is ("{\"akkoord\":\"1\"}", "{\"given\":true,\"news\":false," CAME);
	consent_is ("{\"acceptance-123\":\"1\"}", "{\"given\":true,\"news\":false," CAME);
	consent_is ("{\"Ik ga akkoord met het privacybeleid\":\"on\"}",
		    "{\"given\":true,\"news\":false,\"text\":\"Ik ga akkoord met het privacybeleid\"," CAME);
	consent_is ("{\"privacy\":\"1\",\"nieuwsbrief\":\"0\"}", "{\"given\":true,\"news\":false," CAME);
	/* an answer that is none of a box is none of consent */
	consent_is ("{\"Hoe kent u ons? Nieuwsbrief of anders\":\"Via een vriend van mij\"}", "");
	/* as other makers say it */
	consent_is ("{\"consent\":{\"marketing\":false,\"privacy\":true,\"at\":\"2026-11-21T10:15:00Z\",\"page\":\"https://x.nl/o\"}}",
		    "{\"given\":true,\"news\":false,\"at\":\"2026-11-21T10:15:00.000000Z\",\"page\":\"https://x.nl/o\"}");
	consent_is ("{\"fields\":{\"a1\":{\"id\":\"a1\",\"type\":\"acceptance\",\"title\":\"Stuur mij de nieuwsbrief\",\"value\":\"on\"}}}",
		    "{\"given\":true,\"news\":true,\"text\":\"Stuur mij de nieuwsbrief\"," CAME);
	consent_is ("{\"form_id\":\"7\",\"id\":\"9\",\"5.1\":\"1\",\"5.2\":\"I agree to the privacy policy.\",\"5.3\":\"4\"}",
		    "{\"given\":true,\"news\":false,\"text\":\"I agree to the privacy policy.\",\"version\":\"4\"," CAME);
	consent_is (
		"{\"consent\":{\"consent\":{\"consentToProcess\":true,\"text\":\"I agree.\",\"communications\":[{\"value\":false,\"text\":\"Events\"},"
		"{\"value\":true,\"text\":\"Newsletter\"}]}}}",
		"{\"given\":true,\"news\":true,\"text\":\"I agree.\\nEvents\\nNewsletter\"," CAME);
	consent_is (
		"{\"consent\":[{\"checkbox_key\":\"marketing_optin\",\"is_checked\":\"\"},{\"checkbox_key\":\"terms\",\"is_checked\":\"1\"}]}",
		"{\"given\":true,\"news\":false," CAME);
	/* nobody agrees in days to come */
	consent_is ("{\"newsletter\":\"yes\",\"consent_at\":\"2099-01-01T00:00:00Z\"}", "{\"given\":true,\"news\":true," CAME);
	CHECK_TEXT (consent_given (&arena, "{\"given\":true,\"news\":true,\"text\":\"x\"}", INT64_C (1800000000000000)),
		    "{\"given\":true,\"news\":true,\"text\":\"x\",\"at\":\"2027-01-15T08:00:00.000000Z\"}");
	CHECK (!consent_given (&arena, "{\"given\":\"yes\"}", 1) && !consent_given (&arena, "[]", 1) &&
	       !consent_given (&arena, "{\"given\":true,\"text\":1}", 1));
}

int main (void)
{
	arena_init (&arena);
	pushes_are_read ();
	fixtures_fit ();
	phones_fit ();
	addresses_fit ();
	names_fit ();
	languages_are_told ();
	consents_are_read ();
	envelopes_fit ();
	charsets_fit ();
	faults_are_told ();
	forms_unfold ();
	decisions_hold ();
	leads_change ();
	registrations_join ();
	arena_fini (&arena);
	return test_end ();
}
