/* What the workspace sells: found by code or name, with what it costs today and from when on otherwise. What stands on a document stays as it is, whatever
   becomes of the item. */
import { lazy, Suspense, useState } from 'react';
import { query } from '../../api/client';
import type { Workspace } from '../../api/types';
import { problemText } from '../../app/problems';
import { useScope } from '../../app/scope';
import { sayValue, useLanguage, useT } from '../../i18n';
import { Empty } from '../../ui/bits';
import { Button, IconButton } from '../../ui/button';
import { Menu } from '../../ui/menu';
import { HelpMore, PageHead } from '../../ui/page';
import { type Column, Find, Segments, Table, TableSkeleton } from '../../ui/table';
import { toast } from '../../ui/toast';
import { catalogChanged, type CatalogItem, itemName, priceOn, useCatalogItems } from '../billing/items';
import { OfOneWorkspace } from '../settings/one-workspace';
import { write } from '../settings/write';
import { useHeard } from './live';
import './money.css';

const ItemDialog = lazy(() => import('./item-dialog').then((module) => ({ default: module.ItemDialog })));

export function ItemsPage() {
	const t = useT();
	return <OfOneWorkspace title={t('settings.items')} text={t('items.choose')} help="catalogue-items">{(workspace) => <Own workspace={workspace} />}</OfOneWorkspace>;
}

function Own({ workspace }: { workspace: Workspace }) {
	const t = useT();
	const language = useLanguage();
	const { formats } = useScope();
	const [q, setQ] = useState('');
	const [which, setWhich] = useState<'there' | 'removed'>('there');
	const { data, error, refetch } = useCatalogItems(workspace.slug, { q, removed: which === 'removed' });
	const [item, setItem] = useState<CatalogItem | null>(null);
	const [asked, setAsked] = useState(0);
	const [open, setOpen] = useState(false);
	useHeard(['catalog_item.changed'], catalogChanged);
	const begin = (next: CatalogItem | null) => { setItem(next); setAsked((old) => old + 1); setOpen(true); };
	const today = formats.dayKey(new Date().toISOString());
	const restore = async (one: CatalogItem) => {
		if (await write(catalogChanged, 'POST', `/api/crm/catalog/${one.id}/restore${query({ workspace: workspace.slug })}`, {}))
			toast.ok(t('items.is_back', { name: itemName(one, language) }));
	};
	const remove = async (one: CatalogItem) => {
		if (await write(catalogChanged, 'DELETE', `/api/crm/catalog/${one.id}`))
			toast.ok(t('items.removed', { name: itemName(one, language) }), { label: t('common.undo'), hotkey: 'Z', run: () => void restore(one) });
	};
	const add = <Button kind="primary" icon="plus" onClick={() => begin(null)}>{t('items.add')}</Button>;
	const columns: Array<Column<CatalogItem>> = [
		{ key: 'name', label: t('items.name'), cell: (one) => <button type="button" className="row-link" onClick={() => begin(one)}><span className="cut">{itemName(one, language)}</span></button> },
		{ key: 'code', label: t('items.code'), width: 130, cell: (one) => (one.code ? <span className="num">{one.code}</span> : <span className="muted">—</span>) },
		{ key: 'unit', label: t('items.unit'), width: 110, cell: (one) => sayValue('unit', one.unit) },
		{ key: 'price', label: t('items.price'), right: true, width: 130, cell: (one) => {
			const price = priceOn(one.prices, today);
			return price ? <span className="num">{formats.money({ amount: price.price, currency: workspace.currency })}</span> : <span className="tag tag-warn">{t('items.no_price')}</span>;
		} },
		{ key: 'tax', label: t('items.tax'), width: 150, cell: (one) => <TaxOf price={priceOn(one.prices, today)} /> },
		{ key: 'later', label: t('items.later'), width: 180, cell: (one) => {
			const next = one.prices.filter((price) => (price.day ?? '') > today).sort((a, b) => ((a.day ?? '') < (b.day ?? '') ? -1 : 1))[0];
			return next ? <span className="num">{t('items.from', { price: formats.money({ amount: next.price, currency: workspace.currency }), day: formats.date(next.day ?? '') })}</span> : <span className="muted">—</span>;
		} },
		{ key: 'acts', label: t('items.acts'), end: true, cell: (one) => {
			const label = t('items.more', { name: itemName(one, language) });
			return which === 'removed' ? <Button onClick={() => void restore(one)} aria-label={t('items.back_of', { name: itemName(one, language) })}>{t('items.back')}</Button> : (
				<Menu label={label} align="end" target={<IconButton icon="dots" label={label} />} entries={[
					{ key: 'edit', icon: 'pencil', label: t('items.edit'), onSelect: () => begin(one) },
					{ key: 'remove', icon: 'trash', label: t('items.remove'), onSelect: () => void remove(one) },
				]} />
			);
		} },
	];
	const none = data && !data.length;
	return (
		<>
			<PageHead title={t('settings.items')} sub={t('items.sub')} help="catalogue-items">{add}</PageHead>
			<div className="bar">
				<Find label={t('items.find')} clear={t('items.find_clear')} value={q} onChange={setQ} />
				<Segments<'there' | 'removed'> label={t('settings.items')} value={which} onChange={setWhich} choices={[{ value: 'there', label: t('items.there') }, { value: 'removed', label: t('items.gone') }]} />
			</div>
			{error && !data && <Empty icon="alert" title={t('items.failed')}><p>{problemText(error)}</p><Button icon="refresh" onClick={() => void refetch()}>{t('error.retry')}</Button></Empty>}
			{!data && !error && <TableSkeleton rows={8} />}
			{none && (q || which === 'removed'
				? <Empty icon="search" title={t(q ? 'items.none_found' : 'items.none_gone')} />
				: <Empty icon="package" title={t('items.empty')}><p>{t('items.empty_text')}</p>{add}<HelpMore page="catalogue-items" /></Empty>)}
			{data && data.length > 0 && <Table label={t('settings.items')} columns={columns} rows={data} idOf={(one) => one.id} />}
			{asked > 0 && <Suspense fallback={null}><ItemDialog key={asked} workspace={workspace} item={item} opened={open} onClose={() => setOpen(false)} onSaved={async (id, name) => {
				await catalogChanged();
				toast.ok(t('items.saved', { name }), id ? undefined : { label: t('items.add_another'), run: () => begin(null) });
			}} /></Suspense>}
		</>
	);
}

function TaxOf({ price }: { price: { category?: string | null; rate?: string | null } | null }) {
	const t = useT();
	const { formats } = useScope();
	if (!price)
		return <span className="muted">—</span>;
	return (price.category ?? 'standard') === 'standard' ? <span className="num">{t('items.rate', { rate: formats.decimal(price.rate ?? '0') })}</span> : <>{sayValue('tax', price.category ?? '')}</>;
}

