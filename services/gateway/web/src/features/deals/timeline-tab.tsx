/* What is planned for a record and its story, newest first, by day: who, when, what, with old and new values where something
   changed. Says every event in the user's words; an event it does not know is named, never hidden. */
import { Link } from '@tanstack/react-router';
import { lazy, Suspense, useMemo, useState } from 'react';
import { api } from '../../api/client';
import { useLead, useMemberNames, useMemberPhotos, useTimeline } from '../../api/queries';
import type { Card, Change, EventData, Id, Language, Lead, Money, Stage, TimelineEntry } from '../../api/types';
import { problemText } from '../../app/problems';
import { useScope } from '../../app/scope';
import { labelOf, sayValue, type Translate, useLanguage, useT } from '../../i18n';
import type { Formats } from '../../lib/format';
import { Avatar, Empty, Skeleton } from '../../ui/bits';
import { Button, IconButton } from '../../ui/button';
import { Icon, type IconName } from '../../ui/icons';
import { Menu } from '../../ui/menu';
import { Segments } from '../../ui/table';
import { toast } from '../../ui/toast';
import { ActivityList } from '../activities/list';
import { fieldName, fieldValue, type Of } from '../contacts/said';
import { linkedIcon } from '../linked/model';
import { MentionText } from '../mentions/text';
import { type FieldWords, useFieldWords } from './field-words';
import { tellMoney } from './money-told';
import { type About, type Activity, iconOf, nameOf, removeActivity, toneOf, useActivities } from '../activities/model';

/* where it does not come, without a connection, a note is read as it was written */
const RichText = lazy(() => import('../mentions/rich').then((module) => ({ default: module.RichText }), () => ({ default: AsWritten })));

interface Told { rich?: true; icon: IconName; tone: string; dot?: string; title: string; text?: string; tag?: string; changes?: Array<{ field: string; old: string; new: string }>; move?: { from: Stage | null; to: Stage | null } }

const str = (data: EventData, name: string): string | undefined => typeof data[name] === 'string' && data[name] !== '' ? (data[name] as string) : undefined;

function isMoney(value: unknown): value is Money {
	return typeof value === 'object' && value !== null && typeof (value as Money).amount === 'string' && typeof (value as Money).currency === 'string';
}

interface Words { workspace: string; record: Id; language: Language; fields: FieldWords; lead: Lead | null; source: string | null; t: Translate; formats: Formats; stages: readonly Stage[]; names: (id: string) => string | undefined; stageName(stage: Stage | null): string }

function valueText(words: Words, field: string, value: unknown): string {
	if (value === null || value === undefined || value === '')
		return words.t('timeline.nothing');
	if (isMoney(value))
		return words.formats.money(value);
	/* a change of value is written as "1815.00 EUR" */
	const money = field === 'value' && typeof value === 'string' ? /^(-?\d+(?:\.\d+)?) ([A-Z]{3})$/.exec(value) : null;
	if (money)
		return words.formats.money({ amount: money[1] ?? '0', currency: money[2] ?? 'EUR' });
	if (typeof value === 'string') {
		if (field === 'owner_id')
			return words.names(value) ?? words.t('timeline.someone');
		if (field === 'source')
			return sayValue('source', value);
		if (field === 'status')
			return sayValue('lead_status', value);
		if (/^\d{4}-\d{2}-\d{2}(T|$)/.test(value))
			return words.formats.date(value);
		return value;
	}
	return typeof value === 'number' || typeof value === 'boolean' ? String(value) : JSON.stringify(value);
}

/* a deal's own fields, those of the workspace and the catalogues by their names */
const dealChanges = ({ fields }: Words, data: EventData): Told['changes'] => (Array.isArray(data['changes']) ? (data['changes'] as Change[]) : []).filter((one) => Boolean(one.old || one.new) && one.field !== 'account_id')
	.map(({ field, old, new: now }) => ({ field: fields.name(field), old: fields.say(field, old), new: fields.say(field, now) }));

function changesOf(words: Words, data: EventData): Told['changes'] {
	const list = Array.isArray(data['changes']) ? (data['changes'] as Change[]) : [];
	return list.filter((one) => typeof one === 'object' && one !== null && typeof one.field === 'string' && one.field !== 'account_id' && Boolean(one.old || one.new)).map((one) => ({
		field: sayValue('field', one.field),
		old: valueText(words, one.field, one.old),
		new: valueText(words, one.field, one.new),
	}));
}

