/* A person is thrown away from beside others: asked first, and taken back by whoever said yes. */
import { api } from '../../api/client';
import { useT } from '../../i18n';
import { toast } from '../../ui/toast';
import { at, post } from './acts';
import { type Contact, contactsChanged } from './model';
import { Trash } from './trash-ask';

export function AskGone({ contact, onClose }: { contact: Contact; onClose(): void }) {
	const t = useT();
	return (
		<Trash person={contact} onClose={onClose} drop={async () => {
			await api('DELETE', at(contact));
			onClose();
			await contactsChanged(contact.id);
			toast.ok(t('account.is_trashed', { name: contact.name }), { label: t('common.undo'), hotkey: 'Z', run: () => void post(contact, 'restore') });
		}} />
	);
}
