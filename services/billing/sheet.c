/* Sheets of paper as a PDF; see sheet.h. Everything of Pango and Cairo is made and let go here. What is drawn is kept as a list until all pages are known.
 * It must never trust a picture's own word on its size before that was looked at, nor let a broken one stop a document. */
#include "sheet.h"

#include <string.h>
#include <cairo-pdf.h>
#include <pango/pangocairo.h>
#include "charset.h"
#include "clock.h"

#define POINTS(units) ((units) / 1024.0)
enum { LOGO_PIXELS = 1200, LAID_BUCKETS = 512, LAID_CACHED_MOST = 64 };

struct page_maker {
	PangoFontMap *map;
	PangoContext *context;
	PangoFontDescription *font[WEIGHT_COUNT];
	PangoAttrList *plain;
	struct buffer logo_bytes; /* the last logo that was read, as it came */
	cairo_surface_t *logo;	  /* and as it is drawn; null: it cannot be */
};

enum op_kind { OP_TEXT, OP_BOX, OP_FRAME, OP_CODE, OP_LINK, OP_MARK, OP_LOGO };
struct op {
	struct op *next;
	enum op_kind kind;
	int x, y, wide, high, radius, thick;
	unsigned colour;
	const struct laid *text;
	int from, lines;
	const unsigned char *modules;
	int side;
	const char *url;
};

struct cached {
	struct cached *next;
	struct style style;
	const char *text;
	const struct laid *laid;
};

struct sheet {
	struct page_maker *maker;
	struct arena *arena;
	struct sheet_about about;
	struct buffer layouts; /* PangoLayout *, to let go */
	struct cached *cached[LAID_BUCKETS];
	struct block *first, *last; /* in the order in which they are drawn */
};

/* ---- what is dear ---- */

struct page_maker *page_maker_new (void)
{
	return heap_alloc (sizeof (struct page_maker));
}

static void maker_begin (struct page_maker *m)
{
	static const PangoWeight weights[WEIGHT_COUNT] = { PANGO_WEIGHT_NORMAL, PANGO_WEIGHT_MEDIUM, PANGO_WEIGHT_SEMIBOLD };
	if (m->map)
		return;
	m->map = pango_cairo_font_map_new ();
	m->context = pango_font_map_create_context (m->map);
	cairo_font_options_t *options = cairo_font_options_create ();
	cairo_font_options_set_hint_style (options, CAIRO_HINT_STYLE_NONE);
	cairo_font_options_set_hint_metrics (options, CAIRO_HINT_METRICS_OFF);
	pango_cairo_context_set_font_options (m->context, options);
	cairo_font_options_destroy (options);
	pango_context_set_round_glyph_positions (m->context, FALSE);
	for (int i = 0; i < WEIGHT_COUNT; i++) {
		m->font[i] = pango_font_description_new ();
		pango_font_description_set_family_static (m->font[i], "Inter,Noto Sans,DejaVu Sans,sans-serif");
		pango_font_description_set_weight (m->font[i], weights[i]);
	}
	/* figures of one width; no letters that become one, no signs that become others: what is read is what is copied */
	static const char features[] = "tnum=1, liga=0, calt=0, clig=0, dlig=0";
	m->plain = pango_attr_list_new ();
	pango_attr_list_insert (m->plain, pango_attr_font_features_new (features));
}

static void logo_forget (struct page_maker *m)
{
	if (m->logo)
		cairo_surface_destroy (m->logo);
	m->logo = NULL;
	buffer_clear (&m->logo_bytes);
}

void page_maker_free (struct page_maker **m)
{
	if (!*m)
		return;
	logo_forget (*m);
	buffer_fini (&(*m)->logo_bytes);
	if ((*m)->map) {
		pango_attr_list_unref ((*m)->plain);
		for (int i = 0; i < WEIGHT_COUNT; i++)
			pango_font_description_free ((*m)->font[i]);
		g_object_unref ((*m)->context);
		g_object_unref ((*m)->map);
	}
	heap_free (*m);
	*m = NULL;
}

struct sheet *sheet_new (struct page_maker *m, struct arena *a, const struct sheet_about *about)
{
	maker_begin (m);
	struct sheet *s = arena_alloc (a, sizeof *s);
	s->maker = m;
	s->arena = a;
	s->about = *about;
	pango_context_set_language (m->context, pango_language_from_string (about->language));
	return s;
}

