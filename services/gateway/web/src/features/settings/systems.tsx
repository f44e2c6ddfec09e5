/* Other systems: the addresses they push to, what is known of each and whether it is silent, what waits for somebody who is not here, and what is begun
   with a new client. The address of a way in is told once. */
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { api, query } from '../../api/client';
import { queryClient } from '../../api/queries';
import type { Workspace } from '../../api/types';
import { problemText } from '../../app/problems';
import { useScope } from '../../app/scope';
import { sayValue, useT } from '../../i18n';
import { Empty, Skeleton } from '../../ui/bits';
import { Button, IconButton } from '../../ui/button';
import { Icon } from '../../ui/icons';
import { Confirm } from '../../ui/confirm';
import { Fault, HelpMore, PageHead, Section } from '../../ui/page';
import { toast } from '../../ui/toast';
import { LINKED, linkedIcon, useLiveLinked } from '../linked/model';
import { OfOneWorkspace } from './one-workspace';
import { write } from './write';
import './settings.css';

const AccountPick = lazy(() => import('../accounts/pick').then((module) => ({ default: module.AccountPick })));
const Add = lazy(() => import('./system-add').then((module) => ({ default: module.SystemAdd })));
const Steps = lazy(() => import('./onboarding-steps').then((module) => ({ default: module.OnboardingSteps })));

interface Source { id: string; kind: string; name: string | null; form_type: string | null; created_at: string }
interface System { system: string; kinds: string[]; last_at: string; every: number | null; unavailable_since: string | null; reason: string | null }
interface Push { id: string; kind: string | null; panel: string | null; system: string; external_id: string | null; title: string | null; account: string | null; account_external: string | null; email: string | null; at: string }

const changed = (what: string) => () => queryClient.invalidateQueries({ queryKey: [...LINKED, what] });

export function SystemsPage() {
	const t = useT();
	return <OfOneWorkspace title={t('settings.systems')} text={t('systems.choose')} help="linked-records">{(workspace) => <Own workspace={workspace} />}</OfOneWorkspace>;
}

function useOf<T>(what: string, path: string, workspace: string) {
	return useQuery({ queryKey: [...LINKED, what, workspace], queryFn: async ({ signal }) => (await api<{ data: T[] }>('GET', `${path}${query({ workspace })}`, { signal })).data });
}

function Own({ workspace }: { workspace: Workspace }) {
	const t = useT();
	const sources = useOf<Source>('sources', '/api/sources', workspace.slug);
	const [open, setOpen] = useState(false);
	const [asked, setAsked] = useState(false);
	useLiveLinked();
	const ways = (sources.data ?? []).filter((one) => one.kind === 'records');
	return (
		<>
			<PageHead title={t('settings.systems')} sub={t('systems.sub')} help="linked-records"><Button kind="primary" icon="plus" onClick={() => { setAsked(true); setOpen(true); }}>{t('systems.add')}</Button></PageHead>
			{sources.error && !sources.data ? <Empty icon="alert" title={t('systems.failed')}><p>{problemText(sources.error)}</p><Button icon="refresh" onClick={() => void sources.refetch()}>{t('error.retry')}</Button></Empty> : (
				<div className="page-body scroll"><div className="page-narrow">
					{!sources.data && <Skeleton h={240} style={{ borderRadius: 10 }} />}
					{sources.data && <Ways ways={ways} />}
					<Systems workspace={workspace.slug} />
					<Waiting workspace={workspace.slug} />
					<Suspense fallback={<Skeleton h={140} style={{ borderRadius: 10 }} />}><Steps workspace={workspace.slug} /></Suspense>
				</div></div>
			)}
			<Suspense fallback={null}>{asked && <Add opened={open} workspace={workspace.slug} onClose={() => setOpen(false)} />}</Suspense>
		</>
	);
}

function Ways({ ways }: { ways: Source[] }) {
	const t = useT();
	const { formats } = useScope();
	return (
		<Section title={t('systems.ways')} text={t('systems.ways_text')}>
			{ways.length ? <ul className="rows">{ways.map((one) => (
				<li key={one.id}><span className="row-icon"><Icon name="api" size={18} /></span><span className="row-text"><b>{one.name ?? one.form_type ?? t('systems.unnamed')}</b><span className="muted num">{[one.form_type, formats.date(one.created_at)].filter(Boolean).join(' · ')}</span></span></li>
			))}</ul> : <><p className="muted">{t('systems.no_ways')}</p><HelpMore page="linked-records" /></>}
		</Section>
	);
}

