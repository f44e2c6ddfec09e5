/* One message to one endpoint: how far it is, each attempt with what came back, the message as it is sent; a test is watched until something came of it. */
import { useEffect, useRef, useState } from 'react';
import { api } from '../../api/client';
import type { Id } from '../../api/types';
import { problemText } from '../../app/problems';
import { useScope } from '../../app/scope';
import { sayValue, useT } from '../../i18n';
import { Skeleton } from '../../ui/bits';
import { Button } from '../../ui/button';
import { Copy } from '../../ui/copy';
import { Dialog } from '../../ui/dialog';
import { Fault } from '../../ui/page';
import { type Column, Table } from '../../ui/table';
import { toast } from '../../ui/toast';
import { answered, type Attempt, type Endpoint, isOn, readable, type WholeDelivery } from './webhook-model';
import { hookPath, hooksChanged, useDelivery } from './webhook-reads';
import { SentState } from './webhook-shown';
import { write } from './write';

/* a log's line, opened */
export function SentDialog({ slug, endpoint, delivery, opened, onClose }: { slug: string; endpoint: Endpoint; delivery: Id; opened: boolean; onClose(): void }) {
	const t = useT();
	const { data, error, refetch } = useDelivery(delivery, slug);
	return (
		<Dialog opened={opened} onClose={onClose} title={t('webhooks.one')} closeLabel={t('common.close')} size={760}>
			<div className="form form-wide">
				{!data && !error && <Skeleton h={200} style={{ borderRadius: 8 }} />}
				{error && !data && <><Fault>{problemText(error)}</Fault><div><Button icon="refresh" onClick={() => void refetch()}>{t('error.retry')}</Button></div></>}
				{data && <Shown one={data} />}
				<div className="dialog-foot">
					{data && data.state !== 'waiting' && !isErased(data) && isOn(endpoint) && <Resend slug={slug} endpoint={endpoint} one={data} />}
					<Button kind="primary" data-autofocus onClick={onClose}>{t('common.close')}</Button>
				</div>
			</div>
		</Dialog>
	);
}

function Resend({ slug, endpoint, one }: { slug: string; endpoint: Endpoint; one: WholeDelivery }) {
	const t = useT();
	const [busy, setBusy] = useState(false);
	const send = async () => {
		setBusy(true);
		if (await write(hooksChanged, 'POST', hookPath(endpoint.id, slug, '/resend'), { hook_delivery_id: one.id }))
			toast.ok(t('webhooks.resent', { count: 1, number: '1' }));
		setBusy(false);
	};
	return <Button icon="refresh" disabled={busy} onClick={() => void send()}>{t('webhooks.resend')}</Button>;
}

/* what stands in the place of a message about somebody who was erased */
const isErased = (one: WholeDelivery): boolean => one.body === 'erased';

function Shown({ one }: { one: WholeDelivery }) {
	const t = useT();
	const { formats } = useScope();
	const columns: Array<Column<Attempt>> = [
		{ key: 'at', label: t('webhooks.at'), cell: (attempt) => <time className="num nowrap" dateTime={attempt.at}>{formats.moment(attempt.at)}</time> },
		{ key: 'came', label: t('webhooks.came'), cell: (attempt) => <Came attempt={attempt} /> },
		{ key: 'took', label: t('webhooks.took'), right: true, cell: (attempt) => <span className="num">{attempt.took_ms === null ? '—' : t('webhooks.ms', { number: formats.number(attempt.took_ms) })}</span> },
	];
	return (
		<>
			<div role="status" data-sent={one.state}>
				<p><SentState one={one} /> <code>{one.type}</code></p>
				{one.state === 'waiting' && one.next_at && one.tries > 0 && <p className="muted small">{t('webhooks.next_at', { when: formats.moment(one.next_at) })}</p>}
				{isErased(one) ? <p className="small">{t('webhooks.erased')}</p> : one.state === 'given_up' && <p className="small">{t('webhooks.given_up_text')}</p>}
			</div>
			{one.attempts.length > 0 ? <Table label={t('webhooks.attempts')} columns={columns} rows={one.attempts} idOf={(attempt) => String(attempt.n)} /> : <p className="muted">{t('webhooks.no_attempt')}</p>}
			{!isErased(one) && <>
				<p className="muted small">{t('webhooks.message')}</p>
				<Copy label={t('webhooks.message')} text={readable(one.body)} />
			</>}
		</>
	);
}

function Came({ attempt }: { attempt: Attempt }) {
	const t = useT();
	return (
		<span className="two-lines">
			<span className="num">{attempt.http ? t('webhooks.http', { code: attempt.http }) : sayValue('webhook_error', attempt.error ?? 'none')}</span>
			{attempt.response && <small><code style={{ overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }}>{attempt.response}</code></small>}
		</span>
	);
}

/* ---- a test ---- */

export function WebhookTest({ slug, endpoint, opened, onClose }: { slug: string; endpoint: Endpoint; opened: boolean; onClose(): void }) {
	const t = useT();
	const [sent, setSent] = useState<Id | null>(null);
	const [fault, setFault] = useState<string | null>(null);
	const send = async () => {
		setFault(null);
		setSent(null);
		try {
			setSent((await api<{ id: Id }>('POST', hookPath(endpoint.id, slug, '/test'), { body: {} })).id);
			void hooksChanged();
		} catch (reason) {
			setFault(problemText(reason));
		}
	};
	const close = () => {
		void hooksChanged(); /* what came of it shows in the list, too */
		onClose();
	};
	const first = useRef(true);
	useEffect(() => {
		if (first.current)
			void send();
		first.current = false;
	});
	return (
		<Dialog opened={opened} onClose={close} title={t('webhooks.test_of', { name: endpoint.name })} closeLabel={t('common.close')} size={640}>
			<div className="form form-wide">
				{fault && <Fault>{fault}</Fault>}
				{sent ? <Watched key={sent} slug={slug} delivery={sent} /> : !fault && <Skeleton h={120} style={{ borderRadius: 8 }} />}
				<div className="dialog-foot">
					<Button kind="quiet" icon="refresh" onClick={() => void send()}>{t('webhooks.test_again')}</Button>
					<Button kind="primary" data-autofocus onClick={close}>{t('common.close')}</Button>
				</div>
			</div>
		</Dialog>
	);
}

function Watched({ slug, delivery }: { slug: string; delivery: Id }) {
	const t = useT();
	const { data, error } = useDelivery(delivery, slug);
	if (!data)
		return error ? <Fault>{problemText(error)}</Fault> : <Skeleton h={120} style={{ borderRadius: 8 }} />;
	return (
		<>
			<p role="status">{t(!answered(data) ? 'webhooks.test_going' : data.state === 'delivered' ? 'webhooks.test_arrived' : 'webhooks.test_failed')}</p>
			<Shown one={data} />
		</>
	);
}