void sheet_free (struct sheet **s)
{
	PangoLayout **layout = (PangoLayout **) (void *) (*s)->layouts.at;
	for (size_t i = 0; i < (*s)->layouts.n / sizeof *layout; i++)
		g_object_unref (layout[i]);
	buffer_fini (&(*s)->layouts);
	*s = NULL;
}

struct arena *sheet_arena (const struct sheet *s)
{
	return s->arena;
}

/* ---- text ---- */

/* UTF-8 without control characters; in one line newlines are spaces, as tabs always are. */
static char *text_clean (struct arena *a, const char *text, bool one_line)
{
	struct bytes in = { (const unsigned char *) text, strlen (text) };
	char *clean = arena_text (a, text_is_utf8 (in) ? text : text_from_charset (a, in, NULL)), *out = clean;
	for (const char *p = clean; *p; p++) {
		unsigned char c = (unsigned char) *p;
		if (c == '\r' && p[1] == '\n')
			continue;
		if (c == '\n' || c == '\r')
			*out++ = one_line ? ' ' : '\n';
		else if (c == '\t')
			*out++ = ' ';
		else if (c == 0xC2 && (unsigned char) p[1] < 0xA0) /* U+0080 to U+009F */
			p++;
		else if (c >= 0x20 && c != 0x7F)
			*out++ = (char) c;
	}
	*out = '\0';
	return clean;
}

static PangoLayout *layout_new (struct sheet *s, const struct style *style, const char *text)
{
	struct page_maker *m = s->maker;
	PangoLayout *layout = pango_layout_new (m->context);
	buffer_add (&s->layouts, &layout, sizeof (layout));
	pango_font_description_set_absolute_size (m->font[style->weight], style->size);
	pango_layout_set_font_description (layout, m->font[style->weight]);
	if (style->spacing) {
		PangoAttrList *spaced = pango_attr_list_copy (m->plain);
		pango_attr_list_insert (spaced, pango_attr_letter_spacing_new (style->size * style->spacing / 1000));
		pango_layout_set_attributes (layout, spaced);
		pango_attr_list_unref (spaced);
	} else {
		pango_layout_set_attributes (layout, m->plain);
	}
	pango_layout_set_text (layout, text, -1);
	return layout;
}

static const struct laid *laid_measure (struct sheet *s, PangoLayout *layout)
{
	struct laid *laid = arena_alloc (s->arena, sizeof *laid);
	int n = laid->lines = pango_layout_get_line_count (layout);
	int *at = arena_array (s->arena, 3 * (size_t) n + 1, sizeof *at), *y = at, *baseline = at + n + 1, *x = baseline + n;
	PangoLayoutIter *line = pango_layout_get_iter (layout);
	int i = 0;
	do {
		PangoRectangle extent;
		int top, foot;
		pango_layout_iter_get_line_extents (line, NULL, &extent);
		pango_layout_iter_get_line_yrange (line, &top, &foot);
		y[i] = i ? top : 0;
		y[i + 1] = foot;
		baseline[i] = pango_layout_iter_get_baseline (line);
		x[i] = extent.x;
		if (extent.width > laid->wide)
			laid->wide = extent.width;
	} while (++i < n && pango_layout_iter_next_line (line));
	pango_layout_iter_free (line);
	laid->lines = i;
	laid->high = y[i];
	laid->y = y;
	laid->baseline = baseline;
	laid->x = x;
	laid->layout = layout;
	return laid;
}

static bool style_same (const struct style *x, const struct style *y)
{
	return x->size == y->size && x->leading == y->leading && x->weight == y->weight && x->spacing == y->spacing;
}

