/* What SendGrid wants at a sender's domain: it makes names and values of its own for every domain that is authenticated there, and tells them to whoever has a
 * key that may read them. It must never follow it elsewhere; a key that may only send is no fault. */
#include "dns.h"

#include <curl/curl.h>
#include <string.h>
#include <strings.h>

enum { ANSWER_MOST = 256 << 10, SECONDS = 10 };

struct hearing {
	struct buffer answer;
};

/* {"host": "s1._domainkey.zon.test", "type": "cname", "data": "s1.domainkey.u1.wl.sendgrid.net"} */
static bool given_read (struct arena *a, const json_t *row, struct dns_given *ret)
{
	const char *name = json_string_value (json_object_get (row, "host")), *value = json_string_value (json_object_get (row, "data")),
		   *type = json_string_value (json_object_get (row, "type"));
	if (!name || !value || !type || strcasecmp (type, "cname") || !dns_name_good (name) || !dns_name_good (value))
		return false;
	*ret = (struct dns_given){ arena_text (a, name), arena_text (a, value) };
	return true;
}

const struct dns_given *sendgrid_given_read (struct arena *a, const char *text, size_t n, const char *domain)
{
	static const char *const names[DNS_GIVEN] = { "dkim1", "dkim2", "mail_cname" };
	json_t *all = json_loadb (text, n, 0, NULL);
	const struct dns_given *ret = NULL;
	bool best = false;
	for (size_t i = 0; i < json_array_size (all); i++) {
		const json_t *one = json_array_get (all, i), *dns = json_object_get (one, "dns");
		const char *whose = json_string_value (json_object_get (one, "domain"));
		bool valid = json_is_true (json_object_get (one, "valid")), whole = true;
		struct dns_given *found = arena_array (a, DNS_GIVEN, sizeof *found);
		if (!whose || strcasecmp (whose, domain) || (ret && (best || !valid)))
			continue;
		for (size_t k = 0; k < DNS_GIVEN; k++)
			whole = whole && given_read (a, json_object_get (dns, names[k]), &found[k]);
		if (whole) {
			ret = found;
			best = valid;
		}
	}
	json_decref (all);
	return ret;
}

static size_t answer_take (char *at, size_t size, size_t n, void *ctx)
{
	struct hearing *h = ctx;
	if (size * n > ANSWER_MOST - h->answer.n)
		return 0;
	buffer_add (&h->answer, at, size * n);
	return size * n;
}

const struct dns_given *sendgrid_given (struct arena *a, const char *host, const char *secret, const char *domain)
{
	struct hearing h = { 0 };
	struct outside outside = mailer_outside ();
	const struct dns_given *ret = NULL;
	struct curl_slist *head = curl_slist_append (NULL, arena_printf (a, "Authorization: Bearer %s", secret));
	CURL *c = curl_easy_init ();
	long status = 0;
	if (c && !strpbrk (secret, "\r\n")) {
		curl_easy_setopt (
			c, CURLOPT_URL,
			arena_printf (a, "%s/v3/whitelabel/domains?limit=50&domain=%s", host ? host : "https://api.sendgrid.com", domain));
		curl_easy_setopt (c, CURLOPT_PROTOCOLS_STR, mailer_config.private ? "http,https" : "https");
		curl_easy_setopt (c, CURLOPT_TIMEOUT, (long) SECONDS);
		curl_easy_setopt (c, CURLOPT_HTTPHEADER, head);
		curl_easy_setopt (c, CURLOPT_WRITEFUNCTION, answer_take);
		curl_easy_setopt (c, CURLOPT_WRITEDATA, &h);
		curl_outside (c, &outside);
		CURLcode code = curl_easy_perform (c);
		curl_easy_getinfo (c, CURLINFO_RESPONSE_CODE, &status);
		if (code == CURLE_OK && status == 200)
			ret = sendgrid_given_read (a, (const char *) h.answer.at, h.answer.n, domain);
	}
	curl_easy_cleanup (c);
	curl_slist_free_all (head);
	buffer_fini (&h.answer);
	return ret;
}
