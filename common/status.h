/* What a function that can fail answers. A bug is an assert, never a value. */
#ifndef LEADWIRE_STATUS_H
#define LEADWIRE_STATUS_H

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum status {
	OK = 0,
	REFUSED, /* the input is at fault; a problem says how */
	FAULT,	 /* the world is at fault; the same call may succeed later */
};

#define MUST_CHECK __attribute__ ((warn_unused_result))
#define LENGTH(array) (sizeof (array) / sizeof (array)[0])

#endif
