/* crmctl docs: OpenAPI 3.1 of the API, AsyncAPI 3.0 of the bus, TypeScript types of the events, and the contract, all from the tables.
 * It must never say what the tables do not: what a page answers stands in the gateway's answers.def. */
#include "docs.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include "crmctl.h"

static const char PRODUCT_VERSION[] = "1.0.0";

static json_t *ref_to (const char *place, const char *name)
{
	return json_pack ("{s:o}", "$ref", json_sprintf ("#/components/%s/%s", place, name));
}

/* ---- JSON Schema ---- */

static json_t *enum_schema (const struct field *f)
{
	json_t *values = json_array ();
	for (size_t i = 0; f->names[i]; i++)
		json_array_append_new (values, json_string (f->names[i]));
	if (!(f->flags & REQUIRED))
		json_array_append_new (values, json_null ());
	return json_pack ("{s:s, s:o}", "type", "string", "enum", values);
}

static json_t *kind_schema (const struct field *f, json_t *parts)
{
	switch (f->kind) {
	case KIND_TEXT: return json_pack ("{s:s, s:I}", "type", "string", "maxLength", (json_int_t) field_limit (f));
	case KIND_I64: return json_pack ("{s:s, s:s}", "type", "integer", "format", "int64");
	case KIND_FLAG: return json_pack ("{s:s}", "type", "boolean");
	case KIND_TIME: return json_pack ("{s:s, s:s}", "type", "string", "format", "date-time");
	case KIND_DATE: return json_pack ("{s:s, s:s}", "type", "string", "format", "date");
	case KIND_MONEY: return ref_to ("schemas", "money");
	case KIND_JSON: return json_object ();
	case KIND_BYTES: return json_pack ("{s:s, s:s}", "type", "string", "contentEncoding", "base64");
	case KIND_ID: return json_pack ("{s:s, s:s}", "type", "string", "format", "uuid");
	case KIND_ENUM: return enum_schema (f);
	case KIND_LIST:
		json_object_set_new (parts, f->part->name, json_true ());
		return json_pack ("{s:s, s:o, s:I}", "type", "array", "items", ref_to ("schemas", f->part->name), "maxItems",
				  (json_int_t) field_limit (f));
	}
	assert (!"every kind is named");
	return NULL;
}

/* What is OPTIONAL may be null: cleared, or nothing. */
static json_t *nullable (json_t *schema)
{
	const json_t *type = json_object_get (schema, "type");
	if (type)
		json_object_set_new (schema, "type", json_pack ("[s, s]", json_string_value (type), "null"));
	else if (json_object_get (schema, "$ref"))
		return json_pack ("{s:[o, {s:s}]}", "anyOf", schema, "type", "null");
	return schema;
}

json_t *schema_field (const struct field *f, json_t *parts)
{
	json_t *schema = kind_schema (f, parts);
	if (!(f->flags & REQUIRED))
		schema = nullable (schema);
	json_object_set_new (schema, "description", json_string (f->doc));
	if (f->flags & PERSONAL)
		json_object_set_new (schema, "x-personal", json_true ());
	if (f->flags & SECRET)
		json_object_set_new (schema, "writeOnly", json_true ());
	return schema;
}

json_t *schema_record (const struct record *r, field_leave *leave, const void *ctx, json_t *parts)
{
	json_t *properties = json_object (), *required = json_array ();
	for (const struct field *f = r->fields; f < r->fields + r->n_fields; f++) {
		if (leave && leave (f, ctx))
			continue;
		json_object_set_new (properties, f->name, schema_field (f, parts));
		if (f->flags & REQUIRED)
			json_array_append_new (required, json_string (f->name));
	}
	json_t *schema = json_pack ("{s:s, s:s, s:o}", "type", "object", "description", r->doc, "properties", properties);
	if (json_array_size (required))
		json_object_set (schema, "required", required);
	json_decref (required);
	return schema;
}