/* those of a person, a company or one of its places */
const theirChanges = (words: Words, of: Of, data: EventData): Told['changes'] => (Array.isArray(data['changes']) ? (data['changes'] as Change[]) : [])
	.filter((one) => Boolean(one.old || one.new) && one.field !== 'account_id' && one.field !== 'primary_contact_id').map(({ field, old, new: now }) => ({
		field: fieldName(words.t, of, field), old: fieldValue({ ...words, items: words.fields.items }, of, field, old), new: fieldValue({ ...words, items: words.fields.items }, of, field, now),
	}));

function tell(entry: TimelineEntry, words: Words): Told {
	const { t, stages } = words;
	const { data } = entry;
	const stage = (name: string) => stages.find((one) => one.id === data[name]) ?? null;
	switch (entry.type) {
	case 'lead.created': {
		/* the timeline keeps that it came; what it said stands with the lead */
		const source = str(data, 'source') ?? words.source;
		const text = str(data, 'message') ?? words.lead?.message;
		const tag = str(data, 'form_type') ?? words.lead?.form_type;
		return {
			icon: 'inbox', tone: 'blue', title: source ? t('timeline.lead_from', { source: sayValue('source', source) }) : t('timeline.lead'),
			...(text ? { text } : {}), ...(tag ? { tag } : {}),
		};
	}
	case 'deal.created': {
		const to = stage('stage_id');
		return { icon: 'spark', tone: 'green', title: t('timeline.deal'), ...(to ? { move: { from: null, to } } : {}) };
	}
	case 'deal.stage_changed': {
		const text = str(data, 'note');
		const to = stage('to_id');
		return {
			icon: to?.kind === 'won' ? 'trophy' : to?.kind === 'lost' ? 'lost' : 'move', tone: to?.kind === 'won' ? 'green' : to?.kind === 'lost' ? 'red' : 'purple',
			title: t('timeline.moved'), move: { from: stage('from_id'), to }, ...(text ? { text } : {}),
		};
	}
	case 'activity.added':
	case 'activity.changed':
	case 'activity.removed':
	case 'activity.restored': {
		const kind = str(data, 'kind') ?? 'other';
		/* what was changed says whether that was its being done */
		const step = Array.isArray(data['changes']) ? (data['changes'] as Change[]).find((one) => one.field === 'done') : undefined;
		const done = entry.type === 'activity.changed' ? step?.new === 'true' : str(data, 'done_at') !== undefined || kind === 'note';
		const due = str(data, 'due_at');
		const word = sayValue('kind', kind);
		const title = entry.type === 'activity.added' ? (done ? word : t('timeline.planned', { kind: word })) : entry.type === 'activity.removed' ? t('timeline.activity_removed', { kind: word })
			: entry.type === 'activity.restored' ? t('timeline.activity_restored', { kind: word }) : done ? t('timeline.activity_done', { kind: word }) : t('timeline.activity_changed', { kind: word });
		const text = entry.type === 'activity.removed' ? str(data, 'subject') : [str(data, 'subject'), str(data, 'note')].filter(Boolean).join('\n');
		const minutes = typeof data['duration_minutes'] === 'number' ? t('activity.minutes', { count: data['duration_minutes'] }) : '';
		const tag = [due && words.formats.moment(due), minutes].filter(Boolean).join(' · ');
		return { icon: iconOf(kind), tone: 'kind', dot: toneOf(kind), title, ...textOf(text), rich: true, ...(tag ? { tag } : {}) };
	}
	case 'booking.told': {
		const state = str(data, 'state') ?? 'moved';
		const start = str(data, 'starts_at');
		return {
			icon: iconOf('meeting'), tone: state === 'showed' ? 'green' : 'orange', title: t(BOOKING[state] ?? 'timeline.booking_moved'),
			...textOf([str(data, 'title'), [str(data, 'by'), str(data, 'reason')].filter(Boolean).join(': ')].filter(Boolean).join('\n')), ...(start ? { tag: words.formats.moment(start) } : {}),
		};
	}
	case 'deal.followed_up': {
		const kind = str(data, 'kind');
		const at = str(data, 'at');
		return {
			icon: 'note', tone: 'grey', title: t('timeline.followed_up'), ...textOf(str(data, 'note')), rich: true, ...(kind && at ? { tag: `${sayValue('kind', kind)} · ${words.formats.moment(at)}` } : {}),
		};
	}
	case 'reminder.due': return { icon: 'bell', tone: 'orange', title: t('timeline.reminded'), ...textOf(str(data, 'subject')) };
	case 'record.tagged': {
		const tags = Array.isArray(data['tags']) ? (data['tags'] as Array<{ label?: string }>).map((one) => one.label).filter(Boolean).join(', ') : '';
		return { icon: 'tag', tone: 'grey', title: t('timeline.tagged'), text: tags || t('timeline.nothing') };
	}
	case 'deal.updated': return { icon: 'pencil', tone: 'grey', title: t('timeline.deal_updated'), changes: dealChanges(words, data) };
	case 'deal.converted': return { icon: 'building', tone: 'green', title: t(data['account_id'] ? 'timeline.converted' : 'timeline.converted_person'), ...textOf([str(data, 'account_name'), str(data, 'contact_name')].filter(Boolean).join(' · ')) };
	case 'file.added':
	case 'file.removed':
	case 'file.restored': return { icon: entry.type === 'file.removed' ? 'trash' : 'clip', tone: entry.type === 'file.removed' ? 'grey' : 'blue', title: t(entry.type === 'file.added' ? 'timeline.file_added' : entry.type === 'file.removed' ? 'timeline.file_removed' : 'timeline.file_restored'), ...textOf(str(data, 'name')) };
	case 'mail.sent':
	case 'mail.received':
	case 'mail.assigned':
	case 'mail.unassigned':
	case 'mail.failed': {
		const failed = entry.type === 'mail.failed';
		const title = failed ? (MAIL_FAILED[str(data, 'state') ?? ''] ?? 'timeline.mail_dropped')
			: entry.type === 'mail.sent' ? 'timeline.mail_sent' : entry.type === 'mail.assigned' ? 'timeline.mail_assigned' : entry.type === 'mail.unassigned' ? 'timeline.mail_unassigned' : data['machine'] === true ? 'timeline.mail_automatic' : 'timeline.mail_received';
		const whom = [str(data, 'name'), str(data, 'email')].filter(Boolean).join(' · ');
		return { icon: failed ? 'alert' : 'mail', tone: failed ? 'red' : entry.type === 'mail.sent' ? 'blue' : 'green', title: t(title), ...textOf([str(data, 'subject'), str(data, 'reason')].filter(Boolean).join('\n')), ...(whom ? { tag: whom } : {}) };
	}
	case 'account.created': return { icon: 'building', tone: 'blue', title: t('timeline.account'), ...textOf(str(data, 'name')) };
	case 'account.updated': return { icon: 'pencil', tone: 'grey', title: t('timeline.account_updated'), changes: theirChanges(words, 'account', data) };
	case 'contact.merged':
	case 'account.merged': return { icon: 'users', tone: 'blue', title: t('timeline.merged', { name: str(data, 'loser_name') ?? '', number: Number(data['loser_number']) }) };
	case 'contact.unmerged':
	case 'account.unmerged': return { icon: 'users', tone: 'grey', title: t('timeline.unmerged', { name: str(data, 'name') ?? '', other: str(data, 'loser_name') ?? '' }) };
	case 'contact.created': return { icon: 'user', tone: 'blue', title: t('timeline.contact'), ...textOf(contactLine(data)) };
	case 'contact.updated': return { icon: 'pencil', tone: 'orange', title: t('timeline.contact_updated'), changes: theirChanges(words, 'contact', data) };
	case 'linked.added':
	case 'linked.changed':
	case 'linked.removed':
	case 'linked.restored': {
		const kind = str(data, 'kind') ?? 'other';
		const status = str(data, 'status');
		const added = entry.type === 'linked.added';
		const word = added ? 'timeline.linked_added' : entry.type === 'linked.changed' ? 'timeline.linked_changed' : entry.type === 'linked.removed' ? 'timeline.linked_removed' : 'timeline.linked_restored';
		const changes = changesOf(words, data) ?? [];
		return {
			icon: linkedIcon(kind), tone: entry.type === 'linked.removed' ? 'grey' : 'blue', title: t(word, { kind: sayValue('linked_kind', kind) }),
			...textOf([str(data, 'title'), isMoney(data['amount']) ? words.formats.money(data['amount']) : undefined, str(data, 'system') === 'manual' ? undefined : str(data, 'system')].filter(Boolean).join(' · ')), ...(status && added ? { tag: status } : {}), ...(changes.length ? { changes } : {}),
		};
	}
	case 'location.added': return { icon: 'pin', tone: 'blue', title: t('timeline.location_added'), ...textOf(placeLine(data)) };
	case 'location.changed': return { icon: 'pin', tone: 'grey', title: t('timeline.location_changed'), ...textOf(str(data, 'name')), changes: theirChanges(words, 'place', data) };
	case 'location.removed': return { icon: 'trash', tone: 'grey', title: t('timeline.location_removed'), ...textOf(str(data, 'name')) };
	case 'location.restored': return { icon: 'pin', tone: 'blue', title: t('timeline.location_restored'), ...textOf(str(data, 'name')) };
	case 'contact.trashed':
	case 'account.trashed': return { icon: 'trash', tone: 'grey', title: t('timeline.trashed') };
	case 'contact.restored':
	case 'account.restored': return { icon: 'history', tone: 'grey', title: t('timeline.restored') };
	case 'lead.contact_linked': return { icon: 'link', tone: 'grey', title: data['contact_id'] ? t('timeline.linked') : t('timeline.not_linked'), ...textOf(str(data, 'name')) };
	case 'lead.updated': return { icon: 'pencil', tone: 'grey', title: t('timeline.lead_updated'), changes: changesOf(words, data) };
	case 'lead.qualified': return { icon: 'check', tone: 'green', title: t('timeline.lead_status', { status: sayValue('lead_status', 'Qualified') }) };
	default: return tellMoney(entry.type, data, t, words.formats) ?? { icon: 'bolt', tone: 'grey', title: t('timeline.other'), text: entry.type };
	}
}

