/* The documents about the API, as crmctl wrote them from the tables when this was built: they are in the binary, so they fit it.
 * Never made at run time, never about another build. */
#include <string.h>

#include "gateway.h"

/* The assembler takes a file's bytes as they are; the zero after them makes a C text of it. */
#define EMBED(symbol, file)                                                                                                           \
	__asm__(".section .rodata\n.global document_" #symbol "\ndocument_" #symbol ":\n.incbin \"" file "\"\n.byte 0\n.previous\n"); \
	extern const char document_##symbol[];

EMBED (openapi, GEN "openapi.json")
EMBED (asyncapi, GEN "asyncapi.json")

void document_page_show (struct request *q)
{
	reply_text (q, 200, strcmp (q->row->path, "/api/openapi.json") ? document_asyncapi : document_openapi);
}
