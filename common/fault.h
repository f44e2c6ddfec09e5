/* Fault points: named places where a test can make the process die, wait or fail. Nothing in a build without FAULTS.
 * CRM_FAULT="after_commit_before_publish" fires at the first pass, ":3" at the third; kill is SIGKILL to oneself. */
#ifndef LEADWIRE_FAULT_H
#define LEADWIRE_FAULT_H

/* Every place there is. */
#define FAULT_POINTS(FAULT)                                                                       \
	FAULT (before_sync, "everything was sent to Postgres but the Sync")                       \
	FAULT (after_sync_before_result, "Sync was sent, its result not read: a commit in doubt") \
	FAULT (after_commit_before_publish, "committed, nothing published, nobody answered")      \
	FAULT (after_publish_before_reply, "committed and published, nobody answered")            \
	FAULT (during_takeover, "a lane's lock is held, its head and cursors not yet read")       \
	FAULT (after_release, "a lane was let go, nobody told")                                   \
	FAULT (file_before_rename, "an upload is on disk under its temporary name")               \
	FAULT (effect_claimed, "something is claimed, and nothing done yet")                      \
	FAULT (effect_acted, "it is done, and not recorded")                                      \
	FAULT (in_handler, "in the middle of a batch")

enum fault {
#define FAULT_NAME(name, doc) FAULT_##name,
	FAULT_POINTS (FAULT_NAME)
#undef FAULT_NAME
		FAULT_COUNT
};

#ifdef FAULTS
void fault_open (const char *setting); /* CRM_FAULT */
void fault_reach (enum fault f);
#define fault_point(name) fault_reach (FAULT_##name)
#else
#define fault_open(setting) ((void) (setting))
#define fault_point(name) ((void) 0)
#endif

#endif