const BOOKING: Readonly<Record<string, 'timeline.booking_cancelled' | 'timeline.booking_no_show' | 'timeline.booking_showed'>> = { cancelled: 'timeline.booking_cancelled', no_show: 'timeline.booking_no_show', showed: 'timeline.booking_showed' };
const MAIL_FAILED: Record<string, 'timeline.mail_bounced' | 'timeline.mail_dropped' | 'timeline.mail_complained' | 'timeline.mail_unknown'> = {
	bounced: 'timeline.mail_bounced', dropped: 'timeline.mail_dropped', complained: 'timeline.mail_complained', unknown: 'timeline.mail_unknown',
};
const textOf = (text: string | undefined) => text ? { text } : {};
const placeLine = (data: EventData) => [str(data, 'name'), sayValue('place_type', str(data, 'type') ?? '')].filter(Boolean).join(' · ') || undefined;
const contactLine = (data: EventData) => [str(data, 'name') ?? [str(data, 'first_name'), str(data, 'last_name')].filter(Boolean).join(' '), str(data, 'email')].filter(Boolean).join(' · ') || undefined;

/* which lines of the story are told: all, what was said and done with them, where the deal stood, what was changed */
const PARTS = { all: null, contact: 'activity', stage: 'stage', changes: 'change,made' } as const;
type Part = keyof typeof PARTS;

