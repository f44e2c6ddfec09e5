/* What comes by an address while somebody looks, and a first lead sent to it from here. Shows only what really came. */
import { Link } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { newKey } from '../../api/client';
import { onLive } from '../../api/live';
import type { CrmEvent, Id } from '../../api/types';
import { useScope } from '../../app/scope';
import { useT } from '../../i18n';
import { Button } from '../../ui/button';
import { Icon } from '../../ui/icons';
import { Fault, Section } from '../../ui/page';

type Came = Extract<CrmEvent, { type: 'lead.created' }>;
const SHOWN = 20;

/* the latest first */
function useArrivals(source: Id): Came[] {
	const [came, setCame] = useState<Came[]>([]);
	useEffect(() => onLive((note) => {
		if (note.kind !== 'event' || note.event.type !== 'lead.created' || note.event.data.source_id !== source)
			return;
		const event = note.event;
		setCame((old) => [event, ...old.filter((one) => one.data.lead_id !== event.data.lead_id)].slice(0, SHOWN));
	}), [source]);
	return came;
}

/* `hook` null: the address is not known here any more, only what comes by it */
export function SourceLive({ source, slug, hook }: { source: Id; slug: string; hook: string | null }) {
	const t = useT();
	const { formats } = useScope();
	const came = useArrivals(source);
	const [busy, setBusy] = useState(false);
	const [fault, setFault] = useState<string | null>(null);
	const send = async (to: string) => {
		setFault(null);
		setBusy(true);
		const lead = { name: t('first.name'), email: 'test@example.com', phone: '+31 20 123 4567', form_type: t('first.form'), message: t('sources.test_message') };
		try {
			const reply = await fetch(to, { method: 'POST', mode: 'cors', credentials: 'omit', headers: { 'Content-Type': 'application/json', 'Idempotency-Key': newKey() }, body: JSON.stringify(lead) });
			if (!reply.ok)
				setFault(t('first.refused', { status: reply.status }));
		} catch {
			setFault(t('first.unreachable'));
		}
		setBusy(false);
	};
	return (
		<Section title={t('sources.live')} text={t('sources.live_text')} actions={hook ? <Button icon="bolt" disabled={busy} onClick={() => void send(hook)}>{t('first.send')}</Button> : undefined}>
			{fault && <Fault>{fault}</Fault>}
			<div role="status">
				{came.length === 0 && <p className="muted"><span className="live-dot live-wait" />{t('first.listening')}</p>}
				{came.length > 0 && <ul className="rows">{came.map((one) => (
					<li key={one.data.lead_id} data-came={one.data.lead_id}>
						<span className="row-icon"><Icon name="leads" size={18} /></span>
						<span className="row-text"><b><Link to={'/leads' as never} search={{ workspace: slug, type: 'lead', id: one.data.lead_id } as never} className="link">{one.data.name}</Link></b>
							<span className="muted num">{[one.data.form_type, one.data.email, one.data.phone, formats.moment(one.time)].filter(Boolean).join(' · ')}</span></span>
					</li>
				))}</ul>}
			</div>
		</Section>
	);
}
