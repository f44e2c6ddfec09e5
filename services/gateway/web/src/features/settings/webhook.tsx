/* One endpoint: how it is, and everything that was sent there, the latest first; what did not arrive is sent again, one message or those of a time. */
import { Link, useParams } from '@tanstack/react-router';
import { lazy, Suspense, useMemo, useState } from 'react';
import type { Id, Workspace } from '../../api/types';
import { problemText } from '../../app/problems';
import { useAppSearch, useGo, useScope } from '../../app/scope';
import { sayValue, useT } from '../../i18n';
import { Empty, Skeleton } from '../../ui/bits';
import { Button } from '../../ui/button';
import { Icon } from '../../ui/icons';
import { PageHead, Section } from '../../ui/page';
import { type Column, Segments, Table, TableSkeleton } from '../../ui/table';
import { useHeard } from '../money/live';
import { OfOneWorkspace } from './one-workspace';
import { type Delivery, type Endpoint, isOn, SENT_STATES, type SentState as State } from './webhook-model';
import { hooksChanged, useDeliveries, useEndpoint } from './webhook-reads';
import { Counts, Events, NextStep, SentState, State as EndpointState, WebhookActions } from './webhook-shown';
import './settings.css';

const Range = lazy(() => import('./webhook-range').then((module) => ({ default: module.Range })));
const SentDialog = lazy(() => import('./webhook-sent').then((module) => ({ default: module.SentDialog })));

export function WebhookPage() {
	const t = useT();
	const { endpoint } = useParams({ strict: false }) as { endpoint: string };
	return <OfOneWorkspace title={t('settings.webhooks')} text={t('webhooks.choose')} help="webhooks">{(workspace) => <Own key={endpoint} id={endpoint} workspace={workspace} />}</OfOneWorkspace>;
}

function Own({ id, workspace }: { id: Id; workspace: Workspace }) {
	const t = useT();
	const go = useGo();
	const { data: one, error, refetch } = useEndpoint(id, workspace.slug);
	useHeard(['hook_endpoint.changed'], hooksChanged);
	const back = <Link to={'/settings/webhooks' as never} search={((old: { workspace?: string }) => (old.workspace ? { workspace: old.workspace } : {})) as never} className="btn btn-quiet"><Icon name="left" />{t('webhooks.back')}</Link>;
	if (error && !one)
		return <><PageHead title={t('settings.webhooks')} help="webhooks">{back}</PageHead><Empty icon="alert" title={t('webhooks.failed')}><p>{problemText(error)}</p><Button icon="refresh" onClick={() => void refetch()}>{t('error.retry')}</Button></Empty></>;
	return (
		<>
			<PageHead title={one?.name ?? t('settings.webhooks')} sub={one && <code style={{ overflowWrap: 'anywhere' }}>{one.url}</code>} help="webhooks">
				{back}{one && <WebhookActions one={one} slug={workspace.slug} onRemoved={() => go.anywhere('/settings/webhooks')} />}
			</PageHead>
			<div className="page-body scroll">
				{!one && <Skeleton h={120} style={{ borderRadius: 10 }} />}
				{one && <>
					<Section title={t('webhooks.how')}>
						<span className="row-text" data-state-of={one.id}><b><EndpointState one={one} /></b><Events events={one.events} all /><Counts one={one} /><NextStep one={one} /></span>
					</Section>
					<Log one={one} slug={workspace.slug} />
				</>}
			</div>
		</>
	);
}

const stateOf = (text: string | undefined): State | null => SENT_STATES.find((one) => one === text) ?? null;

function Log({ one, slug }: { one: Endpoint; slug: string }) {
	const t = useT();
	const go = useGo();
	const { what } = useAppSearch();
	const state = stateOf(what);
	const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useDeliveries(one.id, slug, state);
	const rows = useMemo(() => (data?.pages ?? []).flatMap((page) => page.data), [data]);
	const [shown, setShown] = useState<{ id: Id; serial: number } | null>(null);
	const [open, setOpen] = useState(false);
	const [range, setRange] = useState({ open: false, serial: 0 });
	const columns = useColumns((id) => { setShown((old) => ({ id, serial: (old?.serial ?? 0) + 1 })); setOpen(true); });
	return (
		<Section title={t('webhooks.log')} text={t('webhooks.log_text')} actions={isOn(one) ? <Button icon="refresh" onClick={() => setRange((old) => ({ open: true, serial: old.serial + 1 }))}>{t('webhooks.resend_range')}</Button> : undefined}>
			<Segments label={t('webhooks.which')} value={state ?? 'all'} onChange={(next) => go.search({ what: next === 'all' ? undefined : next }, true)}
				choices={[{ value: 'all', label: t('webhooks.every') }, ...SENT_STATES.map((each) => ({ value: each, label: sayValue('webhook_sent', each) }))]} />
			{!data && !error && <TableSkeleton rows={4} />}
			{error && !data && <Empty icon="alert" title={t('webhooks.log_failed')} level={3}><p>{problemText(error)}</p><Button icon="refresh" onClick={() => void refetch()}>{t('error.retry')}</Button></Empty>}
			{data && rows.length > 0 && <Table label={t('webhooks.log')} columns={columns} rows={rows} idOf={(row) => row.id}
				more={hasNextPage && <div className="column-more"><Button onClick={() => void fetchNextPage()} disabled={isFetchingNextPage}>{t(isFetchingNextPage ? 'common.loading' : 'common.more')}</Button></div>} />}
			{data && rows.length === 0 && <Empty icon="send" title={t(state ? 'webhooks.log_none' : 'webhooks.log_empty')} level={3}><p>{t(state ? 'webhooks.log_none_text' : 'webhooks.log_empty_text')}</p></Empty>}
			<Suspense fallback={null}>{shown && <SentDialog key={shown.serial} slug={slug} endpoint={one} delivery={shown.id} opened={open} onClose={() => setOpen(false)} />}</Suspense>
			<Suspense fallback={null}>{range.serial > 0 && <Range key={range.serial} one={one} slug={slug} opened={range.open} onClose={() => setRange((old) => ({ ...old, open: false }))} />}</Suspense>
		</Section>
	);
}

function useColumns(onOpen: (id: Id) => void): Array<Column<Delivery>> {
	const t = useT();
	const { formats } = useScope();
	return [
		{ key: 'at', label: t('webhooks.at'), cell: (row) => <time className="num nowrap" dateTime={row.at}>{formats.moment(row.at)}</time> },
		{ key: 'type', label: t('webhooks.event'), cell: (row) => <code>{row.type}</code> },
		{ key: 'state', label: t('webhooks.state'), cell: (row) => <SentState one={row} /> },
		{ key: 'came', label: t('webhooks.came'), cell: (row) => row.http ? <span className="num">{t('webhooks.http', { code: row.http })}</span> : <span className="muted">—</span> },
		{ key: 'tries', label: t('webhooks.tries'), right: true, cell: (row) => <span className="num">{formats.number(row.tries)}</span> },
		{ key: 'next', label: t('webhooks.next'), cell: (row) => row.state === 'waiting' && row.next_at ? <time className="num nowrap" dateTime={row.next_at}>{formats.moment(row.next_at)}</time> : <span className="muted">—</span> },
		{ key: 'end', label: t('users.actions'), end: true, cell: (row) => <Button onClick={() => onOpen(row.id)} aria-label={t('webhooks.open_of', { type: row.type, when: formats.moment(row.at) })}>{t('webhooks.open')}</Button> },
	];
}
