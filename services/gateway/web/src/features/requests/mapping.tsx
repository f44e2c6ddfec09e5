/* The rules of a way in beside what really came by it: on the left a request, below it the rules, on the right the lead that it would give, while one writes.
   Nothing is written before Save; and what became no lead may then be read again. */
import { Link, useBlocker, useParams } from '@tanstack/react-router';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, useMemo, useRef, useState } from 'react';
import { api, Problem } from '../../api/client';
import { queryClient } from '../../api/queries';
import type { Id, Workspace } from '../../api/types';
import { problemText } from '../../app/problems';
import { type AppSearch, useAppSearch, useGo, useScope } from '../../app/scope';
import { sayValue, useT } from '../../i18n';
import { Empty, Facts, Skeleton } from '../../ui/bits';
import { Button } from '../../ui/button';
import { SelectField } from '../../ui/field';
import { Icon } from '../../ui/icons';
import { Fault, PageHead } from '../../ui/page';
import { toast } from '../../ui/toast';
import { OfOneWorkspace } from '../settings/one-workspace';
import { bodyOf, draftOf, missingOf, type RuleBody, withValue, type Wrong, wrongOf } from './draft';
import { countOf, type LeadSeen, REREAD_ONES, type Seen } from './model';
import { preview, requestsChanged, type Source, sourcePath, SOURCES, useCounts, useRequest, useRequests, useSource } from './reads';
import { Rules } from './rules';
import { fieldName, Sample } from './sample';
import { OutcomeTag, Reason, wayIn } from './shown';
import { leadsAt, treeOf } from './tree';
import '../settings/settings.css';
import '../settings/preset.css';
import './requests.css';

const Confirm = lazy(() => import('../../ui/confirm').then((module) => ({ default: module.Confirm })));
const ReplayDialog = lazy(() => import('./replay').then((module) => ({ default: module.ReplayDialog })));

const LATEST = 20;

export function MappingPage() {
	const t = useT();
	const { source } = useParams({ strict: false }) as { source: string };
	return <OfOneWorkspace title={t('mapping.title')} text={t('requests.choose')} help="mapping">{(workspace) => <Own key={source} id={source} workspace={workspace} />}</OfOneWorkspace>;
}

function Own({ id, workspace }: { id: Id; workspace: Workspace }) {
	const t = useT();
	const { data: source, error, refetch } = useSource(workspace.slug, id);
	if (error && !source)
		return <><PageHead title={t('mapping.title')} help="mapping" /><Empty icon="alert" title={t('mapping.failed')}><p>{problemText(error)}</p><Button icon="refresh" onClick={() => void refetch()}>{t('error.retry')}</Button></Empty></>;
	if (!source)
		return <><PageHead title={t('mapping.title')} help="mapping" /><div className="page-body" aria-hidden="true"><Skeleton h={420} style={{ borderRadius: 10 }} /></div></>;
	return <Editor slug={workspace.slug} source={source} />;
}

/* what these requests would be, asked when nobody writes for a moment */
function usePreview(slug: string, ids: Id[], mapping: RuleBody[], at: number[]): { seen: Seen[]; wrong: Wrong[]; fault: unknown; asking: boolean } {
	const text = JSON.stringify({ ids, mapping, at });
	const [rested, setRested] = useState(text);
	useEffect(() => {
		const timer = setTimeout(() => setRested(text), 300);
		return () => clearTimeout(timer);
	}, [text]);
	const asked = JSON.parse(rested) as { ids: Id[]; mapping: RuleBody[]; at: number[] };
	const { data, error } = useQuery<{ seen: Seen[]; wrong: Wrong[] }>({
		queryKey: ['requests preview', slug, rested], enabled: asked.ids.length > 0, staleTime: Infinity, gcTime: 60_000, retry: false, placeholderData: (old) => old,
		queryFn: async ({ signal }) => {
			try {
				return { seen: await preview(slug, asked.ids, asked.mapping, signal), wrong: [] };
			} catch (reason) {
				const wrong = reason instanceof Problem && reason.status === 422 ? wrongOf(reason.fields, asked.at) : [];
				if (wrong.length)
					return { seen: [], wrong };
				throw reason;
			}
		},
	});
	return { seen: data?.seen ?? [], wrong: data?.wrong ?? [], fault: error, asking: text !== rested };
}

