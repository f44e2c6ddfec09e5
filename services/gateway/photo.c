/* Pictures, part by part as their formats have them (ITU T.81, PNG 1.2 and the APNG specification, GIF89a, RFC 9649): what the picture needs is copied,
 * the rest is not. It must never copy a part that it does not know, nor anything that stands behind the image's end. */
#include "photo.h"

#include <string.h>

static unsigned big (const unsigned char *p, size_t n)
{
	unsigned ret = 0;
	for (size_t i = 0; i < n; i++)
		ret = ret << 8 | p[i];
	return ret;
}

static unsigned little (const unsigned char *p, size_t n)
{
	unsigned ret = 0;
	while (n)
		ret = ret << 8 | p[--n];
	return ret;
}

/* ---- JPEG ---- */

/* The tag "orientation" of an Exif segment; 1, as it is, when there is none. */
static unsigned exif_orientation (const unsigned char *p, size_t n)
{
	if (n < 14 || memcmp (p, "Exif\0", 6))
		return 1;
	p += 6, n -= 6;
	bool intel = p[0] == 'I';
	unsigned (*number) (const unsigned char *, size_t) = intel ? little : big;
	size_t at = number (p + 4, 4);
	if (at > n || n - at < 2)
		return 1;
	unsigned tags = number (p + at, 2);
	for (at += 2; tags-- && n - at >= 12; at += 12)
		if (number (p + at, 2) == 0x0112 && number (p + at + 2, 2) == 3)
			return number (p + at + 8, 2);
	return 1;
}

/* An Exif segment that says which way up, and nothing else. */
static void orientation_add (struct buffer *out, unsigned orientation)
{
	unsigned char segment[] = { 0xff, 0xe1, 0, 34, 'E', 'x', 'i', 'f', 0, 0, 'M', 'M', 0, 42, 0, 0, 0, 8,
				    0,	  1,	1, 18, 0,   3,	 0,   0,   0, 1, 0,   0,   0, 0,  0, 0, 0, 0 };
	if (orientation < 2 || orientation > 8)
		return;
	segment[29] = (unsigned char) orientation;
	buffer_add (out, segment, sizeof segment);
}

/* JFIF, colour profiles and Adobe's note on the colours' meaning: without these it looks different. */
static bool segment_stays (unsigned char marker, const unsigned char *p, size_t n)
{
	switch (marker) {
	case 0xe0: return n >= 5 && memcmp (p, "JFIF", 5) == 0;
	case 0xe2: return n >= 12 && memcmp (p, "ICC_PROFILE", 12) == 0;
	case 0xee: return n >= 5 && memcmp (p, "Adobe", 5) == 0;
	case 0xfe: return false;
	default: return marker < 0xe1 || marker > 0xef;
	}
}

/* Coded data up to the next marker that is not part of it. */
static size_t scan_end (const unsigned char *p, size_t n, size_t at)
{
	while (at + 1 < n && !(p[at] == 0xff && p[at + 1] != 0 && p[at + 1] != 0xff && (p[at + 1] < 0xd0 || p[at + 1] > 0xd7)))
		at++;
	return at;
}

static bool jpeg_clean (const unsigned char *p, size_t n, struct buffer *out)
{
	bool turned = false;
	buffer_add (out, p, 2);
	for (size_t at = 2; at + 4 <= n || (at + 2 <= n && p[at + 1] == 0xd9);) {
		unsigned char marker = p[at + 1];
		if (p[at] != 0xff)
			return false;
		if (marker == 0xff) { /* filling */
			at++;
			continue;
		}
		if (marker == 0xd9) {
			buffer_add (out, p + at, 2);
			return true;
		}
		size_t length = big (p + at + 2, 2), end = at + 2 + length;
		if (length < 2 || end > n)
			return false;
		if (marker == 0xe1 && !turned) {
			unsigned orientation = exif_orientation (p + at + 4, length - 2);
			turned = orientation != 1;
			orientation_add (out, orientation);
		}
		if (marker == 0xda)
			end = scan_end (p, n, end);
		if (segment_stays (marker, p + at + 4, length - 2))
			buffer_add (out, p + at, end - at);
		at = end;
	}
	return false;
}

/* ---- PNG ---- */

