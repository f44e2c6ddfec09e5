/* What Graph's answers mean: whether to ask again, when, or never. */
#include "graph.h"

#include <string.h>
#include "test.h"

static struct arena arena;

static struct graph_answer read_it (long status, const char *retry, const char *text)
{
	return graph_read (&arena, status, retry, (struct bytes){ (const unsigned char *) text, strlen (text) });
}

static void means (long status, const char *text, enum graph_end end)
{
	CHECK (read_it (status, NULL, text).end == end);
}

int main (void)
{
	arena_init (&arena);
	means (200, "{\"id\":\"1\",\"field_data\":[]}", GRAPH_DONE);
	CHECK (!read_it (200, NULL, "{}").why);
	means (200, "", GRAPH_DONE);
	means (400, "{\"error\":{\"message\":\"Session has expired\",\"code\":190,\"error_subcode\":463}}", GRAPH_TOKEN);
	means (401, "no", GRAPH_TOKEN);
	means (400, "{\"error\":{\"code\":4}}", GRAPH_LATER);
	means (400, "{\"error\":{\"code\":613}}", GRAPH_LATER);
	means (403, "{\"error\":{\"code\":80005}}", GRAPH_LATER);
	means (500, "{\"error\":{\"code\":2}}", GRAPH_LATER);
	means (503, "<html>", GRAPH_LATER);
	means (404, "<html>", GRAPH_LATER); /* no answer of the API's: a proxy's, or another address */
	means (400, "{\"error\":{\"code\":100,\"error_subcode\":33,\"message\":\"Unsupported get request\"}}", GRAPH_REFUSED);
	means (403, "{\"error\":{\"code\":200,\"message\":\"Requires leads_retrieval\"}}", GRAPH_REFUSED);
	means (400, "{\"error\":{\"code\":131047,\"message\":\"Re-engagement message\"}}", GRAPH_REFUSED);
	CHECK (read_it (429, "120", "{\"error\":{\"code\":4}}").wait == 120);
	CHECK (read_it (429, "999999999", "").wait == 86400);
	CHECK (read_it (429, "Wed, 21 Oct 2026 07:28:00 GMT", "").wait == 0);
	CHECK (read_it (400, "120", "{\"error\":{\"code\":100}}").wait == 0);
	CHECK_TEXT (read_it (400, NULL, "{\"error\":{\"code\":190,\"message\":\"Session has expired\"}}").why, "Session has expired (190)");
	CHECK_TEXT (read_it (502, NULL, "bad gateway").why, "HTTP 502");
	arena_fini (&arena);
	return test_end ();
}
