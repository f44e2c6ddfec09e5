/* The units of systemd: right in systemd's own eyes, shut in as far as such a daemon can be, and truthful about when a daemon is ready.
 * It must never ask a running systemd for anything: there need be none. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#include "ops.h"

enum { EXPOSURE_MOST = 18 }; /* tenths; systemd calls less than 20 good */

static const char *const units[] = { "leadwire@gateway.service",    "leadwire@lead-intake.service",
				     "leadwire@contacts.service",   "leadwire@pipeline.service",
				     "leadwire@mailer.service",	    "leadwire@billing.service",
				     "leadwire@automation.service", "leadwire@gateway.socket",
				     "leadwire@lead-intake.socket", "leadwire.target" };

static char *shell (int *ret_exit, const char *format, ...) __attribute__ ((format (printf, 2, 3)));
static char *shell (int *ret_exit, const char *format, ...)
{
	char line[1500];
	va_list ap;
	va_start (ap, format);
	vsnprintf (line, sizeof line, format, ap);
	va_end (ap);
	return program_run ((const char *[]){ "/bin/sh", "-c", line, NULL }, ret_exit);
}

OP (systemd_units, "systemd finds nothing wrong with the units, and calls them well shut in")
{
	char folder[300], most[20];
	int code;
	snprintf (folder, sizeof folder, "%s", ops_var ("units"));
	char *text = shell (&code, "command -v systemd-analyze");
	CHECK (code == 0, "systemd-analyze is not there (deploy/setup test installs it): nothing was looked at");
	free (text);
	/* as they would lie in /etc/systemd/system, but with programs that are there */
	text = shell (
		&code,
		"mkdir -p %1$s && cp deploy/systemd/*.socket deploy/systemd/*.target %1$s/ && for d in gateway lead-intake contacts pipeline mailer billing automation; do "
		"sed \"s|^ExecStart=.*|ExecStart=$PWD/build/$d|\" deploy/systemd/leadwire@.service >%1$s/leadwire@$d.service || exit 1; done",
		folder);
	CHECK (code == 0, "the units cannot be copied");
	free (text);
	for (size_t i = 0; i < LENGTH (units); i++) {
		text = shell (&code, "SYSTEMD_UNIT_PATH=%1$s: systemd-analyze verify --man=no %1$s/%2$s 2>&1", folder, units[i]);
		CHECK (code == 0 && !*text, "%s: %s", units[i], text);
		free (text);
		if (!strstr (units[i], ".service"))
			continue;
		snprintf (most, sizeof most, "%d", EXPOSURE_MOST);
		text = shell (&code, "systemd-analyze security --offline=true --threshold=%s --no-pager %s/%s 2>&1 | tail -n 1", most,
			      folder, units[i]);
		const char *number = strstr (text, ": ");
		CHECK (number && strtod (number + 2, NULL) > 0 && strtod (number + 2, NULL) * 10 < EXPOSURE_MOST + 1, "%s: %s", units[i],
		       text);
		printf ("    %s", text);
		free (text);
	}
	/* what they name is there: each daemon has its unit, each port its door */
	text = shell (&code,
		      "for m in services/*/main.c; do d=$(basename $(dirname $m)); [ $d = crmctl ] || grep -q \"leadwire@$d.service\" "
		      "deploy/systemd/leadwire.target || echo $d; done");
	CHECK (!*text, "no unit starts %s", text);
	free (text);
}

static int starter_open (const char *path)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	struct timeval limit = { .tv_sec = 20 };
	snprintf (at.sun_path, sizeof at.sun_path, "%s", path);
	unlink (path);
	int fd = socket (AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	CHECK (fd >= 0 && !bind (fd, (struct sockaddr *) &at, sizeof at) && !setsockopt (fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit),
	       "%s: %s", path, strerror (errno));
	return fd;
}

static void starter_hears (int fd, const char *word)
{
	char text[64] = "";
	ssize_t n = recv (fd, text, sizeof text - 1, 0);
	CHECK (n > 0 && !strcmp (text, word), "the starter is told '%s', not %s", text, word);
}

OP (systemd_notified, "A daemon tells its starter when it is ready, and when it goes")
{
	struct stack s;
	char path[108], words[200];
	snprintf (path, sizeof path, "%s.notify", ops_var ("units"));
	int fd = starter_open (path);
	snprintf (words, sizeof words, "gateway:NOTIFY_SOCKET=%s", path);
	house_up (&s, "notify", 0, (const char *[]){ "--env", words, NULL });
	starter_hears (fd, "READY=1");
	daemon_hold (&s, "gateway");
	starter_hears (fd, "STOPPING=1");
	daemon_release (&s, "gateway");
	starter_hears (fd, "READY=1");
	close (fd);
	unlink (path);
}
