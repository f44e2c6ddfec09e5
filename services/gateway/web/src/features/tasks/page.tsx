/* What this person has to do: everything open, what is late, what is for today and later, and what was done. */
import { useMemo } from 'react';
import { problemText } from '../../app/problems';
import { useAppSearch, useGo, useScope } from '../../app/scope';
import { useT } from '../../i18n';
import { Empty, Skeleton } from '../../ui/bits';
import { Button } from '../../ui/button';
import { HelpMore, PageHead, useTitle } from '../../ui/page';
import { Segments } from '../../ui/table';
import { ActivityList, useActivityDialog } from '../activities/list';
import { type Activity, TASK_VIEWS, type TaskView, useTasks } from '../activities/model';
import '../activities/activities.css';

export function TasksPage() {
	const t = useT();
	const go = useGo();
	const { reads, zone, me, formats } = useScope();
	const { view: asked } = useAppSearch();
	const view: TaskView = TASK_VIEWS.find((one) => one === asked) ?? 'mine';
	const { data, error, isPending, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useTasks(view, reads, zone);
	const rows = useMemo(() => (data?.pages ?? []).flatMap((page) => page.data), [data]);
	const counts = data?.pages[0]?.counts;
	const { ask, dialog } = useActivityDialog();
	useTitle(t('nav.tasks'));
	const count = (one: TaskView) => (one === 'done' || !counts ? '' : ` ${formats.number(counts[one])}`);
	const edit = (one: Activity) => ask({ mode: 'plan', kind: one.kind, about: one.about, workspace: me.workspaces.find((place) => place.id === one.workspace_id)?.slug ?? '', activity: one });
	return (
		<>
			<PageHead title={t('nav.tasks')} help="tasks" sub={t('tasks.sub')} />
			<div className="bar">
				<Segments<TaskView> label={t('tasks.views')} value={view} onChange={(next) => go.search({ view: next === 'mine' ? undefined : next }, true)} choices={[
					{ value: 'mine', label: t('tasks.mine') + count('mine') }, { value: 'overdue', label: t('tasks.overdue') + count('overdue') }, { value: 'today', label: t('tasks.today') + count('today') },
					{ value: 'upcoming', label: t('tasks.upcoming') + count('upcoming') }, { value: 'done', label: t('tasks.done') },
				]} />
			</div>
			<div className="page-body scroll">
				{isPending ? <div aria-busy="true">{[1, 2, 3, 4].map((row) => <Skeleton key={row} h={48} style={{ marginBottom: 8 }} />)}</div>
					: error && !data ? <Empty icon="alert" title={t('tasks.failed')}><p>{problemText(error)}</p><Button icon="refresh" onClick={() => void refetch()}>{t('error.retry')}</Button></Empty>
						: !rows.length ? <Empty icon="check" title={t(view === 'done' ? 'tasks.none_done' : view === 'overdue' ? 'tasks.none_overdue' : 'tasks.none')}><p>{t('tasks.none_text')}</p><HelpMore page="tasks" /></Empty>
							: <ActivityList label={t('nav.tasks')} rows={rows} onEdit={edit} />}
				{hasNextPage && <div className="column-more"><Button kind="quiet" onClick={() => void fetchNextPage()} disabled={isFetchingNextPage}>{t(isFetchingNextPage ? 'common.loading' : 'common.more')}</Button></div>}
			</div>
			{dialog}
		</>
	);
}
