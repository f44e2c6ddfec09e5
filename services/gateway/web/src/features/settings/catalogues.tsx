/* The lists that the fields of a deal choose from: each value named in both languages, ordered, retired and taken back. A value is
   never deleted: who has it keeps it. */
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { api, query } from '../../api/client';
import { type CatalogueName, type Item, itemsChanged, useItems } from '../../api/boards';
import { type PresetItem, useOwnPreset, usePresets } from '../../api/preset';
import type { Workspace } from '../../api/types';
import { problemText } from '../../app/problems';
import { useAppSearch, useGo, useScope } from '../../app/scope';
import { labelOf, useLanguage, useT } from '../../i18n';
import { Empty, Skeleton } from '../../ui/bits';
import { Button } from '../../ui/button';
import { Icon } from '../../ui/icons';
import { HelpMore, PageHead, Section } from '../../ui/page';
import { SortList } from '../../ui/sort-list';
import { Segments } from '../../ui/table';
import { toast } from '../../ui/toast';
import { usePresetName } from '../place/preset';
import { OfOneWorkspace } from './one-workspace';
import { OtherName } from './other-name';
import { write as send } from './write';
import './settings.css';

const ItemDialog = lazy(() => import('./catalogue-dialog').then((module) => ({ default: module.ItemDialog })));

const CATALOGUES = ['loss_reason', 'source', 'campaign', 'channel', 'account_type', 'ecommerce_type', 'content_type', 'weight_range', 'plan_type', 'locale', 'onboarding_status', 'account_role'] as const satisfies readonly CatalogueName[];

export function CataloguesPage() {
	const t = useT();
	return <OfOneWorkspace title={t('settings.catalogues')} text={t('catalogues.choose')} help="catalogues">{(workspace) => <Own workspace={workspace} />}</OfOneWorkspace>;
}

const write = (path: string, body: unknown) => send(itemsChanged, 'PUT', path, body);

function Own({ workspace }: { workspace: Workspace }) {
	const t = useT();
	const go = useGo();
	const { what } = useAppSearch();
	const { data, error, refetch } = useItems(workspace.slug);
	const [item, setItem] = useState<Item | null>(null);
	const [open, setOpen] = useState(false);
	const [asked, setAsked] = useState(false);
	const catalogue = CATALOGUES.find((one) => one === what) ?? 'loss_reason';
	const bar = useRef<HTMLDivElement>(null);
	/* twelve lists are wider than most screens: the one that is open is in sight */
	useEffect(() => { bar.current?.querySelector('[aria-pressed=true]')?.scrollIntoView({ block: 'nearest', inline: 'center' }); }, [catalogue]);
	const begin = (next: Item | null) => { setItem(next); setAsked(true); setOpen(true); };
	const all = (data ?? []).filter((one) => one.catalogue === catalogue).sort((a, b) => a.position - b.position);
	const used = all.filter((one) => !one.retired);
	return (
		<>
			<PageHead title={t('settings.catalogues')} sub={t('catalogues.sub')} help="catalogues">
				{data && <Button kind="primary" icon="plus" onClick={() => begin(null)}>{t('catalogues.add')}</Button>}
			</PageHead>
			<div className="bar" ref={bar}><Segments<CatalogueName> label={t('settings.catalogues')} value={catalogue} onChange={(next) => go.search({ what: next }, true)} choices={CATALOGUES.map((one) => ({ value: one, label: t(`catalogue.${one}`) }))} /></div>
			{error && !data
				? <Empty icon="alert" title={t('catalogues.failed')}><p>{problemText(error)}</p><Button icon="refresh" onClick={() => void refetch()}>{t('error.retry')}</Button></Empty>
				: (
					<div className="page-body scroll"><div className="page-narrow">
						{!data && <div aria-hidden="true"><Skeleton h={280} style={{ borderRadius: 10 }} /></div>}
						{data && (
							<Section title={t(`catalogue.${catalogue}`)} text={t(`catalogue_about.${catalogue}`)}>
								{used.length > 0 ? <Values key={catalogue} items={used} begin={begin} /> : <p className="muted">{t('catalogues.empty')}</p>}
								<Proposal key={`${catalogue} proposal`} workspace={workspace} catalogue={catalogue} have={all} />
								{!data.length && <HelpMore page="catalogues" />}
							</Section>
						)}
						{all.length > used.length && <Retired items={all.filter((one) => one.retired)} />}
					</div></div>
				)}
			{asked && <Suspense fallback={null}><ItemDialog workspace={workspace} catalogue={catalogue} item={item} opened={open} onClose={() => setOpen(false)} /></Suspense>}
		</>
	);
}

