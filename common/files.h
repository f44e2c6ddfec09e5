/* Uploaded files by what is in them: CRM_FILES/<workspace>/<sha256>, one folder that all replicas share.
 * Everything here waits for the disk, so it runs on a pool thread; when it says OK the file is on disk for good, before a row may name it.
 * Never a name from outside in a path: only a workspace's id and a digest we took ourselves, or one that is checked to be one. */
#ifndef LEADWIRE_FILES_H
#define LEADWIRE_FILES_H

#include "arena.h"
#include "seal.h"
#include "uuid.h"

/* FAULT: the disk (a sentence is in the log). What is there already is not written again, but counts as new for the sweep. */
enum status file_put (const char *folder, struct uuid workspace, struct bytes bytes, char ret_sha256[SHA256_TEXT]) MUST_CHECK;
/* The same for a file that is on disk (an upload's spool, see http_keep_spool): moved when it lies on the same file system, else copied. It is gone
 * from where it was when this says OK, and untouched when not. */
enum status file_take (const char *folder, struct uuid workspace, const char *path, char ret_sha256[SHA256_TEXT]) MUST_CHECK;
/* Where it lies; null when `sha256` is no digest in lower-case hex. Whether it is there, http_reply_file tells. */
const char *file_path (struct arena *a, const char *folder, struct uuid workspace, const char *sha256);
/* What nobody names any more: a file, or all that lies in a workspace's folder and the folder. What is not there is gone already; what cannot be
 * removed stays and stands in the log. */
void file_drop (const char *folder, struct uuid workspace, const char *sha256);
void files_drop (const char *folder, struct uuid workspace);
/* The same of a file whose bytes did not come (again) since `before` (µs since 1970): what came since is about to be named by somebody. */
void file_drop_older (const char *folder, struct uuid workspace, const char *sha256, int64_t before);

/* ---- the sweep: files that nobody names ---- */

enum { SWEEP_BITE = 500 };
struct files_sweep;
/* Goes through everything that is older than `before` (µs since 1970). Null: another one of `every` µs began it meanwhile, or the disk (in the log). */
struct files_sweep *files_sweep_open (const char *folder, int64_t before, int64_t every) MUST_CHECK;
/* The next digests that lie under one id; what is left of an upload that broke off goes on the way. False: that was all. */
bool files_sweep_next (struct files_sweep *s, struct uuid *ret_folder, const char *(*ret_sha256)[SWEEP_BITE], size_t *ret_n) MUST_CHECK;
/* Nobody names the i-th of these: it goes, unless its bytes came again since it was looked at. */
void files_sweep_drop (struct files_sweep *s, size_t i);
struct files_swept {
	int64_t named, dropped, broken; /* files that stay; that went; uploads that broke off */
};
struct files_swept files_sweep_close (struct files_sweep **s,
				      bool whole); /* whole: it came to the end, which is written down; else it is tried again soon */
/* When a sweep last came to its end (µs since 1970; 0: never) and what it found. */
int64_t files_swept_last (const char *folder, struct files_swept *ret);

#endif
