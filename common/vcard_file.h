/* Files of vCards as address books really write them: 2.1, 3.0 (RFC 2426) and 4.0 (RFC 6350), many in one file, folded, quoted-printable, in a character
 * set of their own. Read a bite at a time from a place that can be kept, like the rows of csv_file.h. What a property means is the reader's to say.
 * Never more than a bite in memory, never a photo; never a NUL or broken UTF-8 in what comes out. */
#ifndef LEADWIRE_VCARD_FILE_H
#define LEADWIRE_VCARD_FILE_H

#include "csv_file.h"

/* What csv_shape says stands between the cells of such a file: no CSV file has it. */
enum { VCARD_DELIMITER = ':' };
enum { VCARD_VALUE_MOST = 1 << 16, VCARD_LINES_MOST = 300 };

struct vcard_line {
	const char *name;  /* in capitals, without the group before it */
	const char *types; /* lower case, a blank before and behind each: " work cell pref "; " " when there are none */
	int preference;	   /* 1 to 100: the least goes first; 101: nobody said */
	const char *value; /* unfolded and decoded, parts and marks as they stand in it */
};
struct vcard {
	int64_t number;	      /* the first of the file is 1 */
	int64_t begins, ends; /* where it stands in the file */
	size_t n;
	const struct vcard_line *line;
};
/* Of a file that csv_survey has read: whether it holds cards; then it says how many, and that they are. FAULT: the disk. */
enum status vcard_survey (const char *path, struct csv_shape *shape) MUST_CHECK;
/* At most `most` cards, and about 1 MiB, from a place on (its `row` counts cards). A card that no END closes ends where the next one begins. */
enum status vcard_read (struct arena *a, const char *path, const struct csv_shape *shape, struct csv_place *place, size_t most,
			const struct vcard **ret, size_t *ret_n) MUST_CHECK;
/* A value as people wrote it; the nth of its parts between semicolons: it is empty where there is none. */
const char *vcard_text (struct arena *a, const char *value);
const char *vcard_part (struct arena *a, const char *value, size_t n);

#endif
