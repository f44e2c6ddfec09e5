/* Out of all workspaces, some: ticked in a menu, kept in the address. Shown only where several are looked at. */
import { useT } from '../i18n';
import { Tile } from '../ui/bits';
import { Icon } from '../ui/icons';
import { Menu, type MenuEntry } from '../ui/menu';
import { useGo, useScope } from './scope';

const NAMED = 3;

export function WorkspaceFilter({ bar }: { bar?: boolean }) {
	const t = useT();
	const go = useGo();
	const { me, workspace, workspaces, formats } = useScope();
	if (workspace || me.workspaces.length < 2)
		return null;
	const all = workspaces.length === me.workspaces.length;
	const chosen = all ? [] : workspaces.map((one) => one.slug);
	const toggle = (slug: string) => go.filter(chosen.includes(slug) ? chosen.filter((one) => one !== slug) : [...chosen, slug]);
	const names = workspaces.slice(0, NAMED).map((one) => one.name).join(', ');
	const face = all ? t('workspace.all') : workspaces.length > NAMED ? t('workspace.some', { names, number: formats.number(workspaces.length - NAMED) }) : names;
	const entries: MenuEntry[] = [
		{ key: 'all', icon: 'stack', label: t('workspace.all'), checked: all, onSelect: () => go.filter([]) },
		{ key: 'line', kind: 'divider' },
		...me.workspaces.map((one) => ({
			key: one.id, kind: 'box' as const, lead: <Tile name={one.name} />, label: one.name, checked: chosen.includes(one.slug), onSelect: () => toggle(one.slug),
		})),
	];
	const menu = (
		<Menu label={t('workspace.filter')} width={280} entries={entries} target={(
			<button type="button" className={`btn filter${all ? '' : ' filter-on'}`}>
				<Icon name="filter" /><span className="hidden-text">{t('workspace.filter')}: </span><span className="cut">{face}</span><Icon name="down" />
			</button>
		)} />
	);
	return bar ? <div className="filter-bar">{menu}</div> : menu;
}
