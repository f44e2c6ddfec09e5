/* What is asked before a company becomes a client or is thrown away, with what comes of it. */
import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { api, query } from '../../api/client';
import { problemText } from '../../app/problems';
import { useT } from '../../i18n';
import { Skeleton } from '../../ui/bits';
import { Confirm } from '../../ui/confirm';
import { Fault } from '../../ui/page';
import { toast } from '../../ui/toast';
import { type Account, accountsChanged, at, post, saveAccount } from './model';

export type Asking = 'client' | 'trash';

export function Asks({ account, asking, onClose }: { account: Account; asking: Asking; onClose(): void }) {
	const t = useT();
	const [opened, setOpened] = useState(true);
	const [fault, setFault] = useState<string | null>(null);
	const [busy, setBusy] = useState(false);
	const close = () => {
		setOpened(false);
		setTimeout(onClose, 150);
	};
	const attempt = async (act: () => Promise<void>) => {
		setBusy(true);
		try {
			await act();
			close(); /* it stays busy while it fades: not done twice */
		} catch (reason) {
			setFault(problemText(reason));
			await accountsChanged();
			setBusy(false);
		}
	};
	return (
		<>
			<Confirm opened={opened && asking === 'client'} onClose={close} title={t('account.make_client_title', { name: account.name })} text={<p>{t('account.make_client_text')}</p>} yes={t('account.make_client')} busy={busy} fault={fault}
				onYes={() => void attempt(async () => {
					await saveAccount(account, null, { lifecycle: 'client' });
					toast.ok(t('account.is_client', { name: account.name }));
				})} />
			<Confirm opened={opened && asking === 'trash'} onClose={close} title={t('account.trash_title', { name: account.name })} text={<Consequences account={account} />} yes={t('account.trash')} danger busy={busy} fault={fault}
				onYes={() => void attempt(async () => {
					await api('DELETE', at(account));
					await accountsChanged();
					toast.ok(t('account.is_trashed', { name: account.name }), { label: t('common.undo'), hotkey: 'Z', run: () => void post(account, 'restore') });
				})} />
		</>
	);
}

/* what hangs on it stays, and what of it is not seen any more */
function Consequences({ account }: { account: Account }) {
	const t = useT();
	const { data, error } = useQuery({
		queryKey: ['account consequences', account.id], staleTime: 0,
		queryFn: async ({ signal }) => ({
			...await api<{ contacts: number; activities: number; locations: number; files: number; linked: number }>('GET', `${at(account)}/consequences`, { signal }),
			deals: (await api<{ total?: number }>('GET', `/api/crm/deals${query({ workspace: account.workspace_id, account: account.id, count: 1, limit: 1, fields: 'number' })}`, { signal })).total ?? 0,
		}),
	});
	if (!data)
		return error ? <Fault>{problemText(error)}</Fault> : <Skeleton h={64} />;
	return (
		<>
			<p>{t('account.trash_text')}</p>
			<ul className="dots">
				<li>{t('account.trash_people', { count: data.contacts })}</li>
				<li>{t('account.trash_deals', { count: data.deals })}</li>
				<li>{t('account.trash_rest', { locations: t('account.trash_places', { count: data.locations }), activities: t('account.trash_activities', { count: data.activities }), files: t('account.trash_files', { count: data.files }) })}</li>
				{data.linked > 0 && <li>{t('account.trash_linked', { count: data.linked })}</li>}
			</ul>
		</>
	);
}
