/* The bar above board and table: the view, words to find, a chip a filter that opens what it may be. What is chosen stands in the
   address at once; which chips show and in what order the gear says. */
import { type ReactNode, useCallback, useMemo, useState } from 'react';
import { useItems, useOwnFields, useSetPipelines } from '../../api/boards';
import { useMembers } from '../../api/queries';
import type { Page } from '../../app/places';
import { type AppSearch, useGo, useScope } from '../../app/scope';
import { SegmentFilter } from '../segments/filter';
import { WorkspaceFilter } from '../../app/workspace-filter';
import { labelOf, sayValue, useLanguage, useT } from '../../i18n';
import { Button } from '../../ui/button';
import { Icon } from '../../ui/icons';
import { Popover } from '../../ui/popover';
import { Find } from '../../ui/table';
import { useTags } from '../activities/model';
import { CATALOGUES, type FilterShape, FILTERS, type FilterValues, useFilters, valuesOf } from './filters';
import { Gear } from './gear';
import { rolesOf } from '../accounts/roles';
import { useKeepFilters, useKept } from './kept';
import { ViewSwitch } from './view-switch';
import { ViewsMenu } from './views-menu';

export interface FilterWords { shapes: FilterShape[]; name(key: string): string; options(key: string): Array<{ value: string; label: string }> }

/* what may be filtered here, in words: the workspace's own stages, people, catalogues and fields */
export function useFilterWords(): FilterWords {
	const t = useT();
	const language = useLanguage();
	const { reads, me, workspaces } = useScope();
	const pipelines = useSetPipelines(reads).data;
	const items = useItems(reads).data;
	const fields = useOwnFields(reads).data;
	const members = useMembers(reads).data;
	const tags = useTags(reads).data;
	return useMemo(() => {
		const own = (fields ?? []).filter((one, at, all) => !one.retired && all.findIndex((other) => other.key === one.key) === at);
		const seesOthers = me.agency.admin || workspaces.some((one) => one.scope !== 'own');
		const shapes = [
			...FILTERS.filter((one) => (one.key !== 'owner' || seesOthers) && (one.key !== 'tag' || tags?.length) && (!CATALOGUES.some((name) => name === one.key) || one.key === 'source' || (items ?? []).some((item) => item.catalogue === one.key))),
			...rolesOf(items ?? []).filter((one) => one.key !== 'kae' && one.key !== 'csr').map((one): FilterShape => ({ key: `role.${one.key}`, kind: 'set', params: [`role.${one.key}`] })),
			...own.map((one): FilterShape => ({ key: `custom.${one.key}`, kind: one.kind === 'choice' || one.kind === 'boolean' ? 'set' : 'text', params: [`custom.${one.key}`] })),
		];
		const unique = (list: Array<{ value: string; label: string }>) => [...new Map([...list].reverse().map((one) => [one.value, one])).values()].reverse();
		const none = { value: 'none', label: t('filter.none') };
		return {
			shapes,
			name: (key) => {
				const found = own.find((one) => `custom.${one.key}` === key);
				const role = rolesOf(items ?? []).find((one) => key === `role.${one.key}` || key === one.key);
				return found ? labelOf(found.label, language, found.key) : role ? labelOf(role.label, language, role.key) : sayValue('field', key);
			},
			options: (key) => {
				const found = own.find((one) => `custom.${one.key}` === key);
				if (found)
					return found.kind === 'boolean' ? [{ value: 'true', label: t('audit_value.yes') }, { value: 'false', label: t('audit_value.no') }, none]
						: [...(found.choices ?? []).map((one) => ({ value: one.key, label: labelOf(one.label, language, one.key) })), none];
				const people = () => [{ value: 'me', label: t('filter.me') }, ...unique((members ?? []).filter((one) => one.active && one.id !== me.user.id).map((one) => ({ value: one.id, label: one.name }))), none];
				if (key.startsWith('role.'))
					return people();
				switch (key) {
				case 'type': return ['prospect', 'client'].map((value) => ({ value, label: sayValue('lifecycle', value) }));
				case 'stage': return unique((pipelines ?? []).filter((one) => !one.archived).flatMap((one) => one.stages).map((one) => ({ value: one.key, label: labelOf(one.label, language, one.key) })));
				case 'look': return [{ value: 'stuck', label: t('dashboard.stuck') }, { value: 'no_next', label: t('dashboard.no_next') }, { value: 'incomplete', label: t('dashboard.incomplete') }];
				case 'qualified': return [{ value: '1', label: t('filter.opportunities') }];
				case 'kind': return ['open', 'won', 'lost'].map((value) => ({ value, label: sayValue('stage_kind', value) }));
				case 'owner': case 'kae': case 'csr': return people();
				/* ids hold when a tag is renamed; several workspaces share no more than the word */
				case 'tag': return [...unique((tags ?? []).map((one) => ({ value: workspaces.length > 1 ? one.label : one.id, label: one.label }))), none];
				case 'lead_status': return [...['New', 'Contacted', 'Qualified'].map((value) => ({ value, label: sayValue('lead_status', value) })), none];
				default: return [...unique((items ?? []).filter((one) => one.catalogue === key && !one.retired).map((one) => ({ value: one.key, label: labelOf(one.label, language, one.key) }))), none];
				}
			},
		};
	}, [t, language, me, workspaces, pipelines, items, fields, members, tags]);
}

/* those that show before somebody says otherwise: S2 has its own */
const FIRST = ['stage', 'owner', 'source', 'created_at'];
const FIRST_SHIPPING = ['stage', 'onboarding_status', 'ecommerce_type', 'type', 'created_at'];

