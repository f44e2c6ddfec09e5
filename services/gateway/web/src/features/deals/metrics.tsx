/* How busy one was with a deal: calls, e-mails, meetings, messages and notes that were done, how soon the first came, and the last eight
   weeks a square a day. Counted by the server; what is planned counts nowhere. */
import { useQuery } from '@tanstack/react-query';
import { api } from '../../api/client';
import { keys } from '../../api/queries';
import type { Card } from '../../api/types';
import { useScope } from '../../app/scope';
import { type Key, useT } from '../../i18n';
import { addDays, wallOf } from '../../lib/zone';

interface Metrics { calls: number; emails: number; meetings: number; messages: number; notes: number; response_minutes: number | null; days: { day: string; count: number }[] }

const WEEKS = 8;
const COUNTED = [['calls', 'metrics.calls'], ['emails', 'metrics.emails'], ['meetings', 'metrics.meetings'], ['messages', 'metrics.messages'], ['notes', 'metrics.notes']] as const satisfies readonly (readonly [keyof Metrics, Key])[];

export function DealMetrics({ deal }: { deal: Card }) {
	const t = useT();
	const { formats, zone } = useScope();
	/* beside the timeline's own key: what renews the one renews the other */
	const { data } = useQuery({ queryKey: [...keys.timeline(deal.id), 'metrics'], queryFn: ({ signal }) => api<Metrics>('GET', `/api/crm/deals/${deal.id}/metrics`, { signal }) });
	const tile = (key: string, label: string, value: string | undefined) => (
		<div className="metric" key={key} data-metric={key}><span className="muted">{label}</span><b className="num">{value ?? ' '}</b></div>
	);
	const response = (minutes: number) => (minutes < 60 ? t('age.minutes', { count: minutes }) : minutes < 48 * 60 ? t('age.hours', { count: Math.round(minutes / 60) }) : t('age.days', { count: Math.round(minutes / 1440) }));
	const today = wallOf(Date.now(), zone).day;
	const counts = new Map(data?.days.map((one) => [one.day, one.count]));
	const total = [...counts.values()].reduce((sum, one) => sum + one, 0);
	return (
		<details className="fold" open>
			<summary>{t('metrics.title')}</summary>
			<div className="metrics">
				{COUNTED.filter(([key]) => key === 'calls' || key === 'emails' || data?.[key]).map(([key, label]) => tile(key, t(label), data && formats.number(data[key])))}
				{tile('quiet', t('metrics.quiet'), formats.number(deal.days_without_contact ?? 0))}
				{tile('response', t('metrics.response'), data && (data.response_minutes === null ? '—' : response(data.response_minutes)))}
			</div>
			<div className="heat" role="img" aria-label={t('metrics.heat', { count: total })}>
				{Array.from({ length: WEEKS * 7 }, (_, at) => addDays(today, at + 1 - WEEKS * 7)).map((day) => (
					<i key={day} data-heat={Math.min(3, counts.get(day) ?? 0)} title={`${formats.date(day)}: ${formats.number(counts.get(day) ?? 0)}`} />
				))}
			</div>
		</details>
	);
}
