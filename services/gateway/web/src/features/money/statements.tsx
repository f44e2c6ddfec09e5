/* Bank statements: dropped or chosen, what became of them in words, and the bookings that somebody has to say something about, one key each. A booking
   counts once, however often its statement is brought. */
import { type KeyboardEvent, lazy, Suspense, useEffect, useRef, useState } from 'react';
import { api, query } from '../../api/client';
import type { Workspace } from '../../api/types';
import { problemText } from '../../app/problems';
import { useScope } from '../../app/scope';
import { sayValue, useT } from '../../i18n';
import { Empty, Skeleton } from '../../ui/bits';
import { Button } from '../../ui/button';
import { Icon } from '../../ui/icons';
import { Fault, Section } from '../../ui/page';
import { type Column, Segments, Table } from '../../ui/table';
import { toast } from '../../ui/toast';
import { DocLink } from './doc-link';
import { type Imported, paidChanged, type Statement, type StatementLine, useLines, useStatements } from './model';

const PickInvoice = lazy(() => import('./pick-invoice').then((module) => ({ default: module.PickInvoice })));

interface Said { name: string; result: Imported | null; fault: string | null }

export function Statements({ workspace }: { workspace: Workspace }) {
	const [said, setSaid] = useState<Said[]>([]);
	return (
		<div className="page-body scroll"><div className="money-page">
			<Drop workspace={workspace} onSaid={setSaid} />
			{said.map((one, at) => <Result key={at} said={one} />)}
			<Waiting workspace={workspace} />
			<Earlier workspace={workspace} />
		</div></div>
	);
}

function Drop({ workspace, onSaid }: { workspace: Workspace; onSaid(said: Said[]): void }) {
	const t = useT();
	const [busy, setBusy] = useState('');
	const [over, setOver] = useState(false);
	const field = useRef<HTMLInputElement>(null);
	const take = async (files: FileList | null) => {
		if (!files?.length || busy)
			return;
		const all = [...files], said: Said[] = [];
		if (field.current)
			field.current.value = '';
		for (const [at, file] of all.entries()) {
			setBusy(all.length > 1 ? t('statements.reading_of', { name: file.name, number: at + 1, count: all.length }) : t('statements.reading', { name: file.name }));
			try {
				said.push({ name: file.name, result: await api<Imported>('POST', `/api/crm/statements${query({ workspace: workspace.slug, name: file.name })}`, { bytes: new Blob([file], { type: 'application/octet-stream' }) }), fault: null });
			} catch (reason) {
				said.push({ name: file.name, result: null, fault: problemText(reason) });
			}
			onSaid([...said]);
		}
		await paidChanged();
		setBusy('');
	};
	return (
		<Section title={t('statements.bring')} text={t('statements.bring_text')}>
			<div className={`money-drop${over ? ' files-over' : ''}`} aria-busy={busy !== ''} onDragOver={(event) => { if (event.dataTransfer.types.includes('Files')) { event.preventDefault(); setOver(true); } }} onDragLeave={() => setOver(false)}
				onDrop={(event) => { event.preventDefault(); setOver(false); void take(event.dataTransfer.files); }}>
				<Icon name="import" size={24} />
				<p role="status">{busy || t('statements.drop')}</p>
				<input ref={field} type="file" hidden multiple accept=".xml,.sta,.940,.mt940,.swi,.txt,.053" aria-label={t('statements.choose')} onChange={(event) => void take(event.currentTarget.files)} />
				<Button kind="primary" disabled={busy !== ''} onClick={() => field.current?.click()}>{t('statements.choose')}</Button>
			</div>
		</Section>
	);
}

