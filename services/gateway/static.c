/* The web app's files and users' files. The app's are known by a list made at start (and made anew when the app was built again), each with its tag and
 * its precompressed twins; nothing outside that list is ever opened. Users' files are only ever named by their hash, shown in place by what their bytes
 * are and never by what the sender called them. */
#include <dirent.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "clock.h"
#include "files.h"
#include "gateway.h"
#include "log.h"

enum { FILES_MAX = 2000, FOLDERS_DEEP = 8, CSP_MAX = 4096 };

struct web_file {
	char *url, *path, *tag;
	const char *type;
	bool br, gz, immutable;
};
static struct {
	struct web_file *file;
	size_t n;
	char *csp;
	struct timespec built; /* of index.html, when the list was made */
	int64_t looked;	       /* clock_monotonic */
} web;

static const char plain_csp[] =
	"default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; "
	"form-action 'self'; frame-ancestors 'none'";

/* A customer's page is its own files and nothing else: no style or script within it, no form that posts by itself, in nobody's frame. */
static const char portal_csp[] =
	"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; "
	"form-action 'none'; frame-ancestors 'none'";

static const char *type_of (const char *name)
{
	static const char *const types[][2] = {
		{ ".html", "text/html; charset=utf-8" },
		{ ".js", "text/javascript; charset=utf-8" },
		{ ".mjs", "text/javascript; charset=utf-8" },
		{ ".css", "text/css; charset=utf-8" },
		{ ".json", "application/json" },
		{ ".svg", "image/svg+xml" },
		{ ".woff2", "font/woff2" },
		{ ".png", "image/png" },
		{ ".jpg", "image/jpeg" },
		{ ".webp", "image/webp" },
		{ ".ico", "image/x-icon" },
		{ ".txt", "text/plain; charset=utf-8" },
		{ ".webmanifest", "application/manifest+json" },
		{ ".wasm", "application/wasm" },
	};
	const char *dot = strrchr (name, '.');
	for (size_t i = 0; dot && i < LENGTH (types); i++)
		if (strcmp (dot, types[i][0]) == 0)
			return types[i][1];
	return NULL;
}

static char *path_join (const char *folder, const char *name)
{
	size_t n = strlen (folder) + strlen (name) + 2;
	char *ret = heap_alloc (n);
	snprintf (ret, n, "%s/%s", folder, name);
	return ret;
}

static bool there (const char *path, const char *suffix)
{
	struct stat st;
	char full[2000];
	snprintf (full, sizeof full, "%s%s", path, suffix);
	return stat (full, &st) == 0 && S_ISREG (st.st_mode);
}

