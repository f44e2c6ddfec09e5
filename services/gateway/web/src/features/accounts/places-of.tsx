/* The places of a company: each with its type, address and map; made, changed and taken away by whoever may edit. */
import { lazy, Suspense, useState } from 'react';
import type { Id } from '../../api/types';
import { problemText } from '../../app/problems';
import { useScope } from '../../app/scope';
import { sayValue, useT } from '../../i18n';
import { Skeleton } from '../../ui/bits';
import { IconButton } from '../../ui/button';
import { Icon } from '../../ui/icons';
import { Menu } from '../../ui/menu';
import { Fault } from '../../ui/page';
import { type Place, removePlace, usePlacesOf } from './places';
import '../../ui/page.css';

const PlaceForm = lazy(() => import('./place-form').then((module) => ({ default: module.PlaceForm })));

interface Of { id: Id; workspace_id: Id; name: string }

/* a button that adds one, for the head of whatever holds the list, and the dialog it opens */
export function usePlaceForm(account: Of): { add(): void; edit(one: Place): void; form: React.ReactNode } {
	const [open, setOpen] = useState<{ one: Place | null; key: number } | null>(null);
	const show = (one: Place | null) => setOpen((last) => ({ one, key: (last?.key ?? 0) + 1 }));
	return { add: () => show(null), edit: show, form: open && <Suspense fallback={null}><PlaceForm key={open.key} account={account} place={open.one} onClose={() => setOpen((now) => (now === open ? null : now))} /></Suspense> };
}

export function PlaceList({ account, onEdit }: { account: Of; onEdit(one: Place): void }) {
	const t = useT();
	const { mayEdit } = useScope();
	const { data, error } = usePlacesOf(account.id);
	const may = mayEdit(account.workspace_id);
	if (error && !data)
		return <Fault>{problemText(error)}</Fault>;
	if (!data)
		return <Skeleton h={44} />;
	if (!data.length)
		return <p className="muted">{t('place.none')}</p>;
	return (
		<ul className="rows">{data.map((one) => (
			<li key={one.id}>
				<span className="row-icon"><Icon name="pin" size={18} /></span>
				<span className="row-text"><b>{one.name}<span className="tag">{sayValue('place_type', one.type)}</span></b>{one.address && <span className="muted prewrap">{one.address}</span>}</span>
				{one.map_url && <a className="icon-btn" href={one.map_url} target="_blank" rel="noreferrer" title={t('place.map')} aria-label={t('place.map_of', { name: one.name })}><Icon name="external" size={18} /></a>}
				{may && <Menu label={t('place.menu', { name: one.name })} align="end" width={200} entries={[
					{ key: 'edit', icon: 'pencil', label: t('users.edit'), onSelect: () => onEdit(one) },
					{ key: 'remove', icon: 'trash', label: t('place.remove'), onSelect: () => void removePlace(one) },
				]} target={<IconButton icon="dots" label={t('place.menu', { name: one.name })} />} />}
			</li>
		))}</ul>
	);
}
