/* Filters, columns and order under a name: one's own and the shared ones, to be taken, kept and taken away. */
import { lazy, Suspense, useState } from 'react';
import { problemText } from '../../app/problems';
import { type AppSearch, useAppSearch, useGo, useScope } from '../../app/scope';
import { useT } from '../../i18n';
import { Button } from '../../ui/button';
import { Menu, type MenuEntry } from '../../ui/menu';
import { toast } from '../../ui/toast';
import { filtersOf, useFilters } from './filters';
import { addView, useKept, useViews, type View } from './kept';

/* the dialogs come with the library's weight, and only when they are asked for */
const SaveView = lazy(() => import('./view-dialogs').then((module) => ({ default: module.SaveView })));
const DropView = lazy(() => import('./view-dialogs').then((module) => ({ default: module.DropView })));

export function ViewsMenu() {
	const t = useT();
	const go = useGo();
	const { me, workspace, slug, mayEdit, may } = useScope();
	const { data } = useViews();
	const { kept, save } = useKept();
	const values = useFilters();
	const { sort } = useAppSearch();
	const [asking, setAsking] = useState(false);
	const [gone, setGone] = useState<View | null>(null);
	const views = data ?? [];
	const same = (view: View) => JSON.stringify(Object.entries(filtersOf(view.content.values ?? {})).sort()) === JSON.stringify(Object.entries(values).sort()) && (view.content.sort ?? '') === (sort ?? '');
	const now = views.find(same);
	const take = (view: View) => {
		const none = Object.fromEntries(Object.keys(values).map((name) => [name, undefined]));
		go.search({ ...none, ...filtersOf(view.content.values ?? {}), sort: view.content.sort } as Partial<AppSearch>);
		if (view.content.columns)
			save({ columns: view.content.columns }).catch((fault: unknown) => toast.error(problemText(fault)));
	};
	const mayDrop = now && (now.owner_id === me.user.id || may('crm-settings'));
	const entries: MenuEntry[] = [
		...(views.length ? views.map((view): MenuEntry => ({ key: view.id, label: view.name, checked: view === now, end: view.shared ? <span className="tag">{t('views.shared')}</span> : undefined, onSelect: () => take(view) }))
			: [{ key: 'none', kind: 'label' as const, label: t('views.none') }]),
		{ key: 'line', kind: 'divider' },
		{ key: 'save', icon: 'plus', label: t(workspace ? 'views.save' : 'views.one_workspace'), disabled: !workspace, onSelect: () => setAsking(true) },
		...(now && mayDrop ? [{ key: 'drop', icon: 'x' as const, label: t('views.drop', { name: now.name }), onSelect: () => setGone(now) }] : []),
	];
	return (
		<>
			<Menu label={t('views.label')} width={288} align="end" entries={entries} target={<Button icon="eye">{now ? now.name : t('views.label')}</Button>} />
			{(asking || gone) && (
				<Suspense fallback={null}>
					{asking && workspace && <SaveView close={() => setAsking(false)} share={mayEdit(workspace.id)}
						keep={(name, shared) => addView(slug, name, shared, { values, ...(sort ? { sort } : {}), ...(kept.columns ? { columns: kept.columns } : {}) })} />}
					{gone && <DropView view={gone} close={() => setGone(null)} />}
				</Suspense>
			)}
		</>
	);
}
