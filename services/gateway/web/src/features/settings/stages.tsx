/* The pipelines of a workspace and the stages of each: added, named in both languages, ordered, removed when empty or with the
   stage its deals go to. What is done here is on every open board at once. */
import { lazy, Suspense, useState } from 'react';
import { pipelinesChanged, type SetPipeline, useSetPipelines } from '../../api/boards';
import type { Workspace } from '../../api/types';
import { problemText } from '../../app/problems';
import { useScope } from '../../app/scope';
import { labelOf, useLanguage, useT } from '../../i18n';
import { Empty, Skeleton } from '../../ui/bits';
import { Button, IconButton } from '../../ui/button';
import { Icon } from '../../ui/icons';
import { Menu } from '../../ui/menu';
import { HelpMore, PageHead, Section } from '../../ui/page';
import { SortList } from '../../ui/sort-list';
import { toast } from '../../ui/toast';
import { OtherName } from './other-name';
import { OfOneWorkspace } from './one-workspace';
import type { StageTask as Task } from './stage-dialogs';
import { write as send } from './write';
import './settings.css';
import { MODES } from './move-modes';
import '../../ui/table.css';

export function StagesPage() {
	const t = useT();
	return <OfOneWorkspace title={t('settings.stages')} text={t('stages.choose')} help="stages">{(workspace) => <Own workspace={workspace} />}</OfOneWorkspace>;
}

const StageDialogs = lazy(() => import('./stage-dialogs').then((module) => ({ default: module.StageDialogs })));

const write = (method: string, path: string, body: unknown) => send(pipelinesChanged, method, path, body);

function Own({ workspace }: { workspace: Workspace }) {
	const t = useT();
	const { data, error, refetch } = useSetPipelines(workspace.slug);
	const [task, setTask] = useState<Task | null>(null);
	const [open, setOpen] = useState(false);
	const begin = (next: Task) => { setTask(next); setOpen(true); };
	const close = () => setOpen(false);
	const used = (data ?? []).filter((one) => !one.archived);
	const away = (data ?? []).filter((one) => one.archived);
	const add = <Button kind="primary" icon="plus" onClick={() => begin({ kind: 'pipeline', pipeline: null })}>{t('stages.add_pipeline')}</Button>;
	return (
		<>
			<PageHead title={t('settings.stages')} sub={t('stages.sub')} help="stages">{data && add}</PageHead>
			{error && !data
				? <Empty icon="alert" title={t('stages.failed')}><p>{problemText(error)}</p><Button icon="refresh" onClick={() => void refetch()}>{t('error.retry')}</Button></Empty>
				: (
					<div className="page-body scroll"><div className="page-narrow">
						{!data && <div aria-hidden="true"><Skeleton h={340} style={{ borderRadius: 10 }} /></div>}
						{data && data.length === 0 && <Empty icon="board" title={t('stages.empty')}><p>{t('stages.empty_text')}</p><HelpMore page="stages" /></Empty>}
						{used.map((pipeline, at) => <Pipeline key={pipeline.id} pipeline={pipeline} before={used[at - 1]} after={used[at + 1]} begin={begin} />)}
						{away.length > 0 && <Away pipelines={away} />}
					</div></div>
				)}
			{task && <Suspense fallback={null}><StageDialogs workspace={workspace} task={task} open={open} onClose={close} /></Suspense>}
		</>
	);
}

function Pipeline({ pipeline, before, after, begin }: { pipeline: SetPipeline; before: SetPipeline | undefined; after: SetPipeline | undefined; begin(task: Task): void }) {
	const t = useT();
	const language = useLanguage();
	const { formats } = useScope();
	const name = labelOf(pipeline.label, language, pipeline.key);
	const stages = [...pipeline.stages].sort((a, b) => a.position - b.position);
	const mode = MODES.find((one) => one.mode === pipeline.move_mode);
	const place = (position: number) => void write('PUT', `/api/crm/pipelines/${pipeline.id}`, { position });
	const move = (id: string, to: number) => write('PUT', `/api/crm/stages/${id}`, { position: stages[to]?.position ?? to + 1 });
	const menu = t('users.actions_of', { name });
	return (
		<Section title={name} text={[mode && t(mode.name), pipeline.lost_reason_required && t('stages.lost_reason_short'), pipeline.begins && t('stages.begins'), pipeline.kind === 'relationship' && t('stages.relates_short')].filter(Boolean).join(' · ')} actions={(
			<Menu label={menu} align="end" target={<IconButton icon="dots" label={menu} />} entries={[
				{ key: 'edit', icon: 'pencil', label: t('stages.edit_pipeline'), onSelect: () => begin({ kind: 'pipeline', pipeline }) },
				...(before ? [{ key: 'up', icon: 'up' as const, label: t('sort.up'), onSelect: () => place(before.position) }] : []),
				...(after ? [{ key: 'down', icon: 'down' as const, label: t('sort.down'), onSelect: () => place(after.position) }] : []),
				{ key: 'line', kind: 'divider' },
				{ key: 'archive', icon: 'archive', label: t('stages.archive'), onSelect: () => begin({ kind: 'archive', pipeline }) },
			]} />
		)}>
			<SortList label={t('stages.of', { name })} onMove={move} rows={stages.map((stage) => ({
				key: stage.id, label: labelOf(stage.label, language, stage.key),
				lead: <span className={`dot stage-${stage.colour}`} />,
				note: <><OtherName label={stage.label} /> · <span className="num">{stage.probability}%</span></>,
				tags: <>
					{stage.kind !== 'open' && labelOf(stage.label, language, '').toLocaleLowerCase() !== t(stage.kind === 'won' ? 'preset.won' : 'preset.lost') && <span className={`tag ${stage.kind === 'won' ? 'tag-ok' : ''}`}>{t(stage.kind === 'won' ? 'preset.won' : 'preset.lost')}</span>}
					{stage.qualified && <span className="tag tag-accent">{t('stages.qualified_tag')}</span>}
					<span className="muted num nowrap">{t('preset.deals', { count: stage.deals, number: formats.number(stage.deals) })}</span>
				</>,
				onOpen: () => begin({ kind: 'stage', pipeline, stage }),
				entries: [
					{ key: 'edit', icon: 'pencil', label: t('stages.edit'), onSelect: () => begin({ kind: 'stage', pipeline, stage }) },
					{ key: 'remove', icon: 'x', label: t('stages.remove'), onSelect: () => begin({ kind: 'remove', pipeline, stage }) },
				],
			}))} />
			<Button kind="quiet" icon="plus" className="order-add" onClick={() => begin({ kind: 'stage', pipeline, stage: null })}>{t('stages.add')}</Button>
		</Section>
	);
}

function Away({ pipelines }: { pipelines: SetPipeline[] }) {
	const t = useT();
	const language = useLanguage();
	const back = async (pipeline: SetPipeline) => {
		if (await write('PUT', `/api/crm/pipelines/${pipeline.id}`, { archived: false }))
			toast.ok(t('stages.is_back', { name: labelOf(pipeline.label, language, pipeline.key) }));
	};
	return (
		<Section title={t('stages.archived')} text={t('stages.archived_text')}>
			<ul className="rows">
				{pipelines.map((one) => {
					const name = labelOf(one.label, language, one.key);
					return <li key={one.id}><span className="row-icon"><Icon name="archive" size={18} /></span><span className="row-text"><b>{name}</b></span><Button onClick={() => void back(one)} aria-label={t('workspaces.back_of', { name })}>{t('workspaces.back')}</Button></li>;
				})}
			</ul>
		</Section>
	);
}
