/* HTML of strangers: what may be shown of it, and what it says as a text. One tokenizer, no tree, one pass; anything it does not know is left out.
 * Never a script, a style sheet, a form, a frame, a handler or an address that a browser would run; what comes out is shown in a sandboxed frame all the same. */
#ifndef LEADWIRE_HTML_H
#define LEADWIRE_HTML_H

#include "arena.h"

/* The address under which an inline image (cid:) is served; null: it is not there. */
typedef const char *html_image (void *with, const char *content_id);

/* What may be shown: a fragment of balanced, known elements and attributes. Remote images are left out, `ret_remote` counts them, unless they are asked for. */
const char *html_clean (struct arena *a, const char *html, bool remote_images, html_image *image, void *with, size_t *ret_remote);
/* What it says: paragraphs as lines, quoted blocks as "> ", no more than `most` bytes. */
const char *html_text (struct arena *a, const char *html, size_t most);

#endif
