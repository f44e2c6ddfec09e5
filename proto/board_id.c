/* Ids of what a preset brings; see board_id.h. Never an id made of anything but the words. */
#include "board_id.h"

#include <string.h>

struct uuid board_id_of (struct arena *a, workspace_id workspace, const char *kind, const char *pipeline, const char *stage)
{
	char text[UUID_TEXT];
	const char *name = arena_printf (a, "%s %s %s/%s", uuid_format (workspace.uuid, text), kind, pipeline, stage);
	return uuid_of (name, strlen (name));
}
