/* The link by which somebody stops news by mail: read back as it was made, and nothing else is. */
#include "news_link.h"

#include <string.h>
#include "seal.h"
#include "test.h"

int main (void)
{
	struct arena memory;
	struct uuid agency = { { 1, 2, 3 } }, user = { { 9, 8, 7 } }, got_agency, got_user;
	arena_init (&memory);
	CHECK (!news_link_make (&memory, agency, user)); /* there is no key yet */
	CHECK (seal_open ("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"));
	for (int i = 0; i < 50; i++) {
		const char *link = news_link_make (&memory, agency, user);
		CHECK (link && strlen (link) < 200 &&
		       strspn (link, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.") == strlen (link));
		CHECK (news_link_read (&memory, link, &got_agency, &got_user) && uuid_equal (got_agency, agency) &&
		       uuid_equal (got_user, user));
		char *other = arena_copy (&memory, link, strlen (link));
		other[20 + i] = other[20 + i] == 'A' ? 'B' : 'A';
		CHECK (!news_link_read (&memory, other, &got_agency, &got_user));
	}
	/* sealed by us for something else */
	static const char secret[] = "no more news by mai_0123456789abcdef0123456789abcdef";
	const char *sealed = seal_text (&memory, (struct bytes){ (const unsigned char *) secret, sizeof secret - 1 });
	CHECK (sealed && !news_link_read (&memory, sealed, &got_agency, &got_user));
	CHECK (!news_link_read (&memory, "", &got_agency, &got_user) && !news_link_read (&memory, "none", &got_agency, &got_user));
	arena_fini (&memory);
	return test_end ();
}