void schema_parts (json_t *schemas, json_t *parts)
{
	json_object_set_new (schemas, "money",
			     json_pack ("{s:s, s:s, s:[s, s], s:{s:{s:s, s:s}, s:{s:s, s:s}}}", "type", "object", "description",
					"an exact amount, never a floating point number", "required", "amount", "currency", "properties",
					"amount", "type", "string", "pattern", "^-?[0-9]+(\\.[0-9]{1,4})?$", "currency", "type", "string",
					"pattern", "^[A-Z]{3}$"));
	for (bool more = true; more;) { /* a part may bring parts of its own */
		more = false;
		for (size_t i = 0; all_records[i]; i++)
			if (json_object_get (parts, all_records[i]->name) && !json_object_get (schemas, all_records[i]->name)) {
				json_object_set_new (schemas, all_records[i]->name, schema_record (all_records[i], NULL, NULL, parts));
				more = true;
			}
	}
}

/* ---- AsyncAPI ---- */

/* What stands around an event's data wherever it leaves the bus: tail, the API, the live stream. */
static json_t *envelope_schema (void)
{
	static const struct {
		const char *name, *type, *format, *doc;
		bool required;
	} rows[] = {
		{ "specversion", "string", NULL, "1.0: attribute names are CloudEvents'", true },
		{ "id", "string", "uuid", "of the event, version 7", true },
		{ "source", "string", NULL, "the service that said it", true },
		{ "type", "string", NULL, "what happened", true },
		{ "subject", "string", NULL, "what it is about", false },
		{ "time", "string", "date-time", "when it happened", true },
		{ "datacontenttype", "string", NULL, "application/json", false },
		{ "dataschema", "string", "uri", "type and version of the data", true },
		{ "recorded", "string", "date-time", "when it was committed", false },
		{ "workspace", "string", "uuid", "whose it is", true },
		{ "lane", "integer", NULL, "0 to 15: which partition; order holds within one", true },
		{ "sequence", "string", NULL, "its place on the lane, dense, zero-padded so that it sorts", true },
		{ "correlation", "string", "uuid", "the request that began it all", false },
		{ "causation", "string", "uuid", "the command or event that caused this one", false },
		{ "depth", "integer", NULL, "how many events deep a chain of causes is", false },
		{ "actor", "string", "uuid", "who did it", false },
		{ "traceparent", "string", NULL, "W3C trace context of the request", false },
	};
	json_t *properties = json_object (), *required = json_array ();
	for (size_t i = 0; i < LENGTH (rows); i++) {
		json_t *schema = json_pack ("{s:s, s:s}", "type", rows[i].type, "description", rows[i].doc);
		if (rows[i].format)
			json_object_set_new (schema, "format", json_string (rows[i].format));
		json_object_set_new (properties, rows[i].name, schema);
		if (rows[i].required)
			json_array_append_new (required, json_string (rows[i].name));
	}
	json_object_set_new (properties, "data", json_pack ("{s:s}", "type", "object"));
	json_array_append_new (required, json_string ("data"));
	return json_pack ("{s:s, s:o, s:o}", "type", "object", "required", required, "properties", properties);
}

static json_t *message_of (const struct record *r)
{
	json_t *own = json_pack ("{s:s, s:{s:{s:s}, s:{s:o}, s:o}}", "type", "object", "properties", "type", "const", r->type, "dataschema",
				 "const", json_sprintf ("urn:leadwire:event:%s:%d", r->type, r->version), "data",
				 ref_to ("schemas", r->name));
	return json_pack ("{s:s, s:s, s:s, s:s, s:{s:s}, s:{s:[o, o]}}", "name", r->type, "title", r->type, "summary", r->doc,
			  "contentType", "application/cloudevents+json", "correlationId", "location", "$message.payload#/correlation",
			  "payload", "allOf", ref_to ("schemas", "envelope"), own);
}

