/* CSV files as people have them: the fixtures as a table, and the edges: bites, ends of lines, other sets of characters, quotes without end. */
#include "csv_file.h"

#include <stdlib.h>
#include <unistd.h>
#include <jansson.h>
#include "test.h"

static char path[64];

static void file_is (const void *bytes, size_t n)
{
	FILE *f = fopen (path, "w");
	CHECK (f && fwrite (bytes, 1, n, f) == n);
	if (f)
		fclose (f);
}

/* Every row of a file, in bites of `most`: cells with | between, rows with / between. */
static const char *told (const char *file, size_t most, struct csv_shape *shape)
{
	static char out[20000];
	struct csv_place place = { 0 };
	*out = 0;
	CHECK (csv_survey (file, shape) == OK);
	for (int bites = 0; !place.end && bites < 1000; bites++) {
		struct arena a;
		const struct csv_row *row;
		size_t n;
		arena_init (&a);
		if (csv_read (&a, file, shape, &place, most, &row, &n) != OK) {
			arena_fini (&a);
			strcat (out, "refused");
			return out;
		}
		for (size_t i = 0; i < n; i++) {
			sprintf (out + strlen (out), "%d:", (int) row[i].row);
			for (size_t k = 0; k < row[i].n; k++)
				sprintf (out + strlen (out), "%s%s", k ? "|" : "", row[i].cell[k]);
			strcat (out, "/");
		}
		arena_fini (&a);
	}
	return out;
}

static void text_reads (const char *text, const char *wanted)
{
	for (size_t most = 1; most < 5; most++) {
		struct csv_shape shape;
		file_is (text, strlen (text));
		CHECK_TEXT (told (path, most, &shape), wanted);
	}
}

/* The fixtures: all but the escaped one hold the same rows. */
static void fixtures_read (void)
{
	static const struct {
		const char *name;
		char delimiter;
		bool legacy;
	} files[] = {
		{ "nl-excel-semicolon-bom", ';', false },
		{ "nl-excel-windows-1252", ';', true },
		{ "rfc4180-comma-utf8", ',', false },
		{ "lf-only-missing-last-newline", ',', false },
	};
	json_t *expected = json_load_file ("tests/fixtures/csv/expected.json", 0, NULL);
	char wanted[4000] = "1:";
	size_t i, k;
	json_t *row, *cell;
	json_array_foreach (json_object_get (expected, "header"), k, cell)
		sprintf (wanted + strlen (wanted), "%s%s", k ? "|" : "", json_string_value (cell));
	json_array_foreach (json_object_get (expected, "rows"), i, row)
	{
		sprintf (wanted + strlen (wanted), "/%d:", (int) i + 2);
		json_array_foreach (row, k, cell) sprintf (wanted + strlen (wanted), "%s%s", k ? "|" : "", json_string_value (cell));
	}
	strcat (wanted, "/");
	for (size_t f = 0; f < sizeof files / sizeof *files; f++)
		for (size_t most = 1; most < 6; most++) {
			char name[200];
			struct csv_shape shape;
			sprintf (name, "tests/fixtures/csv/%s.csv", files[f].name);
			CHECK_TEXT (told (name, most, &shape), wanted);
			CHECK (shape.delimiter == files[f].delimiter && shape.legacy == files[f].legacy && shape.records == 4);
		}
	json_decref (expected);
}

static void others_read (void)
{
	struct csv_shape shape;
	static const char utf16[] = "\xff\xfe"
				    "a\0;\0b\0\r\0\n\0\xac\x20;\0\x3d\xd8\x00\xde\r\0\n\0";
	file_is (utf16, sizeof utf16 - 1);
	CHECK_TEXT (told (path, 5, &shape), "1:a|b/2:€|😀/");
	CHECK (shape.delimiter == ';' && !shape.legacy);
	file_is ("a\0b", 3);
	CHECK (csv_survey (path, &shape) == REFUSED);
	CHECK (csv_survey ("/nowhere", &shape) == FAULT);
	char *long_row = malloc (3 << 20);
	memset (long_row, 'x', 3 << 20);
	memcpy (long_row, "a,b\n1,\"", 7);
	file_is (long_row, 3 << 20);
	CHECK_TEXT (told (path, 5, &shape), "1:a|b/refused");
	free (long_row);
}

int main (void)
{
	strcpy (path, "/tmp/csv-test-XXXXXX");
	close (mkstemp (path));
	fixtures_read ();
	text_reads ("a,b\r\nc,d", "1:a|b/2:c|d/");
	text_reads ("a,b\rc,d\re,f\r", "1:a|b/2:c|d/3:e|f/");
	text_reads ("a,b\n\n\nc,d\n", "1:a|b/4:c|d/");
	text_reads ("a,b\r\n\r\nc,d\r\n,\r\ne,\"f\rg\r\nh\"\r\n", "1:a|b/3:c|d/5:e|f\rg\r\nh/");
	text_reads ("sep=;\r\na;b,c\r\nd;e\r\n", "1:a|b,c/2:d|e/");
	text_reads ("a\tb\n1\t2,3\n", "1:a|b/2:1|2,3/");
	text_reads ("one\ntwo\n", "1:one/2:two/");
	text_reads ("a;b\n1,5;2,5\n3,5;4,5\n", "1:a|b/2:1,5|2,5/3:3,5|4,5/");
	text_reads ("  a , b \n \" c \" ,d\n", "1:a|b/2:c|d/");
	text_reads ("", "");
	others_read ();
	unlink (path);
	return test_end ();
}
