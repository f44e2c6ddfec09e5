/* The demo's logos: a mark on a rounded square, drawn by arithmetic and written as a PNG without a library: its picture is stored, not packed.
 * It must never read a file, nor be another one the next time. */
#include "demo_paper.h"

#include <stdlib.h>
#include <string.h>
#include "arena.h"

enum { SIDE = 160, FINE = 3, ROW = 1 + SIDE * 3, RAW = SIDE * ROW, STORED = 65535 };

/* ---- the mark: what is white at a place of the square, from -1000 to 1000 ---- */

static bool in_circle (int x, int y, int at_x, int at_y, int r)
{
	return (x - at_x) * (x - at_x) + (y - at_y) * (y - at_y) <= r * r;
}

static bool in_loaf (int x, int y)
{
	bool dome = y < 120 && in_circle (x, y * 5 / 4, 0, 150, 620), foot = abs (x) < 620 && y >= 120 && y < 420;
	bool cut = y < 0 && abs (abs (x + y / 2 + 3600) % 360 - 180) < 50;
	return (dome || foot) && !cut;
}

static bool in_wheel (int x, int y)
{
	static const int way[5][2] = { { 0, -1000 }, { 951, -309 }, { 588, 809 }, { -588, 809 }, { -951, -309 } };
	bool spoke = false;
	for (int i = 0; i < 5; i++)
		spoke = spoke || (x * way[i][0] + y * way[i][1] > 0 && abs (x * way[i][1] - y * way[i][0]) < 55 * 1000);
	bool rim = in_circle (x, y, 0, 0, 660) && !in_circle (x, y, 0, 0, 480);
	return rim || in_circle (x, y, 0, 0, 160) || (spoke && in_circle (x, y, 0, 0, 500));
}

static bool in_wings (int x, int y)
{
	int low = 450 - abs (x) * 9 / 10;
	return abs (x) < 680 && ((y < low && y > low - 220) || (y < low - 360 && y > low - 580));
}

static bool in_parcel (int x, int y)
{
	bool box = abs (x) < 560 && y > -500 && y < 560, tape = abs (x) < 90 && y < 100, lid = abs (y + 180) < 40;
	return box && !tape && !lid;
}

static bool in_waves (int x, int y)
{
	bool tree = y > -660 && y < 20 && abs (x) < (y + 660) * 11 / 20;
	int wave = (abs ((x + 1000) % 500 - 250) - 125) / 2;
	return tree || (abs (x) < 660 && ((y > 140 + wave && y < 260 + wave) || (y > 360 + wave && y < 480 + wave)));
}

static bool in_petals (int x, int y)
{
	bool cup = y > -500 && y < 200 && in_circle (x, y, 0, -220, 420);
	bool notch = y < -220 && abs (abs (x) - 200) < -(y + 220) / 2;
	bool stem = abs (x) < 50 && y >= 100 && y < 640, leaf = in_circle (x, y, 300, 300, 300) && in_circle (x, y, 20, 580, 340);
	return (cup && !notch) || stem || leaf;
}

static bool is_white (enum paper_mark mark, int x, int y)
{
	switch (mark) {
	case MARK_LOAF: return in_loaf (x, y);
	case MARK_WHEEL: return in_wheel (x, y);
	case MARK_WINGS: return in_wings (x, y);
	case MARK_PARCEL: return in_parcel (x, y);
	case MARK_WAVES: return in_waves (x, y);
	case MARK_PETALS: return in_petals (x, y);
	}
	return false;
}

/* Within the square with its round corners. */
static bool is_square (int x, int y)
{
	int beyond_x = abs (x) > 720 ? abs (x) - 720 : 0, beyond_y = abs (y) > 720 ? abs (y) - 720 : 0;
	return in_circle (beyond_x, beyond_y, 0, 0, 280);
}

/* The middle of the nth part of a dot. */
static int place_of (int dot, int part)
{
	return (2 * (dot * FINE + part) + 1) * 1000 / (SIDE * FINE) - 1000;
}

/* How much of a dot is coloured, in FINE * FINE parts; the rest is white. */
static int coloured (enum paper_mark mark, int column, int row)
{
	int ret = 0;
	for (int i = 0; i < FINE * FINE; i++) {
		int x = place_of (column, i % FINE), y = place_of (row, i / FINE);
		ret += is_square (x, y) && !is_white (mark, x, y);
	}
	return ret;
}

/* ---- PNG: RFC 2083; zlib's frame around stored blocks: RFC 1950, 1951 ---- */

static void number_put (struct buffer *b, uint32_t n)
{
	const unsigned char bytes[4] = { (unsigned char) (n >> 24), (unsigned char) (n >> 16), (unsigned char) (n >> 8),
					 (unsigned char) n };
	buffer_add (b, bytes, sizeof bytes);
}

static uint32_t crc_of (const unsigned char *at, size_t n)
{
	uint32_t crc = 0xffffffffu;
	for (size_t i = 0; i < n; i++) {
		crc ^= at[i];
		for (int k = 0; k < 8; k++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320u : 0);
	}
	return ~crc;
}

static void chunk_put (struct buffer *png, const char *type, const struct buffer *inside)
{
	number_put (png, (uint32_t) inside->n);
	size_t from = png->n;
	buffer_text (png, type);
	if (inside->n)
		buffer_add (png, inside->at, inside->n);
	number_put (png, crc_of (png->at + from, png->n - from));
}

static void stored_put (struct buffer *b, const unsigned char *at, size_t n)
{
	uint32_t low = 1, high = 0;
	buffer_add (b, "\x78\x01", 2);
	for (size_t from = 0; from < n; from += STORED) {
		size_t part = n - from < STORED ? n - from : STORED;
		const unsigned char head[5] = { from + part == n, (unsigned char) part, (unsigned char) (part >> 8), (unsigned char) ~part,
						(unsigned char) (~part >> 8) };
		buffer_add (b, head, sizeof head);
		buffer_add (b, at + from, part);
	}
	for (size_t i = 0; i < n; i++) {
		low = (low + at[i]) % 65521;
		high = (high + low) % 65521;
	}
	number_put (b, high << 16 | low);
}

void demo_logo (enum paper_mark mark, const char *colour, struct buffer *ret)
{
	static unsigned char raw[RAW];
	long rgb = strtol (colour + 1, NULL, 16);
	struct buffer inside = { 0 };
	for (int row = 0; row < SIDE; row++)
		for (int column = 0; column < SIDE; column++) {
			int part = coloured (mark, column, row);
			for (int k = 0; k < 3; k++) {
				int full = (int) (rgb >> (16 - 8 * k) & 255);
				raw[row * ROW + 1 + column * 3 + k] = (unsigned char) (255 - (255 - full) * part / (FINE * FINE));
			}
		}
	buffer_add (ret, "\x89PNG\r\n\x1a\n", 8);
	number_put (&inside, SIDE);
	number_put (&inside, SIDE);
	buffer_add (&inside, "\x08\x02\x00\x00\x00", 5); /* eight bits of red, green and blue each */
	chunk_put (ret, "IHDR", &inside);
	buffer_clear (&inside);
	stored_put (&inside, raw, sizeof raw);
	chunk_put (ret, "IDAT", &inside);
	buffer_clear (&inside);
	chunk_put (ret, "IEND", &inside);
	buffer_fini (&inside);
}
