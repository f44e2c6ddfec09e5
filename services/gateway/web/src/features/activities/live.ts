/* What the stream says of activities, brought to the lists that show them: read anew a moment later, at most three times a second. */
import { useEffect } from 'react';
import { onLive } from '../../api/live';
import { keys, queryClient } from '../../api/queries';
import { ACTIVITIES, TAGS, tagsOf } from './model';

let timer: ReturnType<typeof setTimeout> | null = null;
const records = new Set<string>();

function soon(record: string | undefined): void {
	if (record)
		records.add(record);
	timer ??= setTimeout(() => {
		timer = null;
		void queryClient.invalidateQueries({ queryKey: ACTIVITIES });
		for (const id of records) {
			void queryClient.invalidateQueries({ queryKey: keys.timeline(id) });
			void queryClient.invalidateQueries({ queryKey: keys.deal(id) });
		}
		records.clear();
	}, 330);
}

export function useLiveActivities(): void {
	useEffect(() => onLive((note) => {
		if (note.kind !== 'event')
			return;
		const type: string = note.event.type;
		const data = note.event.data as Record<string, unknown>;
		const record = data['record_id'] ?? data['deal_id'];
		if (/^(activity|reminder)\.|^deal\.followed_up$/.test(type))
			soon(typeof record === 'string' ? record : undefined);
		else if (type === 'tag.changed') {
			void queryClient.invalidateQueries({ queryKey: TAGS });
			void queryClient.invalidateQueries({ queryKey: ['tags of'] });
		}
		else if (note.event.type === 'record.tagged') {
			queryClient.setQueryData(tagsOf(note.event.data.record_id), note.event.data.tags);
			soon(note.event.data.record_id);
		}
	}), []);
}
