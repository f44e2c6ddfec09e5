/* What a picture tells beside the picture is gone, the picture and which way up it is are not; what cannot be read is refused, cut anywhere. */
#include "photo.h"
#include <string.h>
#include "test.h"

#define TEXT(s) (const unsigned char *) (s), sizeof (s) - 1

static struct buffer made, clean;

static void put (const void *at, size_t n)
{
	buffer_add (&made, at, n);
}

static bool has (const struct buffer *b, const char *text)
{
	return memmem (b->at, b->n, text, strlen (text)) != NULL;
}

static bool cleaned (void)
{
	buffer_clear (&clean);
	return photo_clean ((struct bytes){ made.at, made.n }, &clean);
}

/* Nothing that ends too early is taken for a picture. */
static void cut_anywhere (size_t end)
{
	for (size_t n = 0; n < end; n++) {
		buffer_clear (&clean);
		CHECK (!photo_clean ((struct bytes){ made.at, n }, &clean));
	}
}

static void jpeg (void)
{
	buffer_clear (&made);
	put (TEXT ("\xff\xd8"));
	put (TEXT ("\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0"));
	put (TEXT ("\xff\xe1\0\x33"
		   "Exif\0\0II*\0\x08\0\0\0\1\0\x12\1\3\0\1\0\0\0\6\0\0\0\0\0\0\0GEHEIM GPS PLAATS"));
	put (TEXT ("\xff\xe1\0\x1fhttp://ns.adobe.com/xap/1.0/\0"));
	put (TEXT ("\xff\xe2\0\x0cMPF\0GEHEIM"));
	put (TEXT ("\xff\xe2\0\x15ICC_PROFILE\0\1\1kleur"));
	put (TEXT ("\xff\xfe\0\x08GEHEIM"));
	put (TEXT ("\xff\xdb\0\5\0\1\2"));
	put (TEXT ("\xff\xda\0\4\1\2"));
	put (TEXT ("data\xff\0meer\xff\xd0nog"));
	put (TEXT ("\xff\xd9"));
	size_t end = made.n;
	put (TEXT ("GEHEIM en een tweede beeld"));
	CHECK (cleaned ());
	CHECK (!has (&clean, "GEHEIM") && !has (&clean, "adobe") && !has (&clean, "MPF") && has (&clean, "ICC_PROFILE") &&
	       has (&clean, "JFIF"));
	CHECK (clean.n > 2 && memcmp (clean.at + clean.n - 2, "\xff\xd9", 2) == 0 && has (&clean, "nog"));
	CHECK (memmem (clean.at, clean.n, "Exif\0\0MM\0*\0\0\0\x08\0\1\1\x12\0\3\0\0\0\1\0\6", 26) != NULL);
	cut_anywhere (end);
}

static void png (void)
{
	buffer_clear (&made);
	put (TEXT ("\x89PNG\r\n\x1a\n"));
	put (TEXT ("\0\0\0\rIHDR0123456789012crc1"));
	put (TEXT ("\0\0\0\6tEXtGEHEIMcrc2"));
	put (TEXT ("\0\0\0\6eXIfGEHEIMcrc3"));
	put (TEXT ("\0\0\0\6prVtGEHEIMcrc4"));
	put (TEXT ("\0\0\0\4IDATbeelcrc5"));
	put (TEXT ("\0\0\0\0IENDcrc6"));
	size_t end = made.n;
	put (TEXT ("GEHEIM"));
	CHECK (cleaned () && !has (&clean, "GEHEIM") && has (&clean, "beelcrc5") && has (&clean, "IENDcrc6"));
	cut_anywhere (end);
}

static void gif (void)
{
	buffer_clear (&made);
	put (TEXT ("GIF89a\1\0\1\0\x80\0\0rgbrgb"));
	put (TEXT ("\x21\xff\x0bNETSCAPE2.0\3\1\0\0\0"));
	put (TEXT ("\x21\xff\x0bXMP DataXMP\6GEHEIM\0"));
	put (TEXT ("\x21\xfe\6GEHEIM\0"));
	put (TEXT ("\x21\xf9\4\0\0\0\0\0"));
	put (TEXT ("\x2c\0\0\0\0\1\0\1\0\0\2\2\x4c\1\0"));
	put (TEXT ("\x3b"));
	size_t end = made.n;
	put (TEXT ("GEHEIM"));
	CHECK (cleaned () && !has (&clean, "GEHEIM") && has (&clean, "NETSCAPE2.0") && clean.at[clean.n - 1] == 0x3b);
	cut_anywhere (end);
}

static void webp (void)
{
	buffer_clear (&made);
	put (TEXT ("RIFF\0\0\0\0WEBP"));
	put (TEXT ("VP8X\x0a\0\0\0\x2c\0\0\0\0\0\0\0\0\0"));
	put (TEXT ("VP8L\5\0\0\0beeld\0"));
	put (TEXT ("EXIF\6\0\0\0GEHEIM"));
	put (TEXT ("XMP \6\0\0\0GEHEIM"));
	made.at[4] = (unsigned char) (made.n - 8);
	size_t end = made.n;
	put (TEXT ("GEHEIM"));
	CHECK (cleaned () && !has (&clean, "GEHEIM") && has (&clean, "beeld"));
	CHECK (clean.at[20] == 0x20 && clean.at[4] == clean.n - 8);
	cut_anywhere (end);
}

int main (void)
{
	jpeg ();
	png ();
	gif ();
	webp ();
	buffer_clear (&made);
	put (TEXT ("<svg onload=alert(1)>"));
	CHECK (!cleaned ());
	buffer_fini (&made);
	buffer_fini (&clean);
	return test_end ();
}