/* One channel a service: its sixteen lanes, with every event it says. */
static json_t *channel_of (const char *service, json_t *messages)
{
	json_t *lanes = json_array ();
	for (int i = 0; i < LANES; i++)
		json_array_append_new (lanes, json_sprintf ("%02d", i));
	return json_pack ("{s:o, s:o, s:{s:{s:s, s:o}}, s:{s:s, s:s, s:s}}", "address", json_sprintf ("%s/{lane}", service), "messages",
			  messages, "parameters", "lane", "description", "the partition of the workspace", "enum", lanes, "x-zmq", "socket",
			  "PUB", "mechanism", "CURVE, or ipc sockets on one machine", "frame",
			  "one message a transaction: its events in order, as msgpack; the data is a map with these field names");
}

json_t *docs_asyncapi (void)
{
	json_t *channels = json_object (), *operations = json_object (), *messages = json_object (), *schemas = json_object (),
	       *parts = json_object ();
	json_object_set_new (schemas, "envelope", envelope_schema ());
	for (size_t i = 0; all_records[i]; i++) {
		const struct record *r = all_records[i];
		if (r->class != RECORD_EVENT)
			continue;
		if (!json_object_get (channels, r->service)) {
			json_object_set_new (channels, r->service, channel_of (r->service, json_object ()));
			char name[64];
			snprintf (name, sizeof name, "%s says", r->service);
			json_object_set_new (operations, name,
					     json_pack ("{s:s, s:{s:o}}", "action", "send", "channel", "$ref",
							json_sprintf ("#/channels/%s", r->service)));
		}
		json_object_set_new (json_object_get (json_object_get (channels, r->service), "messages"), r->name,
				     ref_to ("messages", r->name));
		json_object_set_new (messages, r->name, message_of (r));
		json_object_set_new (schemas, r->name, schema_record (r, NULL, NULL, parts));
	}
	schema_parts (schemas, parts);
	json_decref (parts);
	return json_pack (
		"{s:s, s:{s:s, s:s, s:s}, s:s, s:o, s:o, s:{s:o, s:o}}", "asyncapi", "3.0.0", "info", "title", "Leadwire: what is said",
		"version", PRODUCT_VERSION, "description",
		"Every event of every service. On the bus they travel in frames, one a transaction; where they leave it (crmctl tail, the API, the live "
		"stream) each is a CloudEvent as described here.",
		"defaultContentType", "application/cloudevents+json", "channels", channels, "operations", operations, "components",
		"messages", messages, "schemas", schemas);
}

/* ---- OpenAPI ---- */

enum { ANYONE = -2, LOGGED_IN = -1 };
#define PERMISSION_public ANYONE
#define PERMISSION_session LOGGED_IN
static const struct route {
	const char *method, *path;
	const struct record *record;
	int permission;
	const char *doc;
} routes[] = {
#define ROUTE(method, path, record, permission, doc) { #method, path, &record##_record, PERMISSION_##permission, doc },
#include "../gateway/routes.def"
#undef ROUTE
};

/* "/api/deals/:deal_id/stage" → "/api/deals/{deal_id}/stage", and "deal_id"; empty when it names nothing. */
static void path_write (const char *path, char ret_path[128], char ret_field[64])
{
	const char *colon = strchr (path, ':');
	size_t n = colon ? strcspn (colon + 1, "/") : 0;
	snprintf (ret_field, 64, "%.*s", (int) n, colon ? colon + 1 : "");
	if (colon)
		snprintf (ret_path, 128, "%.*s{%s}%s", (int) (colon - path), path, ret_field, colon + 1 + n);
	else
		snprintf (ret_path, 128, "%s", path);
}

static json_t *parameter (const char *in, const char *name, bool required, const char *doc, json_t *schema)
{
	json_object_del (schema, "description");
	return json_pack ("{s:s, s:s, s:b, s:s, s:o}", "name", name, "in", in, "required", required, "description", doc, "schema", schema);
}

/* What is KEY is in the path, or made by the gateway. */
static bool filled_in (const struct field *f, const void *path_field)
{
	return (f->flags & KEY) == KEY || strcmp (f->name, path_field) == 0 || strncmp (f->doc, "unused", 6) == 0;
}

static bool reads (const struct route *r)
{
	return strcmp (r->method, "GET") == 0;
}

