/* Tests of what a daemon says about itself: metrics, logs, settings, fault points. */
#include "metrics.h"

#include <fcntl.h>
#include <jansson.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
#include "config.h"
#include "fault.h"
#include "log.h"
#include "test.h"

/* What `run` writes to stderr, as a text. */
static const char *stderr_of (void (*run) (void))
{
	static char text[8192];
	FILE *file = tmpfile ();
	int kept = dup (STDERR_FILENO);
	fflush (stderr);
	dup2 (fileno (file), STDERR_FILENO);
	run ();
	fflush (stderr);
	dup2 (kept, STDERR_FILENO);
	close (kept);
	rewind (file);
	text[fread (text, 1, sizeof text - 1, file)] = '\0';
	fclose (file);
	return text;
}

/* ---- metrics ---- */

static void metrics_are_families (void)
{
	static struct metric a = { .name = "x_total", .help = "Of \\ a\nkind", .kind = METRIC_COUNTER, .label = "lane=\"00\"" };
	static struct metric b = { .name = "y_seconds", .help = "Time", .kind = METRIC_HISTOGRAM };
	static struct metric c = { .name = "x_total", .help = "again", .kind = METRIC_COUNTER, .label = "lane=\"01\"" };
	static struct metric d = { .name = "z", .help = "Level", .kind = METRIC_GAUGE };
	struct buffer out = { 0 };
	metric_register (&a);
	metric_register (&b);
	metric_register (&c);
	metric_register (&d);
	metric_add (&a, 2);
	metric_add (&c, 3);
	metric_set (&d, -4);
	metric_observe (&b, 100);
	metric_observe (&b, 101);
	metric_observe (&b, 6000000);
	metrics_write (&out);
	buffer_add (&out, "", 1);
	const char *text = (const char *) out.at;
	CHECK (strncmp (text, "# HELP x_total Of \\\\ a\\nkind\n# TYPE x_total counter\nx_total{lane=\"00\"} 2\nx_total{lane=\"01\"} 3\n",
			90) == 0);
	CHECK (strstr (text, "# TYPE y_seconds histogram\ny_seconds_bucket{le=\"0.0001\"} 1\ny_seconds_bucket{le=\"0.00025\"} 2\n"));
	CHECK (strstr (text, "y_seconds_bucket{le=\"5\"} 2\ny_seconds_bucket{le=\"+Inf\"} 3\ny_seconds_sum 6.000201\ny_seconds_count 3\n"));
	CHECK (strstr (text, "# TYPE z gauge\nz -4\n"));
	CHECK (strstr (text, "\nprocess_resident_memory_bytes ") && strstr (text, "\nprocess_cpu_seconds_total ") &&
	       strstr (text, "\nprocess_open_fds "));
	const char *start = strstr (text, "\nprocess_start_time_seconds ");
	CHECK (start && strtol (start + 28, NULL, 10) > 1500000000);
	buffer_clear (&out);
	metrics_write_open (&out);
	buffer_add (&out, "", 1);
	text = (const char *) out.at;
	CHECK (strstr (text, "# TYPE x counter\nx_total{lane=\"00\"} 2\n") && strcmp (text + strlen (text) - 6, "# EOF\n") == 0);
	buffer_fini (&out);
}

/* ---- logs ---- */

static void log_something (void)
{
	log_open ("a\"b", 3, LOG_INFO);
	log_key ("secret");
	log_debug ("not_this", LOG_N ("n", 1));
	log_warn ("this", LOG_N ("n", -1), LOG_T ("text", "line\nend\x01\xff"), LOG_T ("none", NULL),
		  LOG_U ("id", ((struct uuid){ .b = { 1 } })), LOG_PERSONAL ("email", "piet@example.nl"),
		  LOG_PERSONAL ("same", "piet@example.nl"), LOG_PERSONAL ("other", "jan@example.nl"));
}

static void logs_are_json_lines (void)
{
	const char *line = stderr_of (log_something);
	json_t *json = json_loads (line, JSON_REJECT_DUPLICATES, NULL);
	CHECK (json != NULL && strchr (line, '\n') == line + strlen (line) - 1);
	CHECK_TEXT (json_string_value (json_object_get (json, "level")), "warn");
	CHECK_TEXT (json_string_value (json_object_get (json, "service")), "a\"b");
	CHECK_TEXT (json_string_value (json_object_get (json, "event")), "this");
	CHECK (json_integer_value (json_object_get (json, "n")) == -1 && json_is_null (json_object_get (json, "none")));
	CHECK_TEXT (json_string_value (json_object_get (json, "text")), "line\nend\x01\xEF\xBF\xBD");
	CHECK_TEXT (json_string_value (json_object_get (json, "id")), "01000000-0000-0000-0000-000000000000");
	CHECK (!strstr (line, "piet") && json_equal (json_object_get (json, "email"), json_object_get (json, "same")));
	CHECK (!json_equal (json_object_get (json, "email"), json_object_get (json, "other")));
	json_decref (json);
	enum log_level level;
	CHECK (log_level_parse ("error", &level) && level == LOG_ERROR && !log_level_parse ("loud", &level));
	log_open ("test", 0, LOG_ERROR);
}

/* ---- settings ---- */

