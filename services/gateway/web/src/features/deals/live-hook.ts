/* Hears the stream for the board and the open panel; what an event does to them comes with its own chunk, so that no page waits for it. Events
   keep their order, and where the chunk does not come all is read anew. */
import { useEffect } from 'react';
import { onLive } from '../../api/live';
import { queryClient } from '../../api/queries';
import type { NameOf } from './live-board';

const rules = () => import('./live-board');

export function useLiveBoard(workspace: string | null, nameOf: NameOf, onBye: () => void): void {
	useEffect(() => onLive((note) => {
		switch (note.kind) {
		case 'event':
			rules().then(({ applyEvent }) => applyEvent(note.event, nameOf, workspace)).catch(() => { void queryClient.invalidateQueries(); });
			break;
		case 'reset':
			void queryClient.invalidateQueries();
			break;
		case 'bye':
			onBye();
			break;
		}
	}), [workspace, nameOf, onBye]);
}
