/* Files of comma-separated values (RFC 4180) as people really have them: another delimiter, another character set, a mark or a line before the first row,
 * ends of lines of three kinds, quotes that are never closed. Read a bite at a time from a place that can be kept, so that whoever dies in between goes on.
 * Never more than a bite in memory; never a NUL or broken UTF-8 in what comes out. */
#ifndef LEADWIRE_CSV_FILE_H
#define LEADWIRE_CSV_FILE_H

#include "arena.h"

/* CSV_ROW_MOST: bytes of a row; a quote that nobody closes is one row until the end of the file. */
enum { CSV_CELLS_MOST = 400, CSV_ROW_MOST = 1 << 20 };

struct csv_shape {
	char delimiter;	 /* ; , tab or | */
	bool legacy;	 /* windows-1252; else UTF-8 */
	int64_t begins;	 /* bytes before the first row: a mark, a line "sep=;" */
	int64_t bytes;	 /* of the file */
	int64_t records; /* about how many rows there are, the first among them */
};
/* Reads the file once from end to end. A file in UTF-16 is first written anew as UTF-8, in its place. FAULT: the disk, a sentence is in the log.
 * REFUSED: it is no text. */
enum status csv_survey (const char *path, struct csv_shape *ret) MUST_CHECK;

/* Where the next row begins. */
struct csv_place {
	int64_t offset; /* bytes */
	int64_t row;	/* as spreadsheets count: the first is 1, and empty ones count */
	bool end;	/* there is none */
};
struct csv_row {
	int64_t row;
	int64_t begins, ends; /* where it stands in the file */
	size_t n;
	const char **cell; /* never null; without blanks around */
};
/* At most `most` rows, and about 1 MiB, from a place on; empty rows are left out. The place moves behind them. REFUSED: the row at the place is longer
 * than CSV_ROW_MOST or has more than CSV_CELLS_MOST cells. FAULT: the disk. */
enum status csv_read (struct arena *a, const char *path, const struct csv_shape *shape, struct csv_place *place, size_t most,
		      const struct csv_row **ret, size_t *ret_n) MUST_CHECK;

#endif