struct some {
	setting_text text;
	setting_number number;
	setting_flag flag;
	setting_secret secret;
};
#define SETTING(kind, ...) SETTING_ROW (struct some, kind, __VA_ARGS__)
static const struct setting some_settings[] = { SETTING (text, text, "CRM_T_TEXT", "fall", 1, 5, "a text") SETTING (
	number, number, "CRM_T_NUMBER", "7", -5, 10, "a number") SETTING (flag, flag, "CRM_T_FLAG", "no", 0, 0, "a flag")
							SETTING (secret, secret, "CRM_T_SECRET", NULL, 0, 100, "a secret") };
#undef SETTING

static struct some some;
static bool good;

static void some_read (void)
{
	some = (struct some){ 0 };
	good = settings_read (some_settings, LENGTH (some_settings), &some);
}

static void unknown_read (void)
{
	good = settings_unknown ((const struct setting *const[]){ config_settings, some_settings },
				 (size_t[]){ config_settings_n, LENGTH (some_settings) }, 2);
}

static void settings (void)
{
	char path[] = "/tmp/http-secret-XXXXXX";
	int fd = mkstemp (path);
	CHECK (write (fd, "hush hush\n", 10) == 10);
	close (fd);
	CHECK (strstr (stderr_of (some_read), "CRM_T_SECRET must be given") && !good);
	setenv ("CRM_T_SECRET_FILE", path, 1);
	CHECK_TEXT (stderr_of (some_read), "");
	CHECK (good && some.number == 7 && !some.flag);
	CHECK_TEXT (some.text, "fall");
	CHECK_TEXT (some.secret, "hush hush");
	static const char *kept; /* settings live as long as the process; this keeps the leak checker from missing it */
	kept = some.secret;
	setenv ("CRM_T_SECRET", "two", 1);
	CHECK (strstr (stderr_of (some_read), "both") && !good);
	CHECK (!strstr (stderr_of (some_read), "hush"));
	unsetenv ("CRM_T_SECRET_FILE");
	setenv ("CRM_T_FLAG", "yes", 1);
	setenv ("CRM_T_NUMBER", "-5", 1);
	setenv ("CRM_T_TEXT", "", 1); /* empty is not given */
	some_read ();
	CHECK (kept && good && some.flag && some.number == -5 && strcmp (some.text, "fall") == 0 && strcmp (some.secret, "two") == 0);
	static const char *const bad[][2] = { { "CRM_T_FLAG", "true" },
					      { "CRM_T_NUMBER", "11" },
					      { "CRM_T_NUMBER", "1x" },
					      { "CRM_T_NUMBER", "99999999999999999999" },
					      { "CRM_T_TEXT", "longer" } };
	for (size_t i = 0; i < LENGTH (bad); i++) {
		setenv (bad[i][0], bad[i][1], 1);
		CHECK (strstr (stderr_of (some_read), bad[i][0]) && !good);
		unsetenv (bad[i][0]);
	}
	setenv ("CRM_T_SECRET_FILE", "/nowhere", 1);
	unsetenv ("CRM_T_SECRET");
	CHECK (strstr (stderr_of (some_read), "cannot read /nowhere") && !good);
	stderr_of (unknown_read);
	CHECK (good);
	setenv ("CRM_T_TYPO", "secret value", 1);
	const char *said = stderr_of (unknown_read);
	CHECK (!good && strstr (said, "CRM_T_TYPO is not a setting") && !strstr (said, "secret value"));
	unsetenv ("CRM_T_TYPO");
	setenv ("CRM_T_NUMBER_FILE", path, 1); /* only secrets have files */
	CHECK (strstr (stderr_of (unknown_read), "CRM_T_NUMBER_FILE") && !good);
	unlink (path);
}

/* ---- fault points ---- */

#ifdef FAULTS
/* How a child ends that reaches a point `passes` times. */
static int child_status (const char *setting, int passes)
{
	int status = 0;
	pid_t child = fork ();
	if (child == 0) {
		int null = open ("/dev/null", O_WRONLY);
		dup2 (null, STDERR_FILENO);
		fault_open (setting);
		for (int i = 0; i < passes; i++) {
			fault_point (before_sync);
			fault_point (in_handler);
		}
		_exit (0);
	}
	waitpid (child, &status, WUNTRACED);
	if (WIFSTOPPED (status)) {
		kill (child, SIGKILL);
		waitpid (child, NULL, 0);
	}
	return status;
}

static void faults (void)
{
	CHECK (child_status ("", 3) == 0);
	CHECK (WTERMSIG (child_status ("before_sync", 1)) == SIGKILL);
	CHECK (child_status ("before_sync:3", 2) == 0 && WTERMSIG (child_status ("before_sync:3", 3)) == SIGKILL);
	CHECK (WSTOPSIG (child_status ("in_handler=stop", 1)) == SIGSTOP && WIFSTOPPED (child_status ("in_handler:2=stop", 2)));
	CHECK (WIFSTOPPED (child_status ("before_sync:9,in_handler=stop:2", 2)) && child_status ("in_handler=stop:2", 1) == 0);
	CHECK (WEXITSTATUS (child_status ("no_such_point", 1)) == 2 && WEXITSTATUS (child_status ("in_handler:0", 1)) == 2);
	CHECK (WEXITSTATUS (child_status ("in_handler:x", 1)) == 2 && WEXITSTATUS (child_status ("in_handler=wait", 1)) == 2);
}
#else
static void faults (void) {}
#endif

int main (void)
{
	metrics_are_families ();
	logs_are_json_lines ();
	settings ();
	faults ();
	return test_end ();
}
