/* Fuzz target: mentions in any text. What is found lies in the text, in order; what is written is found again; a reader's line is no longer than asked. */
#include "fuzz.h"

#include "mentions.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
	struct arena a;
	arena_init (&a);
	const char *text = arena_copy (&a, (const char *) data, size);
	size_t at = 0, before = 0, n = strlen (text);
	struct mention m, again;
	while (mention_next (text, &at, &m)) {
		assert (m.from >= before && m.until > m.from && m.until <= n && at == m.until);
		assert (m.label >= text && (size_t) (m.label - text) + m.label_n <= n && m.label_n > 0);
		before = m.until;
		const char *name = arena_copy (&a, m.label, m.label_n);
		assert (mention_named (m.label, m.label_n, name) == m.label_n);
		struct buffer out = { 0 };
		size_t from = 0;
		mention_write (&out, m.kind, m.id, name);
		buffer_add (&out, "", 1);
		assert (mention_next ((const char *) out.at, &from, &again) && !again.typed && again.kind == m.kind);
		assert (uuid_equal (again.id, m.id) && again.until + 1 == out.n);
		buffer_fini (&out);
	}
	assert (at == n && mention_length (text) <= n);
	assert (strlen (mention_plain (&a, text, 20)) <= 80 || !text_is_valid (text, n));
	arena_fini (&a);
	return 0;
}
