/* Invoices that are made again and again: how often, when next, and whether they go by themselves or wait for somebody as a draft. One is begun from the
   invoice that it repeats. */
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { api, query } from '../../api/client';
import type { Workspace } from '../../api/types';
import { problemText } from '../../app/problems';
import { useScope } from '../../app/scope';
import { sayValue, useT } from '../../i18n';
import { Empty } from '../../ui/bits';
import { Button, IconButton } from '../../ui/button';
import { Confirm } from '../../ui/confirm';
import { Dialog } from '../../ui/dialog';
import { Check, SelectField, TextField } from '../../ui/field';
import { Menu } from '../../ui/menu';
import { HelpMore, PageHead } from '../../ui/page';
import { type Column, Table, TableSkeleton } from '../../ui/table';
import { toast } from '../../ui/toast';
import { SetForm } from '../settings/label-fields';
import { OfOneWorkspace } from '../settings/one-workspace';
import { DocLink } from './doc-link';
import { useHeard } from './live';
import { type Recurrence, recurrencesChanged, useRecurrences } from './model';
import { MoneyNav } from './nav';
import { keepWorkspace } from './orders';
import './money.css';

export function RecurrencesPage() {
	const t = useT();
	return <OfOneWorkspace title={t('recur.title')} text={t('recur.choose')} help="recurring-invoices" right="crm-view">{(workspace) => <Own workspace={workspace} />}</OfOneWorkspace>;
}

const EVERY = ['week', 'month', 'quarter', 'year'] as const;

function Own({ workspace }: { workspace: Workspace }) {
	const t = useT();
	const { formats, mayEdit } = useScope();
	const { data, error, refetch } = useRecurrences(workspace.slug);
	const [edited, setEdited] = useState<Recurrence | null>(null);
	const [gone, setGone] = useState<Recurrence | null>(null);
	const [busy, setBusy] = useState(false);
	useHeard(['recurrence.changed', 'invoice.created'], recurrencesChanged);
	const edits = mayEdit(workspace.id);
	const nameOf = (one: Recurrence) => one.name || one.document.name || one.document.number || '';
	const remove = async () => {
		if (!gone)
			return;
		setBusy(true);
		try {
			await api('DELETE', `/api/crm/recurrences/${gone.id}${query({ workspace: workspace.slug })}`);
			toast.ok(t('recur.removed', { name: nameOf(gone) }));
			setGone(null);
		} catch (reason) {
			toast.error(problemText(reason));
		}
		await recurrencesChanged();
		setBusy(false);
	};
	const columns: Array<Column<Recurrence>> = [
		{ key: 'name', label: t('recur.name'), cell: (one) => (edits ? <button type="button" className="row-link" onClick={() => setEdited(one)}><span className="cut">{nameOf(one)}</span></button> : <b className="cut">{nameOf(one)}</b>) },
		{ key: 'of', label: t('recur.of'), cell: (one) => <span className="over-row"><DocLink id={one.document.id} number={one.document.number} kind="invoice" /></span> },
		{ key: 'every', label: t('recur.every'), width: 140, cell: (one) => sayValue('doc_every', one.every) },
		{ key: 'next', label: t('recur.next'), width: 150, cell: (one) => (one.next_on ? <span className="num">{formats.date(one.next_on)}</span> : <span className="tag">{t('recur.ended')}</span>) },
		{ key: 'how', label: t('recur.how'), cell: (one) => <span className={`tag${one.send ? ' tag-ok' : ''}`}>{t(one.send ? 'recur.sends' : 'recur.drafts')}</span> },
		{ key: 'made', label: t('recur.made'), cell: (one) => (one.last ? <span className="over-row num">{formats.number(one.made)} · <DocLink id={one.last.id} number={one.last.number} kind="invoice" /></span> : <span className="muted">{t('recur.none_made')}</span>) },
		{ key: 'total', label: t('recur.total'), right: true, cell: (one) => <span className="num">{formats.money(one.document.total)}</span> },
		...(edits ? [{ key: 'acts', label: t('items.acts'), end: true, cell: (one: Recurrence) => {
			const label = t('recur.more', { name: nameOf(one) });
			return <Menu label={label} align="end" target={<IconButton icon="dots" label={label} />} entries={[
				{ key: 'edit', icon: 'pencil', label: t('recur.edit'), onSelect: () => setEdited(one) },
				{ key: 'remove', icon: 'trash', label: t('recur.remove'), onSelect: () => setGone(one) },
			]} />;
		} }] : []),
	];
	return (
		<>
			<PageHead title={t('recur.title')} sub={t('recur.sub')} help="recurring-invoices" />
			<MoneyNav />
			{error && !data && <Empty icon="alert" title={t('recur.failed')}><p>{problemText(error)}</p><Button icon="refresh" onClick={() => void refetch()}>{t('error.retry')}</Button></Empty>}
			{!data && !error && <TableSkeleton rows={6} />}
			{data && !data.length && <Empty icon="refresh" title={t('recur.empty')}><p>{t('recur.empty_text')}</p>{edits && <Link to={'/invoices' as never} search={keepWorkspace as never} className="btn btn-primary">{t('recur.to_invoices')}</Link>}<HelpMore page="recurring-invoices" /></Empty>}
			{data && data.length > 0 && <Table label={t('recur.title')} columns={columns} rows={data} idOf={(one) => one.id} />}
			{edited && <Dialog opened onClose={() => setEdited(null)} title={t('recur.edit')} closeLabel={t('common.close')} size={520}><Form workspace={workspace} one={edited} onDone={() => setEdited(null)} /></Dialog>}
			<Confirm opened={gone !== null} onClose={() => setGone(null)} title={t('recur.remove_sure', { name: gone ? nameOf(gone) : '' })} text={<p>{t('recur.remove_text')}</p>} yes={t('recur.remove')} onYes={() => void remove()} busy={busy} danger />
		</>
	);
}

