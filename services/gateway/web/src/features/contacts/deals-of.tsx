/* The deals of a person: where each stands and what it may bring; each opens in its panel. */
import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { useSetPipelines } from '../../api/boards';
import { api, query } from '../../api/client';
import type { Id, Page } from '../../api/types';
import { problemText } from '../../app/problems';
import { useScope } from '../../app/scope';
import { labelOf, useLanguage, useT } from '../../i18n';
import { Empty, Skeleton } from '../../ui/bits';
import type { DealRow } from '../deals/table-columns';
import { HitRow, RecordLink } from '../search/hits';

/* each time it is opened: deals change without their person */
export const useDealsOf = (contact: Id, workspace: string): UseQueryResult<DealRow[]> => useQuery({
	queryKey: ['contact', contact, 'deals'], staleTime: 0,
	queryFn: async ({ signal }) => (await api<Page<DealRow>>('GET', `/api/crm/deals${query({ workspace, contact, limit: 200 })}`, { signal })).data,
});

export function DealsOf({ deals, workspace }: { deals: UseQueryResult<DealRow[]>; workspace: string }) {
	const t = useT();
	const language = useLanguage();
	const { formats } = useScope();
	const { data: pipelines } = useSetPipelines(workspace || null);
	const { data, error } = deals;
	if (error && !data)
		return <Empty icon="alert" title={t('record.failed')} level={3}><p>{problemText(error)}</p></Empty>;
	if (!data)
		return <Skeleton h={48} />;
	if (!data.length)
		return <Empty icon="board" title={t('record.no_deals')} level={3} />;
	const stages = new Map((pipelines ?? []).flatMap((one) => one.stages).map((one) => [one.id, one]));
	return (
		<ul className="hits">{data.map((deal) => {
			const stage = stages.get(deal.stage_id);
			return (
				<li key={deal.id}><RecordLink type="prospect" id={deal.id} className="hit"><HitRow name={deal.company ?? deal.title} title={<>{deal.title} <span className="muted num">{t('deal.number', { number: deal.number })}</span></>} text={formats.date(deal.created_at)} end={(
					<>{stage && <span className="status"><span className={`dot stage-${stage.colour}`} /><span className="cut">{labelOf(stage.label, language, stage.key)}</span></span>}{deal.value && <b className="num">{formats.money(deal.value)}</b>}</>
				)} /></RecordLink></li>
			);
		})}</ul>
	);
}