/* the story below is what one came for */
const FEW = 3;

function Planned({ about, onEdit }: { about: About; onEdit(one: Activity): void }) {
	const t = useT();
	const { data } = useActivities({ [`${about.kind}_id`]: about.id, done: 0, limit: 50 });
	const open = useMemo(() => (data?.pages ?? []).flatMap((page) => page.data).filter((one) => !one.done_at && (one.due_at !== null || one.kind === 'task')), [data]);
	const [whole, setWhole] = useState(false);
	if (!open.length)
		return null;
	const few = open.length > FEW + 1 && !whole;
	return (
		<section className="planned" aria-label={t('timeline.planned_title')}>
			<h3 className="timeline-day">{t('timeline.planned_title')} <span className="tab-count num">{open.length}</span></h3>
			<ActivityList label={t('timeline.planned_title')} rows={few ? open.slice(0, FEW) : open} onEdit={onEdit} showAbout={about.kind === 'contact' || about.kind === 'account'} />
			{few && <Button kind="quiet" onClick={() => setWhole(true)}>{t('calendar.more', { count: open.length - FEW })}</Button>}
		</section>
	);
}

export function TimelineTab({ deal, stages, onEdit }: { deal: Card; stages: readonly Stage[]; onEdit(one: Activity): void }) {
	return <Story about={useMemo(() => ({ kind: 'deal', id: deal.id }), [deal.id])} workspaceId={deal.workspace_id} leadId={deal.lead_id} source={deal.source} stages={stages} onEdit={onEdit} />;
}

