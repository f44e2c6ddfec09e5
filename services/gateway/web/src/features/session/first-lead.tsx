/* The last step of set-up: the address that websites post to, and a first lead sent to it from here and watched as it comes back
   over the stream. Shows only what really came; invents no card. */
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { newKey } from '../../api/client';
import { onLive, startLive, useLiveState } from '../../api/live';
import type { CrmEvent, Me } from '../../api/types';
import { useLanguage, useT } from '../../i18n';
import { Button } from '../../ui/button';
import { Copy } from '../../ui/copy';
import { Icon } from '../../ui/icons';
import { Fault } from '../../ui/page';
import { arrival, seconds, type Sent } from './arrival';

export interface Made { workspace_id: string; slug: string; hook: string | null; curl: string | null }

const LONG_MS = 8000;

/* what came of this workspace since the page stands, newest last */
function useArrivals(workspace: string): CrmEvent[] {
	const [events, setEvents] = useState<CrmEvent[]>([]);
	useEffect(() => onLive((note) => {
		if (note.kind === 'event' && note.event.workspace === workspace)
			setEvents((old) => [...old.slice(-50), note.event]);
	}), [workspace]);
	return events;
}

export function FirstLead({ me, made }: { me: Me; made: Made }) {
	const t = useT();
	const language = useLanguage();
	const navigate = useNavigate();
	const state = useLiveState();
	const events = useArrivals(made.workspace_id);
	const [sent, setSent] = useState<Sent | null>(null);
	const [late, setLate] = useState(false);
	const [fault, setFault] = useState<string | null>(null);
	const title = useRef<HTMLHeadingElement>(null);
	const here = arrival(events, sent);
	useEffect(() => {
		startLive(me.user.id);
		title.current?.focus();
	}, [me.user.id]);
	useEffect(() => {
		if (!sent || here)
			return undefined;
		const timer = setTimeout(() => setLate(true), LONG_MS);
		return () => clearTimeout(timer);
	}, [sent, here]);

	const send = async () => {
		setFault(null);
		setLate(false);
		const lead = { name: t('first.name'), email: 'test@example.com', phone: '+31 20 123 4567', form_type: t('first.form'), message: t('first.message') };
		const began = performance.now();
		setSent({ at: began, ids: null });
		try {
			const reply = await fetch(made.hook ?? '', { method: 'POST', mode: 'cors', credentials: 'omit', headers: { 'Content-Type': 'application/json', 'Idempotency-Key': newKey() }, body: JSON.stringify(lead) });
			if (!reply.ok)
				throw new Error(String(reply.status));
			const { lead_ids: ids } = (await reply.json()) as { lead_ids: string[] };
			setSent({ at: began, ids });
		} catch (reason) {
			setSent(null);
			setFault(reason instanceof TypeError ? t('first.unreachable') : t('first.refused', { status: reason instanceof Error ? reason.message : '' }));
		}
	};

	const waiting = sent !== null && !here;
	return (
		<>
			<span className="empty-icon"><Icon name="check" size={24} /></span>
			<h1 ref={title} tabIndex={-1}>{t('setup.done')}</h1>
			<p className="muted">{t('setup.done_text')}</p>
			{made.hook && made.curl ? (
				<div className="first">
					<section className="setup-group" aria-label={t('first.hook')}>
						<h2>{t('first.hook')}</h2>
						<p className="muted small">{t('first.hook_text')}</p>
						<Copy label={t('first.hook')} text={made.hook} />
					</section>
					<section className="setup-group" aria-label={t('first.title')}>
						<h2>{t('first.title')}</h2>
						<p className="muted small">{t('first.text')}</p>
						{fault && <Fault>{fault}</Fault>}
						<div role="status" className="first-live">
							{here
								? (
									<>
										<p className="first-time"><Icon name="bolt" size={18} />{here.ms === null ? t('first.arrived') : t('first.arrived_after', { seconds: seconds(here.ms, language) })}</p>
										<div className="first-card"><b>{here.title}</b>{here.contact && <span className="muted">{here.contact}</span>}<span className="tag tag-ok">{t('first.number', { number: here.number })}</span></div>
									</>
								)
								: <p className="muted"><span className={`live-dot ${state === 'open' ? 'live-open' : 'live-wait'}`} />{late ? t('first.late') : t(waiting ? 'first.waiting' : state === 'open' ? 'first.listening' : 'live.retrying')}</p>}
						</div>
						<Button kind={here ? 'plain' : 'primary'} icon="bolt" disabled={waiting && !late} onClick={() => void send()}>{t(here ? 'first.again' : 'first.send')}</Button>
						<details className="login-help"><summary>{t('first.by_hand')}</summary><p>{t('first.by_hand_text')}</p><Copy label={t('first.curl')} text={made.curl} /></details>
					</section>
				</div>
			) : <Fault>{t('first.no_hook')}</Fault>}
			<Button kind={here ? 'primary' : 'plain'} big wide onClick={() => void navigate({ to: '/deals/board', search: {} } as never)}>{t('setup.to_board')}</Button>
		</>
	);
}
