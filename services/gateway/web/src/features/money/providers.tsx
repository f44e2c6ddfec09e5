/* Ways to be paid: who takes payments for us, and whether it works, in plain words. A key is written here once and never shown again; the address that its
   messages come to is told when it was added. */
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { api, query } from '../../api/client';
import { queryClient } from '../../api/queries';
import type { Id, Workspace } from '../../api/types';
import { problemText } from '../../app/problems';
import { useT } from '../../i18n';
import { Empty, Skeleton } from '../../ui/bits';
import { Button, IconButton } from '../../ui/button';
import { Confirm } from '../../ui/confirm';
import { Icon } from '../../ui/icons';
import { Menu } from '../../ui/menu';
import { HelpMore, PageHead } from '../../ui/page';
import { toast } from '../../ui/toast';
import { OfOneWorkspace } from '../settings/one-workspace';
import { write } from '../settings/write';
import { useHeard } from './live';
import './money.css';

const ProviderDialog = lazy(() => import('./provider-dialog').then((module) => ({ default: module.ProviderDialog })));

export interface PayProvider {
	id: Id;
	version: number;
	kind: 'mollie' | 'stripe';
	name: string;
	active: boolean;
	state: 'unchecked' | 'works' | 'fails';
	last_error?: string | null;
	url?: string | null;
	/* of Stripe: whether what signs its messages is known */
	hook_signed?: boolean;
}

export const providersChanged = () => queryClient.invalidateQueries({ queryKey: ['pay providers'] });
export const PROVIDER_NAME = { mollie: 'Mollie', stripe: 'Stripe' } as const;

export function ProvidersPage() {
	const t = useT();
	return <OfOneWorkspace title={t('settings.pay')} text={t('pay_set.choose')} help="ways-to-be-paid">{(workspace) => <Own workspace={workspace} />}</OfOneWorkspace>;
}

function Own({ workspace }: { workspace: Workspace }) {
	const t = useT();
	const { data, error, refetch } = useQuery({
		queryKey: ['pay providers', workspace.slug],
		queryFn: async ({ signal }) => (await api<{ data: PayProvider[] }>('GET', `/api/crm/pay/providers${query({ workspace: workspace.slug })}`, { signal })).data,
	});
	const [one, setOne] = useState<PayProvider | null>(null);
	const [asked, setAsked] = useState(0);
	const [open, setOpen] = useState(false);
	const [gone, setGone] = useState<PayProvider | null>(null);
	const [busy, setBusy] = useState(false);
	useHeard(['pay_provider.changed'], providersChanged);
	const begin = (next: PayProvider | null) => { setOne(next); setAsked((old) => old + 1); setOpen(true); };
	const remove = async () => {
		if (!gone)
			return;
		setBusy(true);
		if (await write(providersChanged, 'DELETE', `/api/crm/pay/providers/${gone.id}${query({ workspace: workspace.slug })}`)) {
			toast.ok(t('pay_set.removed', { name: gone.name }));
			setGone(null);
		}
		setBusy(false);
	};
	const add = <Button kind="primary" icon="plus" onClick={() => begin(null)}>{t('pay_set.add')}</Button>;
	return (
		<>
			<PageHead title={t('settings.pay')} sub={t('pay_set.sub')} help="ways-to-be-paid">{data && add}</PageHead>
			{error && !data && <Empty icon="alert" title={t('pay_set.failed')}><p>{problemText(error)}</p><Button icon="refresh" onClick={() => void refetch()}>{t('error.retry')}</Button></Empty>}
			{data && !data.length && <Empty icon="coins" title={t('pay_set.empty')}><p>{t('pay_set.empty_text')}</p>{add}<HelpMore page="ways-to-be-paid" /></Empty>}
			{(data ? data.length > 0 : !error) && (
				<div className="page-body scroll"><div className="page-narrow">
					{!data && <div aria-hidden="true"><Skeleton h={120} style={{ borderRadius: 10 }} /></div>}
					{data && <ul className="rows pay-rows">{data.map((each) => <Provider key={each.id} one={each} slug={workspace.slug} onEdit={() => begin(each)} onRemove={() => setGone(each)} />)}</ul>}
				</div></div>
			)}
			{asked > 0 && <Suspense fallback={null}><ProviderDialog key={asked} workspace={workspace} provider={one} opened={open} onClose={() => setOpen(false)} /></Suspense>}
			<Confirm opened={gone !== null} onClose={() => setGone(null)} title={t('pay_set.remove_sure', { name: gone?.name ?? '' })} text={<p>{t('pay_set.remove_text')}</p>} yes={t('pay_set.remove')} onYes={() => void remove()} busy={busy} danger />
		</>
	);
}

function Provider({ one, slug, onEdit, onRemove }: { one: PayProvider; slug: string; onEdit(): void; onRemove(): void }) {
	const t = useT();
	const state = !one.active ? { tone: '', tag: t('pay_set.off'), text: t('pay_set.off_text') }
		: one.state === 'works' ? { tone: ' tag-ok', tag: t('pay_set.works'), text: t('pay_set.works_text') }
			: one.state === 'fails' ? { tone: ' tag-danger', tag: t('pay_set.fails'), text: t('pay_set.fails_text', { why: one.last_error || t('pay_set.no_reason') }) }
				: { tone: ' tag-warn', tag: t('pay_set.unchecked'), text: t('pay_set.unchecked_text', { name: PROVIDER_NAME[one.kind] }) };
	const label = t('pay_set.more', { name: one.name });
	const turn = async () => {
		if (await write(providersChanged, 'PUT', `/api/crm/pay/providers/${one.id}${query({ workspace: slug })}`, { active: !one.active }))
			toast.ok(t(one.active ? 'pay_set.off_done' : 'pay_set.on_done', { name: one.name }));
	};
	return (
		<li data-provider={one.kind} data-state={one.active ? one.state : 'off'}>
			<span className="row-icon"><Icon name="coins" size={18} /></span>
			<span className="row-text">
				<b>{one.name}{one.name !== PROVIDER_NAME[one.kind] && <span className="tag">{PROVIDER_NAME[one.kind]}</span>}<span className={`tag${state.tone}`}>{state.tag}</span></b>
				<span className="muted">{state.text}</span>
				{one.active && one.kind === 'stripe' && one.hook_signed === false && <span><span className="tag tag-warn">{t('pay_set.unsigned')}</span></span>}
			</span>
			<Menu label={label} align="end" target={<IconButton icon="dots" label={label} />} entries={[
				{ key: 'edit', icon: 'pencil', label: t('pay_set.edit'), onSelect: onEdit },
				{ key: 'turn', icon: one.active ? 'lock' : 'check', label: t(one.active ? 'pay_set.turn_off' : 'pay_set.turn_on'), onSelect: () => void turn() },
				{ key: 'remove', icon: 'trash', label: t('pay_set.remove'), onSelect: onRemove },
			]} />
		</li>
	);
}
