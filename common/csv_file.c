/* CSV by libcsv, which finds the cells; what this adds is where a row ends in the file, what the file is, and limits.
 * It must never trust a quote to be closed, nor keep more of the file than one bite. */
#include "csv_file.h"

#include <csv.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "charset.h"
#include "log.h"

enum { BLOCK = 64 * 1024, SNIFF = 256 * 1024, SNIFF_ROWS = 60, BITE_BYTES = 1 << 20 };

static enum status fault (const char *what, const char *path)
{
	log_error ("file_failed", LOG_T ("what", what), LOG_T ("path", path), LOG_T ("why", strerror (errno)));
	return FAULT;
}

/* ---- rows out of bytes ---- */

struct reading {
	struct arena *arena;
	bool legacy;
	struct csv_row *row; /* [most] */
	size_t n, most;
	const char *cell[CSV_CELLS_MOST];
	size_t cells;
	int64_t at;	/* number of the row that is read now */
	int ended_with; /* the last row's end: CR and LF after each other are one */
	bool too_many, seen;
	bool counts; /* only how many cells each row has is wanted */
};

static void cell_ends (void *bytes, size_t n, void *ctx)
{
	struct reading *r = ctx;
	r->seen = r->seen || n;
	if (r->cells == CSV_CELLS_MOST) {
		r->too_many = true;
		return;
	}
	if (!r->counts)
		r->cell[r->cells] = text_from_charset (r->arena, (struct bytes){ bytes, n }, r->legacy ? "windows-1252" : "utf-8");
	r->cells++;
}

static const char *trimmed (struct arena *a, const char *text)
{
	size_t n;
	text += strspn (text, " \t\r\n");
	for (n = strlen (text); n && strchr (" \t\r\n", text[n - 1]); n--)
		;
	return text[n] ? arena_copy (a, text, n) : text;
}

static void row_ends (int with, void *ctx)
{
	struct reading *r = ctx;
	bool second = !r->cells && with == '\n' && r->ended_with == '\r';
	r->ended_with = with;
	if (second)
		return;
	if (r->seen && r->n < r->most) {
		struct csv_row *row = &r->row[r->n++];
		*row = (struct csv_row){ .row = r->at, .n = r->cells };
		if (!r->counts) {
			row->cell = arena_array (r->arena, r->cells, sizeof *row->cell);
			for (size_t i = 0; i < r->cells; i++)
				row->cell[i] = trimmed (r->arena, r->cell[i]);
		}
	}
	r->at++;
	r->cells = 0;
	r->seen = false;
}

/* Up to and with the next byte that may end a row. */
static size_t line_length (const unsigned char *at, size_t n)
{
	const unsigned char *end = memchr (at, '\n', n);
	size_t line = end ? (size_t) (end - at) + 1 : n;
	const unsigned char *cr = memchr (at, '\r', line);
	return cr && (!end || cr + 1 != end) ? (size_t) (cr - at) + 1 : line;
}

/* libcsv's state between two rows. */
static bool is_between (const struct csv_parser *p)
{
	return p->pstate == 0;
}

static void parser_open (struct csv_parser *p, char delimiter)
{
	int failed = csv_init (p, CSV_REPALL_NL | CSV_APPEND_NULL);
	assert (!failed);
	csv_set_delim (p, (unsigned char) delimiter);
}

/* ---- what a file is ---- */

struct utf8 {
	int left; /* bytes of a character still to come */
	unsigned char least, most;
	bool bad;
};

/* Well-formed by Unicode's table 3-7, a byte at a time. */
static void utf8_byte (struct utf8 *u, unsigned char c)
{
	if (u->left) {
		u->bad = u->bad || c < u->least || c > u->most;
		u->least = 0x80, u->most = 0xbf;
		u->left--;
	} else if (c >= 0x80) {
		u->left = c >= 0xf0 ? 3 : c >= 0xe0 ? 2 : 1;
		u->least = c == 0xe0 ? 0xa0 : c == 0xf0 ? 0x90 : 0x80;
		u->most = c == 0xed ? 0x9f : c == 0xf4 ? 0x8f : 0xbf;
		u->bad = u->bad || c < 0xc2 || c > 0xf4;
	}
}

