/* Which addresses are private, by the registries' own examples. */
#include "outside.h"

#include <arpa/inet.h>
#include <string.h>
#include "test.h"

static bool private_text (const char *text)
{
	struct sockaddr_in v4 = { .sin_family = AF_INET };
	struct sockaddr_in6 v6 = { .sin6_family = AF_INET6 };
	if (inet_pton (AF_INET, text, &v4.sin_addr) == 1)
		return address_is_private ((const struct sockaddr *) (const void *) &v4);
	CHECK (inet_pton (AF_INET6, text, &v6.sin6_addr) == 1);
	return address_is_private ((const struct sockaddr *) (const void *) &v6);
}

int main (void)
{
	static const char *const inside[] = { "127.0.0.1",   "10.0.0.1",	"172.16.0.1",	  "172.31.255.255",
					      "192.168.1.1", "169.254.169.254", "100.64.0.1",	  "0.0.0.0",
					      "224.0.0.1",   "255.255.255.255", "192.0.0.8",	  "::1",
					      "::",	     "fe80::1",		"fd00::1",	  "fc00::1",
					      "ff02::1",     "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::1" };
	static const char *const outside[] = { "8.8.8.8",   "172.15.0.1",	    "172.32.0.1",     "100.128.0.1",
					       "193.0.0.1", "2001:4860:4860::8888", "::ffff:8.8.8.8", "2002:808:808::1" };
	for (size_t i = 0; i < sizeof inside / sizeof *inside; i++)
		CHECK (private_text (inside[i]));
	for (size_t i = 0; i < sizeof outside / sizeof *outside; i++)
		CHECK (!private_text (outside[i]));
	struct sockaddr other = { .sa_family = AF_UNIX };
	CHECK (address_is_private (&other));
	return test_end ();
}