const struct laid *sheet_lay (struct sheet *s, const struct style *style, int width, int most, const char *text)
{
	char *clean = text_clean (s->arena, text, width == 0);
	struct cached **bucket = NULL;
	size_t n = strlen (clean);
	if (width == 0 && n <= LAID_CACHED_MOST) {
		unsigned hash = 5381;
		for (size_t i = 0; i < n; i++)
			hash = hash * 33 ^ (unsigned char) clean[i];
		bucket = &s->cached[(hash ^ (unsigned) style->size) % LAID_BUCKETS];
		for (struct cached *c = *bucket; c; c = c->next)
			if (style_same (&c->style, style) && strcmp (c->text, clean) == 0)
				return c->laid;
	}
	PangoLayout *layout = layout_new (s, style, clean);
	if (style->leading)
		pango_layout_set_line_spacing (layout, (float) style->leading / 100); /* no money: a space between lines */
	if (width == 0) {
		pango_layout_set_single_paragraph_mode (layout, TRUE);
	} else {
		static const PangoAlignment sides[] = { PANGO_ALIGN_LEFT, PANGO_ALIGN_RIGHT, PANGO_ALIGN_CENTER };
		pango_layout_set_width (layout, width);
		pango_layout_set_wrap (layout, PANGO_WRAP_WORD_CHAR);
		pango_layout_set_alignment (layout, sides[style->align]);
		if (most) {
			pango_layout_set_height (layout, -most);
			pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
		}
	}
	const struct laid *laid = laid_measure (s, layout);
	if (bucket) {
		struct cached *c = arena_alloc (s->arena, sizeof *c);
		*c = (struct cached){ *bucket, *style, clean, laid };
		*bucket = c;
	}
	return laid;
}

/* ---- blocks ---- */

struct block *block_new (struct sheet *s, int space, int high)
{
	struct block *b = arena_alloc (s->arena, sizeof *b);
	b->space = space;
	b->high = high;
	return b;
}

static struct op *op_new (struct sheet *s, struct block *b, enum op_kind kind, int x, int y)
{
	struct op *o = arena_alloc (s->arena, sizeof *o);
	o->kind = kind;
	o->x = x;
	o->y = y;
	if (b->last)
		b->last->next = o;
	else
		b->first = o;
	b->last = o;
	return o;
}

void block_join (struct block *b, const struct block *more)
{
	if (!more->first)
		return;
	if (b->last)
		b->last->next = more->first;
	else
		b->first = more->first;
	b->last = more->last;
}

void block_text (struct sheet *s, struct block *b, int x, int y, const struct laid *text, unsigned colour, int from, int lines)
{
	struct op *o = op_new (s, b, OP_TEXT, x, y);
	o->text = text;
	o->colour = colour;
	o->from = from;
	o->lines = lines;
}

void block_all (struct sheet *s, struct block *b, int x, int y, const struct laid *text, unsigned colour)
{
	block_text (s, b, x, y, text, colour, 0, text->lines);
}

void block_box (struct sheet *s, struct block *b, int x, int y, int wide, int high, int radius, unsigned colour)
{
	struct op *o = op_new (s, b, OP_BOX, x, y);
	o->wide = wide;
	o->high = high;
	o->radius = radius;
	o->colour = colour;
}

void block_frame (struct sheet *s, struct block *b, int x, int y, int wide, int high, int radius, int thick, unsigned colour)
{
	block_box (s, b, x, y, wide, high, radius, colour);
	b->last->kind = OP_FRAME;
	b->last->thick = thick;
}

void block_code (struct sheet *s, struct block *b, int x, int y, int wide, const unsigned char *modules, int side)
{
	struct op *o = op_new (s, b, OP_CODE, x, y);
	o->wide = wide;
	o->modules = modules;
	o->side = side;
}

void block_link (struct sheet *s, struct block *b, int x, int y, int wide, int high, const char *url)
{
	for (const char *p = url; *p; p++) /* it stands in a quoted attribute: no address needs these as they are */
		if ((unsigned char) *p <= 0x20 || (unsigned char) *p >= 0x7F || *p == '\'' || *p == '\\')
			return;
	struct op *o = op_new (s, b, OP_LINK, x, y);
	o->wide = wide;
	o->high = high;
	o->url = arena_text (s->arena, url);
}

void block_mark (struct sheet *s, struct block *b, int x, int y, const struct style *style, unsigned colour, const char *word)
{
	struct op *o = op_new (s, b, OP_MARK, x, y);
	o->colour = colour;
	o->text = sheet_lay (s, style, 0, 0, word);
}

/* ---- the logo ---- */

