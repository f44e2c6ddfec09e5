/* Fuzz target: files of vCards, whole and a card at a time: both ways the same cards come out, and nothing that is no text. */
#include "fuzz.h"

#include <sys/mman.h>
#include <unistd.h>
#include "charset.h"
#include "vcard_file.h"

/* How many cards and lines, read in bites of `most`. */
static size_t cards_count (const char *path, const struct csv_shape *shape, size_t most, size_t *ret_lines)
{
	struct csv_place place = { 0 };
	size_t ret = 0;
	*ret_lines = 0;
	for (size_t bites = 0; !place.end; bites++) {
		struct arena a;
		const struct vcard *card = NULL;
		size_t n = 0;
		arena_init (&a);
		assert (vcard_read (&a, path, shape, &place, most, &card, &n) == OK && n <= most && bites < 10000);
		for (size_t i = 0; i < n; i++) {
			assert (card[i].number == (int64_t) (ret + i + 1));
			*ret_lines += card[i].n;
			for (size_t k = 0; k < card[i].n; k++) {
				const struct vcard_line *l = &card[i].line[k];
				assert (text_is_utf8 ((struct bytes){ (const unsigned char *) l->value, strlen (l->value) }));
				assert (strlen (vcard_part (&a, l->value, 1)) <= strlen (l->value));
				assert (strlen (vcard_text (&a, l->value)) <= strlen (l->value));
			}
		}
		ret += n;
		arena_fini (&a);
	}
	return ret;
}

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
	char path[64];
	struct csv_shape shape;
	size_t lines, others;
	int fd = memfd_create ("cards", MFD_CLOEXEC);
	assert (fd >= 0 && write (fd, data, size) == (ssize_t) size);
	snprintf (path, sizeof path, "/proc/self/fd/%d", fd);
	if (size < 2 || (data[0] | data[1]) != 0xff)
		if (csv_survey (path, &shape) == OK && vcard_survey (path, &shape) == OK) {
			size_t n = cards_count (path, &shape, 100, &lines);
			assert (n == cards_count (path, &shape, 1, &others) && lines == others);
		}
	close (fd);
	return 0;
}
