/* One request, whole, as it came: what became of it and why, its leads, its headers and its body; and the two ways in which it may still become a lead. What it
   held is never changed. */
import { Link, useParams } from '@tanstack/react-router';
import { lazy, Suspense, useRef } from 'react';
import type { Id, Workspace } from '../../api/types';
import { Problem } from '../../api/client';
import { useMembers } from '../../api/queries';
import { problemText } from '../../app/problems';
import { type AppSearch, useScope } from '../../app/scope';
import { sayValue, useT } from '../../i18n';
import { Empty, Facts, Skeleton } from '../../ui/bits';
import { Button } from '../../ui/button';
import { Copy } from '../../ui/copy';
import { Icon } from '../../ui/icons';
import { PageHead, Section } from '../../ui/page';
import { useHeard } from '../money/live';
import { OfOneWorkspace } from '../settings/one-workspace';
import { readable } from '../settings/webhook-model';
import { canMake, canReread, type Replay, type WholeRequest } from './model';
import { requestsChanged, useRequest } from './reads';
import { useReplay } from './replay';
import { LeadLinks, OutcomeTag, Reason, wayIn } from './shown';
import '../settings/settings.css';
import './requests.css';

const ReplayTold = lazy(() => import('./replay').then((module) => ({ default: module.ReplayTold })));

export function RequestPage() {
	const t = useT();
	const { request } = useParams({ strict: false }) as { request: string };
	return <OfOneWorkspace title={t('requests.one')} text={t('requests.choose')} help="requests">{(workspace) => <Own key={request} id={request} workspace={workspace} />}</OfOneWorkspace>;
}

function Own({ id, workspace }: { id: Id; workspace: Workspace }) {
	const t = useT();
	const { formats } = useScope();
	const { data: one, error, refetch } = useRequest(workspace.slug, id);
	useHeard(['lead.created', 'submission.settled'], requestsChanged);
	/* the list stands as it was left */
	const back = <Link to={'/settings/requests' as never} search={((old: AppSearch) => ({ ...old, type: undefined, id: undefined, tab: undefined })) as never} className="btn btn-quiet"><Icon name="left" />{t('requests.back')}</Link>;
	if (error && !one) {
		const gone = error instanceof Problem && error.status === 404;
		return <><PageHead title={t('requests.one')} help="requests">{back}</PageHead><Empty icon={gone ? 'search' : 'alert'} title={t(gone ? 'requests.gone' : 'requests.one_failed')}><p>{gone ? t('requests.gone_text') : problemText(error)}</p>{!gone && <Button icon="refresh" onClick={() => void refetch()}>{t('error.retry')}</Button>}</Empty></>;
	}
	return (
		<>
			<PageHead title={t('requests.one')} sub={one && <><span translate="no">{wayIn(one)}</span> · <time className="num" dateTime={one.at}>{formats.moment(one.at)}</time></>} help="requests">
				{back}
				{one?.source_id && one.kind !== 'records' && <Link to={`/settings/sources/${one.source_id}/mapping` as never} search={((old: AppSearch) => ({ ...(old.workspace ? { workspace: old.workspace } : {}), record: one.id })) as never} className="btn"><Icon name="form" />{t('requests.mapping')}</Link>}
			</PageHead>
			<div className="page-body scroll"><div className="page-narrow">
				{!one && <Skeleton h={300} style={{ borderRadius: 10 }} />}
				{one && <><Became one={one} slug={workspace.slug} /><Came one={one} /></>}
			</div></div>
		</>
	);
}

function Became({ one, slug }: { one: WholeRequest; slug: string }) {
	const t = useT();
	const { formats } = useScope();
	const { data: members = [] } = useMembers(slug);
	const going = useReplay(slug);
	const by = members.find((each) => each.id === one.reread_by)?.name;
	const makes = canMake(one);
	/* the button goes with what it did: whoever pressed it by keys goes on here */
	const box = useRef<HTMLDivElement>(null);
	const run = (ask: Replay) => void going.run(ask).then(() => { if (document.activeElement === document.body || document.activeElement?.matches(':disabled')) box.current?.focus({ preventScroll: true }); });
	const rereads = canReread(one);
	return (
		<Section title={t('requests.became')} actions={makes ? <Button kind="primary" icon="plus" disabled={going.running} onClick={() => run({ ids: [one.id], made: true })}>{t('requests.make')}</Button>
			: rereads ? <Button kind="primary" icon="refresh" disabled={going.running} onClick={() => run({ ids: [one.id] })}>{t('requests.replay')}</Button> : undefined}>
			<div className="request-became" data-request={one.id} ref={box} tabIndex={-1}>
				<p><OutcomeTag outcome={one.outcome} /></p>
				<p>{sayValue('request_why', one.outcome)}</p>
				{one.reason && <p><span className="muted">{t('requests.reason')}</span> <Reason reason={one.reason} /></p>}
				{(makes || rereads) && <p className="muted">{t(makes ? 'requests.make_text' : 'requests.replay_text')}</p>}
				{one.lead_ids.length > 0 && <p className="tags" data-leads><LeadLinks ids={one.lead_ids} /></p>}
				{one.reread_at && <p className="muted num">{by ? t('requests.reread_by', { when: formats.moment(one.reread_at), name: by }) : t('requests.reread_at', { when: formats.moment(one.reread_at) })}</p>}
				{(going.running || going.told.end || going.fault || going.broken) && <Suspense fallback={null}><ReplayTold of={going} one /></Suspense>}
			</div>
		</Section>
	);
}

function Came({ one }: { one: WholeRequest }) {
	const t = useT();
	const { formats } = useScope();
	const bytes = (n: number) => t('requests.bytes', { count: n, number: formats.number(n) });
	return (
		<Section title={t('requests.came')} text={t('requests.came_text')}>
			<Facts rows={[
				{ key: 'kind', label: t('requests.kind'), value: one.kind ? sayValue('source_kind', one.kind) : '—' },
				{ key: 'type', label: t('requests.type'), value: <code translate="no">{[one.method, one.type].filter(Boolean).join(' · ') || '—'}</code> },
				{ key: 'size', label: t('requests.size'), value: <span className="num">{bytes(one.size)}</span> },
				...(one.remote ? [{ key: 'remote', label: t('requests.remote'), value: <code translate="no">{one.remote}</code> }] : []),
				{ key: 'id', label: t('requests.id'), value: <code translate="no">{one.id}</code> },
			]} />
			<h3 className="request-head">{t('requests.body')}</h3>
			{one.body ? <div className="request-body" translate="no"><Copy label={t('requests.body')} text={readable(one.body)} /></div> : <p className="muted">{t('requests.body_none')}</p>}
			{one.cut && <p className="muted small">{t('requests.cut')}</p>}
			{one.files.length > 0 && <>
				<h3 className="request-head">{t('requests.files')}</h3>
				<ul className="rows">{one.files.map((file, at) => <li key={file.id ?? at}><span className="row-icon"><Icon name="file" size={18} /></span><span className="row-text" translate="no"><b>{file.name || file.field || '—'}</b><span className="muted num">{[file.field, file.type, bytes(file.size)].filter(Boolean).join(' · ')}</span></span></li>)}</ul>
			</>}
			{one.headers.length > 0 && <details className="request-headers">
				<summary>{t('requests.headers', { count: one.headers.length })}</summary>
				<dl className="request-pairs" translate="no">{one.headers.map((each, at) => <div key={at}><dt>{each.name}</dt><dd>{each.value}</dd></div>)}</dl>
			</details>}
		</Section>
	);
}
