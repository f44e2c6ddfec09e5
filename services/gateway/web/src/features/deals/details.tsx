/* The details of a deal: every field of it that the workspace uses, in groups that fold; edited in place as one form.
   The account value is computed by the server and only shown. */
import { lazy, type ReactNode, Suspense, useRef, useState } from 'react';
import type { Card, Deal } from '../../api/types';
import { useScope } from '../../app/scope';
import { type Key, useT } from '../../i18n';
import { daysSince } from '../../lib/format';
import { Facts, Skeleton } from '../../ui/bits';
import { IconButton } from '../../ui/button';
import { WebLink } from '../fields/said';
import { type FieldWords, textOf, useFieldWords } from './field-words';
import { DealMetrics } from './metrics';
import './details.css';

const FactPanels = lazy(() => import('../linked/facts').then((module) => ({ default: module.FactPanels })));
const DetailsForm = lazy(() => import('./details-form').then((module) => ({ default: module.DetailsForm })));

export interface Group { key: string; label: Key; fields: string[] }

/* a field that the workspace has no values for, and the deal has none in, is left out */
export function groupsOf(deal: Deal, words: FieldWords): Group[] {
	const offered = (field: string) => words.items.some((one) => one.catalogue === field && !one.retired);
	const used = (...fields: string[]) => fields.filter((field) => textOf(deal, field) !== '' || offered(field));
	const shipping = textOf(deal, 'monthly_shipments') !== '' || offered('locale') || textOf(deal, 'locale') !== '';
	return [
		{ key: 'deal', label: 'details.deal', fields: ['value', 'probability', 'close_date', ...(words.lost(deal.stage_id) || deal.loss_reason ? ['loss_reason'] : [])] },
		{ key: 'account', label: 'details.account', fields: [
			...used('account_type', 'ecommerce_type', 'channel'), ...(shipping ? ['monthly_shipments', ...used('locale'), 'account_value'] : []), ...used('weight_range', 'content_type', 'plan_type'),
		] },
		{ key: 'origin', label: 'details.origin', fields: used('source', 'campaign') },
		{ key: 'own', label: 'details.own', fields: words.fields.filter((one) => !one.retired).map((one) => `custom.${one.key}`) },
		{ key: 'text', label: 'details.text', fields: ['annotations', 'notes'] },
	].filter((group) => group.fields.length) as Group[];
}

export function DealDetails({ deal, full, heading }: { deal: Card | Deal; full: Deal | null; heading?: boolean }) {
	const t = useT();
	const { mayEdit, profile } = useScope();
	const words = useFieldWords(deal.workspace_id);
	const [editing, setEditing] = useState(false);
	const button = useRef<HTMLButtonElement>(null);
	const done = () => {
		setEditing(false);
		requestAnimationFrame(() => button.current?.focus());
	};
	return (
		<>
			<div className="side-head">
				{heading ? <h3>{t('deal.details')}</h3> : <span />}
				{!editing && full && mayEdit(deal.workspace_id) && <IconButton ref={button} icon="pencil" small label={t('deal.edit')} onClick={() => setEditing(true)} />}
			</div>
			{!full || !words.ready
				? <div aria-hidden="true">{[1, 2, 3, 4].map((row) => <Skeleton key={row} h={18} style={{ marginBottom: 12 }} />)}</div>
				: editing
					? <Suspense fallback={<Skeleton h={220} />}><DetailsForm deal={full} words={words} groups={groupsOf(full, words)} onDone={done} /></Suspense>
					: groupsOf(full, words).map((group) => (
						<details key={group.key} className="fold" open={group.key !== 'text' || Boolean(full.annotations || full.notes)}>
							<summary>{t(group.label)}</summary>
							<Facts rows={[
								...group.fields.map((field) => ({ key: field, label: words.name(field), value: <Value deal={full} field={field} words={words} /> })),
								...(group.key === 'deal' ? [{ key: 'since', label: t('field.stage_since'), value: <Since deal={full} /> }] : []),
							]} />
						</details>
					))}
			{!editing && <DealMetrics deal={deal} />}
			{!editing && <Suspense fallback={null}><FactPanels whose={{ kind: 'deal', id: deal.id }} panels={['metrics', 'integrations', 'marketing']} always={profile === 'shipping'} /></Suspense>}
		</>
	);
}

function Since({ deal }: { deal: Deal }) {
	const t = useT();
	const { formats } = useScope();
	return <span className="num">{formats.date(deal.stage_since)} <span className="muted nowrap">({t('age.days', { count: daysSince(deal.stage_since, Date.now()) })})</span></span>;
}

function Value({ deal, field, words }: { deal: Deal; field: string; words: FieldWords }): ReactNode {
	const t = useT();
	if (field === 'probability')
		return deal.probability === null ? <span className="muted">—</span> : (
			<span className="probability num"><span className="meter" aria-hidden="true"><span style={{ width: `${deal.probability}%` }} /></span><span className="nowrap">{deal.probability}%{deal.probability_own !== null && <span className="muted small"> {t('details.own_chance')}</span>}</span></span>
		);
	const text = textOf(deal, field);
	if (!text)
		return field === 'account_value' ? <span className="muted small">{t('details.account_value_none')}</span> : <span className="muted">—</span>;
	const said = words.say(field, text);
	if (words.fields.some((one) => one.kind === 'url' && `custom.${one.key}` === field) && /^https?:\/\//i.test(text))
		return <WebLink url={text} />;
	return field === 'value' || field === 'account_value' ? <b className="num">{said}</b> : <span className="prewrap">{said}</span>;
}
