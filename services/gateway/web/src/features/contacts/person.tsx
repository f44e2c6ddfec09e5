/* A person, whole: their story, deals and conversation on tabs, and beside them how to reach them, what to write down and their files.
   The address says who and which tab; what opens over the page (a deal, a colleague's card) has its own part of it. */
import { useParams } from '@tanstack/react-router';
import { lazy, type ReactNode, Suspense, useId, useMemo, useState } from 'react';
import { useItems, useOwnFields, useSetPipelines } from '../../api/boards';
import { useHeardOf } from '../../api/heard';
import { keys, queryClient, useFiles, useMemberNames } from '../../api/queries';
import type { Id, Stage } from '../../api/types';
import { problemText } from '../../app/problems';
import { useAppSearch, useGo, useScope, useWorkspaceName } from '../../app/scope';
import { farWords, labelOf, useLanguage, useT } from '../../i18n';
import { Facts, Skeleton, TabPanel, Tabs, Tile } from '../../ui/bits';
import { PinButton } from '../search/pins';
import { Button, IconButton } from '../../ui/button';
import { Icon } from '../../ui/icons';
import { HelpLink } from '../../ui/page';
import { toast } from '../../ui/toast';
import { useNarrow } from '../../ui/width';
import { AddMenu } from '../activities/add';
import { useActivityDialog } from '../activities/list';
import type { About } from '../activities/model';
import { Mail, Phone, ReachButtons, whomOf } from '../activities/reach';
import { TagsOf } from '../activities/tags';
import { mayChat, useUnread } from '../chat/live';
import { ChatTab } from '../chat/tab';
import { Files, useAddFiles } from '../deals/files-tab';
import { Story } from '../deals/timeline-tab';
import { countOf, useLinked } from '../linked/model';
import { MailTab } from '../mail/ask';
import { RecordLink } from '../search/hits';
import { RecordPage } from '../search/record-page';
import { PersonActions } from './actions';
import { DealsOf, useDealsOf } from './deals-of';
import { STATUS_TONE, TONE } from './kinds';
import { type Contact as Row, contactsChanged, saveContact, useContact } from './model';
import { ownSaid } from '../fields/said';
import '../deals/panel.css';
import './person.css';

const HistoryOf = lazy(() => import('./history').then((module) => ({ default: module.HistoryOf })));
const LinkedOf = lazy(() => import('../linked/list').then((module) => ({ default: module.LinkedOf })));
const Write = lazy(() => import('./write').then((module) => ({ default: module.Write })));
/* one alone says how long nobody spoke to them */
type Contact = Row & { days_without_contact?: number; last_contact_at?: string | null };

const ContactForm = lazy(() => import('./form').then((module) => ({ default: module.ContactForm })));

const MoneyOf = lazy(() => Promise.all([import('../documents/money-of'), farWords()]).then(([module]) => ({ default: module.MoneyOf })));

const MergesOf = lazy(() => Promise.all([import('../duplicates/merges-of'), farWords()]).then(([module]) => ({ default: module.MergesOf })));

const WORDS = { record: 'record.contact', gone: 'contact.gone', gone_text: 'contact.gone_text', to_list: 'contact.to_list' } as const;

export function PersonPage() {
	const { contact: id } = useParams({ strict: false }) as { contact: string };
	const found = useContact<Contact>(id, useScope().reads);
	return <RecordPage id={id} found={found} type="contact" list="/contacts" words={WORDS} heights={[72, 96, 72]} sub={(person) => [person.company, person.email]}>{(person) => <Person key={person.id} person={person} />}</RecordPage>;
}

