/* An import after its columns are named: how far it is, what was found before anything is written, what became of it. */
import { lazy, Suspense, useState } from 'react';
import { query } from '../../api/client';
import { problemText } from '../../app/problems';
import { useScope } from '../../app/scope';
import { sayValue, useT } from '../../i18n';
import { Facts, Skeleton, TabPanel, Tabs } from '../../ui/bits';
import { Button } from '../../ui/button';
import { Confirm } from '../../ui/confirm';
import { Icon } from '../../ui/icons';
import { Fault, Section } from '../../ui/page';
import { type Column, Table } from '../../ui/table';
import { RecordLink } from '../search/hits';
import { type Import, type ImportRow, nameAll, nameKey, reopen, step, useRows, useStep } from './model';

const Names = lazy(async () => ({ default: (await import('./moving')).Names }));

export function Running({ one }: { one: Import }) {
	const t = useT();
	const { formats } = useScope();
	const { busy, fault, doing } = useStep();
	const done = one.done ?? 0;
	const total = Math.max(one.total ?? 0, done, 1);
	const title = t(one.state === 'checking' ? 'import.checking' : one.state === 'running' ? 'import.running' : 'import.undoing');
	return (
		<Section title={title} text={t('import.running_text')}>
			{fault && <Fault>{fault}</Fault>}
			<progress style={{ width: '100%' }} value={done} max={total} aria-label={title} />
			<p className="num" role="status">{t('import.progress', { done: formats.number(done), total: formats.number(total) })}{one.rate ? ` · ${t('import.rate', { rate: formats.number(one.rate) })}` : ''}{one.seconds_left ? ` · ${t('import.left', { count: one.seconds_left })}` : ''}</p>
			{one.state !== 'undoing' && <div className="dialog-foot" style={{ display: 'flex', flexWrap: 'wrap', gap: 8, marginTop: 16 }}><Button disabled={busy} onClick={() => void doing(() => step(one.id, 'cancel'))}>{t('import.stop')}</Button></div>}
		</Section>
	);
}

/* why a row is wrong, in words: what stands there or who has it already is said beside it */
function Reason({ row }: { row: ImportRow }) {
	const t = useT();
	if (!row.reason)
		return null;
	const field = row.field ? `${sayValue('import_field', row.field)}: ` : '';
	if (row.reason === 'same_row' && row.state !== 'error' && row.state !== 'skipped')
		return <span>{t('import.updates_row', { row: row.detail ?? '' })}</span>;
	const words = row.reason === 'same_row' ? t('import.same_row', { row: row.detail ?? '' }) : row.reason === 'taken' && row.detail ? t('import.taken_by', { name: row.detail }) : sayValue('import_reason', row.reason);
	return <span>{field}{words}{row.reason !== 'same_row' && row.reason !== 'taken' && row.detail ? ` (${row.detail})` : ''}</span>;
}

function Rows({ one, state }: { one: Import; state: string }) {
	const t = useT();
	const { data, error, hasNextPage, fetchNextPage, isFetchingNextPage } = useRows(one, state);
	const rows = (data?.pages ?? []).flatMap((page) => page.data);
	const wrong = rows.some((row) => row.reason);
	const none = <span className="muted">—</span>;
	const columns: Array<Column<ImportRow>> = [
		{ key: 'row', label: t('import.row'), cell: (row) => <span className="num">{row.row}</span> },
		...(one.files ? [{ key: 'kind', label: t('import.what'), cell: (row: ImportRow) => sayValue('moving_kind', row.kind ?? '') }] : []),
		{ key: 'name', label: t('field.name'), cell: (row) => (row.contact_id && row.name && (row.kind ?? 'contacts') === 'contacts' && row.state !== 'undone' ? <RecordLink type="contact" id={row.contact_id} className="link cut">{row.name}</RecordLink> : row.name ? <span className="cut">{row.name}</span> : none) },
		{ key: 'email', label: t('field.email'), cell: (row) => (row.email ? <span className="cut">{row.email}</span> : none) },
		{ key: 'company', label: t('field.company'), cell: (row) => (row.company ? <span className="cut">{row.company}</span> : none) },
		...(wrong ? [{ key: 'why', label: t(state === 'update' || state === 'repeat' || state === 'updated' ? 'import.note' : 'import.why'), cell: (row: ImportRow) => <Reason row={row} /> }] : []),
	];
	if (error && !data)
		return <Fault>{problemText(error)}</Fault>;
	if (!data)
		return <Skeleton h={80} style={{ borderRadius: 10 }} />;
	if (!rows.length)
		return <p className="muted">{t('import.no_rows')}</p>;
	return <Table label={t('import.rows')} columns={columns} rows={rows} idOf={(row) => `${row.file ?? 0}/${row.row}`} more={hasNextPage && <div className="column-more"><Button disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>{t('common.more')}</Button></div>} />;
}

