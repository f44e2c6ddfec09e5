/* What should stand in DNS about a sender's domain, held against what does. The rules alone: who is asked is a parameter.
 * It must never call a record wrong because nobody answered: that is unknown. */
#include "dns.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { NAME_MOST = 253, LABEL_MOST = 63, LABELS_MOST = 8, ADDRESSES_MOST = 16 };

#define SENDGRID_MX "mx.sendgrid.net"

static const struct dns_provider providers[] = {
	{ "sendgrid.net", "sendgrid.net", "s1" },
	{ "gmail.com", "_spf.google.com", "google" },
	{ "googlemail.com", "_spf.google.com", "google" },
	{ "office365.com", "spf.protection.outlook.com", "selector1" },
	{ "outlook.com", "spf.protection.outlook.com", "selector1" },
	{ "mailgun.org", "mailgun.org", NULL },
	{ "amazonaws.com", "amazonses.com", NULL },
	{ "postmarkapp.com", "spf.mtasv.net", NULL },
	{ "mailjet.com", "spf.mailjet.com", "mailjet" },
	{ "brevo.com", "spf.brevo.com", NULL },
	{ "mandrillapp.com", "spf.mandrillapp.com", NULL },
	{ "transip.email", "_spf.transip.email", NULL },
	{ "fastmail.com", "spf.messagingengine.com", "fm1" },
	{ "messagingengine.com", "spf.messagingengine.com", "fm1" },
	{ "protonmail.ch", "_spf.protonmail.ch", "protonmail" },
};

static bool ends_with (const char *name, const char *end)
{
	size_t n = strlen (name), m = strlen (end);
	return n >= m && !strcasecmp (name + n - m, end) && (n == m || name[n - m - 1] == '.');
}

const struct dns_provider *dns_provider_of (const char *host)
{
	for (size_t i = 0; i < LENGTH (providers); i++)
		if (ends_with (host, providers[i].host))
			return &providers[i];
	return NULL;
}

