/* After a change of oneself: who is here is read anew, and what others are called where it shows. */
import { useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { keys } from '../../api/queries';

export function useMeChanged(): () => Promise<void> {
	const client = useQueryClient();
	return useCallback(async () => {
		void client.invalidateQueries({ queryKey: ['members'] });
		void client.invalidateQueries({ queryKey: ['sessions'] });
		await client.invalidateQueries({ queryKey: keys.me });
	}, [client]);
}