function Result({ said }: { said: Said }) {
	const t = useT();
	const one = said.result;
	if (!one)
		return <Fault>{t('statements.refused', { name: said.name, why: said.fault ?? '' })}</Fault>;
	const parts = [
		one.matched ? t('statements.did_match', { count: one.matched }) : '', one.doubtful ? t('statements.did_doubt', { count: one.doubtful }) : '',
		one.unmatched ? t('statements.did_nothing', { count: one.unmatched }) : '', one.repeated ? t('statements.did_repeat', { count: one.repeated }) : '',
	].filter(Boolean);
	return <p className="money-said" role="status" data-statement={said.name}><Icon name="check" size={18} /><span><b>{said.name}</b> {t('statements.did', { count: one.lines })} {parts.join(', ')}{parts.length ? '.' : ''}</span></p>;
}

const STATES = ['doubtful', 'unmatched', 'matched', 'ignored'] as const;
type State = (typeof STATES)[number];

function Waiting({ workspace }: { workspace: Workspace }) {
	const t = useT();
	const [state, setState] = useState<State>('doubtful');
	const { data, error, hasNextPage, fetchNextPage, isFetchingNextPage } = useLines(workspace.slug, state);
	const [picking, setPicking] = useState<StatementLine | null>(null);
	const list = useRef<HTMLUListElement>(null);
	const next = useRef<number | null>(null);
	const { formats } = useScope();
	const all = data?.pages.flatMap((page) => page.data) ?? [];
	/* by keyboard one goes on where the row that was dealt with stood */
	useEffect(() => {
		const at = next.current;
		const rows = list.current?.querySelectorAll<HTMLElement>('li');
		if (at === null || !rows)
			return;
		next.current = null;
		rows[Math.min(at, rows.length - 1)]?.focus();
	}, [data]);
	const send = async (line: StatementLine, path: string, body: unknown): Promise<boolean> => {
		next.current = all.findIndex((one) => one.id === line.id);
		try {
			await api('POST', `/api/crm/statements/lines/${line.id}/${path}${query({ workspace: workspace.slug })}`, { body });
			return true;
		} catch (reason) {
			toast.error(problemText(reason));
			return false;
		} finally {
			await paidChanged();
		}
	};
	const back = (line: StatementLine) => ({ label: t('common.undo'), hotkey: 'Z', run: () => void send(line, 'ignore', { undo: true }) });
	const match = async (line: StatementLine, documents: Array<{ id: string; number: string | null }>) => {
		if (documents.length && await send(line, 'match', { documents: documents.map((one) => one.id) })) {
			setPicking(null);
			toast.ok(t('statements.matched', { numbers: documents.map((one) => one.number).join(', ') }), back(line));
		}
	};
	const ignore = async (line: StatementLine) => {
		if (await send(line, 'ignore', {}))
			toast.ok(t('statements.ignored'), back(line));
	};
	const undo = async (line: StatementLine) => {
		if (await send(line, 'ignore', { undo: true }))
			toast.ok(t('statements.undone'));
	};
	const key = (event: KeyboardEvent<HTMLLIElement>, line: StatementLine) => {
		if (event.target !== event.currentTarget || event.metaKey || event.ctrlKey || event.altKey)
			return;
		const step = event.key === 'ArrowDown' || event.key === 'j' ? 1 : event.key === 'ArrowUp' || event.key === 'k' ? -1 : 0;
		const waits = line.state === 'doubtful' || line.state === 'unmatched';
		if (step) {
			const rows = [...(list.current?.querySelectorAll<HTMLElement>('li') ?? [])];
			rows[rows.indexOf(event.currentTarget) + step]?.focus();
		} else if (event.key === 'Enter' && waits && line.documents.length)
			void match(line, line.documents);
		else if (event.key === 'o' && waits)
			setPicking(line);
		else if (event.key === 'x' && waits)
			void ignore(line);
		else
			return;
		event.preventDefault();
		event.stopPropagation();
	};
	return (
		<Section title={t('statements.look')} text={t('statements.look_text')}>
			<Segments<State> label={t('statements.look')} value={state} onChange={setState} choices={STATES.map((value) => ({ value, label: sayValue('line_state', value) }))} />
			{error && !data && <Fault>{problemText(error)}</Fault>}
			{!data && !error && <Skeleton h={120} style={{ borderRadius: 10, marginTop: 12 }} />}
			{data && !all.length && <Empty icon={state === 'doubtful' ? 'check' : 'inbox'} title={t(state === 'doubtful' ? 'statements.none_doubt' : 'statements.none')} level={3} />}
			{all.length > 0 && (
				<ul className="bookings" ref={list} aria-label={t('statements.look')}>
					{all.map((line) => (
						<li key={line.id} tabIndex={0} className="booking" data-booking={line.id} data-state={line.state} onKeyDown={(event) => key(event, line)}>
							<div className="booking-what">
								<p><b className={`num${line.amount.amount.startsWith('-') ? ' went' : ''}`}>{formats.money(line.amount)}</b> <b>{line.name ?? ''}</b></p>
								<p className="muted small num">{[formats.date(line.day), line.iban, line.text ?? line.reference].filter(Boolean).join(' · ')}</p>
							</div>
							<div className="booking-may">
								{line.documents.map((one) => <p key={one.id}><DocLink id={one.id} number={one.number} kind="invoice" /> <span className="muted small num">{[one.name, line.state === 'matched' ? formats.money(one.amount ?? one.total) : t('statements.open', { amount: formats.money(one.open) })].filter(Boolean).join(' · ')}</span></p>)}
								{line.why && <p className="muted small">{sayValue('line_why', line.why)}</p>}
							</div>
							<div className="booking-acts">
								{(line.state === 'doubtful' || line.state === 'unmatched') ? <>
									{line.documents.length > 0 && <Button kind="primary" icon="check" onClick={() => void match(line, line.documents)}>{t('statements.accept')}</Button>}
									<Button onClick={() => setPicking(line)}>{t(line.documents.length ? 'statements.other' : 'payments.pick')}</Button>
									<Button kind="quiet" onClick={() => void ignore(line)}>{t('statements.ignore')}</Button>
								</> : <Button onClick={() => void undo(line)}>{t('statements.undo')}</Button>}
							</div>
						</li>
					))}
				</ul>
			)}
			{all.length > 0 && (state === 'doubtful' || state === 'unmatched') && <p className="muted small keys-only">{t('statements.keys')}</p>}
			{hasNextPage && <Button kind="quiet" disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>{t('common.more')}</Button>}
			{picking && <Suspense fallback={null}><PickInvoice workspace={workspace} about={[formats.money(picking.amount), picking.name, formats.date(picking.day)].filter(Boolean).join(' · ')} onPick={(one) => void match(picking, [one])} onClose={() => setPicking(null)} /></Suspense>}
		</Section>
	);
}

