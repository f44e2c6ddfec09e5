/* One contact archived, brought back or put back: said when it did not work. */
import { api } from '../../api/client';
import { problemText } from '../../app/problems';
import { say } from '../../i18n';
import { toast } from '../../ui/toast';
import { type Contact, contactsChanged } from './model';

export const at = (one: Contact) => `/api/crm/contacts/${one.id}`;

/* false: it was said why not */
export async function post(one: Contact, what: 'archive' | 'reactivate' | 'restore'): Promise<boolean> {
	try {
		await api('POST', `${at(one)}/${what}`, { body: {} });
		return true;
	} catch (fault) {
		toast.error(say('deal.not_saved'), problemText(fault));
		return false;
	} finally {
		await contactsChanged(one.id);
	}
}