/* the story of a record of any kind: a person's holds that of their deals as well, a company's that of its people */
export function Story({ about, workspaceId, leadId = null, source = null, stages, onEdit }: { about: About; workspaceId: Id; leadId?: Id | null; source?: string | null; stages: readonly Stage[]; onEdit(one: Activity): void }) {
	const t = useT();
	const [part, setPart] = useState<Part>('all');
	const language = useLanguage();
	const { formats, me, slug } = useScope();
	const members = useMemberNames(slug);
	const { data, error, isPending, hasNextPage, fetchNextPage, isFetchingNextPage, refetch } = useTimeline(about.id, PARTS[part], about.kind);
	const entries = useMemo(() => {
		const seen = new Set<string>();
		return (data?.pages ?? []).flatMap((page) => page.data).filter((entry) => !seen.has(entry.id) && seen.add(entry.id));
	}, [data]);
	const days = useMemo(() => {
		const out: Array<{ key: string; at: string; entries: TimelineEntry[] }> = [];
		for (const entry of entries) {
			const key = formats.dayKey(entry.at);
			const last = out[out.length - 1];
			if (last?.key === key)
				last.entries.push(entry);
			else
				out.push({ key, at: entry.at, entries: [entry] });
		}
		return out;
	}, [entries, formats]);
	const people = useMemo(() => new Map(entries.flatMap((entry) => entry.actor?.name ? [[entry.actor.id, entry.actor.name] as const] : [])), [entries]);
	const { data: lead } = useLead(leadId);
	const fields = useFieldWords(workspaceId);
	const words: Words = {
		workspace: workspaceId, record: about.id, language,
		fields,
		lead: lead ?? null, source,
		t, formats, stages,
		names: (id) => members.get(id) ?? people.get(id) ?? (id === me.user.id ? me.user.name : undefined),
		stageName: (stage) => stage ? labelOf(stage.label, language, stage.key) : t('timeline.unknown_stage'),
	};
	if (isPending)
		return <div className="timeline">{[64, 88, 64].map((height, at) => <Skeleton key={at} h={height} style={{ borderRadius: 10, marginBottom: 12 }} />)}</div>;
	if (error && !data)
		return <Empty icon="alert" title={t('timeline.failed')} level={3}><p>{problemText(error)}</p><Button icon="refresh" onClick={() => void refetch()}>{t('error.retry')}</Button></Empty>;
	if (!entries.length && part === 'all')
		return <Empty icon="history" title={t('timeline.empty')} level={3}><p>{t('timeline.empty_text')}</p></Empty>;
	const today = formats.dayKey(new Date().toISOString());
	const yesterday = formats.dayKey(new Date(Date.now() - 86_400_000).toISOString());
	return (
		<div className="timeline">
			<Planned about={about} onEdit={onEdit} />
			<div className="timeline-parts"><Segments<Part> label={t('timeline.parts')} value={part} onChange={setPart} choices={[
				{ value: 'all', label: t('timeline.part_all') }, { value: 'contact', label: t('timeline.part_contact') }, { value: 'stage', label: t('timeline.part_stage') }, { value: 'changes', label: t('timeline.part_changes') },
			]} /><Link to={'/decisions' as never} search={((old: { workspace?: string }) => ({ ...(old.workspace ? { workspace: old.workspace } : {}), record: about.id })) as never} className="btn btn-quiet"><Icon name="bolt" />{t('settings.automations')}</Link></div>
			{!entries.length && !hasNextPage && <p className="muted">{t('timeline.part_none')}</p>}
			{days.map((day) => (
				<section key={day.key} aria-label={formats.date(day.at)}>
					<h3 className="timeline-day">{day.key === today ? t('timeline.today') : day.key === yesterday ? t('timeline.yesterday') : formats.date(day.at)}</h3>
					<ol>{day.entries.map((entry) => <Entry key={entry.id} entry={entry} words={words} onEdit={onEdit} />)}</ol>
				</section>
			))}
			{hasNextPage && <div className="column-more"><Button kind="quiet" onClick={() => void fetchNextPage()} disabled={isFetchingNextPage}>{t(isFetchingNextPage ? 'common.loading' : 'common.more')}</Button></div>}
		</div>
	);
}

