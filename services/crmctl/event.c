/* One event as an operator sees it: CloudEvents JSON for programs, a line for people.
 * It must never change what an event says. */
#include <stdio.h>
#include <string.h>
#include "clock.h"
#include "verbs.h"

struct uuid event_subject (const struct heard *heard)
{
	for (size_t i = 0; i < heard->record->n_fields; i++) {
		const struct field *f = &heard->record->fields[i];
		if (f->kind == KIND_ID && field_has (f, heard->data) == HERE)
			return *(const struct uuid *) ((const char *) heard->data + f->offset);
	}
	return (struct uuid){ { 0 } };
}

bool event_names (const struct heard *heard, struct uuid id)
{
	const struct head *h = heard->head;
	if (uuid_equal (h->id, id) || uuid_equal (h->correlation, id) || uuid_equal (h->causation, id))
		return true;
	for (size_t i = 0; i < heard->record->n_fields; i++) {
		const struct field *f = &heard->record->fields[i];
		if (f->kind == KIND_ID && field_has (f, heard->data) == HERE &&
		    uuid_equal (*(const struct uuid *) ((const char *) heard->data + f->offset), id))
			return true;
	}
	return false;
}

static void member_id (struct buffer *out, const char *name, struct uuid id)
{
	char text[UUID_TEXT];
	if (!uuid_equal (id, (struct uuid){ { 0 } }))
		buffer_printf (out, ",\"%s\":\"%s\"", name, uuid_format (id, text));
}

void event_json (struct buffer *out, const char *source, const struct heard *heard)
{
	const struct head *h = heard->head;
	char time[TIME_TEXT], id[UUID_TEXT];
	buffer_printf (out, "{\"specversion\":\"1.0\",\"id\":\"%s\",\"source\":\"%s\",\"type\":\"%s\"", uuid_format (h->id, id), source,
		       heard->record->type);
	member_id (out, "subject", event_subject (heard));
	buffer_printf (out, ",\"time\":\"%s\",\"datacontenttype\":\"application/json\",\"dataschema\":\"urn:leadwire:event:%s:%d\"",
		       time_format (h->at, time), heard->record->type, heard->record->version);
	buffer_printf (out, ",\"recorded\":\"%s\"", time_format (h->recorded, time));
	member_id (out, "workspace", h->workspace);
	buffer_printf (out, ",\"lane\":%d,\"sequence\":\"%019lld\"", heard->lane, (long long) h->sequence);
	member_id (out, "correlation", h->correlation);
	member_id (out, "causation", h->causation);
	buffer_printf (out, ",\"depth\":%d", h->depth);
	member_id (out, "actor", h->actor);
	buffer_text (out, ",\"data\":");
	record_to_json (out, heard->record, heard->data, false);
	buffer_text (out, "}");
}

void event_pretty (struct buffer *out, const char *source, const struct heard *heard)
{
	char time[TIME_TEXT], id[UUID_TEXT];
	time_format (heard->head->recorded ? heard->head->recorded : heard->head->at, time);
	buffer_printf (out, "%.10s %.12s  %-11s %02d #%-6lld %-20s ", time, time + 11, source, heard->lane,
		       (long long) heard->head->sequence, heard->record->type);
	buffer_printf (out, "%s  ", uuid_format (event_subject (heard), id));
	record_to_json (out, heard->record, heard->data, false);
}
