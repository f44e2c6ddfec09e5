/* The lines of a draft, as a table one types through: out of the catalogue by code or name, or in one's own words; headings and texts between them; put in
   another order by dragging or by Alt with an arrow; pasted from a spreadsheet. Says what each comes to while one types, and never reckons itself. */
import { draggable, dropTargetForElements } from '@atlaskit/pragmatic-drag-and-drop/element/adapter';
import { type ClipboardEvent, type KeyboardEvent, useEffect, useId, useLayoutEffect, useRef, useState } from 'react';
import type { Formats } from '../../lib/format';
import { isFault, isItem, moneyOf, priceWith, type Totals, type TotalsFault } from '../../lib/totals';
import { sayValue, type Translate, useT } from '../../i18n';
import { useScope } from '../../app/scope';
import { Button, IconButton } from '../../ui/button';
import { Icon } from '../../ui/icons';
import { Menu } from '../../ui/menu';
import { type CatalogItem, itemName, priceOn, TAXES, UNITS, type Unit } from '../billing/items';
import type { Category } from '../../lib/totals';
import { Figure } from './cell';
import { type DraftLine, isBlank, lineKey } from './draft';
import type { Line, Mode } from './model';
import { pastedLines } from './paste';

export interface Wrong { key: string; field: string; said: string }
interface Props {
	lines: readonly DraftLine[]; quote: boolean; currency: string; mode: Mode; language: 'nl' | 'en'; day: string; items: readonly CatalogItem[]; tax: Pick<Line, 'category' | 'rate'>;
	totals: Totals | TotalsFault; wrong: readonly Wrong[]; onChange(lines: DraftLine[], tag: string): void;
}

/* a box grows with what stands in it */
function Words({ label, value, field, onChange, placeholder, wrong, why, onKeyDown, onPaste, strong, combo }: {
	label: string; value: string; field: string; onChange(value: string): void; placeholder?: string; wrong?: string | undefined; why?: string | undefined; onKeyDown?(event: KeyboardEvent): void; onPaste?(event: ClipboardEvent): void; strong?: boolean; combo?: { open: boolean; list: string; active: string | undefined };
}) {
	const box = useRef<HTMLTextAreaElement>(null);
	useLayoutEffect(() => {
		if (box.current) {
			box.current.style.height = 'auto';
			box.current.style.height = `${box.current.scrollHeight + 2}px`;
		}
	}, [value]);
	return <textarea ref={box} rows={1} className={strong ? 'lw-input doc-input doc-words doc-strong' : 'lw-input doc-input doc-words'} aria-label={label} aria-invalid={wrong ? true : undefined} aria-describedby={wrong ? why : undefined} data-error={wrong ? true : undefined} title={wrong} data-field={field} placeholder={placeholder} value={value}
		{...(combo ? { role: 'combobox', 'aria-expanded': combo.open, 'aria-controls': combo.list, 'aria-autocomplete': 'list' as const, 'aria-activedescendant': combo.active } : {})}
		onChange={(event) => onChange(event.currentTarget.value)} onKeyDown={onKeyDown} onPaste={onPaste} />;
}

/* those of the catalogue whose code begins so, or whose name holds every word; the first of all where nothing is typed */
export function itemsFor(items: readonly CatalogItem[], typed: string, language: 'nl' | 'en'): CatalogItem[] {
	const words = typed.trim().toLowerCase().split(/\s+/).filter(Boolean);
	return items.filter((item) => (words.length > 0 && item.code?.toLowerCase().startsWith(typed.trim().toLowerCase())) || words.every((word) => itemName(item, language).toLowerCase().includes(word))).slice(0, 8);
}

export function lineOfItem(item: CatalogItem, language: 'nl' | 'en', day: string, tax: Pick<Line, 'category' | 'rate'>, mode: Mode = 'net'): Line {
	const price = priceOn(item.prices, day);
	const said = language === 'nl' ? item.description_nl || item.description_en : item.description_en || item.description_nl;
	/* where nobody is charged VAT, what is sold has none either */
	const taxed = tax.category && tax.category !== 'standard' ? tax : { category: price?.category ?? 'standard', rate: price?.rate ?? (price?.category && price.category !== 'standard' ? '0' : tax.rate ?? '21') };
	return {
		kind: 'item', catalog_item_id: item.id, code: item.code, name: itemName(item, language), ...(said ? { description: said } : {}), unit: item.unit, ...taxed,
		price: price ? (mode === 'gross' ? priceWith(price.price, taxed.rate ?? '0', 'gross') : price.price) : '',
	};
}

