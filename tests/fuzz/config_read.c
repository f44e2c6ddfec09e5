/* Fuzz target: a workspace's configuration as somebody wrote it. What is refused says where and why; what is taken is written as a file that is read as the
 * same, and written as the same bytes; nothing is to be done to make it what it is. */
#include "fuzz.h"

#include "../../services/crmctl/config_file.h"

static void refused_check (struct bytes text, const struct config_faults *faults)
{
	size_t lines = 1;
	for (size_t i = 0; i < text.n; i++)
		lines += text.at[i] == '\n' || text.at[i] == '\r' || text.at[i] >= 0x80; /* others end a line, too */
	assert (faults->n > 0 && faults->n <= CONFIG_FAULTS_MOST);
	for (size_t i = 0; i < faults->n; i++) {
		const struct config_fault *f = &faults->at[i];
		assert (f->line >= 1 && f->line <= lines && f->column >= 1);
		assert (f->pointer && f->code && *f->code && f->detail && *f->detail);
	}
}

static void taken_check (struct arena *a, const struct configuration *c)
{
	struct buffer text = { 0 }, second = { 0 };
	struct configuration again = { 0 };
	struct config_faults faults;
	struct config_plan plan;
	config_write (&text, c);
	enum status st = config_read (a, config_sections, (struct bytes){ text.at, text.n }, &again, &faults);
	assert (st == OK && json_equal (again.root, c->root));
	config_write (&second, &again);
	assert (second.n == text.n && !memcmp (second.at, text.at, text.n));
	config_plan_make (a, c, &again, &plan);
	assert (plan.of[CONFIG_KEEP] == plan.n);
	config_fini (&again);
	buffer_fini (&text);
	buffer_fini (&second);
}

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
	struct arena a;
	struct configuration c = { 0 };
	struct config_faults faults;
	struct bytes text = { data, size };
	arena_init (&a);
	if (config_read (&a, config_sections, text, &c, &faults) == OK) {
		taken_check (&a, &c);
		config_fini (&c);
	} else
		refused_check (text, &faults);
	arena_fini (&a);
	return 0;
}
