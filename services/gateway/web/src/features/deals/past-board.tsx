/* The board as it was at a moment one chooses: what stood in which stage and what it was worth. To look at, not to change: a card
   leads to its deal as it is now. The moment stands in the address, so that it can be sent to somebody. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useId } from 'react';
import { api, query } from '../../api/client';
import type { Id, Label, Money, StageKind } from '../../api/types';
import { useMemberNames } from '../../api/queries';
import { AboutLine } from '../../app/about';
import { problemText } from '../../app/problems';
import { useAppSearch, useGo, useScope } from '../../app/scope';
import { labelOf, useLanguage, useT } from '../../i18n';
import { midnight } from '../../lib/format';
import { type About, mergeSums, orderSums } from '../../lib/money';
import { momentOf, typedOf } from '../../lib/zone';
import { Empty, Skeleton } from '../../ui/bits';
import { Button } from '../../ui/button';
import { HelpMore, PageHead, useTitle } from '../../ui/page';
import './board.css';
import './details.css';

interface PastDeal { id: Id; number: number; title: string; value: Money | null; owner_id: Id | null }
interface PastStage { key: string; label: Label | null; kind: StageKind | null; colour: string | null; count: number; sums: Money[]; about: About | null; deals: PastDeal[] }
interface PastBoard { workspace_id: Id; id: Id; key: string; label: Label; at: string; about: About | null; stages: PastStage[] }

export function PastBoardPage() {
	const t = useT();
	const id = useId();
	const go = useGo();
	const { reads, workspace, formats, zone } = useScope();
	const { at } = useAppSearch();
	const moment = at && !Number.isNaN(Date.parse(at)) ? new Date(at) : null;
	const { data, error, refetch } = useQuery({
		queryKey: ['past-board', reads, moment?.toISOString() ?? ''], enabled: moment !== null, staleTime: 5 * 60_000,
		queryFn: async ({ signal }) => (await api<{ data: PastBoard[] }>('GET', `/api/crm/pipeline/as-of${query({ workspace: reads, at: moment?.toISOString() })}`, { signal })).data,
	});
	useTitle(t('past.title'), workspace?.name ?? t('workspace.all'));
	const set = (next: string | null) => go.search({ at: next ?? undefined }, true);
	const today = formats.dayKey(new Date().toISOString());
	const daysAgo = (days: number) => midnight(today, zone, -days) ?? new Date().toISOString();
	const several = new Set((data ?? []).map((one) => one.workspace_id)).size > 1;
	return (
		<>
			<PageHead title={t('past.title')} sub={moment ? t('past.sub', { moment: formats.moment(moment.toISOString()) }) : t('past.choose')} help="past">
				<Button icon="board" onClick={() => go.anywhere('/deals/board')}>{t('past.to_board')}</Button>
			</PageHead>
			<div className="bar">
				<label className="hidden-text" htmlFor={id}>{t('history.as_of')}</label>
				<input id={id} type="datetime-local" className="lw-input find-input past-at" value={moment ? typedOf(moment.getTime(), zone) : ''} onChange={(event) => set(momentOf(event.currentTarget.value, zone))} />
				<Button kind="quiet" onClick={() => set(daysAgo(0))}>{t('past.midnight')}</Button>
				<Button kind="quiet" onClick={() => set(daysAgo(7))}>{t('past.week')}</Button>
				<Button kind="quiet" onClick={() => set(daysAgo(30))}>{t('past.month')}</Button>
			</div>
			{!moment && <Empty icon="history" title={t('past.none')}><p>{t('past.none_text')}</p><HelpMore page="past" /></Empty>}
			{moment && !data && !error && <div className="rail" aria-hidden="true">{[1, 2, 3, 4].map((one) => <div key={one} className="column"><div className="column-head"><Skeleton w="60%" /></div><div className="column-cards"><Skeleton h={60} /></div></div>)}</div>}
			{error && !data && <Empty icon="alert" title={t('past.failed')}><p>{problemText(error)}</p><Button icon="refresh" onClick={() => void refetch()}>{t('error.retry')}</Button></Empty>}
			{moment && data && <div className="page-body scroll" tabIndex={0} role="region" aria-label={t('past.title')}>{data.map((one) => <One key={one.id} board={one} named={several || data.length > 1} />)}</div>}
		</>
	);
}

function One({ board, named }: { board: PastBoard; named: boolean }) {
	const t = useT();
	const language = useLanguage();
	const { me, formats, currency, slug } = useScope();
	const names = useMemberNames(slug);
	const count = board.stages.reduce((sum, stage) => sum + stage.count, 0);
	const place = me.workspaces.find((one) => one.id === board.workspace_id);
	const search = (deal: PastDeal) => (old: Record<string, unknown>) => ({ ...old, type: 'prospect', id: deal.id });
	return (
		<section className="past-board" aria-label={labelOf(board.label, language, board.key)}>
			<h2>{[named && place?.name, labelOf(board.label, language, board.key)].filter(Boolean).join(' · ')} <span className="muted num">{t('preset.deals', { count, number: formats.number(count) })}</span>
				{orderSums(mergeSums(board.stages.map((stage) => stage.sums)), currency).map((sum) => <span key={sum.currency} className="muted num"> · {formats.money(sum)}</span>)}{board.about && <span className="muted"> <AboutLine about={board.about} /></span>}</h2>
			<div className="past-rail">
				{board.stages.map((stage) => {
					const name = stage.label ? labelOf(stage.label, language, stage.key) : stage.key;
					return (
						<section key={stage.key} className={`column stage-${stage.colour ?? 'grey'}`} aria-label={name} data-column={stage.key}>
							<div className="column-head">
								<div className="column-line"><span className="dot" /><h3 className="column-name cut">{name}</h3><span className="column-count num">{formats.number(stage.count)}</span></div>
								<div className="column-sums num">{stage.sums.length ? <b>{orderSums(stage.sums, currency).map((sum) => formats.moneyShort(sum)).join(' · ')}</b> : <span className="muted">{t('board.no_value')}</span>}</div>
								{board.about && <div className="column-about">{stage.about && <AboutLine about={stage.about} short />}</div>}
								{!stage.label && <p className="muted small">{t('past.gone')}</p>}
							</div>
							<ul className="past-cards">
								{stage.deals.map((deal) => (
									<li key={deal.id}>
										<Link to="." search={search(deal) as never} className="past-card"><b className="cut">{deal.title}</b>
											<span className="num">{deal.value ? formats.money(deal.value) : t('board.no_value')}</span>
											{deal.owner_id && <span className="muted small cut">{names.get(deal.owner_id) ?? ''}</span>}</Link>
									</li>
								))}
							</ul>
							{stage.count > stage.deals.length && <p className="column-empty">{t('past.more', { count: stage.count - stage.deals.length, number: formats.number(stage.count - stage.deals.length) })}</p>}
						</section>
					);
				})}
			</div>
		</section>
	);
}
