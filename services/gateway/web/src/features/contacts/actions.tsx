/* What is done with a person as a whole: changed, archived, brought back, thrown away. What cannot be seen at once is asked first, with what
   comes of it; what was done can be undone. */
import { lazy, Suspense, useState } from 'react';
import { api } from '../../api/client';
import { useGo } from '../../app/scope';
import { say, useT } from '../../i18n';
import { IconButton } from '../../ui/button';
import { Menu } from '../../ui/menu';
import { toast } from '../../ui/toast';
import { at, post } from './acts';
import { type Contact, contactsChanged } from './model';

const Trash = lazy(() => import('./trash-ask').then((module) => ({ default: module.Trash })));

async function shelve(one: Contact, away: boolean): Promise<void> {
	if (await post(one, away ? 'archive' : 'reactivate'))
		toast.ok(say(away ? 'contact.is_archived' : 'contact.is_active', { name: one.name }), { label: say('common.undo'), hotkey: 'Z', run: () => void post(one, away ? 'reactivate' : 'archive') });
}

export function PersonActions({ person, onEdit }: { person: Contact; onEdit(): void }) {
	const t = useT();
	const go = useGo();
	const [asking, setAsking] = useState(false);
	const drop = async () => {
		await api('DELETE', at(person));
		await contactsChanged();
		toast.ok(t('contact.is_trashed', { name: person.name }), { label: t('common.undo'), hotkey: 'Z', run: () => void post(person, 'restore') });
		setAsking(false);
		go.anywhere('/contacts');
	};
	return (
		<>
			<Menu label={t('contact.menu')} align="end" width={220} entries={[
				{ key: 'edit', icon: 'pencil', label: t('contact.edit'), onSelect: onEdit },
				{ key: 'line', kind: 'divider' },
				{ key: 'archive', icon: 'archive', label: t(person.archived_at ? 'account.reactivate' : 'account.archive'), onSelect: () => void shelve(person, !person.archived_at) },
				{ key: 'trash', icon: 'trash', label: t('account.trash'), onSelect: () => setAsking(true) },
			]} target={<IconButton icon="dots" label={t('contact.menu')} />} />
			<Suspense fallback={null}>{asking && <Trash person={person} drop={drop} onClose={() => setAsking(false)} />}</Suspense>
		</>
	);
}
