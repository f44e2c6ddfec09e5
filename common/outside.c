/* Talking to servers that others run, by libcurl: see outside.h.
 * It must never let a talk begin with a private address unless who talks allows that. */
#include "outside.h"

#include <curl/curl.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

static bool v4_is_private (const unsigned char *b)
{
	return b[0] == 0 || b[0] == 10 || b[0] == 127 || b[0] >= 224 || (b[0] == 100 && (b[1] & 0xc0) == 64) ||
	       (b[0] == 169 && b[1] == 254) || (b[0] == 172 && (b[1] & 0xf0) == 16) || (b[0] == 192 && b[1] == 168) ||
	       (b[0] == 192 && b[1] == 0 && b[2] == 0);
}

bool address_is_private (const struct sockaddr *at)
{
	if (at->sa_family == AF_INET)
		return v4_is_private ((const unsigned char *) &((const struct sockaddr_in *) (const void *) at)->sin_addr);
	if (at->sa_family != AF_INET6)
		return true;
	const unsigned char *b = ((const struct sockaddr_in6 *) (const void *) at)->sin6_addr.s6_addr;
	static const unsigned char none[16];
	if (!memcmp (b, none, 10) && b[10] == 0xff && b[11] == 0xff)
		return v4_is_private (b + 12);
	if (!memcmp (b, none, 12) || (b[0] == 0 && b[1] == 0x64 && b[2] == 0xff && b[3] == 0x9b))
		return true; /* this machine, and what only translates to others */
	if (b[0] == 0x20 && b[1] == 0x02)
		return v4_is_private (b + 2); /* 6to4: the address that it leads to stands in it */
	return (b[0] & 0xfe) == 0xfc || b[0] == 0xff || (b[0] == 0xfe && b[1] >= 0x80);
}

/* When the name has become an address. */
static curl_socket_t socket_open (void *ctx, curlsocktype purpose, struct curl_sockaddr *at)
{
	struct outside *o = ctx;
	(void) purpose;
	if (!o->private && address_is_private (&at->addr)) {
		o->refused = true;
		return CURL_SOCKET_BAD;
	}
	return socket (at->family, at->socktype | SOCK_CLOEXEC, at->protocol);
}

void curl_outside (void *curl, struct outside *o)
{
	curl_easy_setopt (curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt (curl, CURLOPT_PROXY, "");
	curl_easy_setopt (curl, CURLOPT_OPENSOCKETFUNCTION, socket_open);
	curl_easy_setopt (curl, CURLOPT_OPENSOCKETDATA, o);
	if (o->ca && *o->ca)
		curl_easy_setopt (curl, CURLOPT_CAINFO, o->ca);
}
