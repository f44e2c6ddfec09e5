/* The stream's events on the board, in the orders they really come in. */
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { CrmEvent, Pipeline } from '../../src/api/types';

/* the browser's parts that modules beside the board touch when they are loaded */
vi.stubGlobal('window', { matchMedia: () => ({ matches: false, addEventListener: () => undefined }) });
vi.stubGlobal('document', { documentElement: { lang: 'en', setAttribute: () => undefined } });
vi.stubGlobal('addEventListener', () => undefined);
vi.stubGlobal('fetch', () => Promise.reject(new Error('no network here')));
const { applyEvent } = await import('../../src/features/deals/live-board');
const { board } = await import('../../src/features/deals/store');
const { queryClient } = await import('../../src/api/queries');

const stage = (id: string) => ({ id, key: id, kind: 'open' as const, label: {}, probability: 0, colour: 'grey', position: 1, qualified: false, count: 0, sums: [], cards: [], next: null });
const pipeline: Pipeline = { workspace_id: 'w', id: 'p', key: 'sales', label: {}, kind: 'sales', move_mode: 'instant', stages: [stage('new'), stage('won')] };
const around = { id: 'e', source: 'pipeline', time: '2026-11-21T10:00:00Z', workspace: 'w', lane: 0, sequence: '1' };
const created = (id: string, lead: string): CrmEvent => ({ ...around, type: 'deal.created', data: { deal_id: id, number: 1, lead_id: lead, stage_id: 'new', title: id } });
const linked = (lead: string): CrmEvent => ({ ...around, source: 'contacts', type: 'lead.contact_linked', data: { lead_id: lead, contact_id: 'c', name: 'Piet de Vries', made: true } });
const hear = (event: CrmEvent) => applyEvent(event, () => null, null);

beforeEach(() => {
	vi.useFakeTimers();
	board.load('w', [pipeline]);
});

describe('live events', () => {
	it('join deal and contact whichever comes first', () => {
		hear(created('d1', 'l1'));
		hear(linked('l1'));
		hear(linked('l2'));
		hear(created('d2', 'l2'));
		expect(board.card('d1')).toMatchObject({ contact_id: 'c', contact_name: 'Piet de Vries' });
		expect(board.card('d2')).toMatchObject({ contact_id: 'c', contact_name: 'Piet de Vries' });
	});
	it('count a deal once though it is told twice', () => {
		hear(created('d1', 'l1'));
		hear(created('d1', 'l1'));
		expect(board.total('new').count).toBe(1);
	});
	it('move a card forward in versions only', () => {
		const moved = (version: number, to: string, from: string): CrmEvent => ({ ...around, type: 'deal.stage_changed', data: { deal_id: 'd1', from_id: from, to_id: to, closed: false, version } });
		hear(created('d1', 'l1'));
		hear(moved(3, 'won', 'new'));
		hear(moved(2, 'new', 'won'));
		expect(board.card('d1')).toMatchObject({ stage_id: 'won', version: 3 });
		expect(board.total('won').count).toBe(1);
		expect(board.total('new').count).toBe(0);
	});
	it('take the value from a change, and take it away', () => {
		const changed = (version: number, value: { amount: string; currency: string } | null): CrmEvent => ({ ...around, type: 'deal.updated', data: { deal_id: 'd1', version, title: 'd1', value, changes: [] } });
		hear(created('d1', 'l1'));
		hear(changed(2, { amount: '1815.00', currency: 'EUR' }));
		expect(board.total('new').sums).toEqual([{ currency: 'EUR', amount: '1815.00' }]);
		hear(changed(3, null));
		expect(board.total('new').sums).toEqual([]);
	});
	it('of mail and money read the story of whom they are about, many of them once', () => {
		const told = vi.spyOn(queryClient, 'invalidateQueries');
		const mail = { ...around, source: 'mailer', type: 'mail.received', data: { mail_id: 'm', deal_id: 'd1', contact_id: 'c1', owner_id: 'u' } } as unknown as CrmEvent;
		const paid = { ...around, source: 'billing', type: 'invoice.paid', data: { document_id: 'i', deal_id: 'd1', account_id: 'a1' } } as unknown as CrmEvent;
		const stories = () => told.mock.calls.filter(([asked]) => asked?.queryKey?.[0] === 'timeline').map(([asked]) => asked?.queryKey?.[1]);
		for (let n = 0; n < 20; n++)
			hear(mail);
		hear(paid);
		expect(stories()).toEqual([]);
		vi.advanceTimersByTime(400);
		expect(stories()).toEqual(['d1', 'c1', 'a1']);
		vi.advanceTimersByTime(5000);
		told.mockRestore();
	});
	it('of people and companies gone or back, merged, tagged read the lists, many of them once', () => {
		const told = vi.spyOn(queryClient, 'invalidateQueries');
		const contact = (type: 'contact.trashed' | 'contact.restored') => hear({ ...around, source: 'contacts', type, data: { contact_id: 'c', version: 2, name: 'Piet' } } as CrmEvent);
		const times = (key: string) => told.mock.calls.filter(([asked]) => asked?.queryKey?.length === 1 && asked.queryKey[0] === key).length;
		contact('contact.trashed');
		contact('contact.restored');
		hear({ ...around, source: 'contacts', type: 'contact.merged', data: { survivor_id: 'c', loser_id: 'd', merge_id: 'm', name: 'Piet' } } as CrmEvent);
		hear({ ...around, source: 'contacts', type: 'record.tagged', data: { record_id: 'a', about: 'account', tags: [] } } as CrmEvent);
		for (let n = 0; n < 50; n++)
			hear({ ...around, source: 'contacts', type: 'account.trashed', data: { account_id: 'a', version: 2, name: 'Acme' } } as CrmEvent);
		vi.advanceTimersByTime(400);
		expect([times('trash'), times('accounts'), times('deal')]).toEqual([1, 1, 1]);
		expect(times('contacts')).toBe(2); /* of people, and of the companies they name */
		expect(told.mock.calls.filter(([asked]) => asked?.queryKey?.[0] === 'contact').map(([asked]) => asked?.queryKey?.[1])).toEqual(['c', 'c', 'c', 'd']);
		told.mockRestore();
	});
	it('leave alone what stands on another board', () => {
		hear({ ...created('d9', 'l9'), data: { deal_id: 'd9', number: 9, stage_id: 'elsewhere', title: 'd9' } } as CrmEvent);
		expect(board.card('d9')).toBeUndefined();
	});
});