static unsigned number_be (const unsigned char *at, int n)
{
	unsigned value = 0;
	while (n-- > 0)
		value = value << 8 | *at++;
	return value;
}

static bool side_fits (unsigned wide, unsigned high)
{
	return wide >= 1 && wide <= LOGO_SIDE_MOST && high >= 1 && high <= LOGO_SIDE_MOST;
}

static bool png_fits (struct bytes in)
{
	return in.n > 33 && memcmp (in.at, "\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 16) == 0 &&
	       side_fits (number_be (in.at + 16, 4), number_be (in.at + 20, 4));
}

/* Goes over a JPEG's segments (ITU-T T.81 B.1) up to its picture: eight bits, grey or three colours, a picture after the frame, and an end. */
static bool jpeg_fits (struct bytes in, int *ret_wide, int *ret_high)
{
	if (in.n < 20 || memcmp (in.at, "\xFF\xD8\xFF", 3) != 0)
		return false;
	size_t end = in.n; /* some writers leave zeros behind it */
	while (end > 2 && in.at[end - 1] == 0)
		end--;
	if (in.at[end - 2] != 0xFF || in.at[end - 1] != 0xD9)
		return false;
	bool framed = false, tables = false;
	for (size_t i = 2; i + 4 <= end;) {
		unsigned char marker = in.at[i + 1];
		if (in.at[i] != 0xFF)
			return false;
		if (marker == 0xFF) { /* fill */
			i++;
			continue;
		}
		size_t n = number_be (in.at + i + 2, 2);
		if (n < 2 || i + 2 + n > end)
			return false;
		if (marker == 0xC0 || marker == 0xC1 || marker == 0xC2) {
			const unsigned char *frame = in.at + i + 4;
			if (framed || n < 8 || frame[0] != 8 || (frame[5] != 1 && frame[5] != 3) || n != 8 + 3u * frame[5])
				return false;
			*ret_high = (int) number_be (frame + 1, 2);
			*ret_wide = (int) number_be (frame + 3, 2);
			framed = side_fits ((unsigned) *ret_wide, (unsigned) *ret_high);
			if (!framed)
				return false;
		} else if (marker == 0xDB) {
			tables = true;
		} else if (marker == 0xDA) {
			return framed && tables && i + 2 + n < end - 2;
		} else if ((marker >= 0xC3 && marker <= 0xCF && marker != 0xC4 && marker != 0xCC) || marker < 0xC0 ||
			   (marker >= 0xD0 && marker <= 0xD9)) {
			return false; /* lossless, differential, arithmetic, or out of its place */
		}
		i += 2 + n;
	}
	return false;
}

static cairo_status_t logo_read (void *closure, unsigned char *to, unsigned n)
{
	struct bytes *left = closure;
	if (left->n < n)
		return CAIRO_STATUS_READ_ERROR;
	memcpy (to, left->at, n);
	left->at += n;
	left->n -= n;
	return CAIRO_STATUS_SUCCESS;
}

/* No more pixels than the finest printer shows: what is larger becomes smaller once, not in every document. */
static cairo_surface_t *logo_smaller (cairo_surface_t *big)
{
	int wide = cairo_image_surface_get_width (big), high = cairo_image_surface_get_height (big), most = wide > high ? wide : high;
	if (most <= LOGO_PIXELS)
		return big;
	int to_wide = wide * LOGO_PIXELS / most, to_high = high * LOGO_PIXELS / most;
	to_wide += !to_wide;
	to_high += !to_high;
	cairo_surface_t *small = cairo_image_surface_create (cairo_image_surface_get_format (big), to_wide, to_high);
	cairo_t *cairo = cairo_create (small);
	cairo_scale (cairo, 1.0 * to_wide / wide, 1.0 * to_high / high);
	cairo_set_source_surface (cairo, big, 0, 0);
	cairo_pattern_set_filter (cairo_get_source (cairo), CAIRO_FILTER_GOOD);
	cairo_pattern_set_extend (cairo_get_source (cairo), CAIRO_EXTEND_PAD);
	cairo_set_operator (cairo, CAIRO_OPERATOR_SOURCE);
	cairo_paint (cairo);
	cairo_destroy (cairo);
	cairo_surface_destroy (big);
	return small;
}

static cairo_surface_t *logo_surface (struct page_maker *m, struct bytes logo)
{
	cairo_surface_t *surface = NULL;
	int wide, high;
	if (png_fits (logo)) {
		struct bytes left = logo;
		surface = cairo_image_surface_create_from_png_stream (logo_read, &left);
		if (cairo_surface_status (surface) == CAIRO_STATUS_SUCCESS)
			surface = logo_smaller (surface);
	} else if (jpeg_fits (logo, &wide, &high)) { /* its pixels stay untouched zeros: the PDF takes the JPEG as it is */
		surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, wide, high);
		if (cairo_surface_status (surface) == CAIRO_STATUS_SUCCESS)
			(void) !cairo_surface_set_mime_data (surface, CAIRO_MIME_TYPE_JPEG, m->logo_bytes.at, m->logo_bytes.n, NULL, NULL);
	}
	if (surface && cairo_surface_status (surface) != CAIRO_STATUS_SUCCESS) {
		cairo_surface_destroy (surface);
		surface = NULL;
	}
	return surface;
}

