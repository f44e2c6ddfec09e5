/* Search and jump, on `/` or Ctrl+K: deals and leads as the service finds them, and the few places and actions there
   are. One list, walked by arrows, opened by Enter. */
import { useQuery, keepPreviousData } from '@tanstack/react-query';
import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from 'react';
import { api, query } from '../../api/client';
import type { Card, Lead, Page } from '../../api/types';
import type { Actions } from '../../app/hotkeys';
import { setLanguage, setTheme, usePrefs } from '../../app/prefs';
import { problemText } from '../../app/problems';
import { useGo, useScope, useWorkspaceName } from '../../app/scope';
import { sayValue, useT } from '../../i18n';
import { Tile } from '../../ui/bits';
import { Dialog } from '../../ui/dialog';
import { Icon, type IconName } from '../../ui/icons';
import './palette.css';

interface Hit { key: string; group: string; icon?: IconName; tile?: string; title: string; text?: string; end?: string; keys?: string; run(): void }

export function Palette({ opened, onClose, actions }: { opened: boolean; onClose(): void; actions: Actions }) {
	const t = useT();
	return <Dialog opened={opened} onClose={onClose} title={t('search.title')} closeLabel={t('common.close')} size={620}><Search onClose={onClose} actions={actions} /></Dialog>;
}

function useSlow(value: string): string {
	const [slow, setSlow] = useState(value);
	useEffect(() => {
		const timer = setTimeout(() => setSlow(value), 150);
		return () => clearTimeout(timer);
	}, [value]);
	return slow;
}

function Search({ onClose, actions }: { onClose(): void; actions: Actions }) {
	const t = useT();
	const go = useGo();
	const { slug, formats, me } = useScope();
	const workspaceName = useWorkspaceName();
	const prefs = usePrefs();
	const listId = useId();
	const [typed, setTyped] = useState('');
	const [at, setAt] = useState(0);
	const q = useSlow(typed.trim());
	const list = useRef<HTMLDivElement>(null);
	const { data, error, isFetching } = useQuery({
		queryKey: ['search', slug ?? '', q],
		queryFn: async ({ signal }) => {
			const [deals, leads] = await Promise.all([
				api<Page<Card>>('GET', `/api/crm/deals${query({ workspace: slug, q, limit: 8 })}`, { signal }),
				api<Page<Lead>>('GET', `/api/crm/leads${query({ workspace: slug, q, limit: 5 })}`, { signal }),
			]);
			return { deals: deals.data, leads: leads.data };
		},
		enabled: q.length > 1,
		placeholderData: keepPreviousData,
		staleTime: 5000,
	});

	const hits = useMemo<Hit[]>(() => {
		const where = (id: string) => slug ? '' : workspaceName(id);
		const found: Hit[] = q.length > 1 && data ? [
			...data.deals.map((deal) => ({
				key: deal.id, group: t('search.deals'), tile: deal.company ?? deal.contact_name ?? deal.title, title: deal.title,
				text: [deal.company, deal.contact_name, where(deal.workspace_id)].filter(Boolean).join(' · '), end: deal.value ? formats.money(deal.value) : '', run: () => go.openDeal(deal.id),
			})),
			...data.leads.filter((lead) => lead.deal_id && !data.deals.some((deal) => deal.id === lead.deal_id)).map((lead) => ({
				key: lead.id, group: t('nav.leads'), tile: lead.company ?? lead.name, title: lead.name,
				text: [lead.company, lead.email, where(lead.workspace_id)].filter(Boolean).join(' · '), end: sayValue('lead_status', lead.status), run: () => go.openDeal(lead.deal_id ?? ''),
			})),
		] : [];
		const jump = t('search.jump');
		const places: Hit[] = [
			{ key: 'new', group: jump, icon: 'plus', title: t('lead.new'), keys: 'N', run: actions.newLead },
			{ key: 'board', group: jump, icon: 'board', title: t('keys.go_board'), keys: 'G B', run: actions.board },
			{ key: 'leads', group: jump, icon: 'leads', title: t('keys.go_leads'), keys: 'G L', run: actions.leads },
			{ key: 'theme', group: jump, icon: prefs.scheme === 'dark' ? 'sun' : 'moon', title: t(prefs.scheme === 'dark' ? 'theme.to_light' : 'theme.to_dark'), keys: 'Shift D', run: () => setTheme(prefs.scheme === 'dark' ? 'light' : 'dark') },
			{ key: 'language', group: jump, icon: 'language', title: t(prefs.language === 'nl' ? 'language.to_en' : 'language.to_nl'), run: () => setLanguage(prefs.language === 'nl' ? 'en' : 'nl') },
			{ key: 'keys', group: jump, icon: 'keyboard', title: t('keys.title'), keys: '?', run: actions.sheet },
			...(me.workspaces.length > 1 ? me.workspaces.map((one) => ({ key: `w${one.id}`, group: t('workspace.switch'), tile: one.name, title: one.name, run: () => go.workspace(one.slug) })) : []),
		];
		const wanted = typed.trim().toLocaleLowerCase();
		return [...found, ...places.filter((place) => !wanted || place.title.toLocaleLowerCase().includes(wanted))];
	}, [data, q, typed, t, slug, formats, go, actions, prefs, me, workspaceName]);

	useEffect(() => setAt(0), [q]);
	useEffect(() => { list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' }); }, [at]);

	const run = (hit: Hit | undefined) => {
		if (!hit)
			return;
		onClose();
		/* the dialog gives the focus back first */
		setTimeout(hit.run, 160);
	};
	const onKey = (event: KeyboardEvent) => {
		const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
		if (step) {
			event.preventDefault();
			setAt((now) => hits.length ? (now + step + hits.length) % hits.length : 0);
		} else if (event.key === 'Enter') {
			event.preventDefault();
			run(hits[at]);
		}
	};
	const nothing = q.length > 1 && data && !isFetching && data.deals.length === 0 && data.leads.length === 0;
	return (
		<div className="palette">
			<div className="find find-big">
				<Icon name="search" size={18} />
				<input className="lw-input find-input" role="combobox" aria-expanded="true" aria-controls={listId} aria-activedescendant={hits[at] ? `${listId}-${at}` : undefined} aria-autocomplete="list"
					aria-label={t('search.open')} placeholder={t('search.placeholder')} value={typed} onChange={(event) => setTyped(event.currentTarget.value)} onKeyDown={onKey} data-autofocus autoComplete="off" spellCheck={false} />
			</div>
			<div role="status" className="palette-note">{error ? problemText(error) : nothing ? t('search.nothing', { q }) : ''}</div>
			<div className="palette-list scroll" role="listbox" id={listId} ref={list} aria-label={t('search.results')}>
				{hits.map((hit, index) => (
					<div key={hit.key} role="presentation">
						{hit.group !== hits[index - 1]?.group && <div className="palette-group" role="presentation">{hit.group}</div>}
						<div role="option" id={`${listId}-${index}`} aria-selected={index === at} className="palette-hit" onMouseMove={() => setAt(index)} onClick={() => run(hit)}>
							{hit.tile ? <Tile name={hit.tile} size={26} /> : <span className="palette-icon"><Icon name={hit.icon ?? 'right'} /></span>}
							<span className="palette-text"><span className="palette-title cut">{hit.title}</span>{hit.text && <span className="muted small cut">{hit.text}</span>}</span>
							{hit.end && <span className="palette-end num">{hit.end}</span>}
							{hit.keys && <span className="palette-keys keys-only">{hit.keys.split(' ').map((key) => <kbd key={key}>{key}</kbd>)}</span>}
						</div>
					</div>
				))}
			</div>
		</div>
	);
}
