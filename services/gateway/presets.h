/* The presets and the roles that proto/presets holds, in the binary: what a new workspace or agency begins with.
 * Read once, by whichever thread asks first; never changed after. */
#ifndef LEADWIRE_PRESETS_H
#define LEADWIRE_PRESETS_H

#include <stdbool.h>
#include <stddef.h>

/* What the gateway itself takes of a preset; `content` is the whole file, for workspace.created. */
struct preset {
	const char *name, *label_profile, *language, *currency, *timezone, *country, *landing, *move_mode;
	const char *tabs, *header; /* JSON arrays */
	bool admin_only;
	bool unique_email;	     /* a lead made by hand may not bear an e-mail that is known already */
	const char *const *required; /* what a lead made by hand has to say, beside a name */
	size_t n_required;
	const char *content;
};

/* Null: there is no such preset. */
const struct preset *preset_find (const char *name);
/* All of them as people choose among them: an array of objects, with stages but without probabilities. */
const char *presets_page (void);
/* The text of roles.json. */
const char *presets_roles (void);

#endif
