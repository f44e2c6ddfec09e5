/* A4 sheets of text, boxes, pictures and codes as a PDF: what is put on them, where it lies, and nothing of what it means. Pango and Cairo stand behind this
 * header alone. All measures are integers of 1/1024 point. The same things put in the same places give the same bytes: never a clock, never a random name.
 * Text is real text; bytes that are no UTF-8 and control characters never reach the library. */
#ifndef LEADWIRE_BILLING_SHEET_H
#define LEADWIRE_BILLING_SHEET_H

#include "arena.h"

/* What is dear to make: fonts, and the last logo that was read. One a thread; made at first use. */
struct page_maker;
struct page_maker *page_maker_new (void);
void page_maker_free (struct page_maker **m);

#define PT(n) ((int) ((n) *1024))			  /* points */
#define MM(n) ((int) ((int64_t) (n) *1024 * 7200 / 2540)) /* millimetres, whole ones */
enum { SHEET_WIDE = 609562, SHEET_HIGH = 862095 };

enum weight { WEIGHT_REGULAR, WEIGHT_MEDIUM, WEIGHT_BOLD, WEIGHT_COUNT };
enum align { ALIGN_LEFT, ALIGN_RIGHT, ALIGN_CENTRE };
struct style {
	int size;    /* of the letters */
	int leading; /* from line to line, in hundredths of what the letters need; 100 when 0 */
	enum weight weight;
	enum align align;
	int spacing; /* between letters, in thousandths of their size; 0: as the font has it */
};

/* A text as it was laid out. */
struct laid {
	int wide, high;
	int lines;
	const int *y;	     /* lines + 1: where each line begins, and where the last one ends */
	const int *baseline; /* of each line, from the top of the text */
	const int *x;	     /* where each line begins */
	void *layout;
};

struct sheet_about {
	const char *title, *author, *subject, *language; /* language: nl or en */
	int32_t day;					 /* of making, as the file says it */
};

struct sheet;
struct sheet *sheet_new (struct page_maker *m, struct arena *a, const struct sheet_about *about);
void sheet_free (struct sheet **s);
struct arena *sheet_arena (const struct sheet *s);

/* width 0: one line, however long, newlines are spaces. Else lines are broken to fit, words too when they must. most: lines, the rest is an ellipsis; 0: all. */
const struct laid *sheet_lay (struct sheet *s, const struct style *style, int width, int most, const char *text);

/* Colours are 0xrrggbb. A strip of the page, as wide as it: never cut. Things in it lie from its own upper left corner. */
struct block {
	int high;
	int space;   /* above it, unless it begins a page */
	bool keep;   /* on the page of what follows it */
	bool table;  /* where a page begins with it, the table's head comes first */
	int page, y; /* where it came to lie; page from 0 */
	struct op *first, *last;
	struct block *next;
};
struct block *block_new (struct sheet *s, int space, int high);
/* What is in `more` comes on top of what is in b. */
void block_join (struct block *b, const struct block *more);
void block_text (struct sheet *s, struct block *b, int x, int y, const struct laid *text, unsigned colour, int from, int lines);
void block_all (struct sheet *s, struct block *b, int x, int y, const struct laid *text, unsigned colour); /* every line */
void block_box (struct sheet *s, struct block *b, int x, int y, int wide, int high, int radius, unsigned colour);
void block_frame (struct sheet *s, struct block *b, int x, int y, int wide, int high, int radius, int thick, unsigned colour);
/* side × side modules, one byte each, its lowest bit says dark; as one shape. */
void block_code (struct sheet *s, struct block *b, int x, int y, int wide, const unsigned char *modules, int side);
void block_link (struct sheet *s, struct block *b, int x, int y, int wide, int high, const char *url);
/* A word across the page, as a shape and not as text, its middle at x, y; faint. */
void block_mark (struct sheet *s, struct block *b, int x, int y, const struct style *style, unsigned colour, const char *word);
/* The logo within a box, its upper left corner at x, y; false, and nothing drawn, when it is none that can be shown. Its size in ret. */
bool block_logo (struct sheet *s, struct block *b, int x, int y, int most_wide, int most_high, struct bytes logo, int *ret_wide,
		 int *ret_high);

/* Can it be shown: PNG or JPEG (grey or colour), whole, no side longer than 4,000? */
enum { LOGO_SIDE_MOST = 4000 };
bool logo_fits (struct bytes logo);

/* Puts a block on a page; what is put first lies below. */
void sheet_put (struct sheet *s, struct block *b, int page, int y);
void sheet_put_below (struct sheet *s, struct block *b, int page, int y); /* under all that is there */
/* The PDF of `pages` pages, in the sheet's arena. FAULT: the library could not. */
enum status sheet_write (struct sheet *s, int pages, struct bytes *ret_pdf) MUST_CHECK;

#endif