bool logo_fits (struct bytes logo)
{
	int wide, high;
	if (!png_fits (logo))
		return jpeg_fits (logo, &wide, &high);
	struct bytes left = logo;
	cairo_surface_t *surface = cairo_image_surface_create_from_png_stream (logo_read, &left);
	bool fits = cairo_surface_status (surface) == CAIRO_STATUS_SUCCESS;
	cairo_surface_destroy (surface);
	return fits;
}

bool block_logo (struct sheet *s, struct block *b, int x, int y, int most_wide, int most_high, struct bytes logo, int *ret_wide,
		 int *ret_high)
{
	struct page_maker *m = s->maker;
	if (!logo.n)
		return false;
	if (m->logo_bytes.n != logo.n || memcmp (m->logo_bytes.at, logo.at, logo.n) != 0) {
		logo_forget (m);
		buffer_add (&m->logo_bytes, logo.at, logo.n);
		m->logo = logo_surface (m, logo);
	}
	if (!m->logo)
		return false;
	int64_t wide = cairo_image_surface_get_width (m->logo), high = cairo_image_surface_get_height (m->logo);
	struct op *o = op_new (s, b, OP_LOGO, x, y);
	o->wide = most_wide;
	o->high = (int) (most_wide * high / wide);
	if (o->high > most_high) {
		o->high = most_high;
		o->wide = (int) (most_high * wide / high);
	}
	o->wide += !o->wide; /* a thread of a picture is still one */
	o->high += !o->high;
	*ret_wide = o->wide;
	*ret_high = o->high;
	return true;
}

/* ---- the PDF ---- */

void sheet_put (struct sheet *s, struct block *b, int page, int y)
{
	b->page = page;
	b->y = y;
	b->next = NULL;
	if (s->last)
		s->last->next = b;
	else
		s->first = b;
	s->last = b;
}

void sheet_put_below (struct sheet *s, struct block *b, int page, int y)
{
	b->page = page;
	b->y = y;
	b->next = s->first;
	s->first = b;
	if (!s->last)
		s->last = b;
}

static void colour_set (cairo_t *cairo, unsigned colour)
{
	cairo_set_source_rgb (cairo, (colour >> 16 & 0xFF) / 255.0, (colour >> 8 & 0xFF) / 255.0, (colour & 0xFF) / 255.0);
}

/* A box with round corners, `in` units inside of its edge. */
static void box_path (cairo_t *cairo, const struct op *o, int y0, int in)
{
	static const struct {
		int x, y, from;
	} corners[] = { { 1, 0, 3 }, { 1, 1, 0 }, { 0, 1, 1 }, { 0, 0, 2 } };
	int x = o->x + in, y = y0 + o->y + in, wide = o->wide - 2 * in, high = o->high - 2 * in, r = o->radius - in;
	if (r <= 0) {
		cairo_rectangle (cairo, POINTS (x), POINTS (y), POINTS (wide), POINTS (high));
		return;
	}
	cairo_new_sub_path (cairo);
	for (size_t i = 0; i < LENGTH (corners); i++)
		cairo_arc (cairo, POINTS (corners[i].x ? x + wide - r : x + r), POINTS (corners[i].y ? y + high - r : y + r), POINTS (r),
			   corners[i].from * G_PI / 2, (corners[i].from + 1) * G_PI / 2);
	cairo_close_path (cairo);
}

