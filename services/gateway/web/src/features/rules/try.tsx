/* A rule asked of what happened before: how often it would have acted, and on what. Writes nothing. Not shown where the server cannot do it. */
import { useEffect, useRef, useState } from 'react';
import { Problem, query } from '../../api/client';
import { askLines, type TryLine, type TryMatch } from '../../api/ndjson';
import { actedOn, type Body } from '../../api/rules';
import type { Id } from '../../api/records';
import { problemText } from '../../app/problems';
import { useScope } from '../../app/scope';
import { sayValue, useT } from '../../i18n';
import { Button } from '../../ui/button';
import { SelectField, TextField } from '../../ui/field';
import { Fault, Section } from '../../ui/page';
import { RecordLink } from './about';
import { capital, sayEvent } from './say';

interface State { running: boolean; done: number; of: number; matches: TryMatch[]; count: number; ended: 'end' | 'stopped' | 'broken' | null; fault: string | null; would: Record<string, number>; cut: boolean; told: Set<Id>; did: { ids: Set<Id>; whole: boolean } | null }
const NOTHING: State = { running: false, done: 0, of: 0, matches: [], count: 0, ended: null, fault: null, would: {}, cut: false, told: new Set(), did: null };
const SHOWN = 50;
/* asked once: whoever cannot do it, cannot do it on the next page either */
let cannot = false;

