/* Replies as bytes: what goes in comes out, and nothing shorter or longer is believed. */
#include "worker.h"

#include "test.h"

int main (void)
{
	struct arena a;
	struct reply in = { .state = REPLY_REFUSED,
			    .code = "invalid",
			    .detail = "two fields",
			    .number = -7,
			    .version = INT64_MAX,
			    .repeated = true,
			    .data = "{\"slug\":\"é\"}",
			    .position = { "pipeline", 15, 1234567890123 },
			    .id = { { 1, 2, 3 } } },
		     out;
	struct buffer b = { 0 };
	arena_init (&a);
	in.problem.errors[in.problem.n_errors++] = (struct problem_error){ "/email", "malformed", NULL };
	in.problem.errors[in.problem.n_errors++] = (struct problem_error){ "/name", "required", "say it" };
	reply_pack (&b, &in, NULL);
	CHECK (reply_unpack (&a, (struct bytes){ b.at, b.n }, &out) == OK);
	CHECK (out.state == REPLY_REFUSED && out.repeated && out.number == -7 && out.version == INT64_MAX && out.problem.n_errors == 2);
	CHECK (out.position.lane == 15 && out.position.sequence == 1234567890123 && memcmp (&in.id, &out.id, 16) == 0);
	CHECK (out.error == error_find ("invalid") && out.error >= 0);
	CHECK_TEXT (out.code, "invalid");
	CHECK_TEXT (out.detail, "two fields");
	CHECK_TEXT (out.data, in.data);
	CHECK_TEXT (out.position.service, "pipeline");
	CHECK_TEXT (out.problem.errors[0].detail, NULL);
	CHECK_TEXT (out.problem.errors[1].pointer, "/name");
	CHECK_TEXT (out.problem.errors[1].detail, "say it");
	bool refused = true;
	for (size_t n = 0; n < b.n; n++)
		refused = refused && reply_unpack (&a, (struct bytes){ b.at, n }, &out) == REFUSED;
	CHECK (refused);
	/* a secret goes to the asker in the place of data; a query's text is not looked at */
	buffer_clear (&b);
	reply_pack (&b, &(struct reply){ .data = "{}" }, "{\"key\":1}");
	CHECK (reply_unpack (&a, (struct bytes){ b.at, b.n }, &out) == OK);
	CHECK_TEXT (out.data, "{\"key\":1}");
	buffer_clear (&b);
	reply_pack (&b, &(struct reply){ .json = { (const unsigned char *) "[1]", 3 }, .stale = true }, NULL);
	CHECK (reply_unpack (&a, (struct bytes){ b.at, b.n }, &out) == OK && out.stale && out.json.n == 3 &&
	       memcmp (out.json.at, "[1]", 3) == 0);
	buffer_fini (&b);
	arena_fini (&a);
	return test_end ();
}
