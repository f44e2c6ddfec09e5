/* What was done and is planned with a record that has no story of its own: the newest of it, and a menu to add to it. */
import { useMemo } from 'react';
import { useScope } from '../../app/scope';
import { useT } from '../../i18n';
import { Skeleton } from '../../ui/bits';
import { Button } from '../../ui/button';
import { AddMenu } from './add';
import { ActivityList, useActivityDialog } from './list';
import { type About, useActivities } from './model';
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
				{mayEdit(workspaceId) && <AddMenu ask={ask} about={about} workspace={workspace} />}
			</div>
			{isPending ? <Skeleton h={48} /> : rows.length ? <ActivityList label={t('activity.title')} rows={rows} onEdit={(activity) => ask({ mode: 'plan', kind: activity.kind, about: activity.about, workspace, activity })} showAbout={about.kind === 'account'} /> : <p className="muted">{t('activity.none')}</p>}
			{hasNextPage && <Button kind="quiet" onClick={() => void fetchNextPage()}>{t('common.more')}</Button>}
			{dialog}
		</section>
	);
}