const taxOf = (line: Pick<Line, 'category' | 'rate'>): string => `${line.category ?? 'standard'}:${(line.category ?? 'standard') === 'standard' ? (line.rate ?? '').replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '') : ''}`;
export function taxChoices(t: Translate, also: string): Array<{ value: string; label: string }> {
	const rates = ['21', '9', ...(also.startsWith('standard:') && !['standard:21', 'standard:9', 'standard:'].includes(also) ? [also.slice(9)] : [])];
	return [...rates.map((rate) => ({ value: `standard:${rate}`, label: `${rate.replace('.', ',')} %` })), ...TAXES.filter((one) => one !== 'standard').map((one) => ({ value: `${one}:`, label: t(`doc_tax.${one}`) }))];
}
export const taxRead = (value: string): { category: Category; rate: string } => {
	const [category = 'standard', rate = ''] = value.split(':');
	return { category: category as Category, rate: rate || '0' };
};

export function Lines({ lines, quote, currency, mode, language, day, items, tax, totals, wrong, onChange }: Props) {
	const t = useT();
	const { formats } = useScope();
	const box = useRef<HTMLDivElement>(null);
	const list = useId();
	const [said, setSaid] = useState('');
	const focusOn = (key: string, field: string) => requestAnimationFrame(() => box.current?.querySelector<HTMLElement>(`[data-line="${key}"] [data-field="${field}"]`)?.focus());
	const blank = (kind: NonNullable<Line['kind']>): DraftLine => ({ key: lineKey(), kind, name: '', ...(kind === 'item' ? { quantity: '1', unit: 'piece' as const, price: '', ...last() } : {}) });
	/* the VAT of the line above goes on */
	const last = (): Pick<Line, 'category' | 'rate'> => {
		const above = lines.findLast((line) => isItem(line) && !isBlank(line));
		return above ? { category: above.category ?? 'standard', rate: above.rate ?? '0' } : tax;
	};
	const add = (kind: NonNullable<Line['kind']>, after = lines.length - 1) => {
		const line = blank(kind);
		onChange([...lines.slice(0, after + 1), line, ...lines.slice(after + 1)], 'add');
		focusOn(line.key, 'name');
	};
	const set = (at: number, change: Partial<Line>, field: string) => onChange(lines.map((line, index) => (index === at ? { ...line, ...change } : line)), `${lines[at]?.key} ${field}`);
	const drop = (at: number) => {
		onChange(lines.filter((_, index) => index !== at), 'drop');
		const gone = lines[at], next = lines[at + 1] ?? lines[at - 1];
		setSaid(t('doc.line_dropped', { label: gone?.name ?? '' }));
		if (next)
			focusOn(next.key, 'name');
		else
			requestAnimationFrame(() => box.current?.querySelector<HTMLElement>('[data-line] [data-field="name"]')?.focus());
	};
	const move = (from: number, to: number) => {
		const line = lines[from];
		if (!line || to < 0 || to >= lines.length || from === to)
			return;
		const next = lines.filter((_, index) => index !== from);
		next.splice(to, 0, line);
		const had = document.activeElement;
		onChange(next, 'move');
		setSaid(t('order.moved', { label: line.name ?? '', at: to + 1, of: lines.length }));
		requestAnimationFrame(() => { if (had instanceof HTMLElement && box.current?.contains(had)) had.focus(); });
	};
	const paste = (at: number) => (event: ClipboardEvent) => {
		const more = pastedLines(event.clipboardData.getData('text/plain'), last());
		if (!more?.length)
			return;
		event.preventDefault();
		const here = lines[at];
		const made = more.map((line) => ({ ...line, key: lineKey() }));
		onChange([...lines.slice(0, here && isBlank(here) ? at : at + 1), ...made, ...lines.slice(at + 1)], 'paste');
		setSaid(t('doc.pasted', { count: made.length }));
		focusOn(made[made.length - 1]?.key ?? '', 'name');
	};
	/* Enter goes down, and on from the last line to a new one; with Ctrl a new one comes between; Alt with Delete takes one away, and Ctrl Z brings it back */
	const onKey = (at: number, field: string) => (event: KeyboardEvent) => {
		if (event.altKey && (event.key === 'ArrowUp' || event.key === 'ArrowDown')) {
			event.preventDefault();
			move(at, at + (event.key === 'ArrowUp' ? -1 : 1));
		} else if (event.altKey && event.key === 'Delete') {
			event.preventDefault();
			drop(at);
		} else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
			event.preventDefault();
			add('item', at);
		} else if (event.key === 'Enter' && !event.shiftKey) {
			event.preventDefault();
			const next = lines[at + 1];
			if (next)
				focusOn(next.key, isItem(next) ? field : 'name');
			else
				add('item');
		} else if (event.key === 'Backspace' && field === 'name' && lines.length > 1 && lines[at] && isBlank(lines[at]) && (event.target as HTMLTextAreaElement).value === '') {
			event.preventDefault();
			drop(at);
		}
	};
	const moves = useRef(move);
	moves.current = move;
	const nets = netsOf(lines, totals);
	return (
		<div ref={box} className="doc-lines" role="group" aria-label={t('doc.lines')}>
			<div className="doc-line doc-line-head" aria-hidden="true"><span /><span>{t('doc.line_name')}</span><span className="right">{t('doc.quantity')}</span><span>{t('doc.unit')}</span><span className="right">{t('doc.price')}</span><span className="right">{t('doc.discount_short')}</span><span>{t('doc.vat')}</span><span className="right">{t('doc.amount')}</span><span /></div>
			{lines.map((line, at) => (
				<Row key={line.key} line={line} at={at} of={lines.length} list={list} quote={quote} mode={mode} items={items} language={language} day={day} tax={last()} net={nets.get(line.key)} currency={currency} formats={formats}
					wrong={wrong.filter((one) => one.key === line.key)} set={(change, field) => set(at, change, field)} onKey={(field) => onKey(at, field)} onPaste={paste(at)} onMove={(from, to) => moves.current(from, to)}
					onDrop={() => drop(at)} onAdd={(kind) => add(kind, at)} onCopy={() => { const copy = { ...line, key: lineKey() }; onChange([...lines.slice(0, at + 1), copy, ...lines.slice(at + 1)], 'copy'); focusOn(copy.key, 'name'); }} onPicked={() => focusOn(line.key, 'quantity')} />
			))}
			<div className="doc-line-add">
				<Button icon="plus" onClick={() => add('item')}>{t('doc.add_line')}</Button>
				<Button kind="quiet" icon="heading" onClick={() => add('section')}>{t('doc.add_section')}</Button>
				<Button kind="quiet" icon="note" onClick={() => add('text')}>{t('doc.add_text')}</Button>
				<span className="muted small keys-only">{t('doc.lines_hint')}</span>
			</div>
			<span className="hidden-text" role="status">{said}</span>
		</div>
	);
}