/* What is asked stands in the address: there is no body. */
static bool asks_by_address (const struct route *r)
{
	return reads (r) || strcmp (r->method, "DELETE") == 0 || r->record == &attachment_add_record || r->record == &mail_form_record;
}

static json_t *parameters_of (const struct route *r, const char *path_field)
{
	json_t *all = json_array ();
	json_t *unused = json_object (); /* no list comes in a query string */
	if (*path_field)
		json_array_append_new (all,
				       parameter ("path", path_field, true, "its id or its short number",
						  json_pack ("{s:s, s:s}", "type", "string", "pattern", "^([0-9]+|[0-9a-fA-F-]{36})$")));
	for (const struct field *f = r->record->fields; asks_by_address (r) && f < r->record->fields + r->record->n_fields; f++) {
		/* a path names a record by id or number: neither is asked for again */
		if (strcmp (f->name, path_field) == 0 || (*path_field && f->kind != KIND_TEXT && strcmp (f->name, "limit")))
			continue;
		if (strcmp (f->name, "workspace") && (reads (r) || !filled_in (f, path_field)))
			json_array_append_new (all, parameter ("query", f->name, false, f->doc, schema_field (f, unused)));
	}
	json_decref (unused);
	if (r->permission >= 0) {
		json_array_append_new (all, ref_to ("parameters", "workspace"));
		json_array_append_new (all, ref_to ("parameters", "position"));
	}
	if (!reads (r) && r->permission >= 0)
		json_array_append_new (all, ref_to ("parameters", "key"));
	if (strcmp (r->method, "PUT") == 0 && r->permission >= 0)
		json_array_append_new (all, ref_to ("parameters", "match"));
	return all;
}

/* ---- what is answered ---- */

enum presence { ALWAYS, OR_NULL, SOMETIMES };
static const struct answer_row {
	const char *answer; /* a new one begins: its doc is `doc` and the rest is null */
	const char *type, *member;
	enum presence presence;
	const char *doc;
} answer_rows[] = {
#define ANSWER(name, says) { .answer = #name, .doc = says },
#define SAYS(of, name, says) { .type = of, .member = #name, .presence = ALWAYS, .doc = says },
#define MAY(of, name, says) { .type = of, .member = #name, .presence = OR_NULL, .doc = says },
#define SOME(of, name, says) { .type = of, .member = #name, .presence = SOMETIMES, .doc = says },
#define ANSWERS(record, shape, name)
#include "../gateway/answers.def"
#undef ANSWER
#undef SAYS
#undef MAY
#undef SOME
#undef ANSWERS
};

enum shape { SHAPE_list, SHAPE_rows, SHAPE_one };
static const struct {
	const struct record *record;
	enum shape shape;
	const char *answer;
} answers[] = {
#define ANSWER(name, says)
#define SAYS(of, name, says)
#define MAY(of, name, says)
#define SOME(of, name, says)
#define ANSWERS(record, shape, name) { &record##_record, SHAPE_##shape, #name },
#include "../gateway/answers.def"
#undef ANSWER
#undef SAYS
#undef MAY
#undef SOME
#undef ANSWERS
};

static json_t *list_of (json_t *items)
{
	return json_pack ("{s:s, s:o}", "type", "array", "items", items);
}

static json_t *answer_type (const char *type)
{
	static const struct {
		const char *name, *type, *format;
	} plain[] = {
		{ "id", "string", "uuid" },   { "text", "string", NULL },  { "time", "string", "date-time" },
		{ "date", "string", "date" }, { "flag", "boolean", NULL }, { "number", "integer", NULL },
	};
	char name[64];
	for (size_t i = 0; i < LENGTH (plain); i++)
		if (strcmp (plain[i].name, type) == 0)
			return json_pack ("{s:s, s:s*}", "type", plain[i].type, "format", plain[i].format);
	if (strcmp (type, "any") == 0)
		return json_object ();
	if (strcmp (type, "words") == 0)
		return list_of (json_pack ("{s:s}", "type", "string"));
	snprintf (name, sizeof name, "%.*s", (int) strcspn (type + (*type == '['), "]"), type + (*type == '['));
	return *type == '[' ? list_of (ref_to ("schemas", name)) : ref_to ("schemas", name);
}

