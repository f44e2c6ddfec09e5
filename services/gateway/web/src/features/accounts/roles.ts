/* Who looks after a company beside its owner: the workspace's own list of roles, or the two that everybody has. */
import type { Item } from '../../api/boards';
import type { Label } from '../../api/types';

export interface Role { key: string; label: Label }

const FIRST: readonly Role[] = [{ key: 'kae', label: { en: 'KAE', nl: 'KAE' } }, { key: 'csr', label: { en: 'CSR', nl: 'CSR' } }];

/* the executive is the owner, who is shown as such */
export function rolesOf(items: readonly Item[]): Role[] {
	const listed = items.filter((one) => one.catalogue === 'account_role');
	const own = listed.filter((one) => !one.retired && one.key !== 'executive').sort((a, b) => a.position - b.position);
	return listed.length ? own.filter((one, at) => own.findIndex((other) => other.key === one.key) === at) : [...FIRST];
}