function Editor({ slug, source }: { slug: string; source: Source }) {
	const t = useT();
	const go = useGo();
	const { record } = useAppSearch();
	const [draft, setDraft] = useState(() => draftOf(source.mapping));
	const { mapping, at } = useMemo(() => bodyOf(draft), [draft]);
	const state = JSON.stringify(mapping) + draft.rules.filter((one) => missingOf(one).length > 0).length;
	const [saved, setSaved] = useState(state);
	const [asked, setAsked] = useState(false);
	const [busy, setBusy] = useState(false);
	const [refused, setRefused] = useState<{ wrong: Wrong[]; fault: string | null }>({ wrong: [], fault: null });
	const [said, setSaid] = useState('');
	const [offer, setOffer] = useState({ open: false, serial: 0, count: 0 });
	const version = useRef(source.version);
	const page = useRef<HTMLDivElement>(null);
	const dirty = state !== saved;
	const blocker = useBlocker({ shouldBlockFn: ({ current, next }) => dirty && current.pathname !== next.pathname, enableBeforeUnload: () => dirty, withResolver: true });

	const latest = useRequests(slug, { source: source.id }, LATEST);
	const rows = useMemo(() => latest.data?.pages[0]?.data ?? [], [latest.data]);
	const chosen = record ?? rows[0]?.id ?? null;
	const one = useRequest(slug, chosen).data;
	const ids = useMemo(() => [...new Set([...(chosen ? [chosen] : []), ...rows.map((row) => row.id)])].slice(0, LATEST), [chosen, rows]);
	const { seen, wrong: found, fault, asking } = usePreview(slug, ids, mapping, at);
	const wrong = refused.wrong.length ? refused.wrong : found;
	const counts = useCounts(slug, { source: source.id, from: '2000-01-01T00:00:00Z' }).data;
	const waiting = countOf(counts, REREAD_ONES);
	const tree = one && treeOf(one.body ?? '', one.type, draft.read);
	const root = tree === undefined ? undefined : leadsAt(tree, draft.at.trim())[0];
	const used = useMemo(() => new Set(draft.rules.flatMap((rule) => (rule.constant === null ? rule.from.map((path) => path.trim()) : []))), [draft]);
	const change = (next: typeof draft) => {
		setRefused({ wrong: [], fault: null });
		setDraft(next);
	};
	const useIt = (path: string, to: string) => {
		const made = withValue(draft, path, to);
		change(made.draft);
		setSaid(t('mapping.now', { path, field: fieldName(to, path.split('.').pop() ?? path) }));
	};
	const first = () => requestAnimationFrame(() => (page.current?.querySelector<HTMLElement>('[aria-invalid="true"]') ?? page.current?.querySelector<HTMLElement>('.map-rule:has(.map-wrong) input'))?.focus());
	/* how many it was asked of: there are fewer once it is done */
	const ask = () => setOffer((old) => ({ open: true, serial: old.serial + 1, count: waiting }));
	const save = async () => {
		setAsked(true);
		if (draft.rules.some((rule) => missingOf(rule).length)) {
			first();
			return;
		}
		setBusy(true);
		try {
			const now = await api<{ version?: number }>('PUT', sourcePath(source.id, slug), { body: { mapping, version: version.current } });
			version.current = now?.version ?? (await api<Source>('GET', sourcePath(source.id, slug))).version;
			setSaved(state);
			setAsked(false);
			toast.ok(t('mapping.saved', { name: wayIn({ source_name: source.name, kind: source.kind }) }));
			await Promise.all([queryClient.invalidateQueries({ queryKey: SOURCES }), requestsChanged(), queryClient.invalidateQueries({ queryKey: ['audit'] })]);
			if (waiting)
				ask();
		} catch (reason) {
			const there = reason instanceof Problem ? wrongOf(reason.fields, at) : [];
			const stale = reason instanceof Problem && (reason.code === 'source_changed' || reason.code === 'stale');
			if (stale)
				version.current = (await api<Source>('GET', sourcePath(source.id, slug)).catch(() => source)).version;
			setRefused({ wrong: there, fault: there.length ? null : stale ? t('mapping.stale') : problemText(reason) });
			first();
		}
		setBusy(false);
	};
	const name = wayIn({ source_name: source.name, kind: source.kind });
	const missing = asked ? draft.rules.filter((rule) => missingOf(rule).length).length : 0;
	return (
		<>
			<PageHead title={t('mapping.title')} sub={<span translate="no">{name}</span>} help="mapping">
				<Link to={'/settings/sources' as never} search={((old: AppSearch) => (old.workspace ? { workspace: old.workspace } : {})) as never} className="btn btn-quiet"><Icon name="left" />{t('requests.to_ways')}</Link>
				<Link to={'/settings/requests' as never} search={((old: AppSearch) => ({ ...(old.workspace ? { workspace: old.workspace } : {}), source: source.id })) as never} className="btn"><Icon name="list" />{t('mapping.all_requests')}</Link>
				{waiting > 0 && !dirty && <Button icon="refresh" onClick={ask}>{t('mapping.replay_n', { count: waiting })}</Button>}
			</PageHead>
			<div className="page-body scroll" ref={page}>
				{refused.fault && <Fault>{refused.fault}</Fault>}
				<div className="map">
					<section className="section map-came" aria-label={t('mapping.came')}>
						<div className="section-head"><div><h2>{t('mapping.came')}</h2><p className="muted">{t('mapping.came_text')}</p></div></div>
						<Pick rows={rows} chosen={chosen} onChange={(id) => go.search({ record: id }, true)} />
						{latest.error && !latest.data && <Fault>{problemText(latest.error)}</Fault>}
						{latest.data && !rows.length && !chosen && <p className="muted">{t('mapping.none_came')}</p>}
						{chosen && !one && <Skeleton h={160} style={{ borderRadius: 8 }} />}
						<span className="hidden-text" role="status">{said}</span>
						{one && <div className="map-scroll scroll" tabIndex={0} role="region" aria-label={t('mapping.values')}><Sample body={one.body ?? ''} type={one.type} read={draft.read} at={draft.at.trim()} used={used} onValue={useIt} onAt={(path) => change({ ...draft, at: path })} onRead={(read) => change({ ...draft, read })} /></div>}
					</section>
					<section className="section map-gives" aria-label={t('mapping.gives')}>
						<div className="section-head"><div><h2>{t('mapping.gives')}</h2><p className="muted num" role="status">{seen.length > 0 && !found.length ? t('mapping.give_leads', { count: seen.filter((each) => each.outcome === 'lead').length, of: seen.length }) : ''}</p></div></div>
						<Gives seen={seen.find((each) => each.id === chosen)} wrong={found.length > 0} fault={fault} asking={asking} any={ids.length > 0} />
					</section>
					<section className="section map-all" aria-label={t('mapping.rules')}>
						<div className="section-head"><div><h2>{t('mapping.rules')}</h2><p className="muted">{t('mapping.rules_text')}</p></div></div>
						<Rules draft={draft} wrong={wrong} asked={asked} root={root} onChange={change} />
					</section>
				</div>
			</div>
			<div className="save-bar" role="region" aria-label={t('rules.unsaved_label')}>
				<span role="status">{wrong.length || missing ? <span className="map-wrong"><Icon name="error" size={16} />{t('mapping.problems', { count: wrong.length + missing })}</span> : dirty ? t('rules.unsaved') : <span className="muted">{t('mapping.as_saved')}</span>}</span>
				<Button disabled={busy || !dirty} onClick={() => { change(draftOf(source.mapping)); setAsked(false); }}>{t('rules.discard')}</Button>
				<Button kind="primary" disabled={busy || !dirty} onClick={() => void save()}>{t('common.save')}</Button>
			</div>
			{blocker.status === 'blocked' && <Suspense fallback={null}><Confirm opened onClose={() => blocker.reset?.()} title={t('rules.leave_title')} text={<p>{t('mapping.leave_text')}</p>} yes={t('rules.leave_yes')} onYes={() => blocker.proceed?.()} danger /></Suspense>}
			{offer.serial > 0 && <Suspense fallback={null}><ReplayDialog key={offer.serial} slug={slug} ask={{ source: source.id, outcome: REREAD_ONES.join(',') }} title={t('mapping.replay_n', { count: offer.count })} text={t('mapping.replay_text')} opened={offer.open} onClose={() => setOffer((old) => ({ ...old, open: false }))} /></Suspense>}
		</>
	);
}