function Groups({ one, groups }: { one: Import; groups: Array<{ key: string; label: string; count: number }> }) {
	const t = useT();
	const [chosen, setChosen] = useState<string | null>(null);
	const active = chosen ?? groups.find((group) => group.count)?.key ?? groups[0]?.key ?? '';
	return (
		<>
			<Tabs idBase="import" label={t('import.groups')} tabs={groups} active={active} onSelect={setChosen} />
			<TabPanel idBase="import" tab={active}><Rows one={one} state={active} /></TabPanel>
		</>
	);
}

export function Checked({ one }: { one: Import }) {
	const t = useT();
	const { formats } = useScope();
	const { busy, fault, doing } = useStep();
	const [said, setSaid] = useState<Record<string, string>>({});
	const unchecked = (one.names ?? []).map((name) => ({ ...name, target: (said[nameKey(name)] ?? name.target) || null, was: name.target })).filter((name) => name.target !== name.was).map(({ kind, name, target }) => ({ kind, name, target }));
	const count = one.ready + one.updates;
	return (
		<Section title={t('import.checked')} text={t(count ? 'import.checked_text' : 'import.checked_none')}>
			{fault && <Fault>{fault}</Fault>}
			{one.names && one.names.length > 0 && <Suspense fallback={<Skeleton h={80} style={{ borderRadius: 10 }} />}><Names one={one} said={said} onSay={(key, target) => setSaid((all) => ({ ...all, [key]: target }))} /></Suspense>}
			{one.repeats > 0 && <p role="status"><Icon name="alert" size={16} /> {t('import.repeats_text', { count: one.repeats })}</p>}
			<Groups one={one} groups={[
				{ key: 'ready', label: t('import.ready'), count: one.ready }, { key: 'update', label: t('import.updates'), count: one.updates },
				...(one.repeats ? [{ key: 'repeat', label: t('import.repeats'), count: one.repeats }] : []), { key: 'error', label: t('import.errors'), count: one.errors },
			]} />
			<div className="dialog-foot" style={{ display: 'flex', flexWrap: 'wrap', gap: 8, marginTop: 16 }}>
				<Button disabled={busy} onClick={() => void doing(() => step(one.id, 'cancel'))}>{t('common.cancel')}</Button>
				{one.format === 'csv' && <Button disabled={busy} onClick={() => void doing(() => reopen(one))}>{t('import.back')}</Button>}
				{unchecked.length > 0 ? <Button kind="primary" icon="check" disabled={busy} onClick={() => void doing(() => nameAll(one.id, unchecked))}>{t('import.check')}</Button>
					: <Button kind="primary" icon="import" disabled={busy || !count} onClick={() => void doing(() => step(one.id, 'confirm'))}>{t(one.profile === 'contacts' ? 'import.do_contacts' : one.profile === 'prospects' ? 'import.do_prospects' : 'import.do_moving')}</Button>}
			</div>
			<p className="muted">{t('import.will', { count, number: formats.number(count) })}</p>
		</Section>
	);
}

export function Finished({ one }: { one: Import }) {
	const t = useT();
	const { formats, me } = useScope();
	const { busy, fault, doing } = useStep();
	const [asks, setAsks] = useState(false);
	const wrote = one.created + one.updated;
	const workspace = me.workspaces.find((each) => each.id === one.workspace_id)?.slug ?? '';
	const tiles = [{ key: 'created', label: t('import.created'), count: one.created }, { key: 'updated', label: t('import.updated'), count: one.updated }, { key: 'skipped', label: t('import.skipped'), count: one.skipped }];
	const back = one.state === 'undone' ? [{ key: 'undone', label: t('import.undone'), count: one.undone }, { key: 'kept', label: t('import.kept'), count: one.kept }] : [];
	return (
		<Section title={sayValue('import_state', one.state)} text={t(one.state === 'failed' ? 'import.failed_text' : one.state === 'undone' ? 'import.undone_text' : one.state === 'cancelled' ? 'import.cancelled_text' : 'import.done_text')}>
			{fault && <Fault>{fault}</Fault>}
			<div role="status"><Facts rows={[...tiles, ...back].map((tile) => ({ key: tile.key, label: tile.label, value: <strong className="num">{formats.number(tile.count)}</strong> }))} /></div>
			{one.checked > 0 && <Groups one={one} groups={[...back, ...tiles].filter((group) => group.count > 0)} />}
			<div className="dialog-foot" style={{ display: 'flex', flexWrap: 'wrap', gap: 8, marginTop: 16 }}>
				{one.checked > 0 && <a className="btn" href={`/api/crm/imports/${one.id}/result${query({ workspace })}`} download><Icon name="download" size={16} />{t('import.download')}</a>}
				{wrote > 0 && (one.state === 'done' || one.state === 'cancelled') && <Button icon="history" disabled={busy} onClick={() => setAsks(true)}>{t('import.undo')}</Button>}
			</div>
			<Confirm opened={asks} onClose={() => setAsks(false)} title={t('import.undo_ask')} text={<p>{t('import.undo_text', { count: formats.number(wrote) })}</p>} yes={t('import.undo')} danger busy={busy}
				onYes={() => void doing(async () => { setAsks(false); await step(one.id, 'undo'); })} />
		</Section>
	);
}
