/* The deals of a person: where each stands and what it may bring; each opens in its panel. */
import { useSetPipelines } from '../../api/boards';
import type { Id } from '../../api/types';
import { problemText } from '../../app/problems';
import { useScope } from '../../app/scope';
import { labelOf, useLanguage, useT } from '../../i18n';
import { Empty, Skeleton } from '../../ui/bits';
import type { DealRow } from '../deals/table-columns';
import { type Pages, Rest, usePages } from '../lists/pages';
import { HitRow, RecordLink } from '../search/hits';

/* each time it is opened: deals change without their person */
export const useDealsOf = (contact: Id, workspace: string): Pages<DealRow> => usePages<DealRow>(['contact', contact, 'deals'], '/api/crm/deals', { workspace, contact }, 0);

export function DealsOf({ deals, workspace }: { deals: Pages<DealRow>; workspace: string }) {
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
		<>
		<ul className="hits">{data.map((deal) => {
			const stage = stages.get(deal.stage_id);
			return (
				<li key={deal.id}><RecordLink type="prospect" id={deal.id} className="hit"><HitRow name={deal.company ?? deal.title} title={<>{deal.title} <span className="muted num">{t('deal.number', { number: deal.number })}</span></>} text={formats.date(deal.created_at)} end={(
					<>{stage && <span className="status"><span className={`dot stage-${stage.colour}`} /><span className="cut">{labelOf(stage.label, language, stage.key)}</span></span>}{deal.value && <b className="num">{formats.money(deal.value)}</b>}</>
				)} /></RecordLink></li>
			);
		})}</ul>
		<Rest of={deals} />
		</>
	);
}
