/* How mails are read, and read again when something becomes of them. Knows no page. */
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { api, query } from '../../api/client';
import { onLive, useLiveState } from '../../api/live';
import { queryClient } from '../../api/queries';
import type { Id, Page } from '../../api/types';
import { isFinal, type MailAbout, type MailOne, type MailRow, type Said, type ThreadRow, type ThreadState } from './model';

export const MAILS = ['mails'] as const;

export function useMails(about: MailAbout | { kind: 'thread'; id: Id }) {
	const asked = { [`${about.kind}_id`]: about.id, limit: 50 };
	return useInfiniteQuery({
		queryKey: [...MAILS, about.kind, about.id],
		queryFn: ({ pageParam, signal }) => api<Page<MailRow>>('GET', `/api/crm/mails${query({ ...asked, after: pageParam })}`, { signal }),
		initialPageParam: null as string | null,
		getNextPageParam: (page) => page.next,
	});
}

const one = (id: Id | null) => ({ queryKey: [...MAILS, 'one', id], queryFn: ({ signal }: { signal: AbortSignal }) => api<MailOne>('GET', `/api/crm/mails/${id ?? ''}`, { signal }) });

/* the whole of it, once */
export const readMail = (id: Id): Promise<MailOne> => queryClient.fetchQuery({ ...one(id), staleTime: 60_000 });

/* `watched`: asked again each second until it is known what became of it */
export function useMail(id: Id | null, watched = false) {
	return useQuery({
		...one(id),
		enabled: id !== null,
		...(watched ? { refetchInterval: (asked: { state: { data?: MailOne | undefined } }) => (asked.state.data && isFinal(asked.state.data.state) ? false : 1000) } : {}),
	});
}

export const mailsChanged = (): Promise<void> => queryClient.invalidateQueries({ queryKey: MAILS });

/* while a page shows them: what providers say of them now */
export function useLiveMails(): void {
	const state = useLiveState();
	const was = useRef(state);
	/* they were read before the stream stood: what was said in between is not known */
	useEffect(() => {
		if (state === 'open' && was.current !== 'open')
			void mailsChanged();
		was.current = state;
	}, [state]);
	useEffect(() => {
		let timer: ReturnType<typeof setTimeout> | null = null;
		const stop = onLive((note) => {
			if (note.kind === 'reset' || (note.kind === 'event' && note.event.type.startsWith('mail.')))
				timer ??= setTimeout(() => {
					timer = null;
					void mailsChanged();
				}, 250);
		});
		return () => {
			stop();
			if (timer)
				clearTimeout(timer);
		};
	}, []);
}

/* ---- conversations ---- */

export function useThreads(workspace: string, state: ThreadState, owner: Id | null) {
	return useInfiniteQuery({
		queryKey: [...MAILS, 'threads', workspace, state, owner],
		queryFn: ({ pageParam, signal }) => api<Page<ThreadRow>>('GET', `/api/crm/conversations${query({ workspace, state, owner, after: pageParam })}`, { signal }),
		initialPageParam: null as string | null,
		getNextPageParam: (page) => page.next,
	});
}

export const useThread = (id: Id) => useQuery({ queryKey: [...MAILS, 'conversation', id], queryFn: ({ signal }) => api<ThreadRow>('GET', `/api/crm/conversations/${id}`, { signal }) });

/* what was said in a conversation, or with a contact: the page that is read first is the last of it */
export function useSaid(of: { kind: 'thread' | 'contact'; id: Id }) {
	const path = of.kind === 'thread' ? `/api/crm/conversations/${of.id}/entries` : `/api/crm/contacts/${of.id}/conversation`;
	return useInfiniteQuery({
		queryKey: [...MAILS, 'said', of.kind, of.id],
		queryFn: ({ pageParam, signal }) => api<Page<Said>>('GET', `${path}${query({ after: pageParam })}`, { signal }),
		initialPageParam: null as string | null,
		getNextPageParam: (page) => page.next,
	});
}

interface Counts { data: Array<{ workspace_id: Id; unmatched: number; open: number }> }

/* how much waits in what is looked at; each workspace says 100 at most */
export function useMailCounts(reads: string | null, enabled: boolean): { unmatched: number; open: number } | undefined {
	return useQuery({
		queryKey: [...MAILS, 'counts', reads], enabled, staleTime: 60_000,
		queryFn: ({ signal }) => api<Counts>('GET', `/api/crm/mail/counts${query({ workspace: reads })}`, { signal }),
		select: ({ data }) => ({ unmatched: data.reduce((sum, one) => sum + one.unmatched, 0), open: data.reduce((sum, one) => sum + one.open, 0) }),
	}).data;
}
