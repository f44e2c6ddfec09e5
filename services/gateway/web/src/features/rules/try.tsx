/* A rule asked of what happened before: how often it would have acted, and on what. Writes nothing. Not shown where the server cannot do it. */
import { useEffect, useRef, useState } from 'react';
import { Problem } from '../../api/client';
import type { TryMatch } from '../../api/ndjson';
import { type Body, tryRule } from '../../api/rules';
import { problemText } from '../../app/problems';
import { useScope } from '../../app/scope';
import { sayValue, useT } from '../../i18n';
import { Button } from '../../ui/button';
import { SelectField, TextField } from '../../ui/field';
import { Fault, Section } from '../../ui/page';
import { RecordLink } from './about';
import { capital, sayEvent } from './say';

interface State { running: boolean; done: number; of: number; matches: TryMatch[]; count: number; ended: 'end' | 'stopped' | null; fault: string | null }
const NOTHING: State = { running: false, done: 0, of: 0, matches: [], count: 0, ended: null, fault: null };
const SHOWN = 50;
/* asked once: whoever cannot do it, cannot do it on the next page either */
let cannot = false;

export function TryPanel({ slug, body, ready }: { slug: string; body: Body; ready: boolean }) {
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
		try {
			await tryRule(slug, { body, ...ask }, (line) => {
				if (!mine.signal.aborted)
					setState((old) => ({
						...old,
						...(line.progress ? { done: line.progress.events, of: line.progress.of } : {}),
						...(line.match ? { count: old.count + 1, matches: old.matches.length < SHOWN ? [...old.matches, line.match] : old.matches } : {}),
						...(line.end ? { ended: 'end' as const, count: line.end.matched } : {}),
					}));
			}, mine.signal);
			setState((old) => ({ ...old, running: false, ended: 'end' }));
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
				{state.ended && !state.fault && <p><b>{state.count ? t('rules.try_matched', { count: state.count, number: formats.number(state.count) }) : t('rules.try_none')}</b>{state.ended === 'stopped' && ` ${t('rules.try_stopped')}`}</p>}
			</div>
			{state.matches.length > 0 && <ul className="rows">{state.matches.map((one, at) => (
				<li key={one.event_id ?? at}><span className="row-text"><b>{one.about ? <RecordLink noun={one.about.noun} id={one.about.id} type={one.type}>{one.about.label || sayValue('rule_record', one.about.noun)}</RecordLink> : one.type === 'time' ? t('rules.time_rule') : capital(sayEvent(one.type))}</b><span className="muted num">{[one.about && one.type !== 'time' && capital(sayEvent(one.type)), formats.moment(one.at)].filter(Boolean).join(' · ')}</span><span className="muted">{one.would.map((step) => (step.do ? sayValue('rule_do', step.do) : step.wait ? t('rules.due', { when: formats.moment(step.wait) }) : t('rules.say_stop'))).join(', ')}</span>{one.would.some((step) => step.refused) && <span className="tag tag-danger">{sayValue('rule_state', 'refused')}</span>}</span></li>
			))}</ul>}
			{state.count > state.matches.length && state.matches.length > 0 && <p className="muted">{t('rules.try_more', { number: formats.number(state.count - state.matches.length) })}</p>}
		</Section>
	);
}