function Values({ items, begin }: { items: Item[]; begin(item: Item): void }) {
	const t = useT();
	const language = useLanguage();
	const { formats } = useScope();
	const retire = async (item: Item) => {
		const name = labelOf(item.label, language, item.key);
		if (await write(`/api/crm/catalogues/${item.id}`, { retired: true }))
			toast.ok(t('catalogues.retired_done', { name }), { label: t('common.undo'), hotkey: 'Z', run: () => void write(`/api/crm/catalogues/${item.id}`, { retired: false }) });
	};
	return (
		<SortList label={t('catalogues.values')} onMove={(id, to) => write(`/api/crm/catalogues/${id}`, { position: items[to]?.position ?? to + 1 })} rows={items.map((item) => ({
			key: item.id, label: labelOf(item.label, language, item.key),
			note: <><OtherName label={item.label} />{[item.country, item.phone_code].filter(Boolean).map((one) => <span key={one} className="num"> · {one}</span>)}</>,
			tags: item.cost && <span className="tag num">{t('catalogues.per_shipment', { money: formats.money(item.cost) })}</span>,
			onOpen: () => begin(item),
			entries: [
				{ key: 'edit', icon: 'pencil', label: t('stages.edit'), onSelect: () => begin(item) },
				{ key: 'retire', icon: 'archive', label: t('catalogues.retire'), onSelect: () => void retire(item) },
			],
		}))} />
	);
}

function Retired({ items }: { items: Item[] }) {
	const t = useT();
	const language = useLanguage();
	return (
		<Section title={t('catalogues.retired')} text={t('catalogues.retired_text')}>
			<ul className="rows">
				{items.map((item) => {
					const name = labelOf(item.label, language, item.key);
					return <li key={item.id}><span className="row-icon"><Icon name="archive" size={18} /></span><span className="row-text"><b>{name}</b></span><Button onClick={() => void write(`/api/crm/catalogues/${item.id}`, { retired: false })} aria-label={t('catalogues.back_of', { name })}>{t('catalogues.back')}</Button></li>;
				})}
			</ul>
		</Section>
	);
}

/* what the workspace's preset would have put here, for one that was made before there were catalogues */
function Proposal({ workspace, catalogue, have }: { workspace: Workspace; catalogue: CatalogueName; have: Item[] }) {
	const t = useT();
	const language = useLanguage();
	const nameOf = usePresetName();
	const own = useOwnPreset(workspace.id);
	const presets = usePresets();
	const [busy, setBusy] = useState(false);
	const preset = presets.data?.find((one) => one.name === own.data?.preset);
	const lacking = have.length ? [] : (preset?.catalogues[catalogue] ?? []);
	if (!preset || !lacking.length)
		return null;
	const take = async () => {
		setBusy(true);
		try {
			for (const { key, label, country, phone_code, cost } of lacking as PresetItem[])
				await api('POST', `/api/crm/catalogues${query({ workspace: workspace.slug })}`, { body: { catalogue, key, label, ...(country ? { country } : {}), ...(phone_code ? { phone_code } : {}), ...(cost ? { cost } : {}) } });
		} catch (reason) {
			toast.error(problemText(reason));
		}
		await itemsChanged();
		setBusy(false);
	};
	return (
		<>
			<p className="muted">{t('catalogues.proposal', { preset: nameOf(preset.name), values: lacking.map((one) => labelOf(one.label, language, one.key)).join(', ') })}</p>
			<Button icon="plus" disabled={busy} className="order-add" onClick={() => void take()}>{t('catalogues.take', { count: lacking.length })}</Button>
		</>
	);
}