function Person({ person }: { person: Contact }) {
	const t = useT();
	const go = useGo();
	const idBase = useId();
	const { me, reads, mayEdit } = useScope();
	const { view, message } = useAppSearch();
	const narrow = useNarrow(900);
	const { ask, dialog } = useActivityDialog();
	const [editing, setEditing] = useState(false);
	const may = mayEdit(person.workspace_id);
	const workspace = me.workspaces.find((one) => one.id === person.workspace_id)?.slug ?? '';
	const about = useMemo((): About => ({ kind: 'contact', id: person.id, title: person.name }), [person.id, person.name]);
	const whom = whomOf('contact', person);
	const talks = mayChat(me, person.workspace_id);
	const unread = useUnread(reads, talks, person.id);
	const deals = useDealsOf(person.id, workspace);
	const files = useFiles(person.id, 'contact');
	const linked = useLinked({ kind: 'contact', id: person.id });
	const many = (kind: 'project' | 'ticket') => countOf(linked.data?.pages[0], [kind]);
	/* what happened to them or to one of their deals is in the story a moment later */
	useHeardOf([person.id, ...(deals.data ?? []).map((one) => one.id)], () => {
		void queryClient.invalidateQueries({ queryKey: keys.timeline(person.id) });
		void queryClient.invalidateQueries({ queryKey: ['contact', person.id] });
	});
	const { data: pipelines } = useSetPipelines(workspace || null);
	const stages = useMemo(() => (pipelines ?? []).filter((one) => one.workspace_id === person.workspace_id).flatMap((one) => one.stages)
		.map((stage): Stage => ({ ...stage, count: stage.deals, sums: [], cards: [], next: null })), [pipelines, person.workspace_id]);
	const tabs = [
		{ key: 'timeline', label: t('deal.timeline') },
		{ key: 'deals', label: t('search.deals'), count: deals.total },
		{ key: 'projects', label: t('linked_kinds.project'), count: many('project') },
		{ key: 'tickets', label: t('linked_kinds.ticket'), count: many('ticket') },
		...(talks ? [{ key: 'chat', label: t('nav.chat'), ...(unread ? { count: unread } : {}) }] : []),
		{ key: 'mail', label: t('mail.title') },
		{ key: 'money', label: t('money.tab') },
		{ key: 'files', label: t('deal.files'), count: files.data?.length },
		{ key: 'history', label: t('deal.history') },
		...(narrow ? [{ key: 'about', label: t('deal.about') }] : []),
	];
	const active = tabs.some((one) => one.key === view) ? (view as string) : 'timeline';
	const side = (
		<>
			<AboutPerson person={person} onEdit={may ? () => setEditing(true) : null} />
			{!narrow && <Attachments person={person} onShow={() => go.search({ view: 'files', message: undefined }, true)} />}
			<Suspense fallback={null}><MergesOf id={person.id} workspace={person.workspace_id} may={may} /></Suspense>
			{may && <Suspense fallback={<Skeleton h={320} />}><Write about={about} workspace={workspace} /></Suspense>}
		</>
	);
	return (
		<div className="leads-page">
			<header className="page-head">
				<Tile name={person.name} size={40} />
				<div className="page-title">
					<div className="title-line"><h1>{person.name}</h1><PinButton type="contact" id={person.id} /><HelpLink page="contact" title={t('record.contact')} />{person.archived_at && <span className="tag">{t('contacts.archived_label')}</span>}</div>
					<p className="page-sub">{[person.job_title, person.company].filter(Boolean).join(' · ') || t('record.contact')}<span className="num"> · {t('deal.number', { number: person.number })}</span></p>
				</div>
				<div className="panel-actions">
					<ReachButtons phone={person.phone} email={person.email} whom={whom} />
					{may && <AddMenu ask={ask} about={about} workspace={workspace} compact />}
					{may && <PersonActions person={person} onEdit={() => setEditing(true)} />}
				</div>
			</header>
			<div className="panel-columns whole">
				<div className="panel-centre">
					<Tabs tabs={tabs} active={active} idBase={idBase} label={t('contact.tabs')} onSelect={(key) => go.search({ view: key === 'timeline' ? undefined : key, message: undefined }, true)} />
					<TabPanel idBase={idBase} tab={active} className={active === 'chat' ? 'panel-tab panel-chat' : 'panel-tab scroll'}>
						{active === 'timeline' && <Story about={about} workspaceId={person.workspace_id} stages={stages} onEdit={(activity) => ask({ mode: 'plan', kind: activity.kind, about: activity.about, workspace, activity })} />}
						{active === 'deals' && <DealsOf deals={deals} workspace={workspace} />}
						{active === 'projects' && <Suspense fallback={<Skeleton h={48} />}><LinkedOf whose={{ kind: 'contact', id: person.id }} workspaceId={person.workspace_id} kinds={['project']} title={t('linked_kinds.project')} level={2} /></Suspense>}
						{active === 'tickets' && <Suspense fallback={<Skeleton h={48} />}><LinkedOf whose={{ kind: 'contact', id: person.id }} workspaceId={person.workspace_id} kinds={['ticket']} title={t('linked_kinds.ticket')} level={2} /></Suspense>}
						{active === 'chat' && <ChatTab room={{ kind: 'contact', id: person.id, workspace }} message={message ?? null} label={person.name} />}
						{active === 'mail' && <MailTab about={about} workspaceId={person.workspace_id} email={person.email} name={person.name} />}
						{active === 'money' && <Suspense fallback={<Skeleton h={96} />}><MoneyOf of={{ kind: 'contact', id: person.id }} workspaceId={person.workspace_id} /></Suspense>}
						{active === 'files' && <Files of="contact" id={person.id} workspaceId={person.workspace_id} />}
						{active === 'history' && <Suspense fallback={<Skeleton h={180} />}><HistoryOf of="contact" id={person.id} version={person.version} workspaceId={person.workspace_id} /></Suspense>}
						{active === 'about' && side}
					</TabPanel>
				</div>
				{!narrow && <aside className="panel-side panel-right scroll" aria-label={t('deal.about')} tabIndex={0}>{side}</aside>}
			</div>
			<Suspense fallback={null}>{editing && <ContactForm contact={person} onClose={() => setEditing(false)} />}</Suspense>
			{dialog}
		</div>
	);
}

