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

/* `dropped`: what was let go anywhere on the page; `over`: something is held over it */
export function Statements({ workspace, dropped, over, onTaken }: { workspace: Workspace; dropped: File[] | null; over: boolean; onTaken(): void }) {
	const [said, setSaid] = useState<Said[]>([]);
	const [brought, setBrought] = useState(0);
	return (
		<div className="page-body scroll"><div className="money-page">
			<Drop workspace={workspace} dropped={dropped} over={over} onTaken={onTaken} onSaid={setSaid} onBrought={() => setBrought((old) => old + 1)} />
			{said.map((one, at) => <Result key={at} said={one} />)}
			<Waiting workspace={workspace} brought={brought} />
			<Earlier workspace={workspace} />
		</div></div>
	);
}

function Drop({ workspace, dropped, over, onTaken, onSaid, onBrought }: { workspace: Workspace; dropped: File[] | null; over: boolean; onTaken(): void; onSaid(said: Said[]): void; onBrought(): void }) {
	const t = useT();
	const [busy, setBusy] = useState('');
	const field = useRef<HTMLInputElement>(null);
	const take = async (all: File[]) => {
		if (!all.length || busy)
			return;
		const said: Said[] = [];
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
		if (said.some((one) => one.result?.doubtful))
			setTimeout(onBrought); /* when what was read anew is shown */
	};
	useEffect(() => {
		if (!dropped || busy)
			return;
		onTaken();
		void take(dropped);
	});
	return (
		<Section title={t('statements.bring')} text={t('statements.bring_text')}>
			<div className={`money-drop${over ? ' files-over' : ''}`} aria-busy={busy !== ''}>
				<Icon name="import" size={24} />
				<p role="status">{busy || t('statements.drop')}</p>
				<input ref={field} type="file" hidden multiple accept=".xml,.sta,.940,.mt940,.swi,.txt,.053" aria-label={t('statements.choose')} onChange={(event) => { const all = [...event.currentTarget.files ?? []]; event.currentTarget.value = ''; void take(all); }} />
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

/* how many wait in a state, as far as they were asked for */
function useWaits(workspace: string, state: State): string {
	const { data } = useLines(workspace, state);
	const count = data?.pages.reduce((sum, page) => sum + page.data.length, 0) ?? 0;
	return count ? ` (${count}${data?.pages.at(-1)?.next ? '+' : ''})` : '';
}

/* `brought`: counts statements that somebody has to look at: one goes on with the first booking */
function Waiting({ workspace, brought }: { workspace: Workspace; brought: number }) {
	const t = useT();
	const [state, setState] = useState<State>('doubtful');
	const { data, error, hasNextPage, fetchNextPage, isFetchingNextPage, isPlaceholderData } = useLines(workspace.slug, state);
	const [, again] = useState(0);
	const waits = { doubtful: useWaits(workspace.slug, 'doubtful'), unmatched: useWaits(workspace.slug, 'unmatched') };
	const [picking, setPicking] = useState<StatementLine | null>(null);
	const box = useRef<HTMLDivElement>(null);
	/* where one goes on once the list has become another: by its id where it comes back, else where the one stood that is gone */
	const next = useRef<{ id: string; at: number; back: boolean } | 'first' | null>(null);
	const { formats } = useScope();
	const all = data?.pages.flatMap((page) => page.data) ?? [];
	/* as they are when something is taken back, not as they were when it was done */
	const shown = useRef(all);
	shown.current = all;
	const rowsOf = () => [...(box.current?.querySelectorAll<HTMLElement>('.booking') ?? [])];
	useEffect(() => {
		const goal = next.current;
		if (goal === 'first' && !isPlaceholderData && all.length) {
			next.current = null;
			rowsOf()[0]?.focus();
		}
		if (!goal || goal === 'first')
			return;
		const at = all.findIndex((one) => one.id === goal.id);
		if ((at >= 0) !== goal.back)
			return;
		next.current = null;
		const rows = rowsOf();
		(rows[goal.back ? at : Math.min(goal.at, rows.length - 1)] ?? box.current?.querySelector<HTMLElement>('[aria-pressed=true]'))?.focus();
	});
	useEffect(() => {
		if (!brought)
			return;
		next.current = 'first';
		setState('doubtful');
		again((old) => old + 1);
	}, [brought]);
	const send = async (line: StatementLine, path: string, body: unknown): Promise<boolean> => {
		const at = shown.current.findIndex((one) => one.id === line.id);
		next.current = { id: line.id, at, back: at < 0 };
		try {
			await api('POST', `/api/crm/statements/lines/${line.id}/${path}${query({ workspace: workspace.slug })}`, { body });
			return true;
		} catch (reason) {
			next.current = null;
			toast.error(problemText(reason));
			return false;
		} finally {
			await paidChanged();
		}
	};
	const back = (line: StatementLine) => ({ label: t('common.undo'), hotkey: 'Z', run: () => void send(line, 'ignore', { undo: true }) });
	const match = async (line: StatementLine, documents: Array<{ id: string; number: string | null }>) => {
		if (documents.length && await send(line, 'match', { documents: documents.map((one) => one.id) }))
			toast.ok(t('statements.matched', { numbers: documents.map((one) => one.number).join(', ') }), back(line));
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
		const open = line.state === 'doubtful' || line.state === 'unmatched';
		if (step) {
			const rows = rowsOf();
			rows[rows.indexOf(event.currentTarget) + step]?.focus();
		} else if (event.key === 'Enter' && open && line.documents.length)
			void match(line, line.documents);
		else if (event.key === 'o' && open)
			setPicking(line);
		else if (event.key === 'x' && open)
			void ignore(line);
		else
			return;
		event.preventDefault();
		event.stopPropagation();
	};
	return (
		<Section title={t('statements.look')} text={t('statements.look_text')}><div ref={box}>
			<Segments<State> label={t('statements.look')} value={state} onChange={(one) => { next.current = null; setState(one); }} choices={STATES.map((value) => ({ value, label: sayValue('line_state', value) + (value === 'doubtful' || value === 'unmatched' ? waits[value] : '') }))} />
			{error && !data && <Fault>{problemText(error)}</Fault>}
			{!data && !error && <Skeleton h={120} style={{ borderRadius: 10, marginTop: 12 }} />}
			{data && !all.length && <Empty icon={state === 'doubtful' ? 'check' : 'inbox'} title={t(state === 'doubtful' ? 'statements.none_doubt' : 'statements.none')} level={3} />}
			{all.length > 0 && (
				<ul className="bookings" aria-label={t('statements.look')}>
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
			{picking && <Suspense fallback={null}><PickInvoice workspace={workspace} about={[formats.money(picking.amount), picking.name, formats.date(picking.day)].filter(Boolean).join(' · ')} amount={picking.amount} onPick={(one) => void match(picking, [one])} onClose={() => setPicking(null)} /></Suspense>}
		</div></Section>
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