/* Bytes before the first row; `ret_said`: the delimiter that a first line names, 0: none. */
static int64_t beginning (const unsigned char *at, size_t n, char *ret_said)
{
	size_t begins = n >= 3 && memcmp (at, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
	*ret_said = 0;
	if (n - begins >= 6 && memcmp (at + begins, "sep=", 4) == 0 && strchr (";,\t|", at[begins + 4]) && at[begins + 4] &&
	    (at[begins + 5] == '\r' || at[begins + 5] == '\n')) {
		*ret_said = (char) at[begins + 4];
		begins += 6;
		begins += begins < n && at[begins - 1] == '\r' && at[begins] == '\n';
	}
	return (int64_t) begins;
}

/* How many of the first rows have the same number of cells, more than one; rows that a wrong delimiter cuts differ. */
static size_t delimiter_score (struct arena *a, char delimiter, const unsigned char *at, size_t n)
{
	struct csv_parser p;
	struct reading r = { .arena = a, .most = SNIFF_ROWS, .counts = true, .row = arena_array (a, SNIFF_ROWS, sizeof *r.row) };
	size_t best = 0;
	parser_open (&p, delimiter);
	for (size_t done = 0; done < n && r.n < r.most;) {
		size_t line = line_length (at + done, n - done);
		csv_parse (&p, at + done, line, cell_ends, row_ends, &r);
		done += line;
	}
	if (n < SNIFF)
		csv_fini (&p, cell_ends, row_ends, &r);
	csv_free (&p);
	for (size_t i = 0; i < r.n; i++) {
		size_t same = 0;
		for (size_t k = 0; k < r.n && r.row[i].n > 1; k++)
			same += r.row[k].n == r.row[i].n;
		best = same > best ? same : best;
	}
	return r.n ? best * 1000 / r.n : 0;
}

static char delimiter_of (const unsigned char *at, size_t n)
{
	static const char all[] = ";,\t|";
	size_t best = 0;
	char ret = ',';
	struct arena a;
	arena_init (&a);
	for (const char *d = all; *d; d++) {
		size_t score = delimiter_score (&a, *d, at, n);
		if (score > best) {
			best = score;
			ret = *d;
		}
		arena_reset (&a);
	}
	arena_fini (&a);
	return ret;
}

/* ---- UTF-16 ---- */

static size_t utf8_put (unsigned char out[4], unsigned c)
{
	if (c < 0x80) {
		out[0] = (unsigned char) c;
		return 1;
	}
	size_t n = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
	for (size_t i = n - 1; i; i--, c >>= 6)
		out[i] = (unsigned char) (0x80 | (c & 0x3f));
	out[0] = (unsigned char) ((n == 2 ? 0xc0 : n == 3 ? 0xe0 : 0xf0) | c);
	return n;
}

static unsigned unit_get (FILE *in, bool big)
{
	int a = getc (in), b = getc (in);
	return b == EOF ? 0x110000u : big ? (unsigned) a << 8 | (unsigned) b : (unsigned) b << 8 | (unsigned) a;
}

static void utf16_copy (FILE *in, FILE *out, bool big)
{
	for (unsigned c = unit_get (in, big); c < 0x110000;) {
		unsigned char bytes[4];
		unsigned next = unit_get (in, big);
		if (c >= 0xd800 && c < 0xdc00 && next >= 0xdc00 && next < 0xe000) {
			c = 0x10000 + ((c - 0xd800) << 10) + (next - 0xdc00);
			next = unit_get (in, big);
		} else if (c >= 0xd800 && c < 0xe000) {
			c = 0xfffd;
		}
		fwrite (bytes, 1, utf8_put (bytes, c), out);
		c = next;
	}
}

static enum status utf16_rewrite (const char *path, bool big)
{
	char made[1300];
	if ((size_t) snprintf (made, sizeof made, "%s.utf8", path) >= sizeof made)
		return REFUSED;
	FILE *in = fopen (path, "re"), *out = in ? fopen (made, "wxe") : NULL;
	enum status status = OK;
	if (out && fseek (in, 2, SEEK_SET) == 0)
		utf16_copy (in, out, big);
	if (!out || ferror (in) || ferror (out))
		status = fault ("write", made);
	if (in)
		fclose (in);
	if (out && fclose (out) && status == OK)
		status = fault ("write", made);
	if (status == OK && rename (made, path))
		status = fault ("rename", path);
	if (status != OK && out)
		unlink (made);
	return status;
}

/* ---- the survey ---- */

struct survey {
	struct utf8 utf8;
	bool quoted, nul;
	int64_t records;
	unsigned char last;
};

static void survey_block (struct survey *s, const unsigned char *at, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		unsigned char c = at[i];
		if (c >= 0x80 || s->utf8.left)
			utf8_byte (&s->utf8, c);
		s->quoted ^= c == '"';
		s->nul = s->nul || !c;
		if (!s->quoted && (c == '\r' || (c == '\n' && s->last != '\r')))
			s->records++;
		s->last = c;
	}
}

static enum status survey_read (int fd, const char *path, struct csv_shape *ret, unsigned char *head, size_t *ret_head)
{
	struct survey s = { 0 };
	int64_t bytes = 0;
	ssize_t n;
	*ret_head = 0;
	while ((n = read (fd, head + *ret_head, *ret_head < SNIFF ? (size_t) (SNIFF - *ret_head) : BLOCK)) > 0 ||
	       (n < 0 && errno == EINTR)) {
		if (n < 0)
			continue;
		survey_block (&s, head + *ret_head, (size_t) n);
		bytes += n;
		if (*ret_head < SNIFF)
			*ret_head += (size_t) n;
	}
	if (n < 0)
		return fault ("read", path);
	ret->bytes = bytes;
	ret->legacy = s.utf8.bad || s.utf8.left;
	ret->records = s.records + (bytes && s.last != '\n' && s.last != '\r');
	return s.nul ? REFUSED : OK;
}

