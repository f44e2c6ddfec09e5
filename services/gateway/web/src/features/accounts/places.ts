/* The places of a company as the API tells them, and taken away and put back. Knows no page. */
import { useQuery } from '@tanstack/react-query';
import { api, query } from '../../api/client';
import { queryClient } from '../../api/queries';
import type { Id, Page } from '../../api/types';
import { problemText } from '../../app/problems';
import { say } from '../../i18n';
import { toast } from '../../ui/toast';

export type PlaceType = 'office' | 'warehouse' | 'branch' | 'headquarters' | 'distribution_center';
export interface Place { id: Id; workspace_id: Id; account_id: Id; name: string; type: PlaceType; address: string | null; map_url: string | null; version: number; created_at: string }

export const usePlacesOf = (account: Id) => useQuery({
	queryKey: ['locations', account],
	queryFn: async ({ signal }) => (await api<Page<Place>>('GET', `/api/crm/locations${query({ account_id: account })}`, { signal })).data,
});

const changed = (account: Id): Promise<void> => queryClient.invalidateQueries({ queryKey: ['locations', account] });

export async function removePlace(one: Place): Promise<void> {
	const at = `/api/crm/locations/${one.id}`;
	try {
		await api('DELETE', at);
		await changed(one.account_id);
		toast.ok(say('place.removed', { name: one.name }), { label: say('common.undo'), hotkey: 'Z', run: () => {
			api('POST', `${at}/restore`, { body: {} }).then(() => changed(one.account_id), (fault) => toast.error(say('place.failed'), problemText(fault)));
		} });
	} catch (fault) {
		toast.error(say('place.failed'), problemText(fault));
	}
}
