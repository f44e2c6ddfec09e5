/* Bringing in a file of records: chosen or dropped, its columns named, every row looked at, and only then written; with what became of it and the way
   back. Which import it is stands in the URL, so that one that takes long can be left and come back to. */
import { lazy, Suspense, useRef, useState } from 'react';
import { useMemberNames } from '../../api/queries';
import { problemText } from '../../app/problems';
import { useAppSearch, useGo, useScope } from '../../app/scope';
import { WorkspaceFilter } from '../../app/workspace-filter';
import { sayValue, useT } from '../../i18n';
import { Empty, Skeleton } from '../../ui/bits';
import { Button } from '../../ui/button';
import { Icon } from '../../ui/icons';
import { Fault, PageHead, Section, useTitle } from '../../ui/page';
import { type Column, Segments, Table } from '../../ui/table';
import { Mapping } from './mapping';
import { type Import, type ImportProfile, isRunning, PROFILES, upload, uploadAll, useImport, useImports } from './model';

export function ImportPage() {
	const t = useT();
	const go = useGo();
	const { me, workspaces } = useScope();
	const { import: id } = useAppSearch();
	const { data, error, isPending, refetch } = useImport(id ?? null);
	const one = workspaces.length === 1 ? (workspaces[0] ?? null) : null;
	const where = data ? me.workspaces.find((each) => each.id === data.workspace_id) : one;
	useTitle(t('import.title'), where?.name ?? '');
	const again = () => go.search({ import: undefined });
	return (
		<>
			<PageHead title={t('import.title')} help="import" sub={data ? [data.name, where?.name].filter(Boolean).join(' · ') : t('import.sub')}>
				{id && <Button icon="import" onClick={again}>{t('import.another')}</Button>}
			</PageHead>
			<div className="page-body imports scroll">
				{!id && <Begin />}
				{id && isPending && !error && <Skeleton h={180} style={{ borderRadius: 12 }} />}
				{id && error && !data && <Empty icon="alert" title={t('import.failed_read')}><p>{problemText(error)}</p><Button icon="refresh" onClick={() => void refetch()}>{t('error.retry')}</Button></Empty>}
				{data && <Suspense fallback={<Skeleton h={180} style={{ borderRadius: 12 }} />}>{data.state === 'mapping' && data.profile === 'moving' ? <Moving key={data.id} one={data} /> : data.state === 'mapping' ? <Mapping key={data.id} one={data} /> : isRunning(data) ? <Running one={data} /> : data.state === 'checked' ? <Checked one={data} /> : <Finished one={data} />}</Suspense>}
			</div>
		</>
	);
}

const steps = () => import('./steps');
const Running = lazy(async () => ({ default: (await steps()).Running }));
const Checked = lazy(async () => ({ default: (await steps()).Checked }));
const Finished = lazy(async () => ({ default: (await steps()).Finished }));
const Moving = lazy(async () => ({ default: (await import('./moving')).Moving }));
const PROFILE_NAME = { contacts: 'import.contacts', prospects: 'import.prospects', moving: 'import.moving' } as const;

/* a header that says Import is one of prospects, one that says Import CSV one of contacts */
function wordsOf(header: string[] | undefined): ImportProfile {
	return header?.includes('import') ? 'prospects' : 'contacts';
}

