/* A picture without what it tells beside the picture: where it was taken, by which device, when. Pure; never decodes an image. */
#ifndef LEADWIRE_PHOTO_H
#define LEADWIRE_PHOTO_H

#include "arena.h"

/* PNG, JPEG, GIF or WebP by their first bytes: the same image, appended to `out`. Which way up it is stays (of Exif that alone). False: it is none of
 * these, or cannot be read to its end; `out` is then not to be used. */
bool photo_clean (struct bytes photo, struct buffer *out);

#endif