/* the newest of their files, and the place for one more */
function Attachments({ person, onShow }: { person: Contact; onShow(): void }) {
	const t = useT();
	const { formats } = useScope();
	const { data } = useFiles(person.id, 'contact');
	const { drop, over, button } = useAddFiles('contact', person.id, person.workspace_id);
	return (
		<section aria-label={t('deal.files')} {...drop} className={over ? 'files-over' : undefined}>
			<div className="side-head"><h2>{t('deal.files')}</h2>{button}</div>
			{!data ? <Skeleton h={40} /> : data.length === 0 ? <p className="muted small">{t('files.drop')}</p> : <ul className="hits">{data.slice(0, 4).map((file) => (
				<li key={file.id}><a className="hit" href={`/api/crm/files/${file.id}?inline=1`} target="_blank" rel="noreferrer"><span className={`file-icon${/pdf$/.test(file.type) ? ' file-pdf' : ''}`}><Icon name={/pdf$/.test(file.type) ? 'pdf' : /^image/.test(file.type) ? 'photo' : 'file'} size={20} /></span><span className="hit-text"><span className="hit-title cut">{file.name}</span><span className="hit-sub cut num">{formats.size(file.size)} · {formats.date(file.at)}</span></span></a></li>
			))}</ul>}
			{(data?.length ?? 0) > 4 && <Button kind="quiet" onClick={onShow}>{t('files.all', { count: data?.length ?? 0 })}</Button>}
		</section>
	);
}