/* what each line comes to; where one is wrong nothing is known */
function netsOf(lines: readonly DraftLine[], totals: Totals | TotalsFault): ReadonlyMap<string, bigint> {
	return isFault(totals) ? new Map() : new Map(lines.filter((line) => !isBlank(line)).map((line, at) => [line, totals.nets[at] ?? 0n] as const).filter(([line]) => line.price).map(([line, net]) => [line.key, net]));
}

interface RowProps {
	line: DraftLine; at: number; of: number; list: string; quote: boolean; mode: Mode; items: readonly CatalogItem[]; language: 'nl' | 'en'; day: string; tax: Pick<Line, 'category' | 'rate'>; net: bigint | undefined; currency: string; formats: Formats; wrong: readonly Wrong[];
	set(change: Partial<Line>, field: string): void; onKey(field: string): (event: KeyboardEvent) => void; onPaste(event: ClipboardEvent): void; onMove(from: number, to: number): void; onDrop(): void; onAdd(kind: NonNullable<Line['kind']>): void; onCopy(): void; onPicked(): void;
}

function Row({ line, at, of, list, quote, mode, items, language, day, tax, net, currency, formats, wrong, set, onKey, onPaste, onMove, onDrop, onAdd, onCopy, onPicked }: RowProps) {
	const t = useT();
	const box = useRef<HTMLDivElement>(null);
	const grip = useRef<HTMLSpanElement>(null);
	const [over, setOver] = useState<'up' | 'down' | undefined>();
	const [more, setMore] = useState(Boolean(line.description));
	const here = useRef({ at, onMove });
	here.current = { at, onMove };
	useEffect(() => {
		const element = box.current, dragHandle = grip.current;
		if (!element || !dragHandle)
			return undefined;
		const stop = [
			draggable({ element, dragHandle, getInitialData: () => ({ list, at: here.current.at }) }),
			dropTargetForElements({
				element,
				canDrop: ({ source }) => source.data['list'] === list,
				onDragEnter: ({ source }) => setOver(Number(source.data['at']) < here.current.at ? 'down' : Number(source.data['at']) > here.current.at ? 'up' : undefined),
				onDragLeave: () => setOver(undefined),
				onDrop: ({ source }) => { setOver(undefined); here.current.onMove(Number(source.data['at']), here.current.at); },
			}),
		];
		return () => { for (const one of stop) one(); };
	}, [list]);
	const said = (field: string) => wrong.find((one) => one.field === field)?.said;
	const why = useId();
	const kind = line.kind ?? 'item';
	const name = line.name?.trim() || t('doc.line_at', { at: at + 1 });
	const entries = [
		...(kind === 'item' ? [{ key: 'more', icon: 'note' as const, label: t(more ? 'doc.line_less' : 'doc.line_more'), onSelect: () => { if (more) set({ description: null }, 'description'); setMore(!more); } }] : []),
		...(quote && kind === 'item' ? [{ key: 'optional', kind: 'box' as const, label: t('doc.line_optional'), checked: line.optional === true, onSelect: () => set({ optional: !line.optional, chosen: null }, 'optional') }] : []),
		{ key: 'copy', icon: 'copy' as const, label: t('doc.duplicate'), onSelect: onCopy },
		{ key: 'line', kind: 'divider' as const },
		{ key: 'below', icon: 'plus' as const, label: t('doc.add_line'), onSelect: () => onAdd('item') },
		{ key: 'up', icon: 'up' as const, label: t('sort.up'), disabled: at === 0, onSelect: () => onMove(at, at - 1) },
		{ key: 'down', icon: 'down' as const, label: t('sort.down'), disabled: at === of - 1, onSelect: () => onMove(at, at + 1) },
		{ key: 'drop', icon: 'trash' as const, label: t('doc.line_drop'), onSelect: onDrop },
	];
	return (
		<div ref={box} className={`doc-line doc-line-${kind}`} data-line={line.key} data-over={over} role="group" aria-label={name}>
			<span ref={grip} className="doc-grip" aria-hidden="true"><Icon name="grip" size={16} /></span>
			<div className="doc-cell-name">
				{kind === 'item' ? <NameCell line={line} mode={mode} items={items} language={language} day={day} tax={tax} wrong={said('name')} why={why} set={set} onKey={onKey('name')} onPaste={onPaste} onPicked={onPicked} />
					: <Words label={t(kind === 'section' ? 'doc.section' : 'doc.text_line')} field="name" strong={kind === 'section'} value={line.name ?? ''} placeholder={t(kind === 'section' ? 'doc.section' : 'doc.text_line')} wrong={said('name')} why={why} onChange={(value) => set({ name: value }, 'name')} {...(kind === 'section' ? { onKeyDown: onKey('name') } : {})} />}
				{kind === 'item' && more && <Words label={t('doc.description')} field="description" value={line.description ?? ''} placeholder={t('doc.description')} onChange={(value) => set({ description: value || null }, 'description')} />}
				{line.optional && <span className="doc-line-tags"><label className="tick doc-optional"><input type="checkbox" checked={line.chosen !== false} onChange={(event) => set({ chosen: event.currentTarget.checked ? null : false }, 'chosen')} /><span className="tag">{t(line.chosen === false ? 'doc.optional_out' : 'doc.optional_in')}</span></label></span>}
				{wrong[0] && <p className="lw-error" id={why}>{wrong[0].said}</p>}
			</div>
			{kind === 'item' && <>
				<label className="doc-cell" data-label={t('doc.quantity')}><Figure label={t('doc.of_line', { field: t('doc.quantity'), name })} field="quantity" value={line.quantity ?? '1'} wrong={said('quantity')} why={why} onChange={(value) => set({ quantity: value }, 'quantity')} onKeyDown={onKey('quantity')} /></label>
				<label className="doc-cell" data-label={t('doc.unit')}>
					<select className="lw-input doc-input" data-field="unit" aria-label={t('doc.of_line', { field: t('doc.unit'), name })} value={line.unit ?? 'piece'} onChange={(event) => set({ unit: event.currentTarget.value as Unit }, 'unit')}>{UNITS.map((unit) => <option key={unit} value={unit}>{sayValue('unit', unit)}</option>)}</select>
				</label>
				<label className="doc-cell" data-label={t('doc.price')}><Figure label={t('doc.of_line', { field: t('doc.price'), name })} field="price" least={2} value={line.price ?? ''} wrong={said('price')} why={why} onChange={(value) => set({ price: value }, 'price')} onKeyDown={onKey('price')} /></label>
				<label className="doc-cell" data-label={t('doc.discount_short')}><Figure label={t('doc.of_line', { field: t('doc.discount_short'), name })} field="discount" value={line.discount && line.discount !== '0' ? line.discount : ''} wrong={said('discount')} why={why} onChange={(value) => set({ discount: value }, 'discount')} onKeyDown={onKey('discount')} /></label>
				<label className="doc-cell" data-label={t('doc.vat')}>
					<select className="lw-input doc-input" data-field="rate" aria-label={t('doc.of_line', { field: t('doc.vat'), name })} aria-invalid={said('rate') || said('category') ? true : undefined} aria-describedby={said('rate') || said('category') ? why : undefined} value={taxOf(line)} onChange={(event) => set(taxRead(event.currentTarget.value), 'rate')}>{taxChoices(t, taxOf(line)).map((one) => <option key={one.value} value={one.value}>{one.label}</option>)}</select>
				</label>
				<output className="doc-cell doc-net num" data-label={t('doc.amount')}>{net === undefined ? '—' : formats.money(moneyOf(net, currency))}</output>
			</>}
			<span className="doc-cell-end"><Menu label={t('doc.line_menu', { name })} align="end" entries={entries} target={<IconButton icon="dots" small label={t('doc.line_menu', { name })} />} /></span>
		</div>
	);
}