bool dns_name_good (const char *name)
{
	size_t label = 0, n = strlen (name);
	for (const char *p = name; *p; p++) {
		bool letter = (*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') || (*p >= '0' && *p <= '9') || *p == '-' || *p == '_';
		if (*p == '.' ? !label : !letter || label >= LABEL_MOST)
			return false;
		label = *p == '.' ? 0 : label + 1;
	}
	return n && n <= NAME_MOST && label;
}

/* ---- asking ---- */

static enum dns_said ask (const struct dns_zone *z, const char *name, enum dns_type type, struct dns_answer *ret)
{
	*ret = (struct dns_answer){ 0 };
	return z->ask (z->ctx, name, type, ret);
}

static const char *joined (const struct dns_zone *z, const struct dns_answer *found, const char *between)
{
	const char *ret = NULL;
	for (size_t i = 0; i < found->n; i++)
		ret = ret ? arena_printf (z->arena, "%s%s%s", ret, between, found->text[i]) : found->text[i];
	return ret;
}

static void say (struct dns_record *r, enum dns_state state, const char *why)
{
	r->state = state;
	r->why = why;
}

/* Nothing stands there. Many panels put the domain behind what is typed: then it stands one further, and nobody finds it. */
static void missing (const struct dns_zone *z, const struct dns_subject *s, struct dns_record *r, enum dns_type type, const char *why)
{
	struct dns_answer found;
	const char *twice = arena_printf (z->arena, "%s.%s", r->name, s->domain);
	say (r, DNS_MISSING, why);
	if (!dns_name_good (twice) || ask (z, twice, type, &found) != DNS_SOME)
		return;
	r->found = arena_printf (z->arena, "%s: %s", twice, found.text[0]);
	say (r, DNS_WRONG, "doubled");
}

/* ---- the server ---- */

static bool is_private (const char *address)
{
	struct sockaddr_in v4 = { .sin_family = AF_INET };
	struct sockaddr_in6 v6 = { .sin6_family = AF_INET6 };
	if (inet_pton (AF_INET, address, &v4.sin_addr) == 1)
		return address_is_private ((const struct sockaddr *) &v4);
	return inet_pton (AF_INET6, address, &v6.sin6_addr) == 1 && address_is_private ((const struct sockaddr *) &v6);
}

/* Its addresses, in `ret`: SPF may name those. */
static void server_look (const struct dns_zone *z, const struct dns_subject *s, struct dns_record *r, struct dns_answer *ret)
{
	static const enum dns_type types[] = { DNS_A, DNS_AAAA };
	bool fails = false, private = false;
	ret->text = arena_array (z->arena, ADDRESSES_MOST, sizeof *ret->text);
	ret->n = 0;
	if (strchr (s->host, ':') || strspn (s->host, "0123456789.") == strlen (s->host)) {
		ret->text[ret->n++] = s->host; /* an address, and no name */
	} else {
		for (size_t i = 0; i < LENGTH (types); i++) {
			struct dns_answer found;
			enum dns_said said = ask (z, s->host, types[i], &found);
			fails |= said == DNS_FAILS;
			for (size_t k = 0; said == DNS_SOME && k < found.n && ret->n < ADDRESSES_MOST; k++)
				ret->text[ret->n++] = found.text[k];
		}
	}
	for (size_t i = 0; i < ret->n; i++)
	private |= is_private (ret->text[i]);
	*r = (struct dns_record){ .role = "server", .name = s->host, .type = "A", .found = joined (z, ret, ", ") };
	if (!ret->n)
		say (r, fails ? DNS_UNKNOWN : DNS_MISSING, fails ? "dns_fails" : "host_none");
	else if (private && !s->private)
		say (r, DNS_WRONG, "host_private");
}

/* ---- SPF ---- */

static void spf_record (const struct dns_zone *z, const struct dns_subject *s, const struct dns_answer *server, bool signs,
			struct dns_record *r)
{
	struct dns_answer all, found = { 0 };
	const struct dns_provider *provider = s->kind == mail_account_kind_sendgrid ? &providers[0]
					      : s->host				    ? dns_provider_of (s->host)
										    : NULL;
	struct spf_look look = { .include = s->include ? s->include : provider ? provider->include : NULL, .at = server };
	const char *term = look.include ? arena_printf (z->arena, "include:%s", look.include)
			   : !server->n ? NULL
			   : strcmp (server->text[0], s->host)
				   ? arena_printf (z->arena, "a:%s", s->host)
				   : arena_printf (z->arena, "%s:%s", strchr (s->host, ':') ? "ip6" : "ip4", s->host);
	enum dns_said said = ask (z, s->domain, DNS_TXT, &all);
	*r = (struct dns_record){ .role = "spf", .name = s->domain, .type = "TXT" };
	found.text = arena_array (z->arena, all.n + 1, sizeof *found.text);
	for (size_t i = 0; said == DNS_SOME && i < all.n; i++)
		if (spf_is (all.text[i]))
			found.text[found.n++] = all.text[i];
	r->found = joined (z, &found, "\n");
	if (said == DNS_FAILS) {
		say (r, DNS_UNKNOWN, "dns_fails");
		return;
	}
	r->wanted = spf_mend (z->arena, &found, term);
	if (found.n != 1) {
		say (r, found.n ? DNS_WRONG : DNS_MISSING, found.n ? "spf_two" : "spf_none");
		if (!found.n)
			missing (z, s, r, DNS_TXT, "spf_none");
		return;
	}
	spf_walk (z, s->domain, found.text[0], &look);
	if (look.why)
		say (r, DNS_WRONG, look.why);
	else if (look.fails)
		say (r, DNS_UNKNOWN, "dns_fails");
	else if (!look.named && s->kind == mail_account_kind_sendgrid && signs)
		say (r, DNS_OK, "spf_by_provider"); /* it sends under a name of its own below the domain */
	else if (!look.named)
		say (r, look.include ? DNS_WRONG : DNS_UNKNOWN, look.include ? "spf_not_named" : "spf_server");
	if (r->state == DNS_OK)
		r->wanted = found.text[0];
	else if (look.named)
		r->wanted = spf_mend (z->arena, &found, NULL);
}

/* ---- DKIM ---- */

/* The value of a tag ("p") of "v=DKIM1; k=rsa; p=…"; null: there is none. Spaces count for nothing. */
static const char *tag_of (struct arena *a, const char *text, const char *tag)
{
	char *copy = arena_text (a, text), *save = NULL;
	for (char *part = strtok_r (copy, ";", &save); part; part = strtok_r (NULL, ";", &save)) {
		char *name = part + strspn (part, " \t"), *equals = strchr (name, '=');
		if (!equals)
			continue;
		char *value = equals + 1 + strspn (equals + 1, " \t");
		*equals = '\0';
		name[strcspn (name, " \t")] = '\0';
		for (size_t n = strlen (value); n && (value[n - 1] == ' ' || value[n - 1] == '\t'); n--)
			value[n - 1] = '\0';
		if (!strcasecmp (name, tag))
			return value;
	}
	return NULL;
}

static bool key_good (const char *p)
{
	size_t n = strspn (p, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/= \t");
	return n >= 40 && !p[n];
}

/* A key where a receiver looks for it, by whatever way it came to stand there. */
static void key_look (const struct dns_zone *z, const struct dns_subject *s, struct dns_record *r, bool elsewhere)
{
	struct dns_answer found;
	const char *p = NULL;
	enum dns_said said = ask (z, r->name, DNS_TXT, &found);
	for (size_t i = 0; said == DNS_SOME && i < found.n && !p; i++)
		if ((p = tag_of (z->arena, found.text[i], "p")) && !r->found)
			r->found = found.text[i];
	if (said == DNS_FAILS)
		say (r, DNS_UNKNOWN, "dns_fails");
	else if (said == DNS_NONE && elsewhere)
		say (r, DNS_WRONG, "dkim_dangling");
	else if (said == DNS_NONE)
		missing (z, s, r, DNS_TXT, "dkim_none");
	else if (p && !*p)
		say (r, DNS_WRONG, "dkim_revoked");
	else if (!p || !key_good (p))
		say (r, DNS_WRONG, "dkim_bad");
	if (!r->found && found.n)
		r->found = found.text[0];
}

/* It leads to SendGrid; where that said what it wants, to the very place. */
static bool alias_good (const struct dns_record *r, const char *target)
{
	return r->wanted ? !strcasecmp (target, r->wanted) : ends_with (target, "sendgrid.net");
}

static bool sendgrid_key_look (const struct dns_zone *z, const struct dns_subject *s, int which, struct dns_record *r)
{
	struct dns_answer alias;
	*r = (struct dns_record){ .role = "dkim",
				  .type = "CNAME",
				  .name = s->given ? s->given[which].name
						   : arena_printf (z->arena, "s%d._domainkey.%s", which + 1, s->domain),
				  .wanted = s->given ? s->given[which].value : NULL };
	enum dns_said said = ask (z, r->name, DNS_CNAME, &alias);
	if (said == DNS_FAILS) {
		say (r, DNS_UNKNOWN, "dns_fails");
		return false;
	}
	if (said == DNS_SOME)
		r->found = alias.text[0];
	if (said == DNS_SOME && !alias_good (r, alias.text[0]))
		say (r, DNS_WRONG, "dkim_elsewhere");
	else
		key_look (z, s, r, said == DNS_SOME);
	if (r->state == DNS_MISSING)
		missing (z, s, r, DNS_CNAME, "dkim_none");
	return r->state == DNS_OK;
}

/* The name under the domain that SendGrid sends by: where it asks for SPF, and where bounces go. */
static bool path_look (const struct dns_zone *z, const struct dns_subject *s, struct dns_record *r)
{
	struct dns_answer alias;
	*r = (struct dns_record){
		.role = "path", .type = "CNAME", .name = s->given[GIVEN_PATH].name, .wanted = s->given[GIVEN_PATH].value
	};
	enum dns_said said = ask (z, r->name, DNS_CNAME, &alias);
	r->found = said == DNS_SOME ? alias.text[0] : NULL;
	if (said == DNS_FAILS)
		say (r, DNS_UNKNOWN, "dns_fails");
	else if (said == DNS_NONE)
		missing (z, s, r, DNS_CNAME, "path_none");
	else if (!alias_good (r, alias.text[0]))
		say (r, DNS_WRONG, "dkim_elsewhere");
	return r->state == DNS_OK;
}

/* Rows of it; `ret_signs`: what SendGrid sends is signed. */
static size_t dkim_look (const struct dns_zone *z, const struct dns_subject *s, struct dns_record *r, bool *ret_signs)
{
	const struct dns_provider *provider = s->host ? dns_provider_of (s->host) : NULL;
	const char *selector = s->selector ? s->selector : provider ? provider->selector : NULL;
	*ret_signs = false;
	if (!s->selector && (s->kind == mail_account_kind_sendgrid || provider == &providers[0])) {
		bool first = sendgrid_key_look (z, s, GIVEN_KEY, &r[0]), second = sendgrid_key_look (z, s, GIVEN_SECOND, &r[1]);
		bool path = !s->given || path_look (z, s, &r[2]);
		*ret_signs = first && second && path;
		return s->given ? 3 : 2;
	}
	*r = (struct dns_record){ .role = "dkim",
				  .type = "TXT",
				  .name = arena_printf (z->arena, "%s._domainkey.%s", selector ? selector : "…", s->domain) };
	if (selector)
		key_look (z, s, r, false);
	else
		say (r, DNS_UNKNOWN, "dkim_selector");
	*ret_signs = r->state == DNS_OK;
	return 1;
}

/* ---- DMARC ---- */

/* Of the domain, else of the nearest one above it (a top one has none that is ours). */
static enum dns_said dmarc_find (const struct dns_zone *z, const char *domain, struct dns_answer *ret, bool *ret_above)
{
	const char *at = domain;
	*ret_above = false;
	for (int i = 0; i < LABELS_MOST && strchr (at, '.'); i++) {
		struct dns_answer all;
		enum dns_said said = ask (z, arena_printf (z->arena, "_dmarc.%s", at), DNS_TXT, &all);
		if (said == DNS_FAILS)
			return said;
		ret->n = 0;
		ret->text = arena_array (z->arena, all.n + 1, sizeof *ret->text);
		for (size_t k = 0; said == DNS_SOME && k < all.n; k++)
			if (!strncasecmp (all.text[k], "v=DMARC1", 8))
				ret->text[ret->n++] = all.text[k];
		if (ret->n) {
			*ret_above = at != domain;
			return DNS_SOME;
		}
		at = strchr (at, '.') + 1;
	}
	return DNS_NONE;
}

static void dmarc_look (const struct dns_zone *z, const struct dns_subject *s, struct dns_record *r)
{
	struct dns_answer found = { 0 };
	bool above;
	enum dns_said said = dmarc_find (z, s->domain, &found, &above);
	*r = (struct dns_record){ .role = "dmarc",
				  .type = "TXT",
				  .name = arena_printf (z->arena, "_dmarc.%s", s->domain),
				  .wanted = "v=DMARC1; p=none",
				  .found = joined (z, &found, "\n") };
	if (said == DNS_FAILS) {
		say (r, DNS_UNKNOWN, "dns_fails");
		return;
	}
	if (said == DNS_NONE) {
		missing (z, s, r, DNS_TXT, "dmarc_none");
		return;
	}
	const char *p = above ? tag_of (z->arena, found.text[0], "sp") : NULL;
	p = p ? p : tag_of (z->arena, found.text[0], "p");
	if (found.n > 1)
		say (r, DNS_WRONG, "dmarc_two");
	else if (!p || (strcasecmp (p, "none") && strcasecmp (p, "quarantine") && strcasecmp (p, "reject")))
		say (r, DNS_WRONG, "dmarc_bad");
	else
		say (r, DNS_OK, strcasecmp (p, "none") ? NULL : "dmarc_watches");
	if (r->state == DNS_OK)
		r->wanted = found.text[0];
}

/* ---- where answers go ---- */

static void mx_look (const struct dns_zone *z, const struct dns_subject *s, struct dns_record *r)
{
	struct dns_answer found;
	const char *domain = s->reply_domain ? s->reply_domain : s->domain;
	bool parsed = s->reply_domain && s->kind == mail_account_kind_sendgrid && !s->mailbox, first = false, there = false;
	long best = -1;
	enum dns_said said = ask (z, domain, DNS_MX, &found);
	*r = (struct dns_record){
		.role = "mx", .type = "MX", .name = domain, .wanted = parsed ? "10 " SENDGRID_MX : NULL, .found = joined (z, &found, "\n")
	};
	if (said != DNS_SOME) {
		say (r, said == DNS_FAILS ? DNS_UNKNOWN : DNS_MISSING, said == DNS_FAILS ? "dns_fails" : "mx_none");
		return;
	}
	for (size_t i = 0; i < found.n; i++) {
		const char *space = strchr (found.text[i], ' ');
		long n = strtol (found.text[i], NULL, 10);
		bool ours = space && !strcasecmp (space + 1, SENDGRID_MX);
		there |= ours;
		if (best < 0 || n < best)
			first = ours;
		else if (n == best)
			first = first && ours;
		best = best < 0 || n < best ? n : best;
		if (space && (!space[1] || !strcmp (space + 1, ".")))
			say (r, DNS_WRONG, "mx_null");
	}
	if (r->state == DNS_OK && parsed && !first)
		say (r, DNS_WRONG, there ? "mx_not_first" : "mx_elsewhere");
}

size_t dns_look (const struct dns_zone *z, const struct dns_subject *s, struct dns_record ret[DNS_RECORDS_MOST])
{
	struct dns_answer server = { 0 };
	struct dns_record spf;
	bool signs;
	size_t n = 0;
	if (s->kind == mail_account_kind_smtp && s->host)
		server_look (z, s, &ret[n++], &server);
	size_t at = n++;
	n += dkim_look (z, s, &ret[n], &signs);
	spf_record (z, s, &server, signs, &spf);
	ret[at] = spf;
	dmarc_look (z, s, &ret[n++]);
	mx_look (z, s, &ret[n++]);
	return n;
}