/* what the customer did themselves, nobody of us did */
const theirs = ({ type, data }: TimelineEntry): string | undefined => type === 'mail.received' ? str(data, 'name') ?? str(data, 'email')
	: type === 'quote.accepted' ? str(data, 'by') : /^(quote\.(viewed|declined)|invoice\.viewed)$/.test(type) ? str(data, 'name') : undefined;

function Entry({ entry, words, onEdit }: { entry: TimelineEntry; words: Words; onEdit(one: Activity): void }) {
	const { t, formats } = words;
	/* told as it is now; one that was removed is only put back */
	const activity = entry.type === 'activity.added' && !entry.data['removed_at'] ? entry.id : undefined;
	const may = useScope().mayEdit(words.workspace);
	const withIt = (act: (one: Activity) => void) => () => {
		if (activity)
			api<Activity>('GET', `/api/crm/activities/${activity}`).then(act, (fault) => toast.error(t('activity.failed'), problemText(fault)));
	};
	const told = tell(entry, words);
	const who = entry.actor?.rule ? t('timeline.rule', { name: entry.actor.name ?? '' }) : entry.actor?.name ?? words.fields.actor(entry.actor?.id) ?? theirs(entry);
	const photos = useMemberPhotos(useScope().slug);
	return (
		<li className="entry">
			<span className={told.dot ? `kind entry-kind ${told.dot}` : `entry-icon entry-${told.tone}`}><Icon name={told.icon} size={15} /></span>
			<div className="entry-card">
				<div className="entry-head">
					<span className="entry-title">{told.title}</span>
					{told.tag && <span className="tag tag-accent"><span className="cut">{told.tag}</span></span>}
					<time className="entry-time num" dateTime={entry.at} title={formats.moment(entry.at)}>{formats.time(entry.at)}</time>
					{activity && may && <Menu label={t('activity.menu', { name: told.title })} align="end" width={200} entries={[
						{ key: 'edit', icon: 'pencil', label: t('activity.edit'), onSelect: withIt(onEdit) },
						{ key: 'remove', icon: 'trash', label: t('activity.remove'), onSelect: withIt((one) => void removeActivity(one, nameOf(one, sayValue('kind', one.kind)))) },
					]} target={<IconButton icon="dots" small label={t('activity.menu', { name: told.title })} />} />}
				</div>
				{told.move && (
					<p className="entry-move">
						{told.move.from && <><StageName stage={told.move.from} words={words} /><Icon name="arrow" size={14} /><span className="hidden-text">{t('timeline.to')}</span></>}
						<StageName stage={told.move.to} words={words} />
					</p>
				)}
				{told.changes && told.changes.length > 0 && (
					<dl className="entry-changes">
						{told.changes.map((change, at) => (
							<div key={at}>
								<dt>{change.field}</dt>
								<dd><del><span className="hidden-text">{t('timeline.was')} </span>{change.old}</del><Icon name="arrow" size={13} /><ins><span className="hidden-text">{t('timeline.is')} </span>{change.new}</ins></dd>
							</div>
						))}
					</dl>
				)}
				{told.text && told.rich && <div className="entry-text"><Suspense fallback={<AsWritten text={told.text} workspaceId={words.workspace} />}><RichText text={told.text} workspaceId={words.workspace} /></Suspense></div>}
				{told.text && !told.rich && <p className="entry-text prewrap"><MentionText text={told.text} workspaceId={words.workspace} /></p>}
				<p className="entry-who">{entry.actor?.rule ? <><span className="avatar hue-7"><Icon name="bolt" size={12} /></span><Link to={'/decisions' as never} search={((old: { workspace?: string }) => ({ ...(old.workspace ? { workspace: old.workspace } : {}), record: words.record, rule: entry.actor?.id ?? '' })) as never} className="link">{who}</Link></> : who ? <><Avatar name={who} photo={photos.get(entry.actor?.id ?? '')} />{who}</> : <><span className="avatar hue-7"><Icon name="bolt" size={12} /></span>{t('timeline.system')}</>}</p>
			</div>
		</li>
	);
}

const AsWritten = ({ text, workspaceId }: { text: string; workspaceId: Id | null }) => <p className="prewrap"><MentionText text={text} workspaceId={workspaceId} /></p>;

function StageName({ stage, words }: { stage: Stage | null; words: Words }) {
	return <span className="stage-name"><span className={`dot stage-${stage?.colour ?? 'grey'}`} />{words.stageName(stage)}</span>;
}