export function useShownFilters(words: FilterWords): string[] {
	const { kept } = useKept();
	const { profile } = useScope();
	const chosen = kept.filters ?? (profile === 'shipping' ? FIRST_SHIPPING : FIRST);
	return chosen.filter((key) => words.shapes.some((one) => one.key === key));
}

/* `folded`: on a small screen there is a button in its place, until it is pressed */
export function FilterBar({ here, end, folded = false }: { here: Page; end?: ReactNode; folded?: boolean }) {
	const t = useT();
	const go = useGo();
	const values = useFilters();
	const words = useFilterWords();
	const shown = useShownFilters(words);
	useKeepFilters(here);
	const [open, setOpen] = useState<string | null>(null);
	const [unfolded, setUnfolded] = useState(false);
	const find = useCallback((q: string) => go.search({ q: q || undefined }, true), [go]);
	const set = (change: Record<string, string | undefined>) => go.search(change as Partial<AppSearch>, true);
	/* what filters shows, whether or not the gear wants it shown */
	const chips = words.shapes.filter((one) => shown.includes(one.key) || one.params.some((param) => values[param]))
		.sort((a, b) => (shown.indexOf(a.key) + 1 || 99) - (shown.indexOf(b.key) + 1 || 99));
	return (
		<div className="bar deal-bar">
			<ViewSwitch here={here} />
			{folded && <Button className={Object.keys(values).length ? 'filter filter-on' : 'filter'} icon="filter" aria-expanded={unfolded} onClick={() => setUnfolded(!unfolded)}>{t('filter.label')}</Button>}
			{(!folded || unfolded) && <>
			<Find label={t('filter.find')} clear={t('leads.clear')} value={values['q'] ?? ''} onChange={find} />
			<WorkspaceFilter />
			<SegmentFilter of="deal" />
			<div className="filter-chips" role="group" aria-label={t('filter.label')}>
				{chips.map((shape) => <Chip key={shape.key} shape={shape} words={words} values={values} opened={open === shape.key} onOpen={(next) => setOpen(next ? shape.key : null)} onChange={set} />)}
				{Object.keys(values).length > 0 && <Button kind="quiet" icon="x" onClick={() => set(Object.fromEntries(Object.keys(values).map((name) => [name, undefined])))}>{t('filter.clear')}</Button>}
			</div>
			<div className="bar-end"><ViewsMenu />{end}<Gear words={words} shown={shown} columns={here === '/deals/table'} /></div>
			</>}
		</div>
	);
}

function Chip({ shape, words, values, opened, onOpen, onChange }: { shape: FilterShape; words: FilterWords; values: FilterValues; opened: boolean; onOpen(next: boolean): void; onChange(change: Record<string, string | undefined>): void }) {
	const t = useT();
	const { formats } = useScope();
	const name = words.name(shape.key);
	const [first = '', second = ''] = shape.params;
	const listed = shape.kind === 'set' || shape.kind === 'one';
	const options = listed ? words.options(shape.key) : [];
	const chosen = valuesOf(values[first]);
	const on = shape.params.some((param) => values[param]);
	const range = (say: (text: string) => string) => [values[first], values[second]].map((one) => one ? say(one) : '…').join(' – ');
	const face = !on ? '' : listed ? (chosen.length > 2 ? t('filter.some', { number: formats.number(chosen.length) }) : chosen.map((one) => options.find((option) => option.value === one)?.label ?? one).join(', '))
		: shape.kind === 'dates' ? range(formats.date) : shape.kind === 'value' ? range((text) => text) : (values[first] ?? '');
	const tick = (value: string, yes: boolean) => onChange({ [first]: shape.kind === 'one' ? (yes ? value : undefined) : options.map((one) => one.value).filter((one) => one === value ? yes : chosen.includes(one)).join(',') || undefined });
	const field = (param: string, label: string) => (
		<label className="filter-field" key={param}><span>{label}</span>
			<input className="lw-input" type={shape.kind === 'dates' ? 'date' : 'text'} inputMode={shape.kind === 'value' ? 'decimal' : undefined} defaultValue={values[param] ?? ''}
				onChange={(event) => onChange({ [param]: event.currentTarget.value.trim().replace(shape.kind === 'value' ? ',' : '\0', '.') || undefined })} /></label>
	);
	return (
		<Popover label={t('filter.by', { field: name })} opened={opened} onChange={onOpen} width={264} align="start" target={(props) => (
			<button type="button" className={`btn filter${on ? ' filter-on' : ''}`} data-filter={shape.key} {...props}><span className="cut">{name}{face && `: ${face}`}</span><Icon name="down" /></button>
		)}>
			<div className="filter-box scroll">
				{listed && options.map((one) => (
					<label className="tick" key={one.value}><input type="checkbox" checked={chosen.includes(one.value)} onChange={(event) => tick(one.value, event.currentTarget.checked)} /><span className="cut">{one.label}</span></label>
				))}
				{shape.kind === 'text' && field(first, t('filter.is'))}
				{(shape.kind === 'dates' || shape.kind === 'value') && <>{field(first, t('filter.from'))}{field(second, t('filter.to'))}</>}
				<Button kind="quiet" icon="x" disabled={!on} onClick={() => { onChange(Object.fromEntries(shape.params.map((param) => [param, undefined]))); onOpen(false); }}>{t('filter.drop')}</Button>
			</div>
		</Popover>
	);
}