function Form({ workspace, one, onDone }: { workspace: Workspace; one: Recurrence; onDone(): void }) {
	const t = useT();
	const [name, setName] = useState(one.name ?? '');
	const [every, setEvery] = useState(one.every);
	const [next, setNext] = useState(one.next_on ?? '');
	const [until, setUntil] = useState(one.until ?? '');
	const [send, setSend] = useState(one.send);
	const keep = async () => {
		await api('PUT', `/api/crm/recurrences/${one.id}${query({ workspace: workspace.slug })}`, { body: { version: one.version, name: name.trim() || null, every, next_on: next, until: until || null, send } });
		await recurrencesChanged();
		toast.ok(t('recur.saved'));
	};
	return (
		<SetForm yes={t('common.save')} check={() => ({ ...(next ? {} : { next_on: t('form.required') }), ...(until && next && until < next ? { until: t('recur.until_wrong') } : {}) })} send={keep} onDone={onDone}>
			{(faults) => <>
				<TextField label={t('recur.name')} name="name" value={name} onChange={setName} error={faults['name']} maxLength={200} autoComplete="off" autoFocus />
				<SelectField label={t('recur.every')} name="every" value={every} choices={EVERY.map((value) => ({ value, label: sayValue('doc_every', value) }))} onChange={(value) => { if (value) setEvery(value as Recurrence['every']); }} />
				<div className="two">
					<TextField label={t('recur.next')} name="next_on" type="date" value={next} onChange={setNext} error={faults['next_on']} required />
					<TextField label={t('recur.until')} hint={t('recur.until_hint')} name="until" type="date" value={until} onChange={setUntil} error={faults['until']} />
				</div>
				<Check label={t('recur.send')} hint={t('recur.send_hint')} name="send" checked={send} onChange={setSend} />
			</>}
		</SetForm>
	);
}