/* Every answer as a schema of its own. */
static void schema_answers (json_t *schemas)
{
	json_t *schema = NULL, *required = NULL;
	for (const struct answer_row *row = answer_rows; row < answer_rows + LENGTH (answer_rows); row++) {
		if (row->answer) {
			required = json_array ();
			schema = json_pack ("{s:s, s:s, s:{}, s:o}", "type", "object", "description", row->doc, "properties", "required",
					    required);
			json_object_set_new (schemas, row->answer, schema);
			continue;
		}
		json_t *member = answer_type (row->type);
		if (row->presence == OR_NULL)
			member = nullable (member);
		json_object_set_new (member, "description", json_string (row->doc));
		json_object_set_new (json_object_get (schema, "properties"), row->member, member);
		if (row->presence != SOMETIMES)
			json_array_append_new (required, json_string (row->member));
	}
}

/* Null: it is not told. */
static json_t *answer_of (const struct record *r)
{
	for (size_t i = 0; i < LENGTH (answers); i++) {
		if (answers[i].record != r)
			continue;
		json_t *name = ref_to ("schemas", answers[i].answer);
		switch (answers[i].shape) {
		case SHAPE_one: return name;
		case SHAPE_rows:
			return json_pack ("{s:s, s:[s], s:{s:o}}", "type", "object", "required", "data", "properties", "data",
					  list_of (name));
		case SHAPE_list:
			return json_pack ("{s:s, s:[s, s], s:{s:o, s:{s:[s, s], s:s}}}", "type", "object", "required", "data", "next",
					  "properties", "data", list_of (name), "next", "type", "string", "null", "description",
					  "give it back as ?after= for what follows; null: this is the end");
		}
	}
	return NULL;
}

/* Pages that answer something else than JSON. */
static const char *media_of (const struct record *r)
{
	return r == &stream_page_record ? "text/event-stream"
	       : r == &user_photo_record || r == &file_get_record || r == &mail_file_get_record || r == &company_logo_page_record ||
			       r == &portal_logo_page_record || r == &document_ubl_page_record || r == &portal_ubl_page_record
		       ? "application/octet-stream"
	       : r == &document_pdf_page_record || r == &portal_pdf_page_record	    ? "application/pdf"
	       : r == &mail_html_record || r == &news_stop_page_record		    ? "text/html"
	       : r == &calendar_feed_page_record				    ? "text/calendar"
	       : strstr (r->name, "_export_page") || r == &bookings_csv_page_record ? "text/csv"
	       : r == &bookings_xaf_page_record					    ? "application/xml"
	       : r == &rule_try_form_record					    ? "application/x-ndjson"
										    : "application/json";
}

static bool makes (const struct route *r)
{
	return strcmp (r->method, "POST") == 0;
}

static bool is_refused_with (const struct route *r, const char *path_field, int status)
{
	bool writes = !reads (r), known = r->permission != ANYONE;
	switch (status) {
	case 400:
	case 409:
	case 413:
	case 415:
	case 504: return writes;
	case 401: return known || makes (r);
	case 403: return r->permission >= 0 || (writes && known);
	case 404: return *path_field || r->permission >= 0;
	case 412: return record_field (r->record, "version") && strcmp (r->method, "PUT") == 0;
	case 422: return writes || r->record->n_fields > 0;
	case 429: return !known && makes (r);
	case 503: return true;
	default: return false;
	}
}

static void refusal_name (char ret[32], int status)
{
	snprintf (ret, 32, "refused_%d", status);
}