/* `rule`: as it is saved, if it is: what it did is told beside what it would have done */
export function TryPanel({ slug, body, ready, rule }: { slug: string; body: Body; ready: boolean; rule: Id | null }) {
	const t = useT();
	const { formats } = useScope();
	const [days, setDays] = useState('90');
	const [record, setRecord] = useState('');
	const [state, setState] = useState<State>(NOTHING);
	const [hidden, setHidden] = useState(cannot);
	const stop = useRef<AbortController | null>(null);
	useEffect(() => () => stop.current?.abort(), []);
	/* what was said of another rule is not said of this one */
	const text = JSON.stringify(body);
	useEffect(() => {
		stop.current?.abort();
		setState(NOTHING);
	}, [text]);
	if (hidden)
		return null;
	const run = async (ask: { days: number; record?: string }) => {
		stop.current?.abort();
		const mine = new AbortController();
		stop.current = mine;
		setState({ ...NOTHING, running: true });
		const told = new Set<Id>();
		const since = Date.now() - ask.days * 86_400_000;
		try {
			await askLines<TryLine>(`/api/crm/rules/try${query({ workspace: slug })}`, { body, ...ask }, (line) => {
				if (line.match?.event_id)
					told.add(line.match.event_id);
				if (!mine.signal.aborted)
					setState((old) => ({
						...old,
						...(line.progress ? { done: line.progress.events, of: line.progress.of } : {}),
						...(line.match ? { count: old.count + 1, matches: old.matches.length < SHOWN ? [...old.matches, line.match] : old.matches } : {}),
						...(line.end ? { ended: 'end' as const, count: line.end.matched, would: line.end.would, cut: line.end.truncated, told } : {}),
					}));
			}, mine.signal);
			/* one that breaks off has no end: what it said is not all */
			setState((old) => ({ ...old, running: false, ended: old.ended ?? 'broken' }));
			const did = rule && body.when && 'event' in body.when ? await actedOn(slug, rule, since, ask.record, mine.signal) : null;
			if (!mine.signal.aborted)
				setState((old) => ({ ...old, did }));
		} catch (reason) {
			if (mine.signal.aborted)
				return;
			if (reason instanceof Problem && (reason.status === 404 || reason.status === 405) && !ask.record) {
				cannot = true;
				setHidden(true);
				return;
			}
			setState((old) => ({ ...old, running: false, fault: problemText(reason) }));
		}
	};
	const halt = () => {
		stop.current?.abort();
		setState((old) => ({ ...old, running: false, ended: 'stopped' }));
	};
	/* an address of a record holds its id as well */
	const named = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/i.exec(record)?.[0] ?? record.trim();
	return (
		<Section title={t('rules.try_title')} text={t('rules.try_text')}>
			<div className="rule-line">
				<div style={{ width: 170 }}><SelectField label={t('rules.try_days')} value={days} choices={[7, 30, 90, 365].map((count) => ({ value: String(count), label: t('rules.try_days_n', { count }) }))} onChange={(to) => to && setDays(to)} /></div>
				{state.running ? <Button icon="x" onClick={halt}>{t('rules.try_stop')}</Button> : <Button icon="flask" disabled={!ready} onClick={() => void run({ days: Number(days) })}>{t('rules.try_run')}</Button>}
				<div className="grow"><TextField label={t('rules.try_record_label')} value={record} onChange={setRecord} autoComplete="off" /></div>
				<Button disabled={!ready || !named || state.running} onClick={() => void run({ days: Number(days), record: named })}>{t('rules.try_record_run')}</Button>
			</div>
			{!ready && <p className="muted small">{t('rules.try_fix')}</p>}
			{state.fault && <Fault>{state.fault}</Fault>}
			<div role="status">
				{state.running && <p className="num">{state.of > 0 ? t('rules.try_progress', { number: formats.number(state.done), of: formats.number(state.of) }) : t('common.loading')} · {t('rules.try_so_far', { count: state.count, number: formats.number(state.count) })}</p>}
				{state.ended && !state.fault && <p><b>{state.count ? t('rules.try_matched', { count: state.count, number: formats.number(state.count) }) : t('rules.try_none')}</b>{state.ended === 'stopped' && ` ${t('rules.try_stopped')}`}{state.ended === 'broken' && ` ${t('rules.try_broken')}`}{state.cut && ` ${t('rules.try_cut')}`}</p>}
				{state.ended === 'end' && Object.keys(state.would).length > 0 && <p data-would>{Object.entries(state.would).map(([command, count]) => t('rules.try_would', { what: sayValue('rule_do', command), number: formats.number(count) })).join(', ')}</p>}
				{state.did && state.ended === 'end' && state.count <= state.told.size && <p data-did>{t('rules.try_did', { both: formats.number([...state.told].filter((one) => state.did?.ids.has(one)).length), other: formats.number([...state.did.ids].filter((one) => !state.told.has(one)).length) })}{!state.did.whole && ` ${t('rules.try_did_more')}`}</p>}
			</div>
			{state.matches.length > 0 && <ul className="rows">{state.matches.map((one, at) => (
				<li key={one.event_id ?? at}><span className="row-text"><b>{one.about ? <RecordLink noun={one.about.noun} id={one.about.id} type={one.type}>{one.about.label || sayValue('rule_record', one.about.noun)}</RecordLink> : one.type === 'time' ? t('rules.time_rule') : capital(sayEvent(one.type))}</b><span className="muted num">{[one.about && one.type !== 'time' && capital(sayEvent(one.type)), formats.moment(one.at)].filter(Boolean).join(' · ')}</span><span className="muted">{one.would.map((step) => (step.do ? sayValue('rule_do', step.do) : step.wait ? t('rules.due', { when: formats.moment(step.wait) }) : t('rules.say_stop'))).join(', ')}</span>{state.did && one.event_id && <span className={`tag ${state.did.ids.has(one.event_id) ? 'tag-ok' : ''}`}>{t(state.did.ids.has(one.event_id) ? 'rules.try_acted' : 'rules.try_not_acted')}</span>}{one.would.some((step) => step.refused) && <span className="tag tag-danger">{sayValue('rule_state', 'refused')}</span>}</span></li>
			))}</ul>}
			{state.count > state.matches.length && state.matches.length > 0 && <p className="muted">{t('rules.try_more', { number: formats.number(state.count - state.matches.length) })}</p>}
		</Section>
	);
}
