/* Requests read again, one or all that fit: how far it is while it goes on, what came of it at the end, and what to do where something did not become a lead. */
import { useEffect, useRef, useState } from 'react';
import { Link } from '@tanstack/react-router';
import { problemText } from '../../app/problems';
import { type AppSearch, useScope } from '../../app/scope';
import { useT } from '../../i18n';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { Fault } from '../../ui/page';
import { NOTHING_TOLD, type Replay, type Told, toldBy } from './model';
import { replay, requestsChanged } from './reads';
import { OutcomeTag, Reason } from './shown';

export interface Running { running: boolean; told: Told; fault: string | null; broken: boolean; run(ask: Replay): Promise<Told | null>; stop(): void }

export function useReplay(slug: string): Running {
	const [running, setRunning] = useState(false);
	const [told, setTold] = useState(NOTHING_TOLD);
	const [fault, setFault] = useState<string | null>(null);
	const [broken, setBroken] = useState(false);
	const mine = useRef<AbortController | null>(null);
	useEffect(() => () => mine.current?.abort(), []);
	const run = async (ask: Replay): Promise<Told | null> => {
		mine.current?.abort();
		const held = new AbortController();
		mine.current = held;
		let so = NOTHING_TOLD;
		setTold(so);
		setFault(null);
		setBroken(false);
		setRunning(true);
		try {
			await replay(slug, ask, (line) => {
				so = toldBy(so, line);
				if (!held.signal.aborted)
					setTold(so);
			}, held.signal);
		} catch (reason) {
			if (!held.signal.aborted)
				setFault(problemText(reason));
		}
		await requestsChanged();
		if (mine.current === held) {
			/* one that breaks off has no end: what it said is not all */
			setBroken(!so.end);
			setRunning(false);
		}
		return held.signal.aborted ? null : so;
	};
	return { running, told, fault, broken, run, stop: () => mine.current?.abort() };
}

export function ReplayTold({ of, one }: { of: Running; one?: boolean }) {
	const t = useT();
	const { formats } = useScope();
	const { told, running } = of;
	const n = (count: number) => ({ count, number: formats.number(count) });
	return (
		<div className="form form-wide" role="status" data-replay={running ? 'running' : told.end ? 'end' : of.broken ? 'broken' : undefined}>
			{running && (one ? <p>{t('common.loading')}</p> : <>
				<p className="num">{told.of ? t('requests.progress', { done: formats.number(told.done), of: formats.number(told.of) }) : t('common.loading')}</p>
				<progress className="request-progress" aria-label={t('requests.progress_label')} max={told.of || 1} value={told.of ? told.done : undefined} />
			</>)}
			{of.fault && <Fault>{of.fault}</Fault>}
			{told.end && <p data-end={`${told.end.leads} ${told.end.duplicates} ${told.end.refused} ${told.end.had}`}><b>{[
				t('requests.end_leads', n(told.end.leads)),
				...(told.end.duplicates || !one ? [t('requests.end_duplicates', n(told.end.duplicates))] : []),
				...(told.end.refused || !one ? [t('requests.end_refused', n(told.end.refused))] : []),
				...(told.end.had || !one ? [t('requests.end_had', n(told.end.had))] : []),
			].join(' · ')}</b></p>}
			{of.broken && !of.fault && <p>{t('requests.broken')}</p>}
			{told.end && told.end.leads + told.end.duplicates + told.end.refused + told.end.had === 0 && <p className="muted">{t('requests.end_none')}</p>}
			{told.end && told.end.refused > 0 && <>
				<p>{t(one ? 'requests.refused_this' : 'requests.refused_next')}</p>
				{!one && <ul className="rows">{told.refused.map((each) => <li key={each.id}><span className="row-text"><b><OutcomeTag outcome={each.outcome} /></b><Reason reason={each.reason} /></span>
					<Link to={`/settings/requests/${each.id}` as never} search={((old: AppSearch) => (old.workspace ? { workspace: old.workspace } : {})) as never} className="btn">{t('requests.open')}</Link></li>)}</ul>}
				{!one && told.end.refused > told.refused.length && <p className="muted num">{t('requests.refused_more', { number: formats.number(told.end.refused - told.refused.length) })}</p>}
			</>}
		</div>
	);
}

/* asked once more before it begins: it makes leads, and rules and notices follow from these */
export function ReplayDialog({ slug, ask, title, text, opened, onClose }: { slug: string; ask: Replay; title: string; text: string; opened: boolean; onClose(): void }) {
	const t = useT();
	const going = useReplay(slug);
	const begun = going.running || going.told.end !== null || going.fault !== null || going.broken;
	return (
		<Dialog opened={opened} onClose={onClose} title={title} closeLabel={t('common.close')} size={560}>
			{!begun && <div className="confirm-text"><p>{text}</p><p className="muted">{t('requests.replay_once')}</p></div>}
			{begun && <ReplayTold of={going} />}
			<div className="dialog-foot">
				<Button onClick={onClose}>{t(begun ? 'common.close' : 'common.cancel')}</Button>
				{going.running ? <Button icon="x" onClick={going.stop}>{t('requests.stop')}</Button>
					: going.told.end === null && <Button kind="primary" icon="refresh" onClick={() => void going.run(ask)}>{t(begun ? 'error.retry' : 'requests.replay')}</Button>}
			</div>
		</Dialog>
	);
}
