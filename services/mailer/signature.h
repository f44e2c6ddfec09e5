/* Whether a provider's events are signed by the key that the account holds; see signature.c. It must never be asked about a body that was read already. */
#ifndef LEADWIRE_MAILER_SIGNATURE_H
#define LEADWIRE_MAILER_SIGNATURE_H

#include "arena.h"

/* Key: base64 of a SubjectPublicKeyInfo; signature: base64 of ASN.1; both may be null. */
bool signature_good (const char *key, const char *signature, const char *timestamp, struct bytes body);
bool signature_key_good (const char *key);

#endif
