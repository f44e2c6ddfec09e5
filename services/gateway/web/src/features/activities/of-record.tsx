/* What was done and is planned with a record that has no panel of its own: the newest of it, and a menu to add to it. */
import { useMemo } from 'react';
import { useScope } from '../../app/scope';
import { sayValue, useT } from '../../i18n';
import { Skeleton } from '../../ui/bits';
import { Button } from '../../ui/button';
import { Icon } from '../../ui/icons';
import { Menu } from '../../ui/menu';
import { ActivityList, useActivityDialog } from './list';
import { type About, ACTIONS, iconOf, toneOf, useActivities } from './model';
import './activities.css';

export function ActivitiesOf({ about, workspaceId }: { about: About; workspaceId: string }) {
	const t = useT();
	const { me, mayEdit } = useScope();
	const { ask, dialog } = useActivityDialog();
	const { data, isPending, hasNextPage, fetchNextPage } = useActivities({ [`${about.kind}_id`]: about.id, limit: 20 });
	const rows = useMemo(() => (data?.pages ?? []).flatMap((page) => page.data), [data]);
	const workspace = me.workspaces.find((one) => one.id === workspaceId)?.slug ?? '';
	return (
		<section aria-label={t('activity.title')}>
			<div className="side-head">
				<h3>{t('activity.title')}</h3>
				{mayEdit(workspaceId) && <Menu label={t('activity.add')} align="end" width={230} entries={[
					...ACTIONS.map((kind) => ({ key: kind, lead: <span className={toneOf(kind)} style={{ color: 'var(--dot)', display: 'inline-flex' }}><Icon name={iconOf(kind)} /></span>, label: t('activity.log', { kind: sayValue('kind', kind) }), onSelect: () => ask({ mode: 'log', kind, about, workspace }) })),
					{ key: 'line', kind: 'divider' as const },
					{ key: 'task', icon: 'tasks' as const, label: t('activity.new_task'), onSelect: () => ask({ mode: 'plan', kind: 'task', about, workspace }) },
					{ key: 'reminder', icon: 'bell' as const, label: t('activity.new_reminder'), onSelect: () => ask({ mode: 'reminder', kind: 'task', about, workspace }) },
				]} target={<Button icon="plus">{t('activity.add_short')}</Button>} />}
			</div>
			{isPending ? <Skeleton h={48} /> : rows.length ? <ActivityList label={t('activity.title')} rows={rows} onEdit={(activity) => ask({ mode: 'plan', kind: activity.kind, about: activity.about, workspace, activity })} showAbout={false} /> : <p className="muted">{t('activity.none')}</p>}
			{hasNextPage && <Button kind="quiet" onClick={() => void fetchNextPage()}>{t('common.more')}</Button>}
			{dialog}
		</section>
	);
}
