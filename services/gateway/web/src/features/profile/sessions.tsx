/* Where one is logged in: each browser in words, this one marked; the others can be ended, one or all. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, Problem } from '../../api/client';
import { problemText } from '../../app/problems';
import { useScope } from '../../app/scope';
import { useT } from '../../i18n';
import { agentOf } from '../../lib/agent';
import { Skeleton } from '../../ui/bits';
import { Button } from '../../ui/button';
import { Confirm } from '../../ui/confirm';
import { Icon } from '../../ui/icons';
import { Fault, Section } from '../../ui/page';
import { toast } from '../../ui/toast';

interface Session { id: string; current: boolean; created_at: string; used_at: string; expires_at: string; user_agent: string | null; remote: string | null }

/* the latest used come first: more than these are rarely looked for */
const FEW = 6;
const KEY = ['sessions'] as const;

export function SessionsSection() {
	const t = useT();
	const client = useQueryClient();
	const { data, error, refetch } = useQuery({ queryKey: KEY, queryFn: async ({ signal }) => (await api<{ data: Session[] }>('GET', '/api/me/sessions', { signal })).data });
	const [all, setAll] = useState(false);
	const [asking, setAsking] = useState(false);
	const [busy, setBusy] = useState<string | null>(null);
	const [fault, setFault] = useState<string | null>(null);
	const others = data?.filter((one) => !one.current).length ?? 0;

	const end = async (id: string | null) => {
		setBusy(id ?? 'all');
		setFault(null);
		try {
			await (id ? api('DELETE', `/api/me/sessions/${id}`) : api('POST', '/api/me/sessions/close'));
			toast.ok(t(id ? 'sessions.ended' : 'sessions.all_ended'));
			setAsking(false);
		} catch (reason) {
			/* one that was over already is what was wanted */
			const over = reason instanceof Problem && reason.code === 'session_not_found';
			if (id && !over)
				toast.error(t('sessions.not_ended'), problemText(reason));
			else if (!id)
				setFault(problemText(reason));
		}
		setBusy(null);
		await client.invalidateQueries({ queryKey: KEY });
	};

	return (
		<Section title={t('sessions.title')} text={t('sessions.text')} actions={others > 0 ? <Button icon="logout" onClick={() => setAsking(true)}>{t('sessions.end_all')}</Button> : undefined}>
			{error && !data && <><Fault>{problemText(error)}</Fault><Button icon="refresh" onClick={() => void refetch()}>{t('error.retry')}</Button></>}
			{!data && !error && <><Skeleton h={52} /><Skeleton h={52} style={{ marginTop: 8 }} /></>}
			{data && <ul className="rows">{data.slice(0, all ? undefined : FEW).map((one) => <Row key={one.id} session={one} busy={busy !== null} onEnd={() => void end(one.id)} />)}</ul>}
			{data && data.length > FEW && !all && <Button kind="quiet" onClick={() => setAll(true)}>{t('sessions.all', { count: data.length })}</Button>}
			<Confirm opened={asking} onClose={() => setAsking(false)} title={t('sessions.end_all')} text={<p>{t('sessions.end_all_text')}</p>} yes={t('sessions.end_all')} onYes={() => void end(null)} busy={busy !== null} fault={fault} />
		</Section>
	);
}

function Row({ session, busy, onEnd }: { session: Session; busy: boolean; onEnd(): void }) {
	const t = useT();
	const { formats } = useScope();
	const { browser, system, phone } = agentOf(session.user_agent);
	const name = browser && system ? t('sessions.on', { browser, system }) : browser ?? system ?? t('sessions.unknown');
	return (
		<li>
			<span className="row-icon"><Icon name={phone ? 'mobile' : 'screen'} size={18} /></span>
			<span className="row-text">
				<b>{name}{session.current && <span className="tag tag-ok">{t('sessions.this')}</span>}</b>
				<span className="muted num">{session.current ? t('sessions.now') : t('sessions.used', { moment: formats.moment(session.used_at) })} · {t('sessions.since', { day: formats.date(session.created_at) })}{session.remote && ` · ${session.remote}`}</span>
			</span>
			{!session.current && <Button disabled={busy} aria-label={t('sessions.end_at', { name })} onClick={onEnd}>{t('session.log_out')}</Button>}
		</li>
	);
}
