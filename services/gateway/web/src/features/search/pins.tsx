/* Records that a person keeps at hand: only which, on the server, the same on every device; what they are called is asked when they are
   shown. One list for each workspace looked at, and one for all of them. */
import { useQuery } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo } from 'react';
import { api, query } from '../../api/client';
import { onLive } from '../../api/live';
import { queryClient } from '../../api/queries';
import type { Id } from '../../api/types';
import { problemText } from '../../app/problems';
import { useScope } from '../../app/scope';
import { useT } from '../../i18n';
import { IconButton } from '../../ui/button';
import { toast } from '../../ui/toast';
import type { RecordType } from './find';

export interface Pin { type: RecordType; id: Id }
interface Preference { place: string; content: { records?: Pin[] }; version: number }
const PLACE = 'pins';
const MOST = 30;
let writing: Promise<void> = Promise.resolve();
const KIND = { prospect: 'opportunity', client: 'account', contact: 'contact', lead: 'lead' } as const satisfies Record<RecordType, string>;

export function usePins(): { pins: Pin[]; ready: boolean; toggle(pin: Pin): Promise<void> } {
	const { reads } = useScope();
	const { data } = useQuery({
		queryKey: ['prefs', reads ?? ''],
		queryFn: async ({ signal }) => (await api<{ data: Preference[] }>('GET', `/api/me/prefs${query({ workspace: reads })}`, { signal })).data,
		staleTime: 5 * 60_000,
	});
	useEffect(() => onLive((note) => {
		if (note.kind === 'event' && note.event.type === 'prefs.changed' && note.event.data.place === PLACE)
			void writing.then(() => queryClient.invalidateQueries({ queryKey: ['prefs'] }));
	}), []);
	const pins = useMemo(() => data?.find((one) => one.place === PLACE)?.content.records ?? [], [data]);
	const toggle = useCallback(async (pin: Pin) => {
		const key = ['prefs', reads ?? ''];
		const kept = () => queryClient.getQueryData<Preference[]>(key);
		if (!kept())
			return; /* the list is written whole: of one that was not read nothing may be lost */
		await queryClient.cancelQueries({ queryKey: key });
		/* what stands there now, with what was asked a moment ago and is still being written */
		queryClient.setQueryData<Preference[]>(key, (all) => {
			const was = all?.find((one) => one.place === PLACE);
			const before = was?.content.records ?? [];
			const there = before.some((one) => one.id === pin.id && one.type === pin.type);
			const records = there ? before.filter((one) => one.id !== pin.id || one.type !== pin.type) : [pin, ...before].slice(0, MOST);
			return [...(all ?? []).filter((one) => one.place !== PLACE), { place: PLACE, version: was?.version ?? 0, content: { records } }];
		});
		/* one write after the other, each of the whole list as it is by then */
		writing = writing.then(async () => {
			const records = kept()?.find((one) => one.place === PLACE)?.content.records ?? [];
			try {
				await api('PUT', `/api/me/prefs${query({ workspace: reads })}`, { body: { place: PLACE, content: { records } } });
			} catch (reason) {
				toast.error(problemText(reason));
			}
		});
		const mine = writing;
		await mine;
		if (mine === writing)
			await queryClient.invalidateQueries({ queryKey: ['prefs'] });
	}, [reads]);
	return { pins, ready: data !== undefined, toggle };
}

/* what they are called now, those that are still there for this person */
export function usePinned(): Array<Pin & { title: string; number: number | null }> {
	const { pins } = usePins();
	const of = pins.map((pin) => `${KIND[pin.type]}:${pin.id}`).join(',');
	const { data } = useQuery({
		queryKey: ['pinned', of],
		queryFn: async ({ signal }) => (await api<{ data: Array<{ id: Id; number: number | null; label: string | null; visible: boolean }> }>('GET', `/api/crm/mentions${query({ of })}`, { signal })).data,
		enabled: of !== '',
		staleTime: 30_000,
	});
	return useMemo(() => pins.flatMap((pin) => {
		const told = data?.find((one) => one.id === pin.id && one.visible && one.label);
		return told?.label ? [{ ...pin, title: told.label, number: told.number }] : [];
	}), [pins, data]);
}

export function PinButton({ type, id }: Pin) {
	const t = useT();
	const { pins, ready, toggle } = usePins();
	const pinned = pins.some((one) => one.id === id && one.type === type);
	return <IconButton icon={pinned ? 'star-on' : 'star'} label={t('pins.keep')} aria-pressed={pinned} disabled={!ready} onClick={() => void toggle({ type, id })} />;
}
