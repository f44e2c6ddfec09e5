/* Ids: their shape, their order, their text. */
#include "uuid.h"

#include "test.h"

static void order_within_a_thread (void)
{
	const int64_t at = 1795251600123456;
	struct uuid last = uuid_v7 (at);
	bool ascends = true, shaped = true;
	for (int i = 0; i < 20000; i++) { /* more than the counter holds */
		struct uuid next = uuid_v7 (at);
		ascends = ascends && memcmp (last.b, next.b, 16) < 0;
		shaped = shaped && next.b[6] >> 4 == 7 && next.b[8] >> 6 == 2;
		last = next;
	}
	CHECK (ascends);
	CHECK (shaped);
	CHECK (uuid_time (last) > at && uuid_time (last) < at + 20000); /* it ran ahead by milliseconds */
	for (int i = 0; i < 100; i++) {					/* real time catches up, step by step */
		struct uuid next = uuid_v7 (at + i * 1000);
		ascends = ascends && memcmp (last.b, next.b, 16) < 0;
		last = next;
	}
	CHECK (ascends);
	CHECK (uuid_time (last) == (at + 99000) / 1000 * 1000);
	CHECK (uuid_time (uuid_v7 (at - 86400000000)) == (at - 86400000000) / 1000 * 1000);
	CHECK (uuid_time (uuid_v7 (-5)) == 0);
}

static void text_both_ways (void)
{
	char text[UUID_TEXT];
	struct uuid u, same;
	CHECK (uuid_parse ("0191e7E5-aBcd-7def-8123-456789abcdef", &u) == OK);
	CHECK_TEXT (uuid_format (u, text), "0191e7e5-abcd-7def-8123-456789abcdef");
	static const char *const wrong[] = { "",
					     "0191e7e5",
					     "0191e7e5abcd7def8123456789abcdef",
					     "0191e7e5-abcd-7def-8123-456789abcde",
					     "0191e7e5-abcd-7def-8123-456789abcdeg",
					     "0191e7e5-abcd-7def-8123-456789abcdef0",
					     "{0191e7e5-abcd-7def-8123-456789abcdef}",
					     "0191e7e5+abcd-7def-8123-456789abcdef",
					     " 0191e7e5-abcd-7def-8123-456789abcdef" };
	for (size_t i = 0; i < LENGTH (wrong); i++)
		CHECK (uuid_parse (wrong[i], &same) == REFUSED);
	for (int i = 0; i < 100; i++) {
		u = uuid_v7 (i * 7777777);
		CHECK (uuid_parse (uuid_format (u, text), &same) == OK && uuid_equal (u, same) && uuid_hash (u) == uuid_hash (same));
	}
	CHECK (uuid_is_null ((struct uuid){ 0 }) && !uuid_is_null (u));
}

static void ids_of_bytes (void)
{
	char text[UUID_TEXT];
	CHECK (uuid_equal (uuid_of ("a", 1), uuid_of ("a", 1)));
	CHECK (!uuid_equal (uuid_of ("a", 1), uuid_of ("b", 1)));
	/* printf abc | b2sum: ba80a53f981c4d0d6a2797b69f12f6e9…, with version and variant */
	CHECK_TEXT (uuid_format (uuid_of ("abc", 3), text), "ba80a53f-981c-8d0d-aa27-97b69f12f6e9");
}

int main (void)
{
	order_within_a_thread ();
	text_both_ways ();
	ids_of_bytes ();
	return test_end ();
}