enum status csv_survey (const char *path, struct csv_shape *ret)
{
	unsigned char mark[2] = { 0 };
	int fd = open (path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return fault ("open", path);
	if (read (fd, mark, 2) == 2 && ((mark[0] == 0xff && mark[1] == 0xfe) || (mark[0] == 0xfe && mark[1] == 0xff))) {
		close (fd);
		enum status written = utf16_rewrite (path, mark[0] == 0xfe);
		if (written != OK)
			return written;
		fd = open (path, O_RDONLY | O_CLOEXEC);
		if (fd < 0)
			return fault ("open", path);
	}
	unsigned char *head = heap_alloc (SNIFF + BLOCK);
	size_t n = 0;
	char said;
	*ret = (struct csv_shape){ 0 };
	enum status status = lseek (fd, 0, SEEK_SET) == 0 ? survey_read (fd, path, ret, head, &n) : fault ("seek", path);
	if (status == OK) {
		ret->begins = beginning (head, n, &said);
		ret->delimiter = said ? said : delimiter_of (head + ret->begins, n - (size_t) ret->begins);
		ret->records -= said && ret->records;
	}
	heap_free (head);
	close (fd);
	return status;
}

/* ---- a bite ---- */

/* The parser's end of the file, when it is there. */
static bool file_read_at (int fd, unsigned char *block, int64_t at, size_t *ret_n)
{
	ssize_t n;
	do
		n = pread (fd, block, BLOCK, at);
	while (n < 0 && errno == EINTR);
	*ret_n = n > 0 ? (size_t) n : 0;
	return n >= 0;
}

struct bite {
	struct csv_parser parser;
	struct reading r;
	struct csv_place safe; /* behind the last whole row */
	int64_t offset, since; /* bytes read; where the row under way began */
	size_t bytes;
};

/* A line ends one row at most. */
static void row_stands (struct bite *x, size_t before)
{
	if (x->r.n > before) {
		x->r.row[before].begins = x->since;
		x->r.row[before].ends = x->offset;
	}
}

/* Lines into the parser until there are enough rows. False: enough, or the row is too long. */
static bool bite_feed (struct bite *x, const unsigned char *at, size_t n)
{
	for (size_t done = 0; done < n;) {
		bool enough = x->r.n == x->r.most || (x->r.n && x->bytes > BITE_BYTES);
		/* an LF belongs to the CR before it */
		if (enough && x->since == x->offset && at[done] != '\n')
			return false;
		size_t line = line_length (at + done, n - done), before = x->r.n;
		csv_parse (&x->parser, at + done, line, cell_ends, row_ends, &x->r);
		done += line;
		x->offset += (int64_t) line;
		row_stands (x, before);
		if (is_between (&x->parser) && !x->r.cells) {
			x->since = x->offset;
			x->safe = (struct csv_place){ .offset = x->offset, .row = x->r.at };
		}
		if (x->r.too_many || x->offset - x->since > CSV_ROW_MOST)
			return false;
	}
	return true;
}

enum status csv_read (struct arena *a, const char *path, const struct csv_shape *shape, struct csv_place *place, size_t most,
		      const struct csv_row **ret, size_t *ret_n)
{
	int fd = open (path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return fault ("open", path);
	if (!place->offset)
		*place = (struct csv_place){ .offset = shape->begins, .row = 1 };
	struct bite *x = arena_alloc (a, sizeof *x);
	unsigned char *block = arena_alloc (a, BLOCK);
	size_t n;
	bool good, going = true;
	*x = (struct bite){ .r = { .arena = a,
				   .legacy = shape->legacy,
				   .most = most,
				   .at = place->row,
				   .row = arena_array (a, most, sizeof *x->r.row) },
			    .safe = *place,
			    .offset = place->offset,
			    .since = place->offset };
	parser_open (&x->parser, shape->delimiter);
	while ((good = file_read_at (fd, block, x->offset, &n)) && n && going) {
		x->bytes += n;
		going = bite_feed (x, block, n);
	}
	bool broken = x->r.too_many || x->offset - x->since > CSV_ROW_MOST;
	if (good && going && !broken) {
		size_t before = x->r.n;
		csv_fini (&x->parser, cell_ends, row_ends, &x->r);
		row_stands (x, before);
		x->safe = (struct csv_place){ .offset = x->offset, .row = x->r.at, .end = true };
	}
	csv_free (&x->parser);
	close (fd);
	if (!good)
		return fault ("read", path);
	if (broken && !x->r.n)
		return REFUSED;
	*ret = x->r.row;
	*ret_n = x->r.n;
	*place = x->safe;
	return OK;
}
