/* Named SQL statements: what deploy/sql2c.awk makes of the .sql files, and what a statement is at run time.
 * SQL is written in .sql files only; C sees typed calls. A statement here never builds SQL from values.
 *
 * Head lines the generator understands (what follows a ';' is prose and is dropped):
 *
 *   -- name: x in -> out     load: one row of `out` per item of `in`, in their order         SQL_LOAD (x, in, out, "text")
 *   -- name: x in => out     list: any number of rows of `out`                               SQL_LIST (x, in, out, "text")
 *   -- name: x -> out        the same as `=>`, without parameters                            SQL_ALL (x, out, "text")
 *   -- name: x in            write: must touch exactly n rows, else the batch aborts         SQL_WRITE (x, in, "text")
 *   -- name: x in *          write: may touch any number of rows                             SQL_WRITE_ANY (x, in, "text")
 *   -- name: x in +> out     effect: claims or records, run by an effect worker (effects.h)  SQL_EFFECT (x, in, out, "text")
 *   -- name: x in -> json    query: run by a reader, gives one JSON text; needs no C         SQL_QUERY (x, in, "text")
 *   -- name: x in -> json kept   the same, planned once for a connection                 SQL_QUERY_KEPT (x, in, "text")
 *   -- name: x               run by common/ itself (no record)                               SQL_PLAIN (x, "text")
 *
 * A query's :workspaces is the set it runs for, as uuid[].
 * A query is planned for each question, as what it filters by differs from one to the next; one that finds its rows by keys whatever is asked, and is
 * shorter than its planning, keeps its plan: by indexes alone, as a writer's.
 *
 * What several statements have in common is a part: it stands after `-- part: name` and goes where a line says `-- use: name`.
 *
 * Arrays (:name[]) of a statement belong together in one unnest: nulls at the end of an OPTIONAL column may be left out, and are null again there.
 *
 * The text runs until the next head line or the end of the file. From services/<svc>/sql/ (queries.sql, commands.sql,
 * events.sql, effects.sql …) the generator writes, S being the folder's name with '_' for '-':
 *   gen/S_sql.h   #include "sql.h" and "records.h"; for every statement its prototype:
 *                   SQL_LOAD       const struct out *x (struct batch *b, const struct in *item, size_t n);
 *                   SQL_LIST       const struct out *x (struct batch *b, const struct in *item, size_t n, size_t *ret_n);
 *                   SQL_ALL        const struct out *x (struct batch *b, size_t *ret_n);
 *                   SQL_WRITE*     void x (struct batch *b, const struct in *item, size_t n);
 *                 and `extern const struct sql_file S_sql;`
 *   gen/S_sql.c   the macro lines above (each defines `struct statement x_statement` and its function), then
 *                   static struct statement *const statements[] = { &x_statement, … };
 *                   static const struct migration migrations[] = { { 1, "0001_init", "text" }, … };   (files NNNN_name.sql)
 *                   const struct sql_file S_sql = { statements, n, migrations, n };
 * the files in common/sql give bus_sql.h/.c (S = bus; records.h is not included there). Texts longer than a C compiler likes are split into adjacent literals.
 */
#ifndef LEADWIRE_SQL_H
#define LEADWIRE_SQL_H

#include <stddef.h>
#include "record.h"

struct batch;

enum statement_kind { STATEMENT_LOAD, STATEMENT_LIST, STATEMENT_WRITE, STATEMENT_WRITE_ANY, STATEMENT_QUERY, STATEMENT_PLAIN };

/* One $n of a statement. Filled at boot from the text and the record. */
struct sql_param {
	const struct field *field; /* null: one of the head's */
	int head;		   /* which one of the head's (enum sql_head), when field is null */
	bool array;		   /* :name[] */
	unsigned oid;		   /* of the parameter, the array's own when array */
	int part;		   /* money: 0 the amount, 1 the currency (:value and :value_currency) */
};

enum { SQL_PARAMS_MAX = 80, SQL_COLUMNS_MAX = 80 };