function AboutPerson({ person, onEdit }: { person: Contact; onEdit: (() => void) | null }) {
	const t = useT();
	const { formats, reads, me } = useScope();
	const workspaceName = useWorkspaceName();
	const names = useMemberNames(reads);
	const language = useLanguage();
	const slug = me.workspaces.find((one) => one.id === person.workspace_id)?.slug ?? null;
	const item = (useItems(slug).data ?? []).find((one) => one.catalogue === 'contact_status' && one.key === person.status);
	const status = item ? labelOf(item.label, language, item.key) : person.status;
	/* the workspace's own fields that say something */
	const own = (useOwnFields(slug, 'contact').data ?? []).filter((one) => !one.retired && person.custom[one.key] !== undefined && person.custom[one.key] !== null).sort((a, b) => a.position - b.position);
	const none: ReactNode = <span className="muted">—</span>;
	/* by the version that is looked at; undone it belongs to nobody again */
	const link = async (body: { user_id: Id | undefined } | { company: string | null; company_account: true }) => {
		const back = 'user_id' in body ? { user_id: null } : { account_id: null };
		try {
			await saveContact(person, slug, body, person.version);
			toast.ok(t('contact.linked_now'), { label: t('common.undo'), hotkey: 'Z', run: () => void saveContact(person, slug, back, null).catch((fault: unknown) => toast.error(t('deal.not_saved'), problemText(fault))) });
		} catch (fault) {
			toast.error(t('deal.not_saved'), problemText(fault));
			await contactsChanged(person.id);
		}
	};
	return (
		<section aria-label={t('deal.about')}>
			<div className="side-head"><h2>{t('deal.about')}</h2>{onEdit && <IconButton icon="pencil" small label={t('contact.edit')} onClick={onEdit} />}</div>
			<Facts rows={[
				{ key: 'type', label: t('field.type'), value: <span className="status"><span className={`dot ${TONE[person.type]}`} />{t(`contact_type.${person.type}`)}</span> },
				...(person.status ? [{ key: 'status', label: t('field.status'), value: <span className="status"><span className={`dot ${STATUS_TONE[person.status] ?? 'stage-grey'}`} />{status}</span> }] : []),
				{ key: 'email', label: t('field.email'), value: person.email ? <Mail email={person.email} whom={whomOf('contact', person)} /> : none },
				...person.emails.map((one) => ({ key: `email ${one.value}`, label: one.label || t('contact.emails'), value: <Mail email={one.value} whom={whomOf('contact', person)} /> })),
				{ key: 'phone', label: t('field.phone'), value: person.phone ? <Phone phone={person.phone} whom={whomOf('contact', person)} /> : none },
				...person.phones.map((one) => ({ key: `phone ${one.value}`, label: one.label || t('contact.phones'), value: <Phone phone={one.value} whom={whomOf('contact', person)} /> })),
				{ key: 'company', label: t('field.company'), value: person.company ? <>{person.company}{onEdit && !person.account_id && <Button kind="quiet" onClick={() => void link({ company: person.company, company_account: true })}>{t('contact.company_link')}</Button>}</> : none },
				{ key: 'account', label: t('field.account'), value: person.account_id && person.account_name ? <RecordLink type="client" id={person.account_id} className="link">{person.account_name}</RecordLink> : none },
				...(person.days_without_contact === undefined ? [] : [{ key: 'quiet', label: t('metrics.quiet'), value: <span className="num">{formats.number(person.days_without_contact)}{person.last_contact_at && <span className="muted"> · {formats.moment(person.last_contact_at)}</span>}</span> }]),
				{ key: 'owner', label: t('field.owner'), value: (person.owner_id && names.get(person.owner_id)) || none },
				...(person.user_id ? [{ key: 'login', label: t('field.user_id'), value: names.get(person.user_id) ?? t('timeline.someone') }]
					: person.user_suggested ? [{ key: 'login', label: t('field.user_id'), value: <>{t('contact.login_suggested', { name: person.user_suggested.name })}{onEdit && <Button kind="quiet" onClick={() => void link({ user_id: person.user_suggested?.id })}>{t('contact.login_link')}</Button>}</> }] : []),
				...own.map((one) => ({ key: `custom.${one.key}`, label: labelOf(one.label, language, one.key), value: ownSaid(one, person.custom[one.key], language, formats, t) })),
				...(person.notes ? [{ key: 'notes', label: t('field.notes'), value: <span className="prewrap">{person.notes}</span> }] : []),
				{ key: 'tags', label: t('tags.title'), value: <TagsOf kind="contact" id={person.id} workspaceId={person.workspace_id} /> },
				...(me.workspaces.length > 1 ? [{ key: 'workspace', label: t('field.workspace'), value: workspaceName(person.workspace_id) }] : []),
				{ key: 'created', label: t('field.created'), value: <span className="num">{formats.moment(person.created_at)}</span> },
			]} />
		</section>
	);
}
