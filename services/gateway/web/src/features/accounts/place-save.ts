/* What a place of a company may be, and how one is written. Apart from the list: whoever only looks does not fetch it. */
import { api, query } from '../../api/client';
import { queryClient } from '../../api/queries';
import type { Id, Written } from '../../api/types';
import type { Place, PlaceType } from './places';

export const PLACE_TYPES: readonly PlaceType[] = ['office', 'warehouse', 'branch', 'headquarters', 'distribution_center'];

/* characters as people count them, not what a machine keeps them in */
export const NAME_MOST = 50;
export const tooLong = (name: string): boolean => [...name.trim()].length > NAME_MOST;

export const placesChanged = (account: Id): Promise<void> => queryClient.invalidateQueries({ queryKey: ['locations', account] });

/* a new one of the account, or what changed of one by the version that was seen; version null: whatever it is by now */
export async function savePlace(was: Place | null, account: { id: Id; workspace_id: Id }, body: Record<string, unknown>, version: number | null): Promise<void> {
	await (was
		? api<Written>('PUT', `/api/crm/locations/${was.id}`, { body: { ...body, ...(version === null ? {} : { version }) } })
		: api<Written>('POST', `/api/crm/locations${query({ workspace: account.workspace_id })}`, { body: { ...body, account_id: account.id } }));
	await placesChanged(account.id);
}
