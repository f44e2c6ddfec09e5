/* What the stream says of activities, brought to the lists that show them: read anew a moment later, at most three times a second. */
import { useEffect, useRef } from 'react';
import { api } from '../../api/client';
import { onLive } from '../../api/live';
import { keys, queryClient } from '../../api/queries';
import type { Card, Id } from '../../api/types';
import { say, sayValue } from '../../i18n';
import { toast } from '../../ui/toast';
import { board } from '../deals/store';
import { ACTIVITIES, TAGS, tagsOf } from './model';

let timer: ReturnType<typeof setTimeout> | null = null;
const records = new Set<string>();

/* what the card says of it follows by the services' own way, a moment later */
function cards(ids: string[]): void {
	for (const id of ids.filter((one) => board.card(one)).slice(0, 20))
		api<Card>('GET', `/api/crm/deals/${id}`).then(({ next_at = null, next_kind = null, notes_count = 0, days_without_contact = 0, tags = [] }) => {
			board.patch(id, { next_at, next_kind, notes_count, days_without_contact, tags });
		}).catch(() => undefined);
}

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
		const seen = [...records];
		records.clear();
		setTimeout(() => cards(seen), 800);
	}, 330);
}

/* `open` leads to the record that a reminder is about */
export function useLiveActivities(user: Id, open: (about: string, id: Id) => void): void {
	const latest = useRef(open);
	latest.current = open;
	useEffect(() => onLive((note) => {
		if (note.kind !== 'event')
			return;
		if (note.event.type === 'reminder.due' && note.event.data.assignee_id === user) {
			const { subject, kind, about, record_id: id } = note.event.data;
			toast.ok(say('activity.rings', { name: subject ?? sayValue('kind', kind) }), { label: say('steps.open'), run: () => latest.current(about, id) });
		}
		const type: string = note.event.type;
		const data = note.event.data as Record<string, unknown>;
		const record = data['record_id'] ?? data['deal_id'];
		if (type.startsWith('file.'))
			void queryClient.invalidateQueries({ queryKey: ['files'] });
		if (/^(activity|reminder|file)\.|^deal\.followed_up$/.test(type))
			soon(typeof record === 'string' ? record : undefined);
		else if (type === 'deal.trashed' || type === 'deal.restored') {
			soon(undefined);
			setTimeout(() => soon(undefined), 900); /* who keeps the tasks hears of it a moment later */
		}
		else if (type === 'tag.changed') {
			void queryClient.invalidateQueries({ queryKey: TAGS });
			void queryClient.invalidateQueries({ queryKey: ['tags of'] });
		}
		else if (note.event.type === 'record.tagged') {
			const queryKey = tagsOf(note.event.data.record_id);
			/* a read that is under way may be older than this, and would end after it */
			if (queryClient.isFetching({ queryKey }))
				void queryClient.invalidateQueries({ queryKey });
			queryClient.setQueryData(queryKey, note.event.data.tags);
			soon(note.event.data.record_id);
		}
	}), [user]);
}