/* Dark modules as runs of each row, all in one shape: no seams between them. */
static void code_draw (cairo_t *cairo, const struct op *o, int y0)
{
	colour_set (cairo, 0);
	for (int row = 0; row < o->side; row++) {
		for (int column = 0; column < o->side; column++) {
			int from = column;
			while (column < o->side && o->modules[row * o->side + column] & 1)
				column++;
			if (column > from)
				cairo_rectangle (cairo, POINTS (o->x) + POINTS (o->wide) * from / o->side,
						 POINTS (y0 + o->y) + POINTS (o->wide) * row / o->side,
						 POINTS (o->wide) * (column - from) / o->side, POINTS (o->wide) / o->side);
		}
	}
	cairo_fill (cairo);
}

static void text_draw (cairo_t *cairo, const struct op *o, int y0)
{
	const struct laid *t = o->text;
	colour_set (cairo, o->colour);
	for (int i = o->from; i < o->from + o->lines && i < t->lines; i++) {
		cairo_move_to (cairo, POINTS (o->x + t->x[i]), POINTS (y0 + o->y + t->baseline[i] - t->y[o->from]));
		pango_cairo_show_layout_line (cairo, pango_layout_get_line_readonly (t->layout, i));
	}
}

static void logo_draw (cairo_t *cairo, const struct op *o, int y0, cairo_surface_t *logo)
{
	cairo_save (cairo);
	cairo_translate (cairo, POINTS (o->x), POINTS (y0 + o->y));
	cairo_scale (cairo, POINTS (o->wide) / cairo_image_surface_get_width (logo),
		     POINTS (o->high) / cairo_image_surface_get_height (logo));
	cairo_set_source_surface (cairo, logo, 0, 0);
	cairo_paint (cairo);
	cairo_restore (cairo);
}

static void mark_draw (cairo_t *cairo, const struct op *o, int y0)
{
	cairo_save (cairo);
	cairo_translate (cairo, POINTS (o->x), POINTS (y0 + o->y));
	cairo_rotate (cairo, -0.9);
	cairo_move_to (cairo, POINTS (-o->text->wide / 2), POINTS (-o->text->high / 2));
	colour_set (cairo, o->colour);
	pango_cairo_layout_path (cairo, o->text->layout);
	cairo_fill (cairo);
	cairo_restore (cairo);
}

static void op_draw (const struct sheet *s, cairo_t *cairo, const struct op *o, int y0)
{
	switch (o->kind) {
	case OP_TEXT: text_draw (cairo, o, y0); break;
	case OP_BOX:
		colour_set (cairo, o->colour);
		box_path (cairo, o, y0, 0);
		cairo_fill (cairo);
		break;
	case OP_FRAME:
		colour_set (cairo, o->colour);
		cairo_set_line_width (cairo, POINTS (o->thick));
		box_path (cairo, o, y0, o->thick / 2);
		cairo_stroke (cairo);
		break;
	case OP_CODE: code_draw (cairo, o, y0); break;
	case OP_LINK:
		cairo_tag_begin (cairo, CAIRO_TAG_LINK,
				 arena_printf (s->arena, "uri='%s' rect=[%d.0 %d.0 %d.0 %d.0]", o->url, o->x / 1024, (y0 + o->y) / 1024,
					       o->wide / 1024 + 1, o->high / 1024 + 1));
		cairo_tag_end (cairo, CAIRO_TAG_LINK);
		break;
	case OP_MARK: mark_draw (cairo, o, y0); break;
	case OP_LOGO: logo_draw (cairo, o, y0, s->maker->logo); break;
	}
}

static cairo_status_t pdf_add (void *closure, const unsigned char *bytes, unsigned n)
{
	buffer_add (closure, bytes, n);
	return CAIRO_STATUS_SUCCESS;
}

