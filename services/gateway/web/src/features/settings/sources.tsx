/* Ways in for leads: the addresses that websites, forms and services send to, each of its own kind. An address is told once, when it is made. */
import { lazy, Suspense, useState } from 'react';
import type { Workspace } from '../../api/types';
import { problemText } from '../../app/problems';
import { useScope } from '../../app/scope';
import { sayValue, useT } from '../../i18n';
import { Empty, Skeleton } from '../../ui/bits';
import { Button } from '../../ui/button';
import { Icon } from '../../ui/icons';
import { HelpMore, PageHead, Section } from '../../ui/page';
import { toast } from '../../ui/toast';
import { useHeard } from '../money/live';
import { OfOneWorkspace } from './one-workspace';
import { nameOf, SourceActions } from './source-actions';
import type { Source } from './source-model';
import { sourcePath, sourcesChanged, useSources } from './source-reads';
import { write } from './write';
import './settings.css';

const SourceDialog = lazy(() => import('./source-dialog').then((module) => ({ default: module.SourceDialog })));

export function SourcesPage() {
	const t = useT();
	return <OfOneWorkspace title={t('settings.sources')} text={t('sources.choose')} help="sources">{(workspace) => <Own workspace={workspace} />}</OfOneWorkspace>;
}

function Own({ workspace }: { workspace: Workspace }) {
	const t = useT();
	const { data, error, refetch } = useSources(workspace.slug);
	const [adding, setAdding] = useState({ open: false, serial: 0 });
	useHeard(['source.added', 'source.changed'], sourcesChanged);
	const add = <Button kind="primary" icon="plus" onClick={() => setAdding((old) => ({ open: true, serial: old.serial + 1 }))}>{t('sources.add')}</Button>;
	return (
		<>
			<PageHead title={t('settings.sources')} sub={t('sources.sub')} help="sources">{data && add}</PageHead>
			{error && !data && <Empty icon="alert" title={t('sources.failed')}><p>{problemText(error)}</p><Button icon="refresh" onClick={() => void refetch()}>{t('error.retry')}</Button></Empty>}
			{data && !data.length && <Empty icon="inbox" title={t('sources.empty')}><p>{t('sources.empty_text')}</p>{add}<HelpMore page="sources" /></Empty>}
			{!error && !data && <div className="page-body" aria-hidden="true"><div className="page-narrow"><Skeleton h={160} style={{ borderRadius: 10 }} /></div></div>}
			{data && (
				<div className="page-body scroll"><div className="page-narrow">
					{data.length > 0 && <ul className="rows">{data.map((one) => <Row key={one.id} one={one} slug={workspace.slug} />)}</ul>}
					<Removed slug={workspace.slug} />
				</div></div>
			)}
			{adding.serial > 0 && <Suspense fallback={null}><SourceDialog key={adding.serial} slug={workspace.slug} source={null} opened={adding.open} onClose={() => setAdding((old) => ({ ...old, open: false }))} /></Suspense>}
		</>
	);
}

function Row({ one, slug }: { one: Source; slug: string }) {
	const t = useT();
	const { formats } = useScope();
	return (
		<li data-source={one.id} style={{ flexWrap: 'wrap', justifyContent: 'flex-end' }}>
			<span className="row-icon" style={{ alignSelf: 'flex-start' }}><Icon name="inbox" size={18} /></span>
			<span className="row-text" style={{ flexBasis: 200 }}>
				<b>{nameOf(one)}{one.name && <span className="tag">{sayValue('source_kind', one.kind)}</span>}{one.signs && <span className="tag tag-ok">{t('sources.signs')}</span>}</b>
				<span className="muted num">{[one.form_type, t('sources.since', { when: formats.date(one.created_at) })].filter(Boolean).join(' · ')}</span>
				{one.origins && <span className="muted" style={{ overflowWrap: 'anywhere' }}>{t('sources.only_from', { sites: one.origins.split(' ').join(', ') })}</span>}
				{one.old_key_until && <span>{t('sources.both_until', { when: formats.moment(one.old_key_until) })}</span>}
			</span>
			<SourceActions one={one} slug={slug} />
		</li>
	);
}

/* what takes nothing any more comes back under the address it had */
function Removed({ slug }: { slug: string }) {
	const t = useT();
	const { data } = useSources(slug, true);
	const restore = async (one: Source) => {
		if (await write(sourcesChanged, 'POST', sourcePath(one.id, slug, '/restore')))
			toast.ok(t('sources.restored', { name: nameOf(one) }));
	};
	if (!data?.length)
		return null;
	return (
		<Section title={t('sources.gone')} text={t('sources.gone_text')}>
			<ul className="rows">{data.map((one) => (
				<li key={one.id} data-gone={one.id}>
					<span className="row-icon"><Icon name="trash" size={18} /></span>
					<span className="row-text"><b>{nameOf(one)}<span className="tag">{sayValue('source_kind', one.kind)}</span></b></span>
					<Button icon="undo" aria-label={t('sources.restore_of', { name: nameOf(one) })} onClick={() => void restore(one)}>{t('sources.restore')}</Button>
				</li>
			))}</ul>
		</Section>
	);
}
