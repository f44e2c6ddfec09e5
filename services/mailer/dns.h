/* What stands in DNS about a sender's domain, and what should: SPF, DKIM, DMARC, where answers go, and the server itself.
 * The rules are pure: questions go to whoever `ask` is. They must never call a record right that was not seen, nor wrong when nobody answered. */
#ifndef LEADWIRE_DNS_H
#define LEADWIRE_DNS_H

#include "mailer.h"

/* ---- answers ---- */

enum dns_type { DNS_A = 1, DNS_CNAME = 5, DNS_MX = 15, DNS_TXT = 16, DNS_AAAA = 28 };
enum dns_said { DNS_SOME, DNS_NONE, DNS_FAILS };
struct dns_answer {
	const char **text; /* TXT: joined; MX: "10 mx.example.org"; CNAME: its target; A, AAAA: as people write them */
	size_t n;
};
/* A server's answer as it came; only what is of that type. FAILS: it is none, or says that it does not know. */
enum dns_said dns_read (struct arena *a, const unsigned char *at, size_t n, enum dns_type type, struct dns_answer *ret);

struct dns_zone {
	enum dns_said (*ask) (void *ctx, const char *name, enum dns_type type, struct dns_answer *ret);
	void *ctx;
	struct arena *arena;
};

/* ---- what is looked at ---- */

/* A CNAME that the provider made for this domain. */
struct dns_given {
	const char *name, *value;
};
enum { GIVEN_KEY, GIVEN_SECOND, GIVEN_PATH, DNS_GIVEN };

struct dns_subject {
	enum mail_account_kind kind;
	const char *domain;	       /* the sender's */
	const char *host;	       /* the server that mail goes by; null: the provider's */
	const char *reply_domain;      /* null: answers go to the sender */
	const char *selector;	       /* of DKIM, when somebody said which; else null */
	const char *include;	       /* what SPF has to name, when somebody said so; else null */
	bool mailbox;		       /* what comes in is fetched by IMAP */
	bool private;		       /* a server may stand at a private address */
	const struct dns_given *given; /* DNS_GIVEN of them; null: the provider did not say */
};

enum dns_state { DNS_OK, DNS_MISSING, DNS_WRONG, DNS_UNKNOWN };
struct dns_record {
	const char *role; /* server, spf, dkim, path, dmarc, mx */
	const char *name, *type;
	const char *wanted; /* what to paste; null: only the provider knows, or nothing is to be */
	const char *found;  /* null: nothing */
	enum dns_state state;
	const char *why; /* a code that pages have words for; null: it is as it should be */
};
enum { DNS_RECORDS_MOST = 8 };
size_t dns_look (const struct dns_zone *z, const struct dns_subject *s, struct dns_record ret[DNS_RECORDS_MOST]);
/* Whether it is written as a domain is, or a part of one. */
bool dns_name_good (const char *name);

/* What a provider whose server this is asks for. */
struct dns_provider {
	const char *host; /* the end of its servers' names */
	const char *include;
	const char *selector; /* null: another one for everybody */
};
const struct dns_provider *dns_provider_of (const char *host);

/* ---- spf.c ---- */

struct spf_look {
	const char *include;	     /* what is to be named; null: nobody knows */
	const struct dns_answer *at; /* the server's addresses: those may send as well */
	size_t lookups;
	bool named;	 /* the include is, or an address */
	bool asked_most; /* it was given up */
	char all;	 /* how it ends: + - ~ ?, or 0 */
	const char *why; /* what is wrong with it; null: nothing */
	bool fails;	 /* nobody answered */
};
bool spf_is (const char *text);
/* `text` and all that it names. */
void spf_walk (const struct dns_zone *z, const char *domain, const char *text, struct spf_look *look);
/* The one record that `found` should be, with `term` ("include:x") in it; null `term`: with what is there. */
const char *spf_mend (struct arena *a, const struct dns_answer *found, const char *term);

/* ---- dns_sendgrid.c ---- */

/* Of its answer; null: that domain is not authenticated there, or not in this way. */
const struct dns_given *sendgrid_given_read (struct arena *a, const char *text, size_t n, const char *domain);
/* Asks it; null: it did not say. */
const struct dns_given *sendgrid_given (struct arena *a, const char *host, const char *secret, const char *domain);

/* ---- the effect (dns_looks.c) ---- */

enum { DNS_LEASE = 90, DNS_LIMIT = 60 };
const void *dns_act (struct effect *e, const void *claimed);

#endif
