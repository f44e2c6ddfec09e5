/* Webhooks that go out: the addresses that are told of what happens, how each one is and what to do when nothing arrives. A secret is told once, when it
   is made; nobody can be told of it later. */
import { Link } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import type { Workspace } from '../../api/types';
import { problemText } from '../../app/problems';
import { useT } from '../../i18n';
import { Empty, Skeleton } from '../../ui/bits';
import { Button } from '../../ui/button';
import { Icon } from '../../ui/icons';
import { HelpMore, PageHead } from '../../ui/page';
import { useHeard } from '../money/live';
import { OfOneWorkspace } from './one-workspace';
import { type Endpoint, shownOf } from './webhook-model';
import { hooksChanged, useEndpoints } from './webhook-reads';
import { Counts, Events, NextStep, State, WebhookActions } from './webhook-shown';
import './settings.css';

const WebhookDialog = lazy(() => import('./webhook-dialog').then((module) => ({ default: module.WebhookDialog })));

export function WebhooksPage() {
	const t = useT();
	return <OfOneWorkspace title={t('settings.webhooks')} text={t('webhooks.choose')} help="webhooks">{(workspace) => <Own workspace={workspace} />}</OfOneWorkspace>;
}

function Own({ workspace }: { workspace: Workspace }) {
	const t = useT();
	const { data, error, refetch } = useEndpoints(workspace.slug);
	const [adding, setAdding] = useState({ open: false, serial: 0 });
	useHeard(['hook_endpoint.changed'], hooksChanged);
	const add = <Button kind="primary" icon="plus" onClick={() => setAdding((old) => ({ open: true, serial: old.serial + 1 }))}>{t('webhooks.add')}</Button>;
	return (
		<>
			<PageHead title={t('settings.webhooks')} sub={t('webhooks.sub')} help="webhooks">{data && add}</PageHead>
			{error && !data && <Empty icon="alert" title={t('webhooks.failed')}><p>{problemText(error)}</p><Button icon="refresh" onClick={() => void refetch()}>{t('error.retry')}</Button></Empty>}
			{data && !data.length && <Empty icon="link" title={t('webhooks.empty')}><p>{t('webhooks.empty_text')}</p>{add}<HelpMore page="webhooks" /></Empty>}
			{(data ? data.length > 0 : !error) && (
				<div className="page-body scroll"><div className="page-narrow">
					{!data && <div aria-hidden="true"><Skeleton h={120} style={{ borderRadius: 10 }} /></div>}
					{data && <ul className="rows">{data.map((one) => <Row key={one.id} one={one} slug={workspace.slug} />)}</ul>}
				</div></div>
			)}
			{adding.serial > 0 && <Suspense fallback={null}><WebhookDialog key={adding.serial} slug={workspace.slug} endpoint={null} opened={adding.open} onClose={() => setAdding((old) => ({ ...old, open: false }))} /></Suspense>}
		</>
	);
}

function Row({ one, slug }: { one: Endpoint; slug: string }) {
	return (
		<li data-webhook={one.id} data-state={shownOf(one)} style={{ flexWrap: 'wrap', justifyContent: 'flex-end' }}>
			<span className="row-icon" style={{ alignSelf: 'flex-start' }}><Icon name={['gone', 'failing'].includes(shownOf(one)) ? 'alert' : 'link'} size={18} /></span>
			<span className="row-text" style={{ flexBasis: 200 }}>
				<b><Link to={`/settings/webhooks/${one.id}` as never} search={((old: { workspace?: string }) => (old.workspace ? { workspace: old.workspace } : {})) as never} className="link" style={{ display: 'inline-block', minWidth: 44 }}>{one.name}</Link><State one={one} /></b>
				<code className="muted" style={{ overflowWrap: 'anywhere' }}>{one.url}</code>
				<Events events={one.events} />
				<Counts one={one} />
				<NextStep one={one} />
			</span>
			<WebhookActions one={one} slug={slug} />
		</li>
	);
}
