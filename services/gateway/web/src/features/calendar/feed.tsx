/* The private link by which a phone or another program shows what one has to do. Only its hash is kept, so the link itself is shown
   once; a new one ends the old. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client';
import { problemText } from '../../app/problems';
import { useScope } from '../../app/scope';
import { useT } from '../../i18n';
import { Skeleton } from '../../ui/bits';
import { Button } from '../../ui/button';
import { Confirm } from '../../ui/confirm';
import { Copy } from '../../ui/copy';
import { Dialog } from '../../ui/dialog';
import { Fault, Section } from '../../ui/page';
import { toast } from '../../ui/toast';

interface FeedLink { url?: string | null; created_at: string | null }
const KEY = ['calendar link'] as const;
const PATH = '/api/crm/calendar/link';

function FeedLinkBox() {
	const t = useT();
	const client = useQueryClient();
	const { formats } = useScope();
	const { data, error, refetch } = useQuery({ queryKey: KEY, queryFn: ({ signal }) => api<FeedLink>('GET', PATH, { signal }) });
	const [url, setUrl] = useState<string | null>(null);
	const [asking, setAsking] = useState<'renew' | 'drop' | null>(null);
	const [busy, setBusy] = useState(false);
	const [fault, setFault] = useState<string | null>(null);
	const write = async (method: 'POST' | 'DELETE') => {
		setBusy(true);
		setFault(null);
		try {
			const made = await api<FeedLink | undefined>(method, PATH, method === 'POST' ? { body: {} } : {});
			setUrl(made?.url ?? null);
			client.setQueryData<FeedLink>(KEY, { created_at: made?.created_at ?? null });
			if (method === 'DELETE')
				toast.ok(t('feed.dropped'));
			setAsking(null);
		} catch (reason) {
			setFault(problemText(reason));
		}
		setBusy(false);
	};
	if (error && !data)
		return <><Fault>{problemText(error)}</Fault><Button icon="refresh" onClick={() => void refetch()}>{t('error.retry')}</Button></>;
	if (!data)
		return <Skeleton h={44} />;
	return (
		<div className="form">
			{fault && !asking && <Fault>{fault}</Fault>}
			{url && <>
				<p role="status">{t('feed.once')}</p>
				<Copy label={t('feed.link')} text={url} autoFocus />
				<p className="muted small">{t('feed.how')} <a className="link" href={url.replace(/^https?:/, 'webcal:')}>{t('feed.open')}</a></p>
			</>}
			<p className="muted">{data.created_at ? t('feed.since', { moment: formats.moment(data.created_at) }) : t('feed.none')}</p>
			<div className="form-foot">
				{data.created_at
					? <><Button onClick={() => setAsking('drop')}>{t('feed.drop')}</Button><Button icon="refresh" onClick={() => setAsking('renew')}>{t('feed.renew')}</Button></>
					: <Button kind="primary" icon="calendar" disabled={busy} onClick={() => void write('POST')}>{t('feed.make')}</Button>}
			</div>
			<Confirm opened={asking !== null} onClose={() => setAsking(null)} danger={asking === 'drop'} title={t(asking === 'drop' ? 'feed.drop' : 'feed.renew')} busy={busy} fault={fault}
				text={<p>{t(asking === 'drop' ? 'feed.drop_text' : 'feed.renew_text')}</p>} yes={t(asking === 'drop' ? 'feed.drop' : 'feed.renew')} onYes={() => void write(asking === 'drop' ? 'DELETE' : 'POST')} />
		</div>
	);
}

/* on one's own page */
export function FeedSection() {
	const t = useT();
	return <Section title={t('feed.title')} text={t('feed.text')}><FeedLinkBox /></Section>;
}

/* over the calendar */
export function FeedDialog({ opened, onClose }: { opened: boolean; onClose(): void }) {
	const t = useT();
	return <Dialog opened={opened} onClose={onClose} title={t('feed.title')} closeLabel={t('common.close')} size={520}><div className="form"><p className="muted">{t('feed.text')}</p><FeedLinkBox /></div></Dialog>;
}
