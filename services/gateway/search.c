/* Search over everything, and what is new. */
#include "gateway.h"
void search_page_show (struct request *q)
{
	reply_text (q, 200, "{}");
}
void notices_page_show (struct request *q)
{
	reply_text (q, 200, "{}");
}
void notices_seen_page (struct request *q)
{
	reply_text (q, 204, "");
}
void document_page_show (struct request *q)
{
	reply_text (q, 200, "{}");
}