/* A response for each status that errors.def has: which codes it can be. */
static json_t *refusals (void)
{
	json_t *all = json_object ();
	for (int i = 0; i < ERROR_COUNT; i++) {
		char name[32], codes[8000] = "";
		refusal_name (name, error_rows[i].status);
		if (json_object_get (all, name))
			continue;
		for (int k = i; k < ERROR_COUNT; k++)
			if (error_rows[k].status == error_rows[i].status)
				snprintf (codes + strlen (codes), sizeof codes - strlen (codes), "%s`%s`: %s", *codes ? " " : "",
					  error_rows[k].code, error_rows[k].en);
		json_object_set_new (all, name,
				     json_pack ("{s:s, s:{s:{s:o}}}", "description", codes, "content", "application/problem+json", "schema",
						ref_to ("schemas", "problem")));
	}
	return all;
}

static json_t *responses_of (const struct route *r, const char *path_field)
{
	const char *media = media_of (r->record);
	bool json = strcmp (media, "application/json") == 0;
	json_t *told = answer_of (r->record);
	json_t *schema = !json				  ? json_pack ("{s:s}", "type", "string")
			 : told				  ? told
			 : reads (r) || r->permission < 0 ? json_object ()
							  : ref_to ("schemas", "written");
	json_t *all = json_pack ("{s:{s:s, s:{s:{s:o}}}}", reads (r) ? "200" : "2XX", "description",
				 reads (r) ? "as asked"
					   : "done; 201 when something was made, 204 without a body when there is nothing to say",
				 "content", media, "schema", schema);
	for (int status = 400; status < 600; status++) {
		char number[16], name[32];
		refusal_name (name, status);
		snprintf (number, sizeof number, "%d", status);
		if (is_refused_with (r, path_field, status))
			json_object_set_new (all, number, ref_to ("responses", name));
	}
	json_object_set_new (all, "default", ref_to ("responses", "refused"));
	return all;
}

static json_t *operation_of (const struct route *r, const char *path_field, json_t *parts)
{
	json_t *operation = json_pack ("{s:s, s:[s]}", "summary", r->doc, "tags", r->record->service);
	if (r->permission >= 0)
		json_object_set_new (operation, "x-permission", json_string (permission_names[r->permission]));
	if (r->permission == ANYONE)
		json_object_set_new (operation, "security", json_array ());
	json_object_set_new (operation, "parameters", parameters_of (r, path_field));
	json_t *body = asks_by_address (r) ? NULL : schema_record (r->record, filled_in, path_field, parts);
	if (json_object_size (json_object_get (body, "properties")))
		json_object_set_new (operation, "requestBody",
				     json_pack ("{s:b, s:{s:{s:O}}}", "required", json_object_get (body, "required") != NULL, "content",
						"application/json", "schema", body));
	json_decref (body);
	if (r->record == &photo_form_record && strcmp (r->method, "PUT") == 0) /* the one body that is no JSON */
		json_object_set_new (operation, "requestBody",
				     json_pack ("{s:b, s:{s:{}, s:{}, s:{}, s:{}}}", "required", true, "content", "image/png", "image/jpeg",
						"image/webp", "image/gif"));
	if (r->record == &attachment_add_record)
		json_object_set_new (operation, "requestBody",
				     json_pack ("{s:b, s:{s:{}, s:{}}}", "required", true, "content", "application/octet-stream",
						"multipart/form-data"));
	if (r->record == &mail_form_record)
		json_object_set_new (operation, "requestBody",
				     json_pack ("{s:b, s:{s:{}}}", "required", true, "content", "message/rfc822"));
	json_object_set_new (operation, "responses", responses_of (r, path_field));
	return operation;
}

static json_t *paths_of (json_t *parts)
{
	json_t *paths = json_object ();
	for (size_t i = 0; i < LENGTH (routes); i++) {
		char path[128], field[64], method[16];
		path_write (routes[i].path, path, field);
		size_t n = 0;
		for (; routes[i].method[n]; n++)
			method[n] = (char) tolower ((unsigned char) routes[i].method[n]);
		method[n] = 0;
		if (!json_object_get (paths, path))
			json_object_set_new (paths, path, json_object ());
		json_object_set_new (json_object_get (paths, path), method, operation_of (&routes[i], field, parts));
	}
	return paths;
}

