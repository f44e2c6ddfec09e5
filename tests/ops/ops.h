/* The operator's stories: what doctor says of a broken house, migrations that fail, backups under load. Each story is a process with a house of
 * its own; a check that fails ends it with a sentence. */
#ifndef LEADWIRE_OPS_H
#define LEADWIRE_OPS_H

#include "../stack/stack.h"

struct op {
	const char *name, *sentence;
	void (*run) (void);
	struct op *next;
};
void op_add (struct op *op);
#define OP(op_name, op_sentence)                                                                      \
	static void op_name (void);                                                                   \
	__attribute__ ((constructor)) static void op_name##_add (void)                                \
	{                                                                                             \
		static struct op row = { .name = #op_name, .sentence = op_sentence, .run = op_name }; \
		op_add (&row);                                                                        \
	}                                                                                             \
	static void op_name (void)

int ops_port (int offset);		/* a port of this run */
const char *ops_var (const char *name); /* a folder of this run, not made */
/* Something that stands at the paths below and at the end is taken down by the runner, however the story ends. */
void house_up (struct stack *s, const char *name, int port_offset, const char *const words[]);

struct hook {
	char key[128], slug[32];
};
struct hook given_hook (struct stack *s, const char *slug);
/* Posts a lead until it is answered 202. */
void lead_post (struct stack *s, const struct hook *h, const char *name);
void lead_post_file (struct stack *s, const struct hook *h, const char *name, const char *content);

/* What doctor says now. */
json_t *doctor_ask (struct stack *s, int *ret_exit);
/* Asks until it says that code of that part (null: any); the sentence may be looked at. */
void doctor_says (struct stack *s, const char *code, const char *part);
void doctor_healthy (struct stack *s);

#endif
