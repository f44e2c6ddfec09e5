/* Makes a document's files: see rendering.h. No SQL, no transaction: what is wanted was claimed before, what came of it is recorded after; made twice it is the
 * same file. It must never draw other figures than those that were kept, nor give out UBL that breaks a rule. */
#include "rendering.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "amounts.h"
#include "clock.h"
#include "documents.h"
#include "files.h"
#include "log.h"
#include "metrics.h"
#include "page.h"
#include "ubl.h"
#include "ubl_check.h"

enum { LOGO_BYTES_MOST = 1 << 20 };

enum became { MADE, FAILED, LATER };
#define BECAME(what, word)                                                      \
	[what] = { .name = "leadwire_renders_total",                            \
		   .help = "Files of documents to be made, by what came of it", \
		   .kind = METRIC_COUNTER,                                      \
		   .label = "state=\"" word "\"" }
static struct metric renders[] = { BECAME (MADE, "made"), BECAME (FAILED, "failed"), BECAME (LATER, "later") };
static struct metric render_time = { .name = "leadwire_render_seconds",
				     .help = "Making the files of a document",
				     .kind = METRIC_HISTOGRAM };

void rendering_start (void)
{
	for (size_t i = 0; i < LENGTH (renders); i++)
		metric_register (&renders[i]);
	metric_register (&render_time);
}

/* Fonts and the last logo are read once for a worker. */
struct worker {
	struct page_maker *maker;
};
static_assert (sizeof (struct worker) <= RENDER_STATE, "room of a worker");

void render_act_end (void *state)
{
	struct worker *w = state;
	page_maker_free (&w->maker);
}

/* ---- the document, out of what was kept ---- */

static const char *here (unsigned char has, const char *text)
{
	return has == HERE ? text : NULL;
}

static const char *member (struct arena *a, const json_t *o, const char *name)
{
	const char *text = json_string_value (json_object_get (o, name));
	return text ? arena_text (a, text) : NULL;
}

/* As it was when the document became final; of one that did not: as it is. */
static const char *seller_of (struct arena *a, const struct render_job *j)
{
	struct company_row company = { 0 };
	struct problem problem = { 0 };
	if (j->has.seller == HERE)
		return j->seller;
	json_t *o = json_loads (j->company, 0, NULL);
	enum status read = record_from_json (a, &company_row_record, o, false, &company, &problem);
	json_decref (o);
	return read == OK ? company_snapshot (a, &company, j->language, j->kind) : "{}";
}

/* Empty: it has none, or it is not there; then the company's name stands in its place. */
static struct bytes logo_read (struct effect *e, struct uuid workspace, const char *sha256)
{
	struct arena *a = effect_arena (e);
	const char *path = sha256 ? file_path (a, effect_files (e), workspace, sha256) : NULL;
	int fd = path ? open (path, O_RDONLY | O_CLOEXEC) : -1;
	struct bytes ret = { 0 };
	struct stat is;
	if (fd >= 0 && !fstat (fd, &is) && is.st_size <= LOGO_BYTES_MOST) {
		unsigned char *bytes = arena_alloc (a, (size_t) is.st_size + 1);
		for (ssize_t got; ret.n < (size_t) is.st_size && (got = read (fd, bytes + ret.n, (size_t) is.st_size - ret.n)) > 0;)
			ret.n += (size_t) got;
		ret.at = bytes;
	} else if (path) {
		log_warn ("logo_missing", LOG_T ("sha256", sha256));
	}
	if (fd >= 0)
		close (fd);
	return ret;
}

/* "https://crm.example.nl/portal/TOKEN"; null: nobody said where the pages are, or it has none. */
static const char *page_url (struct arena *a, const struct render_job *j)
{
	const char *origin = billing_config.origin;
	size_t n = strlen (origin);
	while (n && origin[n - 1] == '/')
		n--;
	return n && j->has.token == HERE ? arena_printf (a, "%.*s/portal/%s", (int) n, origin, j->token) : NULL;
}