static json_t *common_parameters (void)
{
	json_t *text = json_pack ("{s:s}", "type", "string"), *all = json_object ();
	json_object_set_new (
		all, "workspace",
		parameter (
			"query", "workspace", false,
			"short name or id; absent: every workspace of the caller (a write needs it when there are several and the path names no record)",
			json_incref (text)));
	json_object_set_new (
		all, "position",
		parameter ("header", "CRM-Position", false, "the last answer's, so that what it wrote is seen", json_incref (text)));
	json_object_set_new (all, "key",
			     parameter ("header", "Idempotency-Key", false,
					"a repeat with the same key and body is the same request, and gets the same answer",
					json_incref (text)));
	json_object_set_new (
		all, "match",
		parameter ("header", "If-Match", false, "the version that was seen, as \"17\"; 412 when it is old", json_incref (text)));
	json_decref (text);
	return all;
}

static json_t *problem_schema (void)
{
	json_t *codes = json_array ();
	for (int i = 0; i < ERROR_COUNT; i++)
		json_array_append_new (codes, json_string (error_rows[i].code));
	return json_pack (
		"{s:s, s:s, s:[s, s, s], s:{s:{s:s}, s:{s:s}, s:{s:s}, s:{s:s}, s:{s:s, s:o}, s:{s:s, s:{s:s, s:{s:{s:s}, s:{s:s}, s:{s:s}}}}}}",
		"type", "object", "description", "RFC 9457", "required", "title", "status", "code", "properties", "type", "type", "string",
		"title", "type", "string", "status", "type", "integer", "detail", "type", "string", "code", "type", "string", "enum", codes,
		"errors", "type", "array", "items", "type", "object", "properties", "pointer", "type", "string", "code", "type", "string",
		"detail", "type", "string");
}

static json_t *written_schema (void)
{
	return json_pack ("{s:s, s:s, s:{s:{s:s, s:s}, s:{s:s}, s:{s:s}}}", "type", "object", "description",
			  "what a write answers, with more members where it says so", "properties", "id", "type", "string", "format",
			  "uuid", "number", "type", "integer", "version", "type", "integer");
}

json_t *docs_openapi (void)
{
	json_t *schemas = json_object (), *parts = json_object ();
	json_t *paths = paths_of (parts);
	json_object_set_new (schemas, "problem", problem_schema ());
	json_object_set_new (schemas, "written", written_schema ());
	schema_parts (schemas, parts);
	schema_answers (schemas);
	json_decref (parts);
	json_t *responses = refusals ();
	json_t *refused = json_pack ("{s:s, s:{s:{s:o}}}", "description", "refused, or not possible now", "content",
				     "application/problem+json", "schema", ref_to ("schemas", "problem"));
	json_object_set_new (responses, "refused", refused);
	json_t *ways_in = json_pack ("{s:{s:s, s:s}, s:{s:s, s:s, s:s}}", "key", "type", "http", "scheme", "bearer", "session", "type",
				     "apiKey", "in", "cookie", "name", "__Host-leadwire");
	return json_pack ("{s:s, s:{s:s, s:s}, s:[{s:[]}, {s:[]}], s:o, s:{s:o, s:o, s:o, s:o}}", "openapi", "3.1.0", "info", "title",
			  "Leadwire", "version", PRODUCT_VERSION, "security", "key", "session", "paths", paths, "components", "schemas",
			  schemas, "parameters", common_parameters (), "responses", responses, "securitySchemes", ways_in);
}

/* ---- TypeScript ---- */

/* deal_stage_changed → DealStageChanged */
static void type_name (struct buffer *out, const char *name)
{
	bool upper = true;
	for (const char *c = name; *c; c++) {
		if (*c != '_')
			buffer_printf (out, "%c", upper ? toupper ((unsigned char) *c) : *c);
		upper = *c == '_';
	}
}