function Pick({ rows, chosen, onChange }: { rows: ReadonlyArray<{ id: Id; at: string; outcome: string }>; chosen: Id | null; onChange(id: Id): void }) {
	const t = useT();
	const { formats } = useScope();
	if (!chosen)
		return null;
	const choices = [...rows.map((row) => ({ value: row.id, label: `${formats.moment(row.at)} · ${sayValue('request_outcome', row.outcome)}` })), ...(rows.some((row) => row.id === chosen) ? [] : [{ value: chosen, label: t('mapping.came_from') }])];
	return <SelectField label={t('mapping.which')} name="request" value={chosen} onChange={(id) => id && onChange(id)} choices={choices} empty={t('form.nothing_found')} />;
}

const SHOWN = ['name', 'first_name', 'last_name', 'company', 'email', 'phone', 'form_type', 'message', 'language', 'external_id'] as const;

function Gives({ seen, wrong, fault, asking, any }: { seen: Seen | undefined; wrong: boolean; fault: unknown; asking: boolean; any: boolean }) {
	const t = useT();
	if (wrong)
		return <p className="map-wrong"><Icon name="error" size={16} />{t('mapping.mend_first')}</p>;
	if (fault)
		return <Fault>{problemText(fault)}</Fault>;
	if (!any)
		return <p className="muted">{t('mapping.none_gives')}</p>;
	if (!seen)
		return <Skeleton h={160} style={{ borderRadius: 8 }} />;
	return (
		<div className="map-scroll scroll" tabIndex={0} role="region" aria-label={t('mapping.gives')} aria-busy={asking} data-gives={seen.outcome}>
			<p><OutcomeTag outcome={seen.outcome} /> <Reason reason={seen.reason} /></p>
			{seen.leads.map((lead, at) => <Lead key={at} lead={lead} title={seen.leads.length > 1 ? t('mapping.lead_n', { number: at + 1 }) : null} />)}
			{seen.files.length > 0 && <Facts rows={seen.files.map((file, at) => ({ key: String(at), label: t('requests.files'), value: <span translate="no">{file.name ?? file.field ?? '—'}</span> }))} />}
		</div>
	);
}

function Lead({ lead, title }: { lead: LeadSeen; title: string | null }) {
	const rows = [...SHOWN.filter((name) => lead[name]).map((name) => ({ key: name, label: sayValue('field', name), value: lead[name] as string })), ...Object.entries(lead.fields ?? {}).map(([name, value]) => ({ key: `fields.${name}`, label: name, value: typeof value === 'object' ? JSON.stringify(value) : String(value) }))];
	return <div className="map-lead">{title && <h4>{title}</h4>}<Facts rows={rows.map((row) => ({ ...row, value: <span translate="no" style={{ whiteSpace: 'pre-wrap' }} data-gives-field={row.key}>{row.value}</span> }))} /></div>;
}
