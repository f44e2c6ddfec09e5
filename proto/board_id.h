/* Ids of what a preset brings: made of the workspace and keys, so that whoever reads the preset knows them without asking. Pure.
 * It must never give another id for the same words: boards that are there bear these. */
#ifndef LEADWIRE_BOARD_ID_H
#define LEADWIRE_BOARD_ID_H

#include "records.h"

/* kind: "pipeline" (stage: ""), "stage", "item" or "field" (pipeline: the catalogue, or what the field is of; stage: the key). */
struct uuid board_id_of (struct arena *a, workspace_id workspace, const char *kind, const char *pipeline, const char *stage);

#endif
