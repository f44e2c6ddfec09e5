/* Whom something that happened is news for; see notified.h. Says nothing itself: it hands over to the ways by which people are told.
 * It must never tell somebody of their own doing, nor anybody of the past. */
#include "notified.h"

#include <string.h>
#include "mailer_sql.h"

static const int64_t news_lasts = NEWS_DAYS * 86400 * INT64_C (1000000);

static bool is_news (struct batch *b, const struct head *event)
{
	return event->at > batch_now (b) - news_lasts && (!event->recorded || event->recorded > batch_now (b) - news_lasts);
}

/* Of one event and one person; `once`: what makes it the same when it is said again. */
static struct notified news_of (struct batch *b, const struct head *event, user_id user, enum notice_kind kind, struct uuid notice,
				struct uuid once)
{
	struct {
		struct uuid workspace, user, once;
		unsigned char kind[16];
	} name = { .workspace = event->workspace, .user = user.uuid, .once = once };
	name.kind[0] = (unsigned char) kind;
	return (struct notified){ .workspace_id = { event->workspace },
				  .letter_id = { uuid_of (&name, sizeof name) },
				  .user_id = user,
				  .kind = kind,
				  .notice_id = { notice },
				  .count = 1,
				  .at = event->at,
				  .heard_at = event->recorded ? event->recorded : batch_now (b) };
}

static enum room_kind room_of (enum record_kind kind)
{
	switch (kind) {
	case record_kind_lead: return room_kind_lead;
	case record_kind_deal: return room_kind_deal;
	case record_kind_contact: return room_kind_contact;
	case record_kind_account: return room_kind_account;
	case record_kind_count: break;
	}
	return room_kind_deal;
}

/* All ways; one that is added stands here. */
static void tell (struct batch *b, const struct notified news[], size_t n)
{
	letters_keep (b, news, n);
	pushes_keep (b, news, n);
}

void lead_created (struct batch *b, const struct lead_created event[], size_t n, struct outcome ret[])
{
	struct lead_created *fresh = ARRAY (b, fresh, n);
	size_t some = 0, readers = 0;
	for (size_t i = 0; i < n; i++) {
		ret[i] = done ();
		if (is_news (b, &event[i].head))
			fresh[some++] = event[i];
	}
	if (!some)
		return;
	const struct news_reader *reader = lead_readers (b, fresh, some, &readers);
	struct notified *news = ARRAY (b, news, readers + 1);
	for (size_t k = 0; k < readers; k++) {
		const struct lead_created *e = fresh;
		while (!uuid_equal (e->lead_id.uuid, reader[k].lead_id.uuid))
			e++;
		news[k] = news_of (b, &e->head, reader[k].user_id, notice_kind_lead, e->lead_id.uuid, e->lead_id.uuid);
		news[k].about = room_kind_lead;
		news[k].record_id.uuid = e->lead_id.uuid;
		news[k].owner_id = e->owner_id;
		news[k].has.owner_id = e->has.owner_id;
		news[k].title = e->name;
		news[k].has.title = *e->name ? HERE : ABSENT;
	}
	tell (b, news, readers);
}

void reminder_due (struct batch *b, const struct reminder_due event[], size_t n, struct outcome ret[])
{
	struct notified *news = ARRAY (b, news, n);
	size_t some = 0;
	for (size_t i = 0; i < n; i++) {
		const struct reminder_due *e = &event[i];
		ret[i] = done ();
		if (e->has.assignee_id != HERE || !is_news (b, &e->head))
			continue;
		/* one that is put off comes again: it is the event that is told once */
		struct notified *it = &news[some++];
		*it = news_of (b, &e->head, e->assignee_id, notice_kind_reminder, e->activity_id.uuid, e->head.id);
		it->about = room_of (e->about);
		it->record_id = e->record_id;
		it->activity_id = e->activity_id;
		it->activity_kind = e->kind;
		it->has.activity_id = it->has.activity_kind = HERE;
		it->owner_id = e->owner_id;
		it->has.owner_id = e->has.owner_id;
		it->title = e->subject;
		it->has.title = e->has.subject == HERE && *e->subject ? HERE : ABSENT;
	}
	tell (b, news, some);
}

void mention_made (struct batch *b, const struct mention_made event[], size_t n, struct outcome ret[])
{
	struct notified *news = ARRAY (b, news, n);
	size_t some = 0;
	for (size_t i = 0; i < n; i++) {
		const struct mention_made *e = &event[i];
		ret[i] = done ();
		bool own = e->has.by_id == HERE && uuid_equal (e->by_id.uuid, e->user_id.uuid);
		if (own || !is_news (b, &e->head))
			continue;
		struct notified *it = &news[some++];
		*it = news_of (b, &e->head, e->user_id, notice_kind_mention, e->source_id.uuid, e->source_id.uuid);
		it->about = e->about;
		it->record_id = e->record_id;
		it->message_id.uuid = it->activity_id.uuid = e->source_id.uuid;
		it->has.message_id = e->source == mention_source_message ? HERE : ABSENT;
		it->has.activity_id = e->source == mention_source_activity ? HERE : ABSENT;
		it->by_id = e->by_id;
		it->has.by_id = e->has.by_id;
		it->owner_id = e->owner_id;
		it->has.owner_id = e->has.owner_id;
		it->title = e->excerpt;
		it->has.title = *e->excerpt ? HERE : ABSENT;
	}
	tell (b, news, some);
}

void record_assigned (struct batch *b, const struct record_assigned event[], size_t n, struct outcome ret[])
{
	struct notified *news = ARRAY (b, news, n);
	size_t some = 0;
	letters_passed (b, event, n);
	for (size_t i = 0; i < n; i++) {
		const struct record_assigned *e = &event[i];
		ret[i] = done ();
		if (uuid_equal (e->head.actor, e->user_id.uuid) || !is_news (b, &e->head))
			continue;
		struct notified *it = &news[some++];
		*it = news_of (b, &e->head, e->user_id, notice_kind_assigned, e->notice_id.uuid, e->notice_id.uuid);
		it->about = room_of (e->about);
		it->record_id = e->record_id;
		it->activity_id = e->activity_id;
		it->has.activity_id = e->has.activity_id;
		it->by_id.uuid = e->head.actor;
		it->has.by_id = uuid_is_null (e->head.actor) ? ABSENT : HERE;
		it->owner_id = e->user_id;
		it->has.owner_id = HERE;
		it->title = e->title;
		it->has.title = e->has.title == HERE && *e->title ? HERE : ABSENT;
		it->count = e->count;
	}
	tell (b, news, some);
}

void notice_rung (struct batch *b, const struct notice_rung event[], size_t n, struct outcome ret[])
{
	struct notified *news = ARRAY (b, news, n);
	size_t some = 0;
	for (size_t i = 0; i < n; i++) {
		const struct notice_rung *e = &event[i];
		ret[i] = done ();
		if (!is_news (b, &e->head))
			continue;
		struct notified *it = &news[some++];
		*it = news_of (b, &e->head, e->user_id, notice_kind_rule, e->notice_id.uuid, e->notice_id.uuid);
		it->about = e->about;
		it->record_id = e->record_id;
		it->owner_id = e->owner_id;
		it->has.owner_id = e->has.owner_id;
		it->title = e->title;
		it->has.title = *e->title ? HERE : ABSENT;
	}
	tell (b, news, some);
}
