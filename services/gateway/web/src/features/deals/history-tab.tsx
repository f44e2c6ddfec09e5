/* Every change of every field of a deal, newest first: who, when, what it was and what it is, in words; and the deal as it was at a
   moment one chooses. The timeline tells what happened; this tells what was written. */
import { useId, useMemo, useState } from 'react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { api, query } from '../../api/client';
import { useDeal, useMemberPhotos } from '../../api/queries';
import type { Card, Deal, Id, Page } from '../../api/types';
import { problemText } from '../../app/problems';
import { useScope } from '../../app/scope';
import { useT } from '../../i18n';
import { momentOf } from '../../lib/zone';
import { Avatar, Empty, Skeleton } from '../../ui/bits';
import { Button } from '../../ui/button';
import { Icon } from '../../ui/icons';
import { MentionText } from '../mentions/text';
import { type FieldWords, textOf, useDealSlug, useFieldWords } from './field-words';
import './details.css';

interface HistoryLine { version: number; at: string; actor_id: Id | null; note: string | null; changes: Array<{ field: string; old?: string | null; new?: string | null }> }
interface AsOf { at: string; existed: boolean; version: number; values: Record<string, string | null> }

function useHistory(deal: Card) {
	return useInfiniteQuery({
		/* a new version of the deal is a new line of its history */
		queryKey: ['history', deal.id, deal.version],
		queryFn: ({ pageParam, signal }) => api<Page<HistoryLine>>('GET', `/api/crm/deals/${deal.id}/history${query({ after: pageParam, limit: 50 })}`, { signal }),
		initialPageParam: null as string | null,
		getNextPageParam: (page) => page.next,
		placeholderData: (old) => old,
	});
}

export function HistoryTab({ deal }: { deal: Card }) {
	const t = useT();
	const { formats } = useScope();
	const words = useFieldWords(deal.workspace_id);
	const photos = useMemberPhotos(useDealSlug(deal.workspace_id));
	const { data, error, isPending, hasNextPage, fetchNextPage, isFetchingNextPage, refetch } = useHistory(deal);
	/* which account is told by its name beside the id */
	const lines = useMemo(() => (data?.pages ?? []).flatMap((page) => page.data).map((line) => ({ ...line, changes: line.changes.filter((one) => one.field !== 'account_id') })), [data]);
	if (isPending || !words.ready)
		return <div className="timeline" aria-hidden="true">{[56, 72, 56].map((height, at) => <Skeleton key={at} h={height} style={{ borderRadius: 10, marginBottom: 12 }} />)}</div>;
	if (error && !data)
		return <Empty icon="alert" title={t('history.failed')} level={3}><p>{problemText(error)}</p><Button icon="refresh" onClick={() => void refetch()}>{t('error.retry')}</Button></Empty>;
	return (
		<div className="timeline">
			<Past deal={deal} words={words} />
			{lines.length === 0 && <Empty icon="history" title={t('history.empty')} level={3}><p>{t('history.empty_text')}</p></Empty>}
			<ol aria-label={t('deal.history')}>
				{lines.map((line) => {
					const who = words.actor(line.actor_id);
					return (
						<li key={line.version} className="entry">
							<span className="entry-icon entry-grey"><Icon name="pencil" size={15} /></span>
							<div className="entry-card">
								<div className="entry-head">
									<span className="entry-title">{line.changes.map((one) => words.name(one.field)).join(', ') || t('history.version', { version: line.version })}</span>
									<time className="entry-time num" dateTime={line.at}>{formats.moment(line.at)}</time>
								</div>
								<dl className="entry-changes">
									{line.changes.map((change) => (
										<div key={change.field}>
											<dt>{words.name(change.field)}</dt>
											<dd><del><span className="hidden-text">{t('timeline.was')} </span>{words.say(change.field, change.old)}</del><Icon name="arrow" size={13} /><ins><span className="hidden-text">{t('timeline.is')} </span>{words.say(change.field, change.new)}</ins></dd>
										</div>
									))}
								</dl>
								{line.note && <p className="entry-text prewrap"><MentionText text={line.note} workspaceId={deal.workspace_id} /></p>}
								<p className="entry-who">{who ? <><Avatar name={who} photo={photos.get(line.actor_id ?? '')} />{who}</> : <><span className="avatar hue-7"><Icon name="bolt" size={12} /></span>{t('timeline.system')}</>}</p>
							</div>
						</li>
					);
				})}
			</ol>
			{hasNextPage && <div className="column-more"><Button kind="quiet" onClick={() => void fetchNextPage()} disabled={isFetchingNextPage}>{t(isFetchingNextPage ? 'common.loading' : 'common.more')}</Button></div>}
		</div>
	);
}

function Past({ deal, words }: { deal: Card; words: FieldWords }) {
	const t = useT();
	const id = useId();
	const { formats, zone } = useScope();
	const slug = useDealSlug(deal.workspace_id);
	const { data: full } = useDeal(deal.id, slug);
	const [typed, setTyped] = useState('');
	const at = momentOf(typed, zone);
	const { data, error } = useQuery({
		queryKey: ['as-of', deal.id, at], enabled: at !== null, staleTime: 60_000,
		queryFn: ({ signal }) => api<AsOf>('GET', `/api/crm/deals/${deal.id}/as-of${query({ at })}`, { signal }),
	});
	return (
		<section className="past" aria-label={t('history.as_of')}>
			<label className="lw-label" htmlFor={id}>{t('history.as_of')}</label>
			<div className="form-foot">
				<input id={id} type="datetime-local" className="lw-input find-input" value={typed} onChange={(event) => setTyped(event.currentTarget.value)} />
				{typed && <Button icon="x" onClick={() => setTyped('')}>{t('history.now')}</Button>}
			</div>
			{at && error && <p className="fault" role="alert">{problemText(error)}</p>}
			{at && data && !data.existed && <p role="status" className="muted">{t('history.not_yet', { moment: formats.moment(deal.created_at) })}</p>}
			{at && data?.existed && full && <AsItWas past={data} deal={full} words={words} />}
		</section>
	);
}

/* fields that were or are something; what is different now is marked */
function AsItWas({ past, deal, words }: { past: AsOf; deal: Deal; words: FieldWords }) {
	const t = useT();
	const { formats } = useScope();
	const order = ['title', 'stage', 'value', 'probability', 'owner_id', 'close_date'];
	const names = [...new Set([...order, ...Object.keys(past.values)])].filter((field) => field !== 'account_id' && field in past.values && (past.values[field] || textOf(deal, field)));
	const same = (field: string) => words.say(field, past.values[field]) === words.say(field, textOf(deal, field));
	return (
		<div role="status">
			<p className="muted small">{t('history.was_at', { moment: formats.moment(past.at), version: past.version })}</p>
			<dl className="entry-changes">
				{names.map((field) => (
					<div key={field} data-field={field}>
						<dt>{words.name(field)}</dt>
						<dd>{same(field) ? <span>{words.say(field, past.values[field])}</span> : <><ins><span className="hidden-text">{t('timeline.was')} </span>{words.say(field, past.values[field])}</ins> <span className="muted">{t('history.is_now', { value: words.say(field, textOf(deal, field)) })}</span></>}</dd>
					</div>
				))}
			</dl>
		</div>
	);
}