function Earlier({ workspace }: { workspace: Workspace }) {
	const t = useT();
	const { formats } = useScope();
	const { data, error, hasNextPage, fetchNextPage, isFetchingNextPage } = useStatements(workspace.slug);
	const all = data?.pages.flatMap((page) => page.data) ?? [];
	const columns: Array<Column<Statement>> = [
		{ key: 'name', label: t('statements.file'), cell: (one) => <span className="cut">{one.name}</span> },
		{ key: 'account', label: t('statements.account'), cell: (one) => <span className="num">{one.account ?? ''}</span> },
		{ key: 'days', label: t('statements.days'), cell: (one) => <span className="num">{[one.from, one.to].filter((day, at, both) => day && both.indexOf(day) === at).map((day) => formats.date(day ?? '')).join(' – ')}</span> },
		{ key: 'lines', label: t('statements.lines'), right: true, cell: (one) => <span className="num">{formats.number(one.lines)}</span> },
		{ key: 'matched', label: t('statements.paid'), right: true, cell: (one) => <span className="num">{formats.number(one.matched)}</span> },
		{ key: 'at', label: t('statements.at'), cell: (one) => <span className="num">{formats.moment(one.created_at)}</span> },
	];
	if (error || !all.length)
		return null;
	return (
		<Section title={t('statements.earlier')}>
			<Table label={t('statements.earlier')} columns={columns} rows={all} idOf={(one) => one.id} more={hasNextPage && <div className="column-more"><Button disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>{t('common.more')}</Button></div>} />
		</Section>
	);
}
