/* The fields that a workspace gives its deals beyond those everybody has: added, named, ordered, retired and taken back. */
import { lazy, Suspense, useState } from 'react';
import { fieldsChanged, type OwnField, useOwnFields } from '../../api/boards';
import type { Workspace } from '../../api/types';
import { problemText } from '../../app/problems';
import { labelOf, useLanguage, useT } from '../../i18n';
import { Empty, Skeleton } from '../../ui/bits';
import { Button } from '../../ui/button';
import { Icon } from '../../ui/icons';
import { HelpMore, PageHead, Section } from '../../ui/page';
import { SortList } from '../../ui/sort-list';
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

function Own({ workspace }: { workspace: Workspace }) {
	const t = useT();
	const language = useLanguage();
	const { data, error, refetch } = useOwnFields(workspace.slug);
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
			{error && !data && <Empty icon="alert" title={t('fields.failed')}><p>{problemText(error)}</p><Button icon="refresh" onClick={() => void refetch()}>{t('error.retry')}</Button></Empty>}
			{data && data.length === 0 && <Empty icon="field" title={t('fields.empty')}><p>{t('fields.empty_text')}</p>{add}<HelpMore page="fields" /></Empty>}
			{(data ? data.length > 0 : !error) && (
				<div className="page-body scroll"><div className="page-narrow">
					{!data && <div aria-hidden="true"><Skeleton h={220} style={{ borderRadius: 10 }} /></div>}
					{data && (
						<Section title={t('fields.of_deals')} text={t('fields.of_deals_text')}>
							{used.length === 0 && <p className="muted">{t('fields.none_used')}</p>}
							<SortList label={t('fields.of_deals')} onMove={(id, to) => write(id, { position: used[to]?.position ?? to + 1 })} rows={used.map((one) => ({
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
			{asked && <Suspense fallback={null}><FieldDialog workspace={workspace} field={field} opened={open} onClose={() => setOpen(false)} /></Suspense>}
		</>
	);
}