static void looks_fill (struct effect *e, const struct render_job *j, const char *seller, struct document *d)
{
	struct arena *a = effect_arena (e);
	json_t *o = json_loads (seller, 0, NULL);
	d->footer = member (a, o, "footer");
	d->terms = member (a, o, "terms");
	d->colour = member (a, o, "colour");
	d->website = member (a, o, "website");
	d->logo = logo_read (e, j->workspace_id.uuid, member (a, o, "logo"));
	d->kor = json_is_true (json_object_get (o, "kor"));
	json_decref (o);
	d->url = page_url (a, j);
	d->pay_url = j->pay && j->kind == document_kind_invoice && !j->paid ? d->url : NULL;
	d->paid = j->paid;
	d->settled = j->settled;
	d->draft = j->draft;
}

static struct document document_of (struct effect *e, const struct render_job *j)
{
	struct arena *a = effect_arena (e);
	const char *seller = seller_of (a, j);
	struct document d = { .kind = j->kind,
			      .number = here (j->has.number, j->number),
			      .revision = (int) j->revision,
			      .language = j->language,
			      .currency = j->currency,
			      .mode = j->mode,
			      .title = here (j->has.title, j->title),
			      .intro = here (j->has.intro, j->intro),
			      .notes = here (j->has.notes, j->notes),
			      .issued = j->issued,
			      .due = j->has.due == HERE ? j->due : 0,
			      .supplied = j->has.supplied == HERE ? j->supplied : 0,
			      .seller = party_of (a, seller),
			      .buyer = party_of (a, j->buyer),
			      .buyer_reference = here (j->has.buyer_reference, j->buyer_reference),
			      .order_reference = here (j->has.order_reference, j->order_reference),
			      .original_number = here (j->has.original_number, j->original_number),
			      .original_issued = j->has.original_issued == HERE ? j->original_issued : 0,
			      .line = j->lines.at,
			      .lines = j->lines.n,
			      .discount = here (j->has.discount, j->discount),
			      .discount_amount = here (j->has.discount_amount, j->discount_amount),
			      .discount_reason = here (j->has.discount_reason, j->discount_reason),
			      .prepaid = j->prepaid,
			      .rounding = j->rounding,
			      .rate = here (j->has.rate, j->rate),
			      .rate_day = j->has.rate_day == HERE ? j->rate_day : 0 };
	looks_fill (e, j, seller, &d);
	return d;
}

/* What its parts are is reckoned from its lines; what it comes to has to be what was kept. */
static bool totals_fill (struct arena *a, const struct render_job *j, struct document *d, int64_t **ret_net)
{
	struct amounts_fault fault;
	*ret_net = arena_array (a, d->lines + 1, sizeof **ret_net);
	if (totals_of (a, d, *ret_net, &fault) != OK)
		return false;
	const struct doc_totals *t = &d->totals;
	return t->net == j->net && t->vat == j->vat && t->gross == j->gross && t->payable == j->payable;
}

/* ---- what came of it ---- */

static void tell_failed (struct render_told *told, const char *error)
{
	told->state = "failed";
	told->error = error;
	told->has.error = HERE;
	metric_add (&renders[FAILED], 1);
}

/* A fault of the world: in 2, 8, 32, 128 and 512 seconds. */
static void tell_later (struct render_told *told, const char *error)
{
	if (told->attempt >= RENDER_TRIES) {
		tell_failed (told, error);
		return;
	}
	told->state = "wanted";
	told->error = error;
	told->again = INT64_C (2) << (2 * (told->attempt - 1));
	told->has.error = told->has.again = HERE;
	metric_add (&renders[LATER], 1);
}

