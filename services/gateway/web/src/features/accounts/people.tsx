/* Who looks after a company: its owner and whoever has a role, each with the menu that names another one. What a client has as owner stays. */
import { useItems } from '../../api/boards';
import { useMembers } from '../../api/queries';
import type { Id } from '../../api/types';
import { problemText } from '../../app/problems';
import { useScope } from '../../app/scope';
import { labelOf, useLanguage, useT } from '../../i18n';
import { Avatar, photoOf } from '../../ui/bits';
import { Icon } from '../../ui/icons';
import { Menu } from '../../ui/menu';
import { toast } from '../../ui/toast';
import { OwnerMenu } from '../deals/owner-menu';
import { type Account, accountsChanged, assign, saveAccount } from './model';
import { rolesOf } from './roles';

const useSlug = (workspace: Id) => useScope().me.workspaces.find((one) => one.id === workspace)?.slug ?? null;

/* the rows of the facts of an account that say who */
export function usePeople(account: Account): Array<{ key: string; label: string; value: React.ReactNode }> {
	const t = useT();
	const language = useLanguage();
	const { data: items } = useItems(useSlug(account.workspace_id));
	const change = async (role: string, user: Id | null) => {
		try {
			await assign(account, role, user);
			toast.ok(t('account.saved'));
		} catch (fault) {
			toast.error(t('deal.not_saved'), problemText(fault));
			await accountsChanged();
		}
	};
	return [
		{ key: 'owner', label: t('field.owner'), value: <OwnerMenu workspaceId={account.workspace_id} ownerId={account.owner_id} fixed={account.lifecycle === 'client'} onChoose={(id) => void change('executive', id)} /> },
		...rolesOf(items ?? []).map((role) => {
			const label = labelOf(role.label, language, role.key);
			return { key: `role.${role.key}`, label, value: <RoleMenu account={account} label={t('account.role_choose', { role: label })} user={account.assignments[role.key] ?? null} onChoose={(id) => void change(role.key, id)} /> };
		}),
	];
}

function RoleMenu({ account, label, user, onChoose }: { account: Account; label: string; user: Id | null; onChoose(id: Id | null): void }) {
	const t = useT();
	const { mayEdit } = useScope();
	const { data: members = [] } = useMembers(useSlug(account.workspace_id));
	const has = members.find((one) => one.id === user);
	const who = has ? <><Avatar name={has.name} photo={photoOf(has)} /><span className="cut">{has.name}</span></> : <span className="muted">{t('deal.owner_none')}</span>;
	if (!mayEdit(account.workspace_id))
		return <span className="person">{who}</span>;
	return (
		<Menu label={label} width={240} entries={[
			...members.filter((one) => one.active || one.id === user).map((one) => ({ key: one.id, lead: <Avatar name={one.name} photo={photoOf(one)} />, label: one.name, checked: one.id === user, onSelect: () => onChoose(one.id) })),
			...(user ? [{ key: 'line', kind: 'divider' as const }, { key: 'none', icon: 'x' as const, label: t('account.role_nobody'), onSelect: () => onChoose(null) }] : []),
		]} target={<button type="button" className="owner-button" title={label}>{who}<span className="hidden-text">{label}</span><Icon name="pencil" size={14} /></button>} />
	);
}

/* how far it has been set up; where the workspace keeps no such list nothing is asked */
export function Onboarding({ account }: { account: Account }) {
	const t = useT();
	const language = useLanguage();
	const { mayEdit } = useScope();
	const { data: items } = useItems(useSlug(account.workspace_id));
	const states = (items ?? []).filter((one) => one.catalogue === 'onboarding_status').sort((a, b) => a.position - b.position);
	const now = states.find((one) => one.key === account.onboarding_status);
	const face = now ? labelOf(now.label, language, now.key) : account.onboarding_status ?? t('timeline.nothing');
	const put = async (key: string | null) => {
		try {
			await saveAccount(account, null, { onboarding_status: key });
			toast.ok(t('account.saved'));
		} catch (fault) {
			toast.error(t('deal.not_saved'), problemText(fault));
			await accountsChanged();
		}
	};
	if (!mayEdit(account.workspace_id) || !states.length)
		return <span className={now ? '' : 'muted'}>{face}</span>;
	return (
		<Menu label={t('account.onboarding_choose')} width={220} entries={[
			...states.filter((one) => !one.retired || one.key === account.onboarding_status).map((one) => ({ key: one.key, label: labelOf(one.label, language, one.key), checked: one.key === account.onboarding_status, onSelect: () => void put(one.key) })),
			...(account.onboarding_status ? [{ key: 'line', kind: 'divider' as const }, { key: 'none', icon: 'x' as const, label: t('timeline.nothing'), onSelect: () => void put(null) }] : []),
		]} target={<button type="button" className="owner-button" title={t('account.onboarding_choose')}><span className={now ? 'cut' : 'muted'}>{face}</span><span className="hidden-text">{t('account.onboarding_choose')}</span><Icon name="pencil" size={14} /></button>} />
	);
}