function Begin() {
	const t = useT();
	const go = useGo();
	const { workspaces, mayEdit } = useScope();
	const one = workspaces.length === 1 ? (workspaces[0] ?? null) : null;
	const [profile, setProfile] = useState<ImportProfile | null>(null);
	const [busy, setBusy] = useState(false);
	const [fault, setFault] = useState<string | null>(null);
	const [over, setOver] = useState(false);
	const field = useRef<HTMLInputElement>(null);
	const what = profile ?? wordsOf(one?.header);
	const take = async (files: FileList | null) => {
		const file = files?.[0];
		if (!file || !one || busy)
			return;
		setBusy(true);
		setFault(null);
		try {
			go.search({ import: (what === 'moving' ? await uploadAll([...(files ?? [])], one.slug, null) : await upload(file, what, one.slug)).id });
		} catch (problem) {
			setFault(problemText(problem));
		} finally {
			setBusy(false);
		}
	};
	return (
		<>
			<div className="bar"><WorkspaceFilter /></div>
			{!one && <Empty icon="import" title={t('import.one_workspace')}><p>{t('import.one_workspace_text')}</p></Empty>}
			{one && !mayEdit(one.id) && <Empty icon="import" title={t('import.may_not')} />}
			{one && mayEdit(one.id) && (
				<Section title={t('import.file')} text={t('import.file_text')}>
					<Segments<ImportProfile> label={t('import.what')} value={what} onChange={setProfile} choices={PROFILES.map((value) => ({ value, label: t(PROFILE_NAME[value]) }))} />
					<p className="muted">{t(what === 'contacts' ? 'import.contacts_text' : what === 'prospects' ? 'import.prospects_text' : 'import.moving_text')}</p>
					{fault && <Fault>{fault}</Fault>}
					<div className={over ? 'empty files-over' : 'empty'}
						onDragOver={(event) => { if (event.dataTransfer.types.includes('Files')) { event.preventDefault(); setOver(true); } }}
						onDragLeave={() => setOver(false)} onDrop={(event) => { event.preventDefault(); setOver(false); void take(event.dataTransfer.files); }}>
						<Icon name="import" size={28} />
						<p>{t(busy ? 'import.sending' : 'import.drop')}</p>
						<input ref={field} type="file" hidden multiple={what === 'moving'} accept=".csv,.tsv,.txt,.vcf,text/csv,text/vcard" aria-label={t('import.choose')} onChange={(event) => { void take(event.currentTarget.files); event.currentTarget.value = ''; }} />
						<Button kind="primary" disabled={busy} onClick={() => field.current?.click()}>{t('import.choose')}</Button>
					</div>
				</Section>
			)}
			<Earlier />
		</>
	);
}

function Earlier() {
	const t = useT();
	const go = useGo();
	const { reads, formats } = useScope();
	const names = useMemberNames(reads);
	const { data, error, isPending, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useImports(reads);
	const all = data?.pages.flatMap((page) => page.data) ?? [];
	const columns: Array<Column<Import>> = [
		{ key: 'name', label: t('import.file'), cell: (one) => <button type="button" className="row-link" onClick={() => go.search({ import: one.id })}><span className="cut">{one.name ?? t('import.unnamed')}</span></button> },
		{ key: 'what', label: t('import.what'), cell: (one) => t(PROFILE_NAME[one.profile]) },
		{ key: 'state', label: t('field.status'), cell: (one) => <span className="status">{sayValue('import_state', one.state)}</span> },
		{ key: 'rows', label: t('import.rows'), right: true, cell: (one) => <span className="num">{formats.number(one.rows)}</span> },
		{ key: 'result', label: t('import.result'), cell: (one) => <span className="cut">{t('import.counts', { created: formats.number(one.created), updated: formats.number(one.updated), skipped: formats.number(one.skipped) })}</span> },
		{ key: 'by', label: t('import.by'), cell: (one) => names.get(one.owner_id ?? '') ?? <span className="muted">—</span> },
		{ key: 'at', label: t('field.created'), cell: (one) => <span className="num">{formats.moment(one.created_at)}</span> },
	];
	return (
		<Section title={t('import.earlier')} text={t('import.earlier_text')}>
			{isPending && !error && <Skeleton h={80} style={{ borderRadius: 10 }} />}
			{error && !data && <Empty icon="alert" title={t('import.failed_read')} level={3}><p>{problemText(error)}</p><Button icon="refresh" onClick={() => void refetch()}>{t('error.retry')}</Button></Empty>}
			{data && !all.length && <p className="muted">{t('import.none')}</p>}
			{all.length > 0 && <Table label={t('import.earlier')} columns={columns} rows={all} idOf={(one) => one.id}
				more={hasNextPage && <div className="column-more"><Button disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>{t('common.more')}</Button></div>} />}
		</Section>
	);
}
