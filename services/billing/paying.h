/* Being paid through others: attempts that are claimed before a provider is talked to, and the door that providers post to.
 * It must never be believed that something is paid because somebody posted it: the provider is asked. */
#ifndef LEADWIRE_BILLING_PAYING_H
#define LEADWIRE_BILLING_PAYING_H

#include "billing.h"

enum { PAY_LEASE = 60, PAY_LIMIT = 20 }; /* seconds */
/* The effect: asks for a payment, or how far one is. */
const void *pay_act (struct effect *e, const void *claimed);
/* The effect: asks a provider whether it takes the key that was saved. */
const void *pay_check_act (struct effect *e, const void *claimed);
/* POST /hooks/pay/KEY */
void billing_route (struct http_request *r, void *app);

#endif
