/* The segments of a workspace: what each is of, how many are in it, live; its list, its file, its conditions. */
import { lazy, Suspense, useState } from 'react';
import { api } from '../../api/client';
import type { Workspace } from '../../api/types';
import { problemText } from '../../app/problems';
import { useGo, useScope } from '../../app/scope';
import { useT } from '../../i18n';
import { Empty, Skeleton } from '../../ui/bits';
import { Button, IconButton } from '../../ui/button';
import { Confirm } from '../../ui/confirm';
import { Menu, type MenuEntry } from '../../ui/menu';
import { HelpMore, PageHead, Section } from '../../ui/page';
import { toast } from '../../ui/toast';
import { OfOneWorkspace } from '../settings/one-workspace';
import { Icon, type IconName } from '../../ui/icons';
import { FILE_OF, LIST_OF, OF, type Of, type Segment, segmentsChanged, useSegments } from './model';
import '../settings/settings.css';
import './segments.css';

const SegmentDialog = lazy(() => import('./dialog').then((module) => ({ default: module.SegmentDialog })));
const ICON: Record<Of, IconName> = { contact: 'user', account: 'building', lead: 'leads', deal: 'board' };

export function SegmentsPage() {
	const t = useT();
	return <OfOneWorkspace title={t('nav.segments')} text={t('segments.choose_workspace')} help="segments">{(workspace) => <Own workspace={workspace} />}</OfOneWorkspace>;
}

function Own({ workspace }: { workspace: Workspace }) {
	const t = useT();
	const go = useGo();
	const { mayEdit, may, me, formats } = useScope();
	const { data, error, refetch } = useSegments(workspace.slug);
	const [segment, setSegment] = useState<Segment | null>(null);
	const [open, setOpen] = useState(false);
	const [asked, setAsked] = useState(0);
	const [gone, setGone] = useState<Segment | null>(null);
	const [busy, setBusy] = useState(false);
	const begin = (next: Segment | null) => { setSegment(next); setAsked((old) => old + 1); setOpen(true); };
	const makes = mayEdit(workspace.id);
	const add = makes && <Button kind="primary" icon="plus" onClick={() => begin(null)}>{t('segments.add')}</Button>;
	const remove = async () => {
		if (!gone)
			return;
		setBusy(true);
		try {
			await api('DELETE', `/api/crm/segments/${gone.id}`, {});
			toast.ok(t('segments.removed', { name: gone.name }));
			setGone(null);
		} catch (reason) {
			toast.error(problemText(reason));
		}
		await segmentsChanged();
		setBusy(false);
	};
	const entries = (one: Segment): MenuEntry[] => {
		const own = makes && (one.created_by === me.user.id || may('crm-settings'));
		return [
			...(own ? [{ key: 'edit', icon: 'pencil' as const, label: t('segments.edit'), onSelect: () => begin(one) }] : []),
			...(may('crm-export') ? [{ key: 'file', icon: 'download' as const, label: t('segments.file'), onSelect: () => { location.assign(`/api/crm/export/${FILE_OF[one.of]}?workspace=${encodeURIComponent(workspace.slug)}&segment=${one.id}`); } }] : []),
			...(own ? [{ key: 'drop', icon: 'trash' as const, label: t('segments.remove'), onSelect: () => setGone(one) }] : []),
		];
	};
	return (
		<>
			<PageHead title={t('nav.segments')} sub={t('segments.sub')} help="segments">{data && add}</PageHead>
			{error && !data && <Empty icon="alert" title={t('segments.failed')}><p>{problemText(error)}</p><Button icon="refresh" onClick={() => void refetch()}>{t('error.retry')}</Button></Empty>}
			{data && !data.length && <Empty icon="filter" title={t('segments.empty')}><p>{t('segments.empty_text')}</p>{add}<HelpMore page="segments" /></Empty>}
			{(data ? data.length > 0 : !error) && (
				<div className="page-body scroll"><div className="page-narrow">
					{!data && <div aria-hidden="true"><Skeleton h={220} style={{ borderRadius: 10 }} /></div>}
					{OF.filter((of) => data?.some((one) => one.of === of)).map((of) => (
						<Section key={of} title={t(`segment_of.${of}`)}>
							<ul className="rows">
								{(data ?? []).filter((one) => one.of === of).map((one) => (
									<li key={one.id} data-segment={one.id}>
										<span className="row-icon"><Icon name={ICON[of]} size={18} /></span>
										<span className="row-text"><button type="button" className="link seg-name" onClick={() => go.list(LIST_OF[of], one.id)}><b>{one.name}</b></button><span className="num" role="status">{one.counting ? t('segments.counting') : t('segments.size', { count: one.size, number: formats.number(one.size) })}</span></span>
										{entries(one).length > 0 && <Menu label={t('segments.more', { name: one.name })} align="end" entries={entries(one)} target={<IconButton icon="dots" label={t('segments.more', { name: one.name })} />} />}
									</li>
								))}
							</ul>
						</Section>
					))}
				</div></div>
			)}
			{asked > 0 && <Suspense fallback={null}><SegmentDialog key={asked} workspace={workspace} segment={segment} opened={open} onClose={() => setOpen(false)} /></Suspense>}
			<Confirm opened={gone !== null} onClose={() => setGone(null)} title={t('segments.remove_sure', { name: gone?.name ?? '' })} text={t('segments.remove_text')} yes={t('segments.remove')} onYes={() => void remove()} busy={busy} danger />
		</>
	);
}
