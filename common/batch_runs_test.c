/* In which runs the items of a batch are dealt with: kinds together where nothing is moved past what it belongs behind. */
#include "batch_parts.h"
#include "test.h"

static void named (struct batch *b, const void *item, size_t n, struct outcome ret[])
{
	(void) b, (void) item, (void) n, (void) ret;
}

static void joined (struct batch *b, const void *item, size_t n, struct outcome ret[])
{
	(void) b, (void) item, (void) n, (void) ret;
}

static void swept (struct batch *b, const void *item, size_t n, struct outcome ret[])
{
	(void) b, (void) item, (void) n, (void) ret;
}

static const struct record record = { .name = "x", .size = sizeof (struct head) };
static const struct listener_row rows[] = {
	{ .record = &record, .run = named },
	{ .record = &record, .run = joined },
	{ .record = &record, .run = swept, .apart = true },
};

/* "n1 j2 s3": kinds and keys; the runs, as "n1 n2 | j3". */
static const char *runs_of (const char *items)
{
	static char text[400];
	static struct writer_lane lanes[LANES];
	static struct batch b;
	struct item item[20];
	struct head head = { 0 };
	size_t n = 0, runs;
	b = (struct batch){ .magic = BATCH_MAGIC, .lane = lanes };
	arena_init (&b.arena);
	for (const char *at = items; *at; at++)
		if (*at >= 'a') {
			item[n] = (struct item){ .kind = ITEM_EVENT,
						 .listener = &rows[*at == 'n'	? 0
								   : *at == 'j' ? 1
										: 2],
						 .data = &head };
			for (size_t k = 0; at[1] >= '0'; k++, at++)
				item[n].key[k] = (uint64_t) (at[1] - '0') + 100;
			n++;
		}
	const struct run *run = runs_build (&b, item, n, &runs);
	*text = 0;
	for (size_t i = 0; i < runs; i++) {
		snprintf (text + strlen (text), sizeof text - strlen (text), "%s", i ? " |" : "");
		for (size_t k = 0; k < run[i].n; k++)
			snprintf (text + strlen (text), sizeof text - strlen (text), "%s%zu", i || k ? " " : "", run[i].item[k]);
	}
	arena_fini (&b.arena);
	return text;
}

int main (void)
{
	CHECK_TEXT (runs_of ("n1 j2 n3 j4"), "0 2 | 1 3");
	CHECK_TEXT (runs_of ("n1 j1 n1 j2"), "0 | 1 3 | 2");
	CHECK_TEXT (runs_of ("n9 j123 n2 n4"), "0 | 1 | 2 3");
	CHECK_TEXT (runs_of ("n9 j123 n3 n4"), "0 | 1 | 2 3"); /* by the third of its keys as well */
	CHECK_TEXT (runs_of ("s1 j2 s3 j4"), "0 | 1 | 2 | 3"); /* nothing passes what stands apart, and it passes nothing */
	CHECK_TEXT (runs_of ("j1 s2 s3 j4 j5"), "0 | 1 2 | 3 4");
	CHECK_TEXT (runs_of ("s2 s2 s2"), "0 | 1 | 2");
	CHECK_TEXT (runs_of ("n1 j2 s3 n4 j5 n6"), "0 | 1 | 2 | 3 5 | 4");
	return test_end ();
}
