/* What is asked before a person is thrown away, with what comes of it. */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client';
import { problemText } from '../../app/problems';
import { useT } from '../../i18n';
import { Skeleton } from '../../ui/bits';
import { Confirm } from '../../ui/confirm';

interface Hangs { deals: number; leads: number; activities: number; messages: number; files: number; linked: number; primary_of: { id: string | null; name: string | null } | null }

export function Trash({ person, drop, onClose }: { person: { id: string; name: string }; drop(): Promise<void>; onClose(): void }) {
	const t = useT();
	const [busy, setBusy] = useState(false);
	const [fault, setFault] = useState<string | null>(null);
	const { data, error } = useQuery({ queryKey: ['contact consequences', person.id], staleTime: 0, queryFn: ({ signal }) => api<Hangs>('GET', `/api/crm/contacts/${person.id}/consequences`, { signal }) });
	const first = data?.primary_of;
	const yes = async () => {
		setBusy(true);
		try {
			await drop();
		} catch (reason) {
			setFault(problemText(reason));
			setBusy(false);
		}
	};
	return (
		<Confirm opened onClose={onClose} title={t('account.trash_title', { name: person.name })} yes={t('account.trash')} danger busy={busy || !data || Boolean(first)} fault={fault ?? (error && !data ? problemText(error) : null)} onYes={() => void yes()}
			text={!data ? (error ? <p>{t('account.trash_text')}</p> : <Skeleton h={64} />) : first ? <p>{t('contact.is_primary', { account: first.name ?? '' })}</p> : (
				<>
					<p>{t('account.trash_text')}</p>
					<ul className="dots">
						<li>{t('account.trash_deals', { count: data.deals })}</li>
						<li>{t('contact.trash_rest', { activities: t('account.trash_activities', { count: data.activities }), files: t('account.trash_files', { count: data.files }) })}</li>
						{data.linked > 0 && <li>{t('account.trash_linked', { count: data.linked })}</li>}
					</ul>
				</>
			)} />
	);
}
