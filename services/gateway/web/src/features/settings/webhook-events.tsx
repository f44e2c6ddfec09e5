/* Which events an endpoint is told: a whole group by its star, or single ones. */
import { useId, useState } from 'react';
import { problemText } from '../../app/problems';
import { sayValue, useT } from '../../i18n';
import { Skeleton } from '../../ui/bits';
import { Button } from '../../ui/button';
import { Check } from '../../ui/field';
import { Fault } from '../../ui/page';
import { Find } from '../../ui/table';
import { EVERYTHING, type EventGroup, groupsOf, starOf, toggled, unknownIn } from './webhook-model';
import { useEventTypes } from './webhook-reads';

export function EventPick({ slug, chosen, onChange }: { slug: string; chosen: string[]; onChange(next: string[]): void }) {
	const t = useT();
	const { data, error, refetch } = useEventTypes(slug);
	const [find, setFind] = useState('');
	const types = data ?? [];
	const groups = groupsOf(types);
	const lost = data ? unknownIn(chosen, types) : [];
	const asked = find.trim().toLowerCase();
	const said = (group: EventGroup, type: string) => `${sayValue('webhook_group', group.key)} ${sayValue('webhook_event', type.slice(group.key.length + 1))} ${type}`.toLowerCase();
	const fitting = groups.map((group) => ({ group, types: asked ? group.types.filter((type) => said(group, type).includes(asked)) : group.types })).filter((one) => one.types.length);
	return (
		<fieldset className="ticks">
			<legend>{t('webhooks.events')}</legend>
			<p className="muted small" role="status">{chosen.includes(EVERYTHING) ? t('webhooks.everything') : chosen.length ? t('webhooks.chosen', { count: chosen.length }) : t('webhooks.none_chosen')}</p>
			{!data && !error && <Skeleton h={180} style={{ borderRadius: 8 }} />}
			{error && !data && <><Fault>{problemText(error)}</Fault><div><Button icon="refresh" onClick={() => void refetch()}>{t('error.retry')}</Button></div></>}
			{data && <>
				<div className="form-foot" style={{ flexWrap: 'wrap' }}>
					<Find label={t('webhooks.find')} clear={t('webhooks.clear')} value={find} onChange={setFind} />
					<Button kind="quiet" onClick={() => onChange([EVERYTHING])}>{t('webhooks.all')}</Button>
					<Button kind="quiet" disabled={!chosen.length} onClick={() => onChange([])}>{t('webhooks.none')}</Button>
				</div>
				{!fitting.length && <p className="muted">{t('form.nothing_found')}</p>}
				<div className="scroll" style={{ maxHeight: 300, overflow: 'auto' }} tabIndex={0} role="group" aria-label={t('webhooks.events')}>
					{fitting.map((one) => <Group key={one.group.key} group={one.group} types={one.types} open={asked !== ''} chosen={chosen} onToggle={(type, on) => onChange(toggled(chosen, type, on, groups))} />)}
				</div>
				{lost.length > 0 && <><p className="small">{t('webhooks.lost')}</p>{lost.map((type) => <Check key={type} label={<code>{type}</code>} checked onChange={() => onChange(chosen.filter((one) => one !== type))} />)}</>}
			</>}
		</fieldset>
	);
}

function Group({ group, types, open, chosen, onToggle }: { group: EventGroup; types: string[]; open: boolean; chosen: string[]; onToggle(type: string, on: boolean): void }) {
	const t = useT();
	const id = useId();
	const star = starOf(group.key);
	const whole = chosen.includes(star) || chosen.includes(EVERYTHING);
	const some = group.types.filter((type) => chosen.includes(type)).length;
	const [own, setOwn] = useState(some > 0);
	const shown = own || open;
	const name = sayValue('webhook_group', group.key);
	return (
		<div data-events={group.key}>
			<div style={{ display: 'flex', gap: 8, alignItems: 'center', justifyContent: 'space-between', padding: '3px 0' }}>
				<Check name={star} checked={whole} onChange={(on) => onToggle(star, on)} label={t('webhooks.all_of', { name })} hint={<code>{star}</code>} />
				<Button kind="quiet" icon={shown ? 'up' : 'down'} aria-expanded={shown} aria-controls={shown ? id : undefined} onClick={() => setOwn(!shown)}>
					{some && !whole ? t('webhooks.some', { count: some, all: group.types.length }) : t('webhooks.single', { count: group.types.length })} <span className="hidden-text">{t('webhooks.single_of', { name })}</span>
				</Button>
			</div>
			{shown && <div id={id} className="ticks" style={{ padding: '2px 0 10px 34px' }}>
				{types.map((type) => <Check key={type} name={type} checked={whole || chosen.includes(type)} disabled={whole} onChange={(on) => onToggle(type, on)} label={sayValue('webhook_event', type.slice(group.key.length + 1))} hint={<code>{type}</code>} />)}
			</div>}
		</div>
	);
}