static void pdf_about (cairo_surface_t *pdf, const struct sheet *s)
{
	char day[DATE_TEXT];
	struct arena *a = s->arena;
	cairo_pdf_surface_set_metadata (pdf, CAIRO_PDF_METADATA_TITLE, text_clean (a, s->about.title, true));
	cairo_pdf_surface_set_metadata (pdf, CAIRO_PDF_METADATA_AUTHOR, text_clean (a, s->about.author, true));
	if (s->about.subject)
		cairo_pdf_surface_set_metadata (pdf, CAIRO_PDF_METADATA_SUBJECT, text_clean (a, s->about.subject, true));
	cairo_pdf_surface_set_metadata (pdf, CAIRO_PDF_METADATA_CREATOR, "Leadwire");
	const char *made = arena_printf (a, "%sT00:00:00Z", date_format (s->about.day, day)); /* never when it was drawn */
	cairo_pdf_surface_set_metadata (pdf, CAIRO_PDF_METADATA_CREATE_DATE, made);
	cairo_pdf_surface_set_metadata (pdf, CAIRO_PDF_METADATA_MOD_DATE, made);
}

/* The last place where `what` stands; n: nowhere. */
static size_t bytes_last (const struct buffer *in, const char *what)
{
	size_t length = strlen (what);
	for (size_t i = in->n; i-- > 0;)
		if (i + length <= in->n && memcmp (in->at + i, what, length) == 0)
			return i;
	return in->n;
}

/* Cairo cannot say a document's language, nor that its title is to be shown: the catalog is its last object, so that what is put into it moves nothing but
 * the table of places behind it (ISO 32000-1 7.7.2, 7.5.5). */
static struct bytes pdf_finish (const struct sheet *s, const struct buffer *made)
{
	static const char catalog[] = "<< /Type /Catalog\n", places[] = "startxref\n";
	size_t at = bytes_last (made, catalog), foot = bytes_last (made, places);
	assert (at < foot && foot < made->n);
	at += strlen (catalog);
	foot += strlen (places);
	const char *more = arena_printf (s->arena, "   /Lang (%s)\n   /ViewerPreferences << /DisplayDocTitle true >>\n", s->about.language);
	unsigned long long place = 0;
	for (size_t i = foot; i < made->n && made->at[i] >= '0' && made->at[i] <= '9'; i++)
		place = place * 10 + (made->at[i] - '0');
	assert (place > at); /* it is behind the catalog */
	const char *end = arena_printf (s->arena, "%llu\n%%%%EOF\n", place + strlen (more));
	size_t n = foot + strlen (more) + strlen (end);
	unsigned char *pdf = arena_alloc (s->arena, n);
	memcpy (pdf, made->at, at);
	memcpy (pdf + at, more, strlen (more));
	memcpy (pdf + at + strlen (more), made->at + at, foot - at);
	memcpy (pdf + foot + strlen (more), end, strlen (end));
	return (struct bytes){ pdf, n };
}

struct pages {
	struct block *first, *last;
};

enum status sheet_write (struct sheet *s, int pages, struct bytes *ret_pdf)
{
	struct buffer made = { 0 };
	cairo_surface_t *pdf = cairo_pdf_surface_create_for_stream (pdf_add, &made, POINTS (SHEET_WIDE), POINTS (SHEET_HIGH));
	pdf_about (pdf, s);
	cairo_t *cairo = cairo_create (pdf);
	struct pages *of = arena_array (s->arena, (size_t) pages, sizeof *of);
	for (struct block *b = s->first, *next; b; b = next) {
		next = b->next;
		b->next = NULL;
		assert (b->page >= 0 && b->page < pages);
		if (of[b->page].last)
			of[b->page].last->next = b;
		else
			of[b->page].first = b;
		of[b->page].last = b;
	}
	s->first = s->last = NULL;
	for (int page = 0; page < pages; page++) {
		for (const struct block *b = of[page].first; b; b = b->next)
			for (const struct op *o = b->first; o; o = o->next)
				op_draw (s, cairo, o, b->y);
		cairo_show_page (cairo);
	}
	bool drawn = cairo_status (cairo) == CAIRO_STATUS_SUCCESS;
	cairo_destroy (cairo);
	cairo_surface_finish (pdf);
	drawn = drawn && cairo_surface_status (pdf) == CAIRO_STATUS_SUCCESS;
	cairo_surface_destroy (pdf);
	if (drawn)
		*ret_pdf = pdf_finish (s, &made);
	buffer_fini (&made);
	return drawn ? OK : FAULT;
}