function Systems({ workspace }: { workspace: string }) {
	const t = useT();
	const { formats } = useScope();
	const { data, error } = useOf<System>('systems', '/api/crm/systems', workspace);
	if (!data?.length)
		return error && !data ? <Fault>{problemText(error)}</Fault> : null;
	return (
		<Section title={t('systems.speaking')} text={t('systems.speaking_text')}>
			<ul className="rows">{data.map((one) => (
				<li key={one.system} data-system={one.system}><span className="row-icon"><Icon name={one.unavailable_since ? 'offline' : 'refresh'} size={18} /></span>
					<span className="row-text"><b>{one.system}{one.unavailable_since ? <span className="tag tag-warn">{t('overview.unavailable', { when: formats.moment(one.unavailable_since) })}</span> : <span className="tag tag-ok">{t('systems.speaks')}</span>}</b>
						<span className="muted num">{[t('systems.last', { when: formats.moment(one.last_at) }), one.kinds.map((kind) => sayValue('linked_kinds', kind)).join(', ')].filter(Boolean).join(' · ')}</span>
						{one.reason && <span className="muted">{one.reason}</span>}</span></li>
			))}</ul>
		</Section>
	);
}

function Waiting({ workspace }: { workspace: string }) {
	const t = useT();
	const { formats } = useScope();
	const { data, error } = useOf<Push>('pushes', '/api/crm/pushes', workspace);
	const [whose, setWhose] = useState<Push | null>(null);
	const nameOf = (one: Push) => one.title ?? one.external_id ?? sayValue('fact_panel', one.panel ?? '');
	const assign = async (one: Push, account: { id: string; name: string } | null) => {
		if (account && await write(changed('pushes'), 'POST', `/api/crm/pushes/${one.id}/assign${query({ workspace })}`, { account_id: account.id }))
			toast.ok(t('systems.assigned', { name: nameOf(one), account: account.name }));
	};
	const [gone, setGone] = useState<Push | null>(null);
	const [busy, setBusy] = useState(false);
	const discard = async (one: Push) => {
		setBusy(true);
		if (await write(changed('pushes'), 'DELETE', `/api/crm/pushes/${one.id}${query({ workspace })}`))
			toast.ok(t('systems.discarded', { name: nameOf(one) }));
		setBusy(false);
		setGone(null);
	};
	if (!data?.length)
		return error && !data ? <Fault>{problemText(error)}</Fault> : null;
	return (
		<Section title={t('systems.waiting')} text={t('systems.waiting_text')}>
			<ul className="rows">{data.map((one) => (
				<li key={one.id} data-push={one.id}><span className="row-icon"><Icon name={one.kind ? linkedIcon(one.kind) : 'info'} size={18} /></span>
					<span className="row-text"><b>{nameOf(one)}</b>
						<span className="muted num">{[one.account ?? one.account_external ?? one.email, one.system, t('systems.since', { when: formats.moment(one.at) })].filter(Boolean).join(' · ')}</span></span>
					<Button onClick={() => setWhose(one)} aria-label={`${t('systems.assign')} ${nameOf(one)}`}>{t('systems.assign')}</Button>
					<IconButton icon="trash" label={t('systems.discard_of', { name: nameOf(one) })} onClick={() => setGone(one)} /></li>
			))}</ul>
			{gone && <Confirm opened onClose={() => setGone(null)} title={t('systems.discard_of', { name: nameOf(gone) })} text={<p>{t('systems.discard_text')}</p>} yes={t('systems.discard')} danger busy={busy} onYes={() => void discard(gone)} />}
			<Suspense fallback={null}>{whose && <AccountPick title={t('systems.assign_of', { name: nameOf(whose) })} workspace={workspace} chosen={null} onChoose={(account) => void assign(whose, account)} onClose={() => setWhose(null)} />}</Suspense>
		</Section>
	);
}