/* what it is called, with what the catalogue offers for it */
function NameCell({ line, mode, items, language, day, tax, wrong, why, set, onKey, onPaste, onPicked }: Pick<RowProps, 'line' | 'mode' | 'items' | 'language' | 'day' | 'tax' | 'set' | 'onPaste' | 'onPicked'> & { wrong: string | undefined; why: string; onKey(event: KeyboardEvent): void }) {
	const t = useT();
	const { formats } = useScope();
	const id = useId();
	const [open, setOpen] = useState(false);
	const [at, setAt] = useState(-1);
	const typed = line.name ?? '';
	const found = open ? itemsFor(items, typed, language).filter((item) => item.id !== line.catalog_item_id || itemName(item, language) !== typed) : [];
	/* a code that is typed whole is meant */
	const exact = typed.trim() ? found.findIndex((item) => item.code?.toLowerCase() === typed.trim().toLowerCase()) : -1;
	const marked = at >= 0 ? at : exact;
	const choose = (item: CatalogItem | undefined) => {
		if (!item)
			return false;
		set({ ...lineOfItem(item, language, day, tax, mode), quantity: line.quantity || '1' }, 'item');
		setOpen(false);
		onPicked();
		return true;
	};
	const onDown = (event: KeyboardEvent) => {
		/* all of it is there to look through, where nothing is typed yet */
		if (!open && event.key === 'ArrowDown' && !typed && items.length && !event.altKey) {
			event.preventDefault();
			setOpen(true);
			setAt(0);
			return;
		}
		if (found.length && !event.altKey && !event.ctrlKey && !event.metaKey) {
			if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
				event.preventDefault();
				setAt(Math.max(-1, Math.min(found.length - 1, marked + (event.key === 'ArrowDown' ? 1 : -1))));
				return;
			}
			if ((event.key === 'Enter' || event.key === 'Tab') && !event.shiftKey && choose(found[marked])) {
				event.preventDefault();
				return;
			}
			if (event.key === 'Escape') {
				event.stopPropagation();
				setOpen(false);
				return;
			}
		}
		onKey(event);
	};
	return (
		<div className="doc-pick" onBlur={() => setOpen(false)}>
			{line.code && <span className="muted num doc-code">{line.code}</span>}
			<Words label={t('doc.line_name')} field="name" value={typed} placeholder={t(items.length ? 'doc.line_find' : 'doc.line_name')} wrong={wrong} why={why} combo={{ open: found.length > 0, list: `${id}-list`, active: marked >= 0 && found[marked] ? `${id}-${marked}` : undefined }}
				onChange={(value) => { setOpen(value.trim() !== ''); setAt(-1); set({ name: value.replace(/\n/g, ' ') }, 'name'); }} onKeyDown={onDown} onPaste={onPaste} />
			{found.length > 0 && (
				<ul id={`${id}-list`} role="listbox" aria-label={t('doc.catalog')} className="doc-found menu">
					{found.map((item, index) => {
						const price = priceOn(item.prices, day);
						return (
							<li key={item.id} id={`${id}-${index}`} role="option" aria-selected={index === marked} className="menu-item" onMouseDown={(event) => event.preventDefault()} onMouseMove={() => setAt(index)} onClick={() => choose(item)}>
								{item.code && <span className="muted num">{item.code}</span>}<span className="cut">{itemName(item, language)}</span>{price && <span className="menu-end num">{formats.figure(price.price)}</span>}
							</li>
						);
					})}
				</ul>
			)}
		</div>
	);
}
