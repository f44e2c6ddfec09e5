/* What stands above a list beside its search: a filter that is one of several, columns to be shown or not, and filters, columns and order kept
   under a name. Knows no list: which filters and columns there are, the page says. */
import { lazy, Suspense, useState } from 'react';
import { problemText } from '../../app/problems';
import { type AppSearch, useAppSearch, useGo, useScope } from '../../app/scope';
import { labelOf, useLanguage, useT } from '../../i18n';
import type { OwnField } from '../../api/boards';
import { Button, IconButton } from '../../ui/button';
import { Icon } from '../../ui/icons';
import { Menu, type MenuEntry } from '../../ui/menu';
import { toast } from '../../ui/toast';
import { ownChoices } from '../fields/own';
import { addView, useKept, useViews, type View } from '../deals/kept';

const SaveView = lazy(() => import('../deals/view-dialogs').then((module) => ({ default: module.SaveView })));
const DropView = lazy(() => import('../deals/view-dialogs').then((module) => ({ default: module.DropView })));

export interface Option { value: string; label: string; tone?: string }

/* a button that says what is chosen and opens what may be */
export function FilterMenu({ name, label, every, options }: { name: keyof AppSearch; label: string; every: string; options: readonly Option[] }) {
	const go = useGo();
	const value = useAppSearch()[name];
	const set = (to: string | undefined) => go.search({ [name]: to }, true);
	const chosen = options.find((one) => one.value === value);
	return (
		<Menu label={label} entries={[
			{ key: '', label: every, checked: !value, onSelect: () => set(undefined) },
			...options.map((one): MenuEntry => ({ key: one.value, label: one.label, checked: value === one.value, ...(one.tone ? { lead: <span className={`dot ${one.tone}`} /> } : {}), onSelect: () => set(one.value) })),
		]} target={<button type="button" className={value ? 'btn filter filter-on' : 'btn filter'}><span className="cut">{value ? `${label}: ${chosen?.label ?? value}` : label}</span><Icon name="down" size={14} /></button>} />
	);
}

/* the workspace's own fields of whose values there are few */
const few = (fields: readonly OwnField[] | undefined) => (fields ?? []).filter((one) => !one.retired && (one.kind === 'choice' || one.kind === 'boolean'));
export const ownNames = (fields: readonly OwnField[] | undefined): Array<`custom.${string}`> => few(fields).map((one) => `custom.${one.key}` as const);

export function OwnFilters({ fields }: { fields: readonly OwnField[] | undefined }) {
	const t = useT();
	const language = useLanguage();
	return <>{few(fields).map((one) => <FilterMenu key={one.key} name={`custom.${one.key}`} label={labelOf(one.label, language, one.key)} every={t('filter.any')} options={[...ownChoices(t, language, one), { value: 'none', label: t('filter.none') }]} />)}</>;
}

export type Columns = ReadonlyArray<{ key: string; label: string }>;

/* those that show, in the order in which there are; the first one always does */
export function useShown(place: string, all: Columns, first: readonly string[]): { shown: string[]; set(next: string[] | null): void } {
	const { kept, save } = useKept(place);
	const shown = all.map((one) => one.key).filter((key) => (kept.columns ?? first).includes(key));
	return { shown, set: (columns) => { save({ columns }).catch((fault: unknown) => toast.error(problemText(fault))); } };
}

export function ColumnsMenu({ all, shown, onChange }: { all: Columns; shown: readonly string[]; onChange(next: string[] | null): void }) {
	const t = useT();
	return (
		<Menu label={t('gear.columns')} align="end" entries={[
			...all.map((one): MenuEntry => ({ key: one.key, kind: 'box', label: one.label, checked: shown.includes(one.key), onSelect: () => onChange(shown.includes(one.key) ? shown.filter((key) => key !== one.key) : [...shown, one.key]) })),
			{ key: 'line', kind: 'divider' },
			{ key: 'reset', icon: 'refresh', label: t('gear.reset'), onSelect: () => onChange(null) },
		]} target={<IconButton icon="settings" label={t('gear.label')} />} />
	);
}

const signOf = (values: Record<string, string>) => JSON.stringify(Object.entries(values).sort());

/* `names`: which words of the address are this list's filters */
export function ListViews({ place, names, columns, onColumns }: { place: string; names: ReadonlyArray<keyof AppSearch>; columns: readonly string[]; onColumns(next: string[]): void }) {
	const t = useT();
	const go = useGo();
	const search = useAppSearch();
	const { me, workspace, slug, mayEdit, may } = useScope();
	const views = useViews(place).data ?? [];
	const [asking, setAsking] = useState(false);
	const [gone, setGone] = useState<View | null>(null);
	const mine = (raw: Record<string, unknown>) => Object.fromEntries(names.flatMap((name) => (typeof raw[name] === 'string' && raw[name] ? [[name as string, raw[name]]] : []))) as Record<string, string>;
	const values = mine(search as Record<string, unknown>);
	const sort = search.sort;
	const now = views.find((view) => signOf(mine(view.content.values ?? {})) === signOf(values) && (view.content.sort ?? '') === (sort ?? ''));
	const take = (view: View) => {
		go.search({ ...Object.fromEntries(names.map((name) => [name, undefined])), ...mine(view.content.values ?? {}), sort: view.content.sort });
		if (view.content.columns)
			onColumns(view.content.columns);
	};
	const entries: MenuEntry[] = [
		...(views.length ? views.map((view): MenuEntry => ({ key: view.id, label: view.name, checked: view === now, end: view.shared ? <span className="tag">{t('views.shared')}</span> : undefined, onSelect: () => take(view) }))
			: [{ key: 'none', kind: 'label' as const, label: t('views.none') }]),
		{ key: 'line', kind: 'divider' },
		{ key: 'save', icon: 'plus', label: t(workspace ? 'views.save' : 'views.one_workspace'), disabled: !workspace, onSelect: () => setAsking(true) },
		...(now && (now.owner_id === me.user.id || may('crm-settings')) ? [{ key: 'drop', icon: 'x' as const, label: t('views.drop', { name: now.name }), onSelect: () => setGone(now) }] : []),
	];
	return (
		<>
			<Menu label={t('views.label')} width={288} align="end" entries={entries} target={<Button icon="eye">{now ? now.name : t('views.label')}</Button>} />
			{(asking || gone) && (
				<Suspense fallback={null}>
					{asking && workspace && <SaveView close={() => setAsking(false)} share={mayEdit(workspace.id)}
						keep={(name, shared) => addView(slug, name, shared, { values, ...(sort ? { sort } : {}), columns: [...columns] }, place)} />}
					{gone && <DropView view={gone} close={() => setGone(null)} />}
				</Suspense>
			)}
		</>
	);
}
