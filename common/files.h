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

#endif
