/* What can be done to the picked documents at once: send the drafts, remind of what is due. A portion at a time, so that one sees how far it is; at the end
   each one that was refused stands with its reason and what to do about it. */
import { useState } from 'react';
import { api, newKey, query } from '../../api/client';
import type { Id } from '../../api/types';
import { problemText } from '../../app/problems';
import { useScope } from '../../app/scope';
import { say, sayValue, useT } from '../../i18n';
import { Button, IconButton } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { Icon } from '../../ui/icons';
import { toast } from '../../ui/toast';
import type { Picked } from '../lists/picked';
import { type DocRow, docsChanged, type ListOf } from './model';
import { DocLink, StateMark } from './parts';
import '../deals/board.css';

type Way = 'send' | 'remind';
interface Told { done: number; refused: Array<{ id: Id; code: string }> }
interface Run { way: Way; of: number; at: number; done: number; refused: Array<{ doc: DocRow; code: string }>; fault: string | null; over: boolean }

const PORTION = 10;

/* those that this may be done to, as far as is seen here */
export const fits = (way: Way, doc: DocRow): boolean => !doc.removed_at && (way === 'send' ? doc.state === 'draft' || (doc.state === 'sent' && !doc.sent_at) : doc.kind === 'invoice' && doc.sent_at !== null && (doc.state === 'sent' || doc.state === 'partly_paid'));

export function BulkBar({ list, picked, rows }: { list: ListOf; picked: Picked; rows: readonly DocRow[] }) {
	const t = useT();
	const { me } = useScope();
	const [run, setRun] = useState<Run | null>(null);
	const [asking, setAsking] = useState<Way | null>(null);
	const chosen = rows.filter((row) => picked.ids.has(row.id));
	const of = (way: Way) => chosen.filter((doc) => fits(way, doc));
	const slug = (id: Id) => me.workspaces.find((one) => one.id === id)?.slug ?? null;
	const start = async (way: Way) => {
		const todo = of(way);
		let now: Run = { way, of: todo.length, at: 0, done: 0, refused: [], fault: null, over: false };
		const tell = (more: Partial<Run>) => setRun(now = { ...now, ...more });
		setAsking(null);
		tell({});
		for (const workspace of new Set(todo.map((doc) => doc.workspace_id))) {
			const mine = todo.filter((doc) => doc.workspace_id === workspace);
			for (let from = 0; from < mine.length && !now.fault; from += PORTION) {
				const part = mine.slice(from, from + PORTION);
				try {
					const told = await api<Told>('POST', `/api/crm/documents/${way}${query({ workspace: slug(workspace) })}`, { key: newKey(), body: { ids: part.map((doc) => doc.id) } });
					tell({ at: now.at + part.length, done: now.done + told.done, refused: [...now.refused, ...told.refused.flatMap(({ id, code }) => { const doc = part.find((one) => one.id === id); return doc ? [{ doc, code }] : []; })] });
				} catch (fault) {
					tell({ fault: problemText(fault) });
				}
			}
		}
		await docsChanged();
		if (!now.refused.length && !now.fault) {
			setRun(null);
			picked.clear();
			toast.ok(say(way === 'send' ? 'doc.sent_many' : 'doc.reminded_many', { count: now.done }));
		} else
			tell({ over: true });
	};
	const close = () => { setRun(null); picked.clear(); };
	const button = (way: Way) => { const count = of(way).length; return <Button icon={way === 'send' ? 'send' : 'bell'} disabled={!count || (run !== null && !run.over)} onClick={() => setAsking(way)}><span>{t(way === 'send' ? 'doc.send_count' : 'doc.remind_count', { count })}</span></Button>; };
	return (
		<div className="bulk-bar" role="toolbar" aria-label={t('doc.bulk')} aria-busy={run !== null && !run.over}>
			<span className="bulk-count num" role="status">{t('bulk.picked', { count: chosen.length })}</span>
			{button('send')}
			{list === 'invoices' && button('remind')}
			<IconButton icon="x" label={t('bulk.clear')} hint="Esc" onClick={picked.clear} />
			{asking && (
				<Dialog opened onClose={() => setAsking(null)} title={t(asking === 'send' ? 'doc.send_many_ask' : 'doc.remind_many_ask', { count: of(asking).length })} closeLabel={t('common.close')}>
					<div className="confirm-text">
						<p>{t(asking === 'send' ? (list === 'quotes' ? 'doc.send_quotes_text' : 'doc.send_invoices_text') : 'doc.remind_many_text')}</p>
						{of(asking).length < chosen.length && <p className="muted">{t('doc.left_out', { count: chosen.length - of(asking).length })}</p>}
					</div>
					<div className="dialog-foot"><Button onClick={() => setAsking(null)}>{t('common.cancel')}</Button><Button kind="primary" icon={asking === 'send' ? 'send' : 'bell'} onClick={() => void start(asking)}>{t(asking === 'send' ? 'doc.send' : 'doc.remind')}</Button></div>
				</Dialog>
			)}
			{run && (
				<Dialog opened onClose={() => { if (run.over) close(); }} title={t(run.way === 'send' ? 'doc.sending_many' : 'doc.reminding_many')} closeLabel={t('common.close')} size={560}>
					<p role="status" className="num">{t('doc.progress', { at: run.at, of: run.of, done: run.done })}</p>
					<progress className="doc-progress" value={run.at} max={run.of} aria-label={t('doc.progress', { at: run.at, of: run.of, done: run.done })} />
					{run.fault && <p className="fault" role="alert"><Icon name="error" size={18} /><span>{run.fault}</span></p>}
					{run.refused.length > 0 && <ul className="rows">{run.refused.map(({ doc, code }) => (
						<li key={doc.id}><span className="row-text"><b><DocLink doc={doc} className="link">{doc.number ?? doc.name ?? t('doc.no_number')}</DocLink><StateMark doc={doc} /></b><span>{sayValue('doc_refused', code)}</span></span></li>
					))}</ul>}
					{run.over && <div className="dialog-foot"><Button kind="primary" onClick={close}>{t('common.close')}</Button></div>}
				</Dialog>
			)}
		</div>
	);
}
