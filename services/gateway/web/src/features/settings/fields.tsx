/* The fields that a workspace gives its deals beyond those everybody has: added, named, ordered, retired and taken back. */
import { lazy, Suspense, useState } from 'react';
import { fieldsChanged, type OwnField, useOwnFields } from '../../api/boards';
import type { Workspace } from '../../api/types';
import { problemText } from '../../app/problems';
import { useAppSearch, useGo } from '../../app/scope';
import { labelOf, useLanguage, useT } from '../../i18n';
import { Empty, Skeleton } from '../../ui/bits';
import { Button } from '../../ui/button';
import { Icon } from '../../ui/icons';
import { HelpMore, PageHead, Section } from '../../ui/page';
import { SortList } from '../../ui/sort-list';
import { Segments } from '../../ui/table';
import { toast } from '../../ui/toast';
import { OfOneWorkspace } from './one-workspace';
import { OtherName } from './other-name';
import { write as send } from './write';
import './settings.css';
import '../../ui/table.css';

const FieldDialog = lazy(() => import('./field-dialog').then((module) => ({ default: module.FieldDialog })));

export function FieldsPage() {
	const t = useT();
	return <OfOneWorkspace title={t('settings.fields')} text={t('fields.choose')} help="fields">{(workspace) => <Own workspace={workspace} />}</OfOneWorkspace>;
}

const write = (id: string, body: unknown) => send(fieldsChanged, 'PUT', `/api/crm/fields/${id}`, body);

/* of which records: those that the server keeps fields for */
const ABOUT = ['deal', 'contact'] as const;

function Own({ workspace }: { workspace: Workspace }) {
	const t = useT();
	const language = useLanguage();
	const go = useGo();
	const { what } = useAppSearch();
	const about = ABOUT.find((one) => one === what) ?? 'deal';
	const { data, error, refetch } = useOwnFields(workspace.slug, about);
	const [field, setField] = useState<OwnField | null>(null);
	const [open, setOpen] = useState(false);
	const [asked, setAsked] = useState(false);
	const begin = (next: OwnField | null) => { setField(next); setAsked(true); setOpen(true); };
	const all = [...(data ?? [])].sort((a, b) => a.position - b.position);
	const used = all.filter((one) => !one.retired);
	const away = all.filter((one) => one.retired);
	const nameOf = (one: OwnField) => labelOf(one.label, language, one.key);
	const retire = async (one: OwnField) => {
		if (await write(one.id, { retired: true }))
			toast.ok(t('catalogues.retired_done', { name: nameOf(one) }), { label: t('common.undo'), hotkey: 'Z', run: () => void write(one.id, { retired: false }) });
	};
	const add = <Button kind="primary" icon="plus" onClick={() => begin(null)}>{t('fields.add')}</Button>;
	return (
		<>
			<PageHead title={t('settings.fields')} sub={t('fields.sub')} help="fields">{data && add}</PageHead>
			<div className="bar"><Segments<(typeof ABOUT)[number]> label={t('fields.about')} value={about} onChange={(next) => go.search({ what: next === 'deal' ? undefined : next }, true)} choices={ABOUT.map((one) => ({ value: one, label: t(one === 'deal' ? 'fields.about_deal' : 'fields.about_contact') }))} /></div>
			{error && !data && <Empty icon="alert" title={t('fields.failed')}><p>{problemText(error)}</p><Button icon="refresh" onClick={() => void refetch()}>{t('error.retry')}</Button></Empty>}
			{data && data.length === 0 && <Empty icon="field" title={t('fields.empty')}><p>{t('fields.empty_text')}</p>{add}<HelpMore page="fields" /></Empty>}
			{(data ? data.length > 0 : !error) && (
				<div className="page-body scroll"><div className="page-narrow">
					{!data && <div aria-hidden="true"><Skeleton h={220} style={{ borderRadius: 10 }} /></div>}
					{data && (
						<Section title={t(about === 'deal' ? 'fields.of_deals' : 'fields.of_contacts')} text={t(about === 'deal' ? 'fields.of_deals_text' : 'fields.of_contacts_text')}>
							{used.length === 0 && <p className="muted">{t('fields.none_used')}</p>}
							<SortList label={t(about === 'deal' ? 'fields.of_deals' : 'fields.of_contacts')} onMove={(id, to) => write(id, { position: used[to]?.position ?? to + 1 })} rows={used.map((one) => ({
								key: one.id, label: nameOf(one),
								note: <><OtherName label={one.label} /> · {t(`field_kind.${one.kind}`)}{one.choices && <>: {one.choices.map((choice) => labelOf(choice.label, language, choice.key)).join(', ')}</>}</>,
								tags: one.needed && <span className="tag tag-accent">{t('fields.needed_tag')}</span>,
								onOpen: () => begin(one),
								entries: [
									{ key: 'edit', icon: 'pencil', label: t('stages.edit'), onSelect: () => begin(one) },
									{ key: 'retire', icon: 'archive', label: t('catalogues.retire'), onSelect: () => void retire(one) },
								],
							}))} />
						</Section>
					)}
					{away.length > 0 && (
						<Section title={t('fields.retired')} text={t('fields.retired_text')}>
							<ul className="rows">
								{away.map((one) => <li key={one.id}><span className="row-icon"><Icon name="archive" size={18} /></span><span className="row-text"><b>{nameOf(one)}</b>{t(`field_kind.${one.kind}`)}</span><Button onClick={() => void write(one.id, { retired: false })} aria-label={t('catalogues.back_of', { name: nameOf(one) })}>{t('catalogues.back')}</Button></li>)}
							</ul>
						</Section>
					)}
				</div></div>
			)}
			{asked && <Suspense fallback={null}><FieldDialog workspace={workspace} about={about} field={field} opened={open} onClose={() => setOpen(false)} /></Suspense>}
		</>
	);
}