struct statement {
	const char *name;
	enum statement_kind kind;
	const struct record *in, *out; /* null where there is none */
	const char *text;	       /* as written, with :names */
	bool kept;		       /* a query whose plan is kept */
	/* filled by sql_ready, once, before threads start */
	int number;	   /* from 1, of all statements of the process */
	char *ready;	   /* with $n */
	char prepared[32]; /* its name on a connection: "s12" */
	size_t n_params;
	struct sql_param params[SQL_PARAMS_MAX];
	bool sure;	    /* it touches as many rows as it is given, or fails: an insert that leaves nothing out */
	bool counts_itself; /* or it was given words that make it fail otherwise; either way the count need not come back before the Sync */
};

struct migration {
	int number;
	const char *name, *text;
};

struct sql_file {
	struct statement *const *statements;
	size_t n_statements;
	const struct migration *migrations;
	size_t n_migrations;
};

const void *batch_load (struct batch *b, struct statement *s, const void *item, size_t n);
const void *batch_list (struct batch *b, struct statement *s, const void *item, size_t n, size_t *ret_n);
void batch_write (struct batch *b, struct statement *s, const void *item, size_t n);

#define SQL_LOAD(x, i, o, sql)                                                                         \
	static struct statement x##_statement = {                                                      \
		.name = #x, .kind = STATEMENT_LOAD, .in = &i##_record, .out = &o##_record, .text = sql \
	};                                                                                             \
	const struct o *x (struct batch *b, const struct i *item, size_t n)                            \
	{                                                                                              \
		return batch_load (b, &x##_statement, item, n);                                        \
	}
#define SQL_LIST(x, i, o, sql)                                                                         \
	static struct statement x##_statement = {                                                      \
		.name = #x, .kind = STATEMENT_LIST, .in = &i##_record, .out = &o##_record, .text = sql \
	};                                                                                             \
	const struct o *x (struct batch *b, const struct i *item, size_t n, size_t *ret_n)             \
	{                                                                                              \
		return batch_list (b, &x##_statement, item, n, ret_n);                                 \
	}
#define SQL_ALL(x, o, sql)                                                                                               \
	static struct statement x##_statement = { .name = #x, .kind = STATEMENT_LIST, .out = &o##_record, .text = sql }; \
	const struct o *x (struct batch *b, size_t *ret_n)                                                               \
	{                                                                                                                \
		return batch_list (b, &x##_statement, NULL, 0, ret_n);                                                   \
	}
#define SQL_WRITE(x, i, sql)                                                                                             \
	static struct statement x##_statement = { .name = #x, .kind = STATEMENT_WRITE, .in = &i##_record, .text = sql }; \
	void x (struct batch *b, const struct i *item, size_t n)                                                         \
	{                                                                                                                \
		batch_write (b, &x##_statement, item, n);                                                                \
	}
#define SQL_WRITE_ANY(x, i, sql)                                                                                             \
	static struct statement x##_statement = { .name = #x, .kind = STATEMENT_WRITE_ANY, .in = &i##_record, .text = sql }; \
	void x (struct batch *b, const struct i *item, size_t n)                                                             \
	{                                                                                                                    \
		batch_write (b, &x##_statement, item, n);                                                                    \
	}
#define SQL_QUERY(x, i, sql) \
	static struct statement x##_statement = { .name = #x, .kind = STATEMENT_QUERY, .in = &i##_record, .text = sql };
#define SQL_QUERY_KEPT(x, i, sql) \
	static struct statement x##_statement = { .name = #x, .kind = STATEMENT_QUERY, .in = &i##_record, .text = sql, .kept = true };
#define SQL_EFFECT(x, i, o, sql) \
	struct statement x##_statement = { .name = #x, .kind = STATEMENT_LIST, .in = &i##_record, .out = &o##_record, .text = sql };
#define SQL_PLAIN(x, sql) struct statement x##_statement = { .name = #x, .kind = STATEMENT_PLAIN, .text = sql };

#endif