static void type_of (struct buffer *out, const struct field *f)
{
	switch (f->kind) {
	case KIND_TEXT:
	case KIND_TIME:
	case KIND_DATE:
	case KIND_BYTES: buffer_text (out, "string"); return;
	case KIND_I64: buffer_text (out, "number"); return;
	case KIND_FLAG: buffer_text (out, "boolean"); return;
	case KIND_MONEY: buffer_text (out, "Money"); return;
	case KIND_JSON: buffer_text (out, "unknown"); return;
	case KIND_ID: buffer_text (out, "Id"); return;
	case KIND_ENUM:
		for (size_t i = 0; f->names[i]; i++)
			buffer_printf (out, "%s'%s'", i ? " | " : "", f->names[i]);
		return;
	case KIND_LIST:
		type_name (out, f->part->name);
		buffer_text (out, "[]");
		return;
	}
	assert (!"every kind is named");
}

static void interface_write (struct buffer *out, const struct record *r)
{
	buffer_printf (out, "\n/** %s */\nexport interface ", r->doc);
	type_name (out, r->name);
	buffer_text (out, " {\n");
	for (const struct field *f = r->fields; f < r->fields + r->n_fields; f++) {
		buffer_printf (out, "\t/** %s */\n\t%s%s: ", f->doc, f->name, f->flags & REQUIRED ? "" : "?");
		type_of (out, f);
		buffer_text (out, f->flags & REQUIRED ? ";\n" : " | null;\n");
	}
	buffer_text (out, "}\n");
}

static bool said_as_part (const struct record *part)
{
	for (size_t i = 0; all_records[i]; i++)
		for (size_t j = 0; all_records[i]->class == RECORD_EVENT && j < all_records[i]->n_fields; j++)
			if (all_records[i]->fields[j].part == part)
				return true;
	return false;
}

void docs_types (struct buffer *out)
{
	buffer_text (out, "/* What is said, as types. Made by `crmctl docs types` from proto/; never edited. */\nexport type Id = string;\n"
			  "export interface Money { amount: string; currency: string }\n");
	for (size_t i = 0; all_records[i]; i++)
		if (all_records[i]->class == RECORD_EVENT || said_as_part (all_records[i]))
			interface_write (out, all_records[i]);
	buffer_text (out, "\n/** The data of each type. */\nexport interface EventTypes {\n");
	for (size_t i = 0; all_records[i]; i++)
		if (all_records[i]->class == RECORD_EVENT) {
			buffer_printf (out, "\t'%s': ", all_records[i]->type);
			type_name (out, all_records[i]->name);
			buffer_text (out, ";\n");
		}
	buffer_text (
		out,
		"}\n\n/** What stands around the data. */\nexport interface Envelope {\n\tid: Id;\n\tsource: string;\n\tsubject?: Id;\n\ttime: string;\n"
		"\trecorded?: string;\n\tworkspace: Id;\n\tlane: number;\n\tsequence: string;\n\tcorrelation?: Id;\n\tcausation?: Id;\n\tdepth?: number;\n"
		"\tactor?: Id;\n}\nexport type CrmEvent = { [T in keyof EventTypes]: Envelope & { type: T; data: EventTypes[T] } }[keyof EventTypes];\n");
}

/* ---- the verb ---- */

static int json_print (json_t *document)
{
	int failed = json_dumpf (document, stdout, JSON_INDENT (2));
	json_decref (document);
	return failed || putchar ('\n') == EOF || fflush (stdout) == EOF;
}

static int types_print (void)
{
	struct buffer out = { 0 };
	docs_types (&out);
	bool written = fwrite (out.at, 1, out.n, stdout) == out.n && fflush (stdout) == 0;
	buffer_fini (&out);
	return !written;
}

int crmctl_docs (int argc, char **argv)
{
	const char *which = argc == 2 ? argv[1] : "";
	if (strcmp (which, "openapi") == 0)
		return json_print (docs_openapi ());
	if (strcmp (which, "asyncapi") == 0)
		return json_print (docs_asyncapi ());
	if (strcmp (which, "events") == 0)
		return json_print (docs_events ());
	if (strcmp (which, "types") == 0)
		return types_print ();
	fprintf (stderr, "usage: crmctl docs openapi | asyncapi | types | events\n");
	return 2;
}
