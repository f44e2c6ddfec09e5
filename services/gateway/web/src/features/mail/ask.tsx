/* The one composer of the page: asked for from anywhere, fetched when it is wanted. Where nobody may write or no account is set up yet, an address stays
   a link to one's own mail program. Knows nothing of how a mail is written. */
import { useQuery } from '@tanstack/react-query';
import { lazy, type MouseEvent, Suspense, useSyncExternalStore } from 'react';
import { api, query } from '../../api/client';
import type { Id } from '../../api/types';
import { useScope } from '../../app/scope';
import { farWords } from '../../i18n';
import { Skeleton } from '../../ui/bits';
import type { About } from '../activities/model';
import type { Address } from './model';

/* what is being written */
export interface Draft { to: Address[]; cc: Address[]; bcc: Address[]; subject: string; text: string; files: string[]; template: Id | null; news: boolean; later: boolean; day: string; time: string; from: Id | null; reply: Id | null; bare: boolean }
export interface MailAsk { about: About; workspaceId: Id; draft: Partial<Draft> }
export interface SenderAccount { id: Id; name: string; from_name: string | null; from_email: string; is_default: boolean; state: string }

let asked: (MailAsk & { key: number }) | null = null;
let serial = 0;
const listeners = new Set<() => void>();

export function askMail(ask: MailAsk | null): void {
	asked = ask && { ...ask, key: ++serial };
	for (const tell of listeners)
		tell();
}

const listen = (tell: () => void) => {
	listeners.add(tell);
	return () => { listeners.delete(tell); };
};

/* closed with words in it: they are there when the record is written about again, as long as the page is open */
export const unsent = new Map<string, Draft>();
export const unsentKey = ({ about, draft }: MailAsk): string => `${about.id} ${draft.reply ?? ''}`;

const Composer = lazy(() => Promise.all([import('./compose'), farWords()]).then(([module]) => ({ default: module.Composer })));

export function MailDoor() {
	const now = useSyncExternalStore(listen, () => asked);
	return now && <Suspense fallback={null}><Composer key={now.key} asked={now} onClosed={() => { if (asked === now) askMail(null); }} /></Suspense>;
}

/* a record, and whom its mails go to first */
export interface MailRecord { about: About; workspaceId: Id; email?: string | null | undefined; name?: string | null | undefined }

const List = lazy(() => Promise.all([import('./list'), farWords()]).then(([module]) => ({ default: module.MailList })));

/* the mails of a record, on its tab */
export function MailTab(props: MailRecord) {
	return <Suspense fallback={<Skeleton h={92} style={{ borderRadius: 10 }} />}><List key={props.about.id} {...props} /></Suspense>;
}

/* by which accounts this person may send from that workspace; undefined: not known yet, or none of theirs to use */
export function useSenders(workspaceId: Id): SenderAccount[] | undefined {
	const { me, mayEdit } = useScope();
	const workspace = me.workspaces.find((one) => one.id === workspaceId)?.slug;
	return useQuery({
		queryKey: ['mail accounts', workspaceId, 'senders'],
		queryFn: async ({ signal }) => (await api<{ data: SenderAccount[] }>('GET', `/api/crm/mail/accounts${query({ workspace })}`, { signal })).data,
		enabled: workspace !== undefined && mayEdit(workspaceId), staleTime: 5 * 60_000,
	}).data;
}

/* what a link to an address does when it is pressed: here, where that can be; with a key held it stays the link it is */
export function useMailTo(whom: { about: About; workspaceId: Id; name?: string } | undefined) {
	const ready = useSenders(whom?.workspaceId ?? '')?.length;
	return (email: string, contact?: Id | null) => ({
		href: `mailto:${email}`,
		onClick: (event: MouseEvent) => {
			if (!ready || !whom || event.ctrlKey || event.metaKey || event.shiftKey)
				return;
			event.preventDefault();
			const name = whom.about.kind === 'account' ? undefined : whom.name;
			askMail({ about: whom.about, workspaceId: whom.workspaceId, draft: { to: [{ email, ...(name ? { name } : {}), ...(contact ? { contact_id: contact } : {}) }] } });
		},
	});
}
