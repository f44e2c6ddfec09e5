/* Search and jump, on `/` or Ctrl+K: records as the services find them, what was opened last, every page and what can be done. One
   list, walked by arrows, opened by Enter. Enter before the answer to what was typed has come goes to the page of all results,
   never to a hit of an older text. */
import { useNavigate, useRouterState } from '@tanstack/react-router';
import { type KeyboardEvent, useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { takeEarly } from '../../app/early';
import type { Actions } from '../../app/hotkeys';
import { keyNames } from '../../app/keys';
import { usePlaces } from '../../app/places';
import { setLanguage, setTheme, usePrefs } from '../../app/prefs';
import { problemText } from '../../app/problems';
import { type AppSearch, useGo, useScope, useWorkspaceName } from '../../app/scope';
import { sayValue, useT } from '../../i18n';
import { fold, wordsOf } from '../../lib/marks';
import { Tile } from '../../ui/bits';
import { Dialog } from '../../ui/dialog';
import { Icon, type IconName } from '../../ui/icons';
import { Marked } from '../../ui/marked';
import { SETTINGS } from '../settings/layout';
import { GROUP_TITLE, type Hit, HIT_KINDS, type HitKind, isAsked, pageOf, type HitType, placeOf, useFind } from './find';
import { usePinned } from './pins';
import { recentOf, rememberAsked } from './recent';
import '../../ui/table.css';
import './palette.css';

interface Entry { key: string; group: string; icon?: IconName; tile?: string; title: string; text?: string; end?: string; keys?: string; found?: boolean; run(): void }

const MOST = 5;
const ORDER: HitKind[] = ['opportunities', 'leads', 'accounts', 'contacts', 'quotes', 'invoices', 'orders', 'linked'];

export function Palette({ opened, onClose, actions }: { opened: boolean; onClose(): void; actions: Actions }) {
	const t = useT();
	return <Dialog opened={opened} onClose={onClose} title={t('search.title')} closeLabel={t('common.close')} size={640}><Search opened={opened} onClose={onClose} actions={actions} /></Dialog>;
}

function useSlow(value: string): string {
	const [slow, setSlow] = useState(value);
	useEffect(() => {
		const timer = setTimeout(() => setSlow(value), 130);
		return () => clearTimeout(timer);
	}, [value]);
	return slow;
}

/* every place one may go to and every thing one may do, each by a word of its name */
function useCommands(actions: Actions): Entry[] {
	const t = useT();
	const go = useGo();
	const navigate = useNavigate();
	const scope = useScope();
	const prefs = usePrefs();
	const { day, tabs, more } = usePlaces(scope);
	const here = useRouterState({ select: (state) => state.location.pathname });
	return useMemo(() => {
		const open = (to: string) => () => void navigate({ to, search: (old: AppSearch) => (old.workspace ? { workspace: old.workspace } : {}) } as never);
		const pages = t('search.go');
		const acts = t('search.do');
		const keysOf: Record<string, string> = { '/deals/board': 'G B', '/leads': 'G L', '/settings': 'G S', '/home': 'G M', '/tasks': 'G K', '/chat': 'G V', '/deals/calendar': 'G C', '/dashboard': 'G D' };
		const fill = scope.mayEdit(scope.workspace?.id);
		const { me } = scope;
		const toPages: Entry[] = [
			...[...day, ...tabs, ...more].filter(({ page }) => page !== '/settings').map((place): Entry => ({ key: `p${place.key}`, group: pages, icon: place.icon, title: t(place.label), keys: keysOf[place.page] ?? '', run: open(place.page) })),
			{ key: 'duplicates', group: pages, icon: 'users', title: t('duplicates.title'), run: open('/duplicates') },
			{ key: 'trash', group: pages, icon: 'trash', title: t('trash.title'), run: open('/trash') },
			...(fill ? [{ key: 'import', group: pages, icon: 'import' as const, title: t('header.import'), run: open('/crm/import') }] : []),
			{ key: 'search', group: pages, icon: 'search', title: t('nav.search'), keys: 'G F', run: open('/search') },
			{ key: 'news', group: pages, icon: 'bell', title: t('nav.notifications'), keys: 'G N', run: open('/notifications') },
			{ key: 'profile', group: pages, icon: 'profile', title: t('nav.profile'), keys: 'G P', run: open('/profile') },
			{ key: 'help', group: pages, icon: 'help', title: t('nav.help'), keys: 'G H', run: open('/help') },
			{ key: 'docs', group: pages, icon: 'api', title: t('docs.title'), run: open('/api/docs') },
			...SETTINGS.filter((one) => one.may(scope)).map((one): Entry => ({ key: one.to, group: pages, icon: one.icon, title: `${t('nav.settings')}: ${t(one.label)}`, run: open(one.to) })),
		];
		const toDo: Entry[] = [
			/* N makes what the page has a record of: only there it stands beside it */
			...(fill ? [
				{ key: 'new', group: acts, icon: 'plus' as const, title: t('lead.new'), keys: actions.makesOwn() ? '' : 'N', run: actions.newLead },
				{ key: 'new-contact', group: acts, icon: 'plus' as const, title: t('contact.new'), keys: here === '/contacts' ? 'N' : '', run: () => actions.makeAt('/contacts') },
			] : []),
			{ key: 'theme', group: acts, icon: prefs.scheme === 'dark' ? 'sun' : 'moon', title: t(prefs.scheme === 'dark' ? 'theme.to_light' : 'theme.to_dark'), keys: 'Shift D', run: () => setTheme(prefs.scheme === 'dark' ? 'light' : 'dark') },
			{ key: 'language', group: acts, icon: 'language', title: t(prefs.language === 'nl' ? 'language.to_en' : 'language.to_nl'), run: () => setLanguage(prefs.language === 'nl' ? 'en' : 'nl') },
			{ key: 'keys', group: acts, icon: 'keyboard', title: t('keys.title'), keys: '?', run: actions.sheet },
		];
		const group = t('workspace.switch');
		const toWorkspaces: Entry[] = me.workspaces.length < 2 ? [] : [
			...(scope.workspace ? [{ key: 'wall', group, icon: 'stack' as const, title: t('workspace.all'), run: () => go.workspace(null) }] : []),
			...me.workspaces.filter((one) => one.id !== scope.workspace?.id).map((one): Entry => ({ key: `w${one.id}`, group, tile: one.name, title: one.name, run: () => go.workspace(one.slug) })),
		];
		return [...toPages, ...toDo, ...toWorkspaces];
	}, [t, go, navigate, scope, prefs, day, tabs, more, actions, here]);
}

function Search({ opened, onClose, actions }: { opened: boolean; onClose(): void; actions: Actions }) {
	const t = useT();
	const go = useGo();
	const navigate = useNavigate();
	const { slug, me, formats } = useScope();
	const workspaceName = useWorkspaceName();
	const listId = useId();
	const [typed, setTyped] = useState('');
	const [at, setAt] = useState(0);
	const wanted = typed.trim();
	const q = useSlow(wanted);
	const list = useRef<HTMLDivElement>(null);
	const field = useRef<HTMLInputElement>(null);
	const ended = useRef(false);
	/* what was typed before the field stood; the field takes over the keys in the same moment */
	useLayoutEffect(() => {
		if (!opened)
			return;
		field.current?.focus({ preventScroll: true });
		const early = takeEarly();
		ended.current = early.done;
		setTyped((now) => `${now}${early.text}`.slice(0, 200));
	}, [opened]);
	const { data, error, isPlaceholderData } = useFind(q, MOST);
	const commands = useCommands(actions);
	const pinned = usePinned();
	const [recent] = useState(() => recentOf(me.user.id));
	const answered = isAsked(wanted) && data?.q === wanted && !isPlaceholderData;
	const words = useMemo(() => wordsOf(wanted), [wanted]);

	const entries = useMemo<Entry[]>(() => {
		const where = (id: string) => slug || me.workspaces.length < 2 ? '' : workspaceName(id);
		const all = () => {
			rememberAsked(me.user.id, wanted);
			void navigate({ to: '/search', search: (old: AppSearch) => ({ ...(old.workspace ? { workspace: old.workspace } : {}), q: wanted }) } as never);
		};
		const entry = (kind: HitKind, hit: Hit): Entry => ({
			key: `${kind}${hit.id}`, group: t(GROUP_TITLE[kind]), tile: hit.title, title: hit.title, found: true,
			text: [hit.near && t('search.similar'), hit.subtitle, where(hit.workspace_id)].filter(Boolean).join(' · '), end: hit.status ? sayValue('lead_status', hit.status) : hit.kind ? sayValue('linked_kind', hit.kind) : hit.total ? formats.money(hit.total) : `#${hit.number}`,
			run: () => {
				rememberAsked(me.user.id, wanted);
				const { type, id } = placeOf(kind, hit);
				show(type, id);
			},
		});
		const show = (type: HitType, id: string) => {
			const page = pageOf(type, id);
			if (page)
				go.anywhere(page);
			else
				go.search({ type, id, tab: undefined });
		};
		const hits: Entry[] = [];
		if (isAsked(wanted) && data) {
			/* a lead whose deal is in the list as well is there once */
			const deals = new Set(data.data.opportunities.map((hit) => hit.id));
			for (const kind of ORDER)
				hits.push(...data.data[kind].filter((hit) => kind !== 'leads' || !deals.has(hit.id)).slice(0, MOST).map((hit) => entry(kind, hit)));
		}
		if (isAsked(wanted))
			hits.push({ key: 'all', group: t('search.everything'), icon: 'search', title: t('search.all', { q: wanted }), run: all });
		if (!wanted) {
			const here = new Set(me.workspaces.map((one) => one.id));
			hits.push(...pinned.slice(0, 8).map((one): Entry => ({ key: `s${one.type}${one.id}`, group: t('pins.title'), tile: one.title, title: one.title, text: t(`pins.${one.type}`), ...(one.number ? { end: `#${one.number}` } : {}), run: () => show(one.type, one.id) })));
			hits.push(...recent.records.filter((one) => here.has(one.workspace_id) && !pinned.some((pin) => pin.id === one.id)).slice(0, 5).map((one): Entry => ({
				key: `r${one.id}`, group: t('search.recent'), tile: one.title, title: one.title, text: [one.text, where(one.workspace_id)].filter(Boolean).join(' · '), run: () => show(one.type, one.id),
			})), ...recent.asked.slice(0, 3).map((one): Entry => ({
				key: `q${one}`, group: t('search.recent'), icon: 'history', title: one, run: () => void navigate({ to: '/search', search: (old: AppSearch) => ({ ...(old.workspace ? { workspace: old.workspace } : {}), q: one }) } as never),
			})));
		}
		const begins = (title: string) => words.every((word) => ` ${fold(title).replace(/[^\p{L}\p{N}]+/gu, ' ')}`.includes(` ${word}`));
		hits.push(...commands.filter((one) => !wanted || (words.length > 0 && begins(one.title))));
		if (wanted)
			hits.push({ key: 'help-for', group: t('nav.help'), icon: 'help', title: t('search.in_help', { q: wanted }), run: () => void navigate({ to: '/help', search: (old: AppSearch) => ({ ...(old.workspace ? { workspace: old.workspace } : {}), q: wanted }) } as never) });
		return hits;
	}, [data, wanted, words, recent, pinned, commands, t, slug, me, formats, go, navigate, workspaceName]);

	useEffect(() => {
		setAt(0);
	}, [wanted]);
	useEffect(() => { list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' }); }, [at]);

	const run = (entry: Entry | undefined) => {
		if (!entry)
			return;
		onClose();
		/* the dialog gives the focus back first */
		setTimeout(entry.run, 160);
	};
	const onKey = (event: KeyboardEvent) => {
		const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
		if (step) {
			event.preventDefault();
			setAt((now) => entries.length ? (now + step + entries.length) % entries.length : 0);
		} else if (event.key === 'Enter') {
			event.preventDefault();
			const chosen = entries[at];
			run(isAsked(wanted) && !answered && (chosen?.found || at === 0) ? entries.find((one) => one.key === 'all') : chosen);
		}
	};
	useEffect(() => {
		if (!ended.current || !wanted)
			return;
		ended.current = false;
		run(entries.find((one) => one.key === 'all') ?? entries[0]);
	});
	const nothing = answered && HIT_KINDS.every((kind) => !data.data[kind].length);
	const note = error ? problemText(error) : answered && data.partial ? t('search.partial') : nothing ? t('search.nothing', { q: wanted }) : '';
	return (
		<div className="palette">
			<div className="find find-big">
				<Icon name="search" size={18} />
				<input ref={field} className="lw-input find-input" role="combobox" aria-expanded="true" aria-controls={listId} aria-activedescendant={entries[at] ? `${listId}-${at}` : undefined} aria-autocomplete="list" maxLength={200}
					aria-label={t('search.open')} placeholder={t('search.placeholder')} value={typed} onChange={(event) => setTyped(event.currentTarget.value)} onKeyDown={onKey} data-autofocus autoComplete="off" spellCheck={false} />
			</div>
			<div role="status" className="palette-note">{note}</div>
			<div className={`palette-list scroll${isAsked(wanted) && !answered && !error ? ' palette-old' : ''}`} role="listbox" id={listId} ref={list} aria-label={t('search.results')}>
				{entries.map((entry, index) => (
					<div key={entry.key} role="presentation">
						{entry.group !== entries[index - 1]?.group && <div className="palette-group" role="presentation">{entry.group}</div>}
						<div role="option" id={`${listId}-${index}`} aria-selected={index === at} className={entry.found ? 'palette-hit palette-found' : 'palette-hit'} onMouseMove={() => setAt(index)} onClick={() => run(entry)}>
							{entry.tile ? <Tile name={entry.tile} size={26} /> : <span className="palette-icon"><Icon name={entry.icon ?? 'right'} /></span>}
							<span className="palette-text"><span className="palette-title cut"><Marked text={entry.title} words={entry.found ? words : []} /></span>{entry.text && <span className="muted small cut"><Marked text={entry.text} words={entry.found ? words : []} /></span>}</span>
							{entry.end && <span className="palette-end num">{entry.end}</span>}
							{entry.keys && <span className="palette-keys keys-only">{keyNames(entry.keys, t('keys.space')).map((key) => <kbd key={key}>{key}</kbd>)}</span>}
						</div>
					</div>
				))}
			</div>
			<div className="palette-foot keys-only" aria-hidden="true"><kbd>↑</kbd><kbd>↓</kbd>{t('search.walk')}<kbd>↵</kbd>{t('search.choose')}<kbd>Esc</kbd>{t('common.close')}</div>
		</div>
	);
}
