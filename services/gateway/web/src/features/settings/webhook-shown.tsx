/* What is shown of an endpoint and done with it, in the list and on its own page alike. */
import { lazy, Suspense, useState } from 'react';
import { useScope } from '../../app/scope';
import { sayValue, useT } from '../../i18n';
import { Button, IconButton } from '../../ui/button';
import { Confirm } from '../../ui/confirm';
import { Menu } from '../../ui/menu';
import { toast } from '../../ui/toast';
import { type Delivery, type Endpoint, EVERYTHING, isOn, shownOf, TONE, TONE_OF } from './webhook-model';
import { hookPath, hooksChanged } from './webhook-reads';
import { write } from './write';

const WebhookDialog = lazy(() => import('./webhook-dialog').then((module) => ({ default: module.WebhookDialog })));
const Rotate = lazy(() => import('./webhook-rotate').then((module) => ({ default: module.Rotate })));
const Test = lazy(() => import('./webhook-sent').then((module) => ({ default: module.WebhookTest })));

export function State({ one }: { one: Endpoint }) {
	return <span className={`tag${TONE_OF[shownOf(one)]}`}>{sayValue('webhook_state', shownOf(one))}</span>;
}

export function SentState({ one }: { one: Pick<Delivery, 'state'> }) {
	return <span className={`tag ${TONE[one.state]}`}>{sayValue('webhook_sent', one.state)}</span>;
}

const SHOWN_EVENTS = 4;
export function Events({ events, all }: { events: readonly string[]; all?: boolean }) {
	const t = useT();
	if (!events.length)
		return <span className="muted">{t('webhooks.only_rules')}</span>;
	if (events.includes(EVERYTHING))
		return <span className="muted">{t('webhooks.everything')} (<code>{EVERYTHING}</code>)</span>;
	const shown = all ? events : events.slice(0, SHOWN_EVENTS);
	return <span className="muted">{shown.map((type, at) => <span key={type}>{at > 0 && ', '}<code>{type}</code></span>)}{events.length > shown.length && ` ${t('webhooks.and_more', { count: events.length - shown.length })}`}</span>;
}

export function Counts({ one }: { one: Endpoint }) {
	const t = useT();
	const { formats } = useScope();
	const parts = [one.waiting ? t('webhooks.waiting', { count: one.waiting, number: formats.number(one.waiting) }) : '', one.given_up ? t('webhooks.given_up', { count: one.given_up, number: formats.number(one.given_up) }) : '',
		one.delivered_at ? t('webhooks.delivered', { when: formats.moment(one.delivered_at) }) : t('webhooks.never'),
		one.secret_rotates_at ? t('webhooks.both_until', { when: formats.moment(one.secret_rotates_at) }) : ''];
	return <span className="muted num">{parts.filter(Boolean).join(' · ')}</span>;
}

/* what is wrong with it, and what to do; nothing where all is well */
export function NextStep({ one }: { one: Endpoint }) {
	const t = useT();
	const { formats } = useScope();
	const since = one.failing_since ? formats.moment(one.failing_since) : '';
	switch (shownOf(one)) {
	case 'trouble': return <span>{t('webhooks.next_trouble', { count: one.failures, number: formats.number(one.failures), since })}</span>;
	case 'failing': return <span>{t('webhooks.next_failing')}</span>;
	case 'gone': return <span>{t('webhooks.next_gone')}</span>;
	case 'off': return <span className="muted">{t('webhooks.next_off')}</span>;
	default: return null;
	}
}

export function WebhookActions({ one, slug, onRemoved }: { one: Endpoint; slug: string; onRemoved?(): void }) {
	const t = useT();
	const [asked, setAsked] = useState<'edit' | 'rotate' | 'test' | 'remove' | null>(null);
	const [opened, setOpened] = useState(false);
	const [serial, setSerial] = useState(0);
	const [busy, setBusy] = useState(false);
	const begin = (what: typeof asked) => { setAsked(what); setSerial((old) => old + 1); setOpened(true); };
	const close = () => setOpened(false);
	const on = isOn(one);
	const turn = async () => {
		if (await write(hooksChanged, 'PUT', hookPath(one.id, slug), { version: one.version, enabled: !on }))
			toast.ok(t(on ? 'webhooks.off_done' : 'webhooks.on_done', { name: one.name }));
	};
	const remove = async () => {
		setBusy(true);
		if (await write(hooksChanged, 'DELETE', hookPath(one.id, slug))) {
			toast.ok(t('webhooks.removed', { name: one.name }));
			close();
			onRemoved?.();
		}
		setBusy(false);
	};
	const label = t('webhooks.menu', { name: one.name });
	return (
		<>
			{on ? <Button icon="send" aria-label={t('webhooks.test_of', { name: one.name })} onClick={() => begin('test')}>{t('webhooks.test')}</Button>
				: <Button icon="check" aria-label={t('webhooks.turn_on_of', { name: one.name })} onClick={() => void turn()}>{t('webhooks.turn_on')}</Button>}
			<Menu label={label} align="end" width={240} target={<IconButton icon="dots" label={label} />} entries={[
				{ key: 'edit', icon: 'pencil', label: t('users.edit'), onSelect: () => begin('edit') },
				{ key: 'rotate', icon: 'key', label: t('webhooks.rotate'), onSelect: () => begin('rotate') },
				...(on ? [{ key: 'turn', icon: 'lock' as const, label: t('webhooks.turn_off'), onSelect: () => void turn() }] : []),
				{ key: 'remove', icon: 'trash', label: t('webhooks.remove'), onSelect: () => begin('remove') },
			]} />
			<Suspense fallback={null}>
				{asked === 'edit' && <WebhookDialog key={serial} slug={slug} endpoint={one} opened={opened} onClose={close} />}
				{asked === 'rotate' && <Rotate key={serial} slug={slug} endpoint={one} opened={opened} onClose={close} />}
				{asked === 'test' && <Test key={serial} slug={slug} endpoint={one} opened={opened} onClose={close} />}
			</Suspense>
			{asked === 'remove' && <Confirm opened={opened} onClose={close} title={t('webhooks.remove_sure', { name: one.name })} text={<p>{t('webhooks.remove_text')}</p>} yes={t('webhooks.remove')} onYes={() => void remove()} busy={busy} danger />}
		</>
	);
}
