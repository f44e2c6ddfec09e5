/* The people of a company: the one to speak to first at the top, how each is reached; whoever may edit adds one, who is linked at once. */
import { lazy, Suspense, useState } from 'react';
import type { Id } from '../../api/types';
import { problemText } from '../../app/problems';
import { useScope } from '../../app/scope';
import { useT } from '../../i18n';
import { Skeleton, Tile } from '../../ui/bits';
import { IconButton } from '../../ui/button';
import { Menu } from '../../ui/menu';
import { Fault } from '../../ui/page';
import { toast } from '../../ui/toast';
import { Mail, Phone, whomOf } from '../activities/reach';
import { CONTACTS, type Contact } from '../contacts/model';
import { type Pages, Rest, usePages } from '../lists/pages';
import { RecordLink } from '../search/hits';
import { type Account, accountsChanged, saveAccount } from './model';
import '../../ui/page.css';

const AskGone = lazy(() => import('../contacts/gone').then((module) => ({ default: module.AskGone })));
const ContactForm = lazy(() => import('../contacts/form').then((module) => ({ default: module.ContactForm })));

type Of = Pick<Account, 'id' | 'workspace_id' | 'name'>;

/* beside the key of all contacts: what renews them renews these */
export const usePeopleOf = (account: Of): Pages<Contact> => usePages<Contact>([...CONTACTS, 'of', account.id], '/api/crm/contacts', { workspace: account.workspace_id, account: account.id });

export function useContactForm(account: Of): { add(): void; edit(one: Contact): void; form: React.ReactNode } {
	const [open, setOpen] = useState<{ one: Contact | null; key: number } | null>(null);
	const show = (one: Contact | null) => setOpen((last) => ({ one, key: (last?.key ?? 0) + 1 }));
	const form = open && <Suspense fallback={null}><ContactForm key={open.key} contact={open.one} of={account} onClose={() => setOpen((now) => (now === open ? null : now))} /></Suspense>;
	return { add: () => show(null), edit: show, form };
}

export function PeopleList({ account, first, onEdit }: { account: Account; first: Id | null; onEdit(one: Contact): void }) {
	const t = useT();
	const { mayEdit } = useScope();
	const people = usePeopleOf(account);
	const { data, error } = people;
	const may = mayEdit(account.workspace_id);
	const [gone, setGone] = useState<Contact | null>(null);
	const choose = async (one: Contact) => {
		try {
			await saveAccount(account, null, { primary_contact_id: one.id });
			toast.ok(t('account.primary_is', { name: one.name }));
		} catch (fault) {
			toast.error(t('deal.not_saved'), problemText(fault));
			await accountsChanged();
		}
	};
	if (error && !data)
		return <Fault>{problemText(error)}</Fault>;
	if (!data)
		return <Skeleton h={44} />;
	if (!data.length)
		return <p className="muted">{t('account.no_people')}</p>;
	const sorted = [...data].sort((a, b) => Number(b.id === first) - Number(a.id === first));
	return (
		<>
		<ul className="rows">{sorted.map((one) => (
			<li key={one.id}>
				<Tile name={one.name} size={28} />
				<span className="row-text">
					<b><RecordLink whole type="contact" id={one.id} className="link cut">{one.name}</RecordLink>{one.id === first && <span className="tag tag-accent">{t('account.primary')}</span>}</b>
					<span className="muted row-facts">{one.email && <Mail email={one.email} />}{one.phone && <Phone phone={one.phone} whom={whomOf('contact', one)} />}</span>
				</span>
				{may && <Menu label={t('account.person_menu', { name: one.name })} align="end" width={230} entries={[
					{ key: 'edit', icon: 'pencil', label: t('contact.edit'), onSelect: () => onEdit(one) },
					{ key: 'first', icon: 'check', label: t('account.primary_make'), disabled: one.id === first, onSelect: () => void choose(one) },
					/* whom one speaks to first is changed, not thrown away; of somebody alone the question says whether they were chosen */
					{ key: 'gone', icon: 'trash', label: t(one.id === first && sorted.length > 1 ? 'account.primary_stays' : 'account.trash'), disabled: one.id === first && sorted.length > 1, onSelect: () => setGone(one) },
				]} target={<IconButton icon="dots" label={t('account.person_menu', { name: one.name })} />} />}
			</li>
		))}</ul>
		<Rest of={people} />
		<Suspense fallback={null}>{gone && <AskGone key={gone.id} contact={gone} onClose={() => setGone(null)} />}</Suspense>
		</>
	);
}