static bool chunk_stays (const unsigned char name[4])
{
	static const char kept[] = "IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB iCCP sBIT pHYs bKGD acTL fcTL fdAT cICP ";
	for (const char *at = kept; *at; at += 5)
		if (memcmp (at, name, 4) == 0)
			return true;
	return false;
}

static bool png_clean (const unsigned char *p, size_t n, struct buffer *out)
{
	buffer_add (out, p, 8);
	for (size_t at = 8; n - at >= 12;) {
		size_t length = big (p + at, 4);
		if (length > n - at - 12)
			return false;
		if (chunk_stays (p + at + 4))
			buffer_add (out, p + at, length + 12);
		if (memcmp (p + at + 4, "IEND", 4) == 0)
			return true;
		at += length + 12;
	}
	return false;
}

/* ---- GIF ---- */

/* Blocks of up to 255 bytes, ended by an empty one; 0: there is no end. */
static size_t blocks_end (const unsigned char *p, size_t n, size_t at)
{
	while (at < n && p[at])
		at += (size_t) p[at] + 1;
	return at < n ? at + 1 : 0;
}

static size_t colours (unsigned char flags)
{
	return flags & 0x80 ? (size_t) 3 << ((flags & 7) + 1) : 0;
}

static bool gif_clean (const unsigned char *p, size_t n, struct buffer *out)
{
	if (n < 13 || n < 13 + colours (p[10]))
		return false;
	size_t at = 13 + colours (p[10]);
	buffer_add (out, p, at);
	while (at < n) {
		size_t end = 0;
		bool stays = true;
		if (p[at] == 0x3b) {
			buffer_add (out, p + at, 1);
			return true;
		}
		if (p[at] == 0x2c && n - at > 11 && n - at > 11 + colours (p[at + 9]))
			end = blocks_end (p, n, at + 11 + colours (p[at + 9]));
		else if (p[at] == 0x21 && n - at > 2) {
			end = blocks_end (p, n, at + 2);
			/* how a frame follows the other, and how often all do */
			stays = p[at + 1] == 0xf9 ||
				(p[at + 1] == 0xff && n - at > 14 && p[at + 2] == 11 && memcmp (p + at + 3, "NETSCAPE2.0", 11) == 0);
		}
		if (!end)
			return false;
		if (stays)
			buffer_add (out, p + at, end - at);
		at = end;
	}
	return false;
}

/* ---- WebP ---- */

static bool webp_clean (const unsigned char *p, size_t n, struct buffer *out)
{
	static const char kept[] = "VP8  VP8L VP8X ALPH ANIM ANMF ICCP ";
	size_t whole = little (p + 4, 4), start = out->n;
	if (whole > n - 8)
		return false;
	buffer_add (out, p, 12);
	for (size_t at = 12; at < whole + 8;) {
		bool stays = false;
		if (whole + 8 - at < 8)
			return false;
		size_t length = little (p + at + 4, 4), end = at + 8 + length + (length & 1);
		if (length > whole + 8 - at - 8 || end > whole + 8)
			return false;
		for (const char *name = kept; *name; name += 5)
			stays = stays || memcmp (name, p + at, 4) == 0;
		size_t place = out->n;
		if (stays)
			buffer_add (out, p + at, end - at);
		if (stays && memcmp (p + at, "VP8X", 4) == 0 && length)
			out->at[place + 8] &= (unsigned char) ~0x0c; /* no Exif, no XMP */
		at = end;
	}
	size_t size = out->n - start - 8;
	for (size_t i = 0; i < 4; i++)
		out->at[start + 4 + i] = (unsigned char) (size >> 8 * i);
	return size > 4;
}

bool photo_clean (struct bytes photo, struct buffer *out)
{
	const unsigned char *p = photo.at;
	if (photo.n >= 8 && memcmp (p, "\x89PNG\r\n\x1a\n", 8) == 0)
		return png_clean (p, photo.n, out);
	if (photo.n >= 4 && p[0] == 0xff && p[1] == 0xd8)
		return jpeg_clean (p, photo.n, out);
	if (photo.n >= 6 && (memcmp (p, "GIF87a", 6) == 0 || memcmp (p, "GIF89a", 6) == 0))
		return gif_clean (p, photo.n, out);
	if (photo.n >= 12 && memcmp (p, "RIFF", 4) == 0 && memcmp (p + 8, "WEBP", 4) == 0)
		return webp_clean (p, photo.n, out);
	return false;
}