static bool file_keep (struct effect *e, const struct render_job *j, struct bytes bytes, const char **ret_sha256)
{
	char sha256[SHA256_TEXT];
	if (file_put (effect_files (e), j->workspace_id.uuid, bytes, sha256) != OK)
		return false;
	*ret_sha256 = arena_text (effect_arena (e), sha256);
	return true;
}

/* ---- what machines read ---- */

static bool is_dutch (const struct doc_party *p)
{
	return p->has.country != HERE || !strcmp (p->country, "NL");
}

static const char *problems_text (struct arena *a, const struct ubl_failures *wrong)
{
	json_t *all = json_array ();
	for (size_t i = 0; i < wrong->n; i++) {
		const struct ubl_failure *f = &wrong->at[i];
		json_array_append_new (all,
				       json_pack ("{s:s,s:s,s:s,s:s}", "rule", f->rule, "pointer", f->pointer, "nl", f->nl, "en", f->en));
	}
	char *text = json_dumps (all, JSON_COMPACT);
	const char *ret = arena_text (a, text);
	free (text);
	json_decref (all);
	return ret;
}

/* Within the Netherlands by NLCIUS, else by Peppol's rules. A draft is looked at as if it had its number: who writes it sees what is missing before it goes. What
 * breaks a rule is told, and is no file. */
static bool ubl_make (struct effect *e, const struct render_job *j, const struct document *drawn, const int64_t net[],
		      struct render_told *told)
{
	struct arena *a = effect_arena (e);
	struct document d = *drawn;
	struct ubl_failures wrong;
	struct bytes xml;
	if (d.kind == document_kind_quote)
		return true;
	if (!d.number)
		d.number = !strcmp (d.language, "nl") ? "CONCEPT" : "DRAFT";
	enum ubl_profile profile = is_dutch (&d.seller) && is_dutch (&d.buyer) ? ubl_profile_nlcius : ubl_profile_peppol;
	enum status written = ubl_write (a, &d, net, profile, NULL, &xml);
	if (written == REFUSED)
		return true; /* a currency that UBL has no amounts of */
	enum status checked = written == OK ? ubl_check (a, xml, &wrong) : written;
	if (checked != OK)
		return checked == REFUSED; /* more than a machine would take */
	told->problems = problems_text (a, &wrong);
	told->has.problems = HERE;
	if (wrong.n || j->draft)
		return true;
	told->has.ubl_sha256 = HERE;
	return file_keep (e, j, xml, &told->ubl_sha256);
}

static void render (struct effect *e, const struct render_job *j, struct render_told *told)
{
	struct worker *w = effect_state (e);
	struct document d = document_of (e, j);
	struct bytes pdf;
	int64_t *net;
	if (!totals_fill (effect_arena (e), j, &d, &net)) {
		tell_failed (told, "its lines do not come to the totals that were kept");
		return;
	}
	if (!w->maker)
		w->maker = page_maker_new ();
	enum status drawn = page_draw (w->maker, effect_arena (e), &d, &pdf);
	if (drawn == REFUSED)
		tell_failed (told, "it is too long to be drawn");
	else if (drawn != OK)
		tell_later (told, "it could not be drawn");
	else if (!file_keep (e, j, pdf, &told->pdf_sha256))
		tell_later (told, "its PDF could not be kept");
	else if (!ubl_make (e, j, &d, net, told))
		tell_later (told, "its UBL could not be kept");
	else {
		told->has.pdf_sha256 = HERE;
		told->state = "made";
		metric_add (&renders[MADE], 1);
	}
}

const void *render_act (struct effect *e, const void *claimed)
{
	const struct render_job *j = claimed;
	struct render_told *told = arena_alloc (effect_arena (e), sizeof *told);
	int64_t begun = clock_monotonic ();
	*told = (struct render_told){
		.workspace_id = j->workspace_id, .document_id = j->document_id, .version = j->version, .attempt = j->attempt
	};
	render (e, j, told);
	metric_observe (&render_time, clock_monotonic () - begun);
	return told;
}