static char *file_read (const char *path, size_t most, size_t *ret_n)
{
	int fd = open (path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	char *ret = NULL;
	if (fd >= 0 && fstat (fd, &st) == 0 && st.st_size >= 0 && (size_t) st.st_size <= most) {
		ret = heap_alloc ((size_t) st.st_size + 1);
		ssize_t n = read (fd, ret, (size_t) st.st_size);
		*ret_n = n > 0 ? (size_t) n : 0;
	}
	if (fd >= 0)
		close (fd);
	return ret;
}

static void file_add (const char *path, const char *url)
{
	char text[UUID_TEXT];
	size_t n = 0;
	const char *type = type_of (url);
	if (!type || web.n == FILES_MAX)
		return;
	char *content = file_read (path, 64 << 20, &n);
	if (!content)
		return;
	struct web_file *f = &web.file[web.n++];
	*f = (struct web_file){
		.url = heap_text (url),
		.path = heap_text (path),
		.type = type,
		.br = there (path, ".br"),
		.gz = there (path, ".gz"),
		.immutable = strncmp (url, "/assets/", 8) == 0, /* the build puts a hash into these names */
	};
	f->tag = heap_text (uuid_format (uuid_of (content, n), text));
	heap_free (content);
}

static void folder_add (const char *path, const char *url, int deep)
{
	DIR *d = deep < FOLDERS_DEEP ? opendir (path) : NULL;
	struct dirent *entry;
	struct stat st;
	while (d && (entry = readdir (d))) {
		if (entry->d_name[0] == '.')
			continue;
		char *below = path_join (path, entry->d_name), *address = path_join (url, entry->d_name);
		if (stat (below, &st) == 0 && S_ISDIR (st.st_mode))
			folder_add (below, address, deep + 1);
		else if (stat (below, &st) == 0 && S_ISREG (st.st_mode))
			file_add (below, address);
		heap_free (below);
		heap_free (address);
	}
	if (d)
		closedir (d);
}

static void list_forget (void)
{
	for (size_t i = 0; i < web.n; i++) {
		heap_free (web.file[i].url);
		heap_free (web.file[i].path);
		heap_free (web.file[i].tag);
	}
	heap_free (web.csp);
	web.n = 0;
	web.csp = NULL;
}

static char *csp_read (void)
{
	size_t n = 0;
	char *path = path_join (gateway_config.web, "csp.txt"), *text = file_read (path, CSP_MAX, &n);
	heap_free (path);
	if (text)
		text[strcspn (text, "\r\n")] = 0;
	return text && *text ? text : heap_text (plain_csp);
}

static void list_make (void)
{
	struct stat st;
	char *index = path_join (gateway_config.web, "index.html");
	bool built = stat (index, &st) == 0;
	heap_free (index);
	web.looked = clock_monotonic ();
	if (!built || (st.st_mtim.tv_sec == web.built.tv_sec && st.st_mtim.tv_nsec == web.built.tv_nsec))
		return;
	list_forget ();
	web.built = st.st_mtim;
	if (!web.file)
		web.file = heap_alloc (FILES_MAX * sizeof *web.file);
	folder_add (gateway_config.web, "", 0);
	web.csp = csp_read ();
	log_info ("web_files", LOG_N ("files", (int64_t) web.n));
}

void files_start (struct app *app)
{
	(void) app;
	if (gateway_config.web[0])
		list_make ();
}

static const struct web_file *web_find (const char *url)
{
	for (size_t i = 0; i < web.n; i++)
		if (strcmp (web.file[i].url, url) == 0)
			return &web.file[i];
	return NULL;
}

/* A word of a comma list with a quality that is not 0. */
static bool encoding_taken (const char *accept, const char *name)
{
	const char *at = accept ? strstr (accept, name) : NULL;
	if (!at)
		return false;
	size_t n = strlen (name);
	return (at == accept || strchr (", \t", at[-1])) && strncmp (at + n, ";q=0,", 5) && strcmp (at + n, ";q=0");
}

/* The app's pages may also post to the way in: the first lead of a new workspace is sent from the browser. That is another origin where it has a port of
 * its own; a name that could be anything but an origin is left out. */
static const char *page_policy (struct http_request *r)
{
	static const char here[] = "connect-src 'self'";
	const char *at = strstr (web.csp, here), *hooks = hooks_origin (r);
	if (!at || hooks[strspn (hooks, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.:/[]-")])
		return web.csp;
	at += sizeof here - 1;
	return arena_printf (http_arena (r), "%.*s %s%s", (int) (at - web.csp), web.csp, hooks, at);
}

static void web_reply (struct http_request *r, const struct web_file *f)
{
	const char *accept = http_header (r, "Accept-Encoding");
	const char *suffix = f->br && encoding_taken (accept, "br") ? ".br" : f->gz && encoding_taken (accept, "gzip") ? ".gz" : "";
	const char *tag = arena_printf (http_arena (r), "\"%s%s\"", f->tag, suffix); /* strong: other bytes, another tag */
	bool page = strncmp (f->type, "text/html", 9) == 0;
	http_set (r, "ETag", tag);
	http_set (r, "Vary", "Accept-Encoding");
	http_set (r, "Cache-Control", f->immutable ? "public, max-age=31536000, immutable" : "no-cache");
	if (page) {
		http_set (r, "Content-Security-Policy", strcmp (f->url, "/portal.html") ? page_policy (r) : portal_csp);
		http_set (r, "Cross-Origin-Opener-Policy", "same-origin");
		http_set (r, "Permissions-Policy", "camera=(), microphone=(), geolocation=()");
	}
	http_set (r, "Cross-Origin-Resource-Policy", "same-origin");
	if (strncmp (gateway_config.origin, "https:", 6) == 0)
		http_set (r, "Strict-Transport-Security", "max-age=31536000; includeSubDomains");
	if (tag_matches (http_header (r, "If-None-Match"), tag)) {
		http_reply (r, 304, NULL, (struct bytes){ NULL, 0 });
		return;
	}
	if (*suffix)
		http_set (r, "Content-Encoding", strcmp (suffix, ".br") ? "gzip" : "br");
	http_reply_file (r, 200, f->type, arena_printf (http_arena (r), "%s%s", f->path, suffix));
}

static bool is_portal (const char *path)
{
	return strncmp (path, "/portal/", 8) == 0;
}

/* An address of the app itself (no file's name at its end) is the app, which knows its own pages; a customer's page is one of its own, without the app. */
static const struct web_file *app_page (const char *path)
{
	const char *last = strrchr (path, '/');
	const struct web_file *portal = is_portal (path) ? web_find ("/portal.html") : NULL;
	if (portal)
		return portal;
	return last && strchr (last, '.') ? NULL : web_find ("/index.html");
}

bool file_serve (struct http_request *r)
{
	const char *method = http_method (r), *path = http_path (r);
	if (strcmp (method, "GET") && strcmp (method, "HEAD"))
		return false;
	if (gateway_config.web[0] && clock_monotonic () - web.looked > 1000000)
		list_make ();
	const struct web_file *f = web_find (strcmp (path, "/") ? path : "/index.html");
	if (!f)
		f = app_page (path);
	if (f && is_portal (path)) { /* the address is the key to it */
		http_set (r, "Referrer-Policy", "no-referrer");
		http_set (r, "X-Robots-Tag", "noindex, nofollow");
	}
	if (f)
		web_reply (r, f);
	return f != NULL;
}

/* ---- what people uploaded ---- */

static const char *shown_type (const char *path)
{
	unsigned char begin[16];
	int fd = open (path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd >= 0 ? read (fd, begin, sizeof begin) : 0;
	if (fd >= 0)
		close (fd);
	return n > 0 ? inline_type (begin, (size_t) n) : NULL;
}

static bool is_hash (const char *text)
{
	return text && strlen (text) == 64 && strspn (text, "0123456789abcdef") == 64;
}

/* The browser's own reader of PDFs does not run in a sandbox, so a PDF has every other fence instead; anything else has the sandbox too. */
static void file_headers (struct request *q, const char *type, bool shown, const char *name, const char *hash)
{
	bool pdf = shown && strcmp (type, "application/pdf") == 0;
	http_set (q->http, "Content-Disposition", disposition_of (q->arena, shown, name));
	http_set (q->http, "Content-Security-Policy",
		  pdf ? "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'self'"
		      : "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'");
	http_set (q->http, "X-Content-Type-Options", "nosniff");
	http_set (q->http, "Cross-Origin-Resource-Policy", "same-origin");
	http_set (q->http, "Cache-Control", "private, no-cache");
	http_set (q->http, "ETag", arena_printf (q->arena, "\"%s%s\"", hash, shown ? "-shown" : ""));
}

void file_give (struct request *q, const char *hash, const char *name, bool wish)
{
	char id[UUID_TEXT];
	if (!is_hash (hash)) {
		reply_error (q, ERROR_file_not_found, NULL, NULL);
		return;
	}
	const char *path = arena_printf (q->arena, "%s/%s/%s", app_config (q->app)->files, uuid_format (q->seat->workspace, id), hash);
	const char *type = shown_type (path);
	if (access (path, R_OK)) {
		log_error ("file_missing", LOG_T ("sha256", hash));
		reply_error (q, ERROR_file_not_found, NULL, NULL);
		return;
	}
	bool shown = type && wish;
	struct http_request *r = q->http;
	file_headers (q, type, shown, name ? name : "file", hash);
	bool known = tag_matches (http_header (r, "If-None-Match"), arena_printf (q->arena, "\"%s%s\"", hash, shown ? "-shown" : ""));
	request_end (q);
	if (known)
		http_reply (r, 304, NULL, (struct bytes){ NULL, 0 });
	else
		http_reply_file (r, 200, shown ? type : "application/octet-stream", path);
}

void file_send (struct request *q)
{
	const char *wish = http_query (q->http, "inline");
	file_give (q, target_text (q, "sha256"), target_text (q, "name"), wish && strcmp (wish, "0"));
}

/* ---- people's pictures ---- */

static void photo_found (struct app *app, void *ctx, const struct reply *reply)
{
	struct request *q = ctx;
	struct uuid home;
	if (reply->state != REPLY_DONE) {
		if (reply->state == REPLY_REFUSED && reply->error == ERROR_not_found)
			reply_error (q, ERROR_not_found, NULL, NULL);
		else
			reply_fault (q, reply);
		return;
	}
	q->target_json = arena_copy (q->arena, (const char *) reply->json.at, reply->json.n);
	const char *photo = target_text (q, "photo"), *workspace = target_text (q, "workspace_id");
	const char *path = workspace && uuid_parse (workspace, &home) == OK ? file_path (q->arena, app_config (app)->files, home, photo)
									    : NULL;
	const char *type = path ? shown_type (path) : NULL;
	if (!type || strncmp (type, "image/", 6)) {
		reply_error (q, ERROR_not_found, NULL, NULL);
		return;
	}
	struct http_request *r = q->http;
	file_headers (q, type, true, "photo", photo);
	bool known = tag_matches (http_header (r, "If-None-Match"), arena_printf (q->arena, "\"%s-shown\"", photo));
	request_end (q);
	if (known)
		http_reply (r, 304, NULL, (struct bytes){ NULL, 0 });
	else
		http_reply_file (r, 200, type, path);
}

/* Of whoever belongs where one belongs oneself. */
void photo_show_page (struct request *q)
{
	const struct caller *c = q->caller;
	struct uuid *set = arena_array (q->arena, c->n_seats + 1, sizeof *set);
	struct user_photo *ask = arena_alloc (q->arena, sizeof *ask);
	size_t n = 0;
	for (size_t i = 0; i < c->n_seats; i++)
		set[n++] = c->seats[i].workspace;
	if (c->agency_admin)
		set[n++] = c->agency;
	*ask = (struct user_photo){ .head = { .actor = c->actor,
					      .id = q->id,
					      .correlation = q->id,
					      .grant.scope = SCOPE_WORKSPACE,
					      .workspaces = set,
					      .n_workspaces = n } };
	if (uuid_parse (q->found.value, &ask->user_id.uuid) != OK) {
		reply_error (q, ERROR_not_found, NULL, NULL);
		return;
	}
	ask->has.user_id = HERE;
	app_query (q->app, &user_photo_record, ask, q->after.at, q->after.n, 5000, photo_found, q);
}
