/* The gear: which columns the table shows and which filters the bar, in which order, by drag or by key. Nothing of it counts until Save;
   Reset goes back to how it was made. */
import { type DragEvent, type KeyboardEvent, useRef, useState } from 'react';
import { problemText } from '../../app/problems';
import { useT } from '../../i18n';
import { Button, IconButton } from '../../ui/button';
import { Icon } from '../../ui/icons';
import { Popover } from '../../ui/popover';
import { Segments } from '../../ui/table';
import { toast } from '../../ui/toast';
import type { FilterWords } from './filter-bar';
import { DENSITIES, type Density, useKept } from './kept';
import { useColumnChoice } from './table-choice';

interface Line { key: string; label: string; on: boolean }
const HEIGHTS = { compact: 'gear.compact', normal: 'gear.normal', roomy: 'gear.roomy' } as const;
const MIME = 'application/x-leadwire-line';
const lines = (all: Array<{ key: string; label: string }>, shown: readonly string[]): Line[] => [
	...shown.flatMap((key) => all.filter((one) => one.key === key)).map((one) => ({ ...one, on: true })),
	...all.filter((one) => !shown.includes(one.key)).map((one) => ({ ...one, on: false })),
];

export function Gear({ words, shown, columns }: { words: FilterWords; shown: string[]; columns: boolean }) {
	const t = useT();
	const [opened, setOpened] = useState(false);
	return (
		<Popover label={t('gear.label')} opened={opened} onChange={setOpened} width={320} target={(props) => <IconButton icon="settings" label={t('gear.label')} {...props} />}>
			<GearBox words={words} shown={shown} columns={columns} close={() => setOpened(false)} />
		</Popover>
	);
}

function GearBox({ words, shown, columns, close }: { words: FilterWords; shown: string[]; columns: boolean; close(): void }) {
	const t = useT();
	const { kept, save } = useKept();
	const choice = useColumnChoice();
	const [part, setPart] = useState<'columns' | 'filters'>(columns ? 'columns' : 'filters');
	const [draft, setDraft] = useState(() => ({ columns: lines(choice.all, choice.shown), filters: lines(words.shapes.map((one) => ({ key: one.key, label: words.name(one.key) })), shown) }));
	const [density, setDensity] = useState<Density>(kept.density ?? 'normal');
	const put = (change: Parameters<typeof save>[0], said: string) => {
		close();
		save(change).then(() => toast.ok(said)).catch((fault: unknown) => toast.error(problemText(fault)));
	};
	const on = (list: Line[]) => list.filter((one) => one.on).map((one) => one.key);
	return (
		<div className="gear">
			{columns && <Segments<'columns' | 'filters'> label={t('gear.part')} value={part} onChange={setPart} choices={[{ value: 'columns', label: t('gear.columns') }, { value: 'filters', label: t('gear.filters') }]} />}
			<Lines key={part} label={t(part === 'columns' ? 'gear.columns' : 'gear.filters')} list={draft[part]} onChange={(list) => setDraft({ ...draft, [part]: list })} />
			{columns && part === 'columns' && <Segments<Density> label={t('gear.density')} value={density} onChange={setDensity} choices={DENSITIES.map((value) => ({ value, label: t(HEIGHTS[value]) }))} />}
			<div className="form-foot">
				<Button kind="primary" disabled={!on(draft.columns).length} onClick={() => put({ columns: on(draft.columns), filters: on(draft.filters), density }, t('gear.saved'))}>{t('common.save')}</Button>
				<Button icon="refresh" onClick={() => put({ columns: null, filters: null, density: null }, t('gear.was_reset'))}>{t('gear.reset')}</Button>
			</div>
		</div>
	);
}

function Lines({ label, list, onChange }: { label: string; list: Line[]; onChange(list: Line[]): void }) {
	const t = useT();
	const box = useRef<HTMLOListElement>(null);
	const [said, setSaid] = useState('');
	const [over, setOver] = useState('');
	const move = (from: number, to: number, way?: 'up' | 'down') => {
		const line = list[from];
		if (!line || to < 0 || to >= list.length || from === to)
			return;
		const next = list.filter((_, at) => at !== from);
		next.splice(to, 0, line);
		onChange(next);
		setSaid(t('order.moved', { label: line.label, at: to + 1, of: list.length }));
		if (way)
			requestAnimationFrame(() => {
				const row = box.current?.querySelector(`[data-line="${line.key}"]`);
				(row?.querySelector<HTMLElement>(`[data-way="${way}"]:not(:disabled)`) ?? row?.querySelector<HTMLElement>('[data-way]:not(:disabled)'))?.focus();
			});
	};
	const onKey = (at: number) => (event: KeyboardEvent) => {
		if (!event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown'))
			return;
		event.preventDefault();
		event.stopPropagation();
		const way = event.key === 'ArrowUp' ? 'up' : 'down';
		move(at, at + (way === 'up' ? -1 : 1), way);
	};
	const drop = (at: number) => (event: DragEvent) => {
		event.preventDefault();
		setOver('');
		const from = list.findIndex((one) => one.key === event.dataTransfer.getData(MIME));
		move(from, at);
	};
	return (
		<>
			<ol ref={box} className="gear-list scroll" aria-label={label}>
				{list.map((line, at) => (
					<li key={line.key} data-line={line.key} data-over={over === line.key || undefined} draggable onKeyDown={onKey(at)}
						onDragStart={(event) => { event.dataTransfer.setData(MIME, line.key); event.dataTransfer.effectAllowed = 'move'; }}
						onDragOver={(event) => { if (event.dataTransfer.types.includes(MIME)) { event.preventDefault(); setOver(line.key); } }}
						onDragLeave={() => setOver('')} onDrop={drop(at)}>
						<span className="gear-grip" aria-hidden="true"><Icon name="move" size={14} /></span>
						<label className="tick"><input type="checkbox" checked={line.on} onChange={(event) => onChange(list.map((one) => one === line ? { ...one, on: event.currentTarget.checked } : one))} /><span className="cut">{line.label}</span></label>
						<IconButton icon="up" small label={t('order.up', { label: line.label })} hint="Alt ↑" data-way="up" disabled={at === 0} onClick={() => move(at, at - 1, 'up')} />
						<IconButton icon="down" small label={t('order.down', { label: line.label })} hint="Alt ↓" data-way="down" disabled={at === list.length - 1} onClick={() => move(at, at + 1, 'down')} />
					</li>
				))}
			</ol>
			<span className="hidden-text" role="status">{said}</span>
		</>
	);
}
