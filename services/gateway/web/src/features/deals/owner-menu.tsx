/* Whose a record is, and the menu that hands it over to one of its executives.
   Never offered to who may not, nor for what a client has. */
import { useMembers } from '../../api/queries';
import type { Id } from '../../api/types';
import { useScope } from '../../app/scope';
import { useT } from '../../i18n';
import { Avatar, photoOf } from '../../ui/bits';
import { Icon } from '../../ui/icons';
import { Menu } from '../../ui/menu';
import { executives } from './executives';

/* handing over is a right of its own */
export function useMayHandOver(workspace: Id | null | undefined): boolean {
	const { me } = useScope();
	return me.agency.admin || me.workspaces.some((one) => (one.id === workspace || one.slug === workspace) && one.permissions.includes('crm-edit-salesman-prospect'));
}

export function OwnerMenu({ workspaceId, ownerId, fixed, onChoose }: { workspaceId: Id; ownerId: Id | null; fixed?: boolean; onChoose(id: Id): void }) {
	const t = useT();
	const { slug, me } = useScope();
	const { data: members = [] } = useMembers(slug ?? me.workspaces.find((one) => one.id === workspaceId)?.slug ?? null);
	const may = useMayHandOver(workspaceId);
	const owner = members.find((member) => member.id === ownerId);
	const who = owner ? <><Avatar name={owner.name} photo={photoOf(owner)} /><span className="cut">{owner.name}</span></> : <span className="muted">{t('deal.owner_none')}</span>;
	if (!may || fixed)
		return <span className="person">{who}</span>;
	return (
		<Menu label={t('deal.owner_choose')} width={240} entries={executives(members, ownerId).map((member) => ({
			key: member.id, lead: <Avatar name={member.name} photo={photoOf(member)} />, label: member.name, checked: member.id === ownerId, onSelect: () => onChoose(member.id),
		}))} target={<button type="button" className="owner-button" title={t('deal.owner_choose')}>{who}<span className="hidden-text">{t('deal.owner_choose')}</span><Icon name="pencil" size={14} /></button>} />
	);
}
