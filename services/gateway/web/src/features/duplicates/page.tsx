/* Contacts and accounts that look alike, the surest first: each pair is merged or is two. What is gone from the list was decided; a merge can be
   taken back. */
import { useInfiniteQuery } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, useState } from 'react';
import { api, query } from '../../api/client';
import { onLive } from '../../api/live';
import { queryClient } from '../../api/queries';
import type { Page } from '../../api/types';
import { problemText } from '../../app/problems';
import { useAppSearch, useGo, useScope } from '../../app/scope';
import { WorkspaceFilter } from '../../app/workspace-filter';
import { say, useT } from '../../i18n';
import { Empty, Skeleton } from '../../ui/bits';
import { Button } from '../../ui/button';
import { HelpMore, PageHead, useTitle } from '../../ui/page';
import { Segments } from '../../ui/table';
import { toast } from '../../ui/toast';
import { RecordLink } from '../search/hits';
import { type Alike, DUPLICATES, type Kind, type Pair, reasonKey } from './model';
import '../leads/leads.css';
import './duplicates.css';

const MergeDialog = lazy(() => import('./merge-dialog').then((module) => ({ default: module.MergeDialog })));

/* until all were compared with all others, which goes on behind the page */
type Pairs = Page<Pair> & { behind?: string[] };
const isBehind = (pages: Pairs[] | undefined) => !!pages?.some((page) => page.behind?.length);

async function dismiss(pair: Pair, dismissed: boolean): Promise<void> {
	try {
		await api('POST', `/api/crm/duplicates/dismiss${query({ workspace: pair.workspace_id })}`, { body: { a_id: pair.a.id, b_id: pair.b.id, dismissed } });
		await queryClient.invalidateQueries({ queryKey: DUPLICATES });
		if (dismissed)
			toast.ok(say('duplicate.dismissed', { a: pair.a.name, b: pair.b.name }), { label: say('common.undo'), hotkey: 'Z', run: () => void dismiss(pair, false) });
	} catch (fault) {
		toast.error(say('duplicate.not_dismissed'), problemText(fault));
	}
}

/* what a colleague merges or writes is another list a moment later */
function useLivePairs(): void {
	useEffect(() => {
		let timer: ReturnType<typeof setTimeout> | null = null;
		const stop = onLive((note) => {
			if (note.kind !== 'event' || !/^(contact|account)\./.test(note.event.type))
				return;
			timer ??= setTimeout(() => { timer = null; void queryClient.invalidateQueries({ queryKey: DUPLICATES }); }, 1000);
		});
		return () => { stop(); if (timer) clearTimeout(timer); };
	}, []);
}

export function DuplicatesPage() {
	const t = useT();
	const go = useGo();
	const { reads, workspace, mayEdit } = useScope();
	const kind: Kind = useAppSearch().of === 'account' ? 'account' : 'contact';
	/* which merge is asked for: one whose dialog is fading out must not take the next along */
	const [asked, setAsked] = useState<{ pair: Pair; n: number } | null>(null);
	const ask = (pair: Pair) => setAsked((old) => ({ pair, n: (old?.n ?? 0) + 1 }));
	const [closed, setClosed] = useState(0);
	useTitle(t('duplicates.title'), workspace?.name ?? t('workspace.all'));
	useLivePairs();
	const { data, error, isPending, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery({
		queryKey: [...DUPLICATES, reads, kind],
		queryFn: ({ pageParam, signal }) => api<Pairs>('GET', `/api/crm/duplicates${query({ workspace: reads, of: kind, after: pageParam, limit: 50 })}`, { signal }),
		initialPageParam: null as string | null,
		getNextPageParam: (last) => last.next,
		placeholderData: (old) => old,
		refetchInterval: (now) => (isBehind(now.state.data?.pages) ? 5000 : false),
	});
	const rows = data?.pages.flatMap((page) => page.data) ?? [];
	return (
		<div className="leads-page">
			<PageHead title={t('duplicates.title')} sub={t('duplicates.sub')} help="duplicates" />
			<div className="bar">
				<WorkspaceFilter />
				<Segments<Kind> label={t('duplicates.of')} value={kind} onChange={(next) => go.search({ of: next === 'account' ? 'account' : undefined }, true)}
					choices={[{ value: 'contact', label: t('tab.contacts') }, { value: 'account', label: t('tab.accounts') }]} />
			</div>
			{isPending && !error && <div className="pairs" aria-busy="true"><Skeleton h={110} /><Skeleton h={110} /></div>}
			{error && !data && <Empty icon="alert" title={t('duplicates.failed')}><p>{problemText(error)}</p><Button icon="refresh" onClick={() => void refetch()}>{t('error.retry')}</Button></Empty>}
			{isBehind(data?.pages) && <p className="muted" role="status">{t('duplicates.behind')}</p>}
			{data && !isBehind(data.pages) && rows.length === 0 && <Empty icon="check" title={t('duplicates.empty')}><p>{t('duplicates.empty_text')}</p><HelpMore page="duplicates" /></Empty>}
			{rows.length > 0 && (
				<ul className="pairs" aria-label={t('duplicates.title')}>
					{rows.map((one) => (
						<li key={`${one.a.id} ${one.b.id}`} className="pair" aria-label={t('duplicate.pair', { a: one.a.name, b: one.b.name })}>
							<div className="pair-why">{one.reasons.map((reason) => <span key={reason} className="tag">{t(reasonKey(reason))}</span>)}</div>
							<One kind={kind} one={one.a} /><One kind={kind} one={one.b} />
							{mayEdit(one.workspace_id) && (
								<div className="pair-acts">
									<Button icon="users" onClick={() => ask(one)} aria-label={t('duplicate.merge_of', { a: one.a.name, b: one.b.name })}>{t('merge.ask')}</Button>
									<Button onClick={() => void dismiss(one, true)} aria-label={t('duplicate.dismiss_of', { a: one.a.name, b: one.b.name })}>{t('duplicate.dismiss')}</Button>
								</div>
							)}
						</li>
					))}
				</ul>
			)}
			{hasNextPage && <div className="column-more"><Button onClick={() => void fetchNextPage()} disabled={isFetchingNextPage}>{t(isFetchingNextPage ? 'common.loading' : 'common.more')}</Button></div>}
			<Suspense fallback={null}>{asked && asked.n > closed && <MergeDialog key={asked.n} kind={kind} a={asked.pair.a} b={asked.pair.b} workspace={asked.pair.workspace_id} onClose={() => setClosed((old) => Math.max(old, asked.n))} />}</Suspense>
		</div>
	);
}

function One({ kind, one }: { kind: Kind; one: Alike }) {
	const t = useT();
	const { formats } = useScope();
	return (
		<div className="pair-one">
			<span><RecordLink type={kind === 'contact' ? 'contact' : 'client'} id={one.id} className="link">{one.name}</RecordLink> <span className="muted num">{t('deal.number', { number: one.number })}</span></span>
			<span className="small cut">{[one.company, one.email].filter(Boolean).join(' · ')}</span>
			<span className="muted small num cut">{[one.phone, one.created_at && t('duplicate.since', { day: formats.date(one.created_at) })].filter(Boolean).join(' · ')}</span>
		</div>
	);
}
