/* Bodies larger than others': nothing of them is taken before it is known whose they are.
 * It must never send the body that it says it would: what is answered, is answered to the headers alone. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>
#include "story.h"

/* A connection on which the headers of a large upload have gone out, and none of its bytes. */
static int upload_begun (struct stack *s, const char *path, const char *who)
{
	char text[1000];
	struct sockaddr_in to = { .sin_family = AF_INET,
				  .sin_port = htons ((uint16_t) s->port),
				  .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
	struct timeval most = { .tv_sec = 10 };
	int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int n = snprintf (text, sizeof text,
			  "POST %s HTTP/1.1\r\nHost: 127.0.0.1\r\n%s\r\nContent-Length: 20000000\r\nExpect: 100-continue\r\n\r\n", path,
			  who);
	CHECK (fd >= 0 && !setsockopt (fd, SOL_SOCKET, SO_RCVTIMEO, &most, sizeof most) &&
		       !connect (fd, (struct sockaddr *) &to, sizeof to) && send (fd, text, (size_t) n, MSG_NOSIGNAL) == n,
	       "no connection");
	return fd;
}

/* What is said to the headers: 100 is "go on". */
static int upload_told (struct stack *s, const char *path, const char *who, int *ret_fd)
{
	char text[16] = "";
	int fd = upload_begun (s, path, who);
	ssize_t n = recv (fd, text, sizeof text - 1, MSG_WAITALL);
	CHECK (n > 12, "%s by %s: nothing is said", path, who);
	if (ret_fd)
		*ret_fd = fd;
	else
		close (fd);
	return (int) strtol (text + 9, NULL, 10);
}

static void then_told (struct stack *s, const char *path, const char *who, int status)
{
	int is = upload_told (s, path, who, NULL);
	CHECK (is == status, "%s by %s is told %d, not %d", path, who, is, status);
}

STORY (uploads_are_asked_first,
       "A file's bytes are taken of nobody whose session is unknown, who may not put it there, or who is sending eight already; no byte of theirs is read")
{
	struct workspace *w = given_workspace (s, "doors", "classic-6");
	struct user reader = given_user (s, "reader@doors.test", "--workspace doors --role client");
	char key[200], session[700];
	int open[8];
	snprintf (key, sizeof key, "Authorization: Bearer %s", w->key);
	snprintf (session, sizeof session, "Cookie: %s", reader.cookie);
	const char *const doors[] = { "/api/crm/files?name=a.pdf", "/api/crm/imports?profile=contacts" };
	for (size_t i = 0; i < LENGTH (doors); i++) {
		then_told (s, doors[i], "Cookie: x", 401);
		then_told (s, doors[i], "Authorization: Bearer nobody", 401);
		then_told (s, doors[i], session, 403);
	}
	for (size_t i = 0; i < LENGTH (open); i++)
		CHECK (upload_told (s, doors[i % 2], key, &open[i]) == 100, "upload %zu is not taken", i);
	then_told (s, doors[0], key, 429);
	for (size_t i = 0; i < LENGTH (open); i++)
		close (open[i]);
	UNTIL (5000, upload_told (s, doors[1], key, NULL) == 100, "a place is not free again");
}
