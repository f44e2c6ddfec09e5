/* What comes by an address while somebody looks, whatever becomes of it, and a request sent to it from here to try it. Shows only what really came. */
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
import type { Request } from '../requests/model';
import { requestsChanged, useArrived } from '../requests/reads';
import { OutcomeTag, Reason } from '../requests/shown';

type Came = Extract<CrmEvent, { type: 'lead.created' }>;
const SHOWN = 20;

/* the latest first */
function useLeads(source: Id): Came[] {
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
	const leads = useLeads(source);
	const others = useArrived(slug, source).filter((one) => one.outcome !== 'lead');
	const [busy, setBusy] = useState(false);
	const [fault, setFault] = useState<string | null>(null);
	const send = async (to: string) => {
		setFault(null);
		setBusy(true);
		const lead = { name: t('first.name'), email: 'test@example.com', phone: '+31 20 123 4567', form_type: t('first.form'), message: t('sources.test_message') };
		try {
			const reply = await fetch(`${to}?test`, { method: 'POST', mode: 'cors', credentials: 'omit', headers: { 'Content-Type': 'application/json', 'Idempotency-Key': newKey() }, body: JSON.stringify(lead) });
			if (!reply.ok)
				setFault(t('first.refused', { status: reply.status }));
			await requestsChanged();
		} catch {
			setFault(t('first.unreachable'));
		}
		setBusy(false);
	};
	const rows = [...leads.map((one) => ({ key: one.data.lead_id, at: one.time, row: <Lead key={one.data.lead_id} one={one} slug={slug} /> })), ...others.map((one) => ({ key: one.id, at: one.at, row: <Other key={one.id} one={one} slug={slug} /> }))]
		.sort((a, b) => (a.at < b.at ? 1 : -1)).slice(0, SHOWN);
	return (
		<Section title={t('sources.live')} text={t('sources.live_text')} actions={hook ? <Button icon="bolt" disabled={busy} onClick={() => void send(hook)}>{t('sources.test')}</Button> : undefined}>
			{fault && <Fault>{fault}</Fault>}
			<div role="status">
				{rows.length === 0 && <p className="muted"><span className="live-dot live-wait" />{t('first.listening')}</p>}
				{rows.length > 0 && <ul className="rows">{rows.map(({ row }) => row)}</ul>}
			</div>
		</Section>
	);
}

function Lead({ one, slug }: { one: Came; slug: string }) {
	const { formats } = useScope();
	return (
		<li data-came={one.data.lead_id}>
			<span className="row-icon"><Icon name="leads" size={18} /></span>
			<span className="row-text"><b><Link to={'/leads' as never} search={{ workspace: slug, type: 'lead', id: one.data.lead_id } as never} className="link">{one.data.name}</Link></b>
				<span className="muted num">{[one.data.form_type, one.data.email, one.data.phone, formats.moment(one.time)].filter(Boolean).join(' · ')}</span></span>
		</li>
	);
}

/* what became no lead of its own, and why */
function Other({ one, slug }: { one: Request; slug: string }) {
	const { formats } = useScope();
	return (
		<li data-came={one.id}>
			<span className="row-icon"><Icon name="feed" size={18} /></span>
			<span className="row-text"><b><Link to={`/settings/requests/${one.id}` as never} search={{ workspace: slug } as never} className="link"><OutcomeTag outcome={one.outcome} /></Link></b>
				<span className="muted num"><Reason reason={one.reason} /> {formats.moment(one.at)}</span></span>
		</li>
	);
}
