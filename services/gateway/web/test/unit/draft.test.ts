/* A draft while it is written: what is sent of it, that nothing is lost between two writes, that nobody is written over, and steps back. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

/* the browser's parts that modules touch when they are loaded */
vi.stubGlobal('window', { matchMedia: () => ({ matches: false, addEventListener: () => undefined }) });
vi.stubGlobal('document', { documentElement: { lang: 'en', setAttribute: () => undefined } });
vi.stubGlobal('addEventListener', () => undefined);
const { Problem } = await import('../../src/api/client');
const { changesOf, DocDraft, lineKey, reckon, rowOf, wordsOf } = await import('../../src/features/documents/draft');
const { pastedLines } = await import('../../src/features/documents/paste');
const { itemsFor, lineOfItem } = await import('../../src/features/documents/lines');
const { daysOf, nextStep, quoteLeft, shownState } = await import('../../src/features/documents/model');
type Doc = import('../../src/features/documents/model').Doc;

const euro = (amount: string) => ({ amount, currency: 'EUR' });
const doc = (more: Partial<Doc> = {}): Doc => ({
	id: 'd', workspace_id: 'w', kind: 'quote', state: 'draft', version: 1, number: 'OFF-2026-001', revision: 1, title: null, name: 'Bakkerij Jansen', deal: null, contact: null, account: null, owner: null, language: 'nl', currency: 'EUR', issued: null, due: null,
	gross: euro('1815.00'), payable: euro('1815.00'), open: null, overdue: false, deal_id: null, contact_id: null, account_id: null, owner_id: null, sent_at: null, viewed_at: null, seen_at: null, accepted_at: null, declined_at: null, finalised_at: null, paid_at: null, reminded: 0, reminded_at: null, created_at: '2026-11-23T09:00:00Z', removed_at: null,
	mode: 'net', buyer: { name: 'Bakkerij Jansen' }, seller: null, intro: null, notes: null, supplied: null, buyer_reference: null, order_reference: null, lines: [{ name: 'Website', quantity: '1', price: '1500.00', category: 'standard', rate: '21', net: 150000 }],
	discount: null, discount_amount: null, discount_reason: null, prepaid: null, rounding: null, net: euro('1500.00'), vat: euro('315.00'), received: null, credited: null, groups: [], accepted_by: null, decline_reason: null, quote: null, original: null, invoices: [], credit_notes: [], order: null, payments: [], created_by: null, portal: null, ...more,
});

beforeEach(() => { vi.useFakeTimers(); });
afterEach(() => { vi.useRealTimers(); });

describe('what is sent', () => {
	it('is what changed, emptied fields as nothing, lines without what they come to', () => {
		const had = wordsOf(doc({ title: 'Site' }));
		const words = { ...had, title: '', lines: [{ ...had.lines[0], key: lineKey(), price: '1600' }, { key: lineKey(), kind: 'item' as const, name: '', price: '', quantity: '1' }] };
		expect(changesOf(had, words)).toEqual({ title: null, lines: [{ name: 'Website', quantity: '1', price: '1600', category: 'standard', rate: '21' }] });
		expect(changesOf(had, had)).toEqual({});
	});
	it('counts the rows that were sent', () => {
		const blank = { key: 'a', name: '' }, line = { key: 'b', name: 'x', price: '1' };
		expect(rowOf([blank, line], '/lines/0/price')).toEqual({ key: 'b', field: 'price' });
		expect(rowOf([blank, line], '/title')).toBeNull();
	});
	it('comes to what the server says', () => expect(reckon(wordsOf(doc()))).toMatchObject({ gross: 181500n }));
});

describe('a draft', () => {
	const made = (save: (body: Record<string, unknown>) => Promise<{ version: number }>, read = () => Promise.resolve(doc({ version: 9, title: 'Theirs' }))) => new DocDraft(doc(), { save, read, ms: 100 });
	it('is saved a moment after the last key, once, by the version that was seen', async () => {
		const save = vi.fn().mockResolvedValue({ version: 2 });
		const draft = made(save);
		draft.set({ title: 'W' }, 'title');
		draft.set({ title: 'We' }, 'title');
		expect(draft.now().saving).toBe('changed');
		await vi.advanceTimersByTimeAsync(120);
		expect(save.mock.calls).toEqual([[{ title: 'We', version: 1 }]]);
		expect(draft.now()).toMatchObject({ saving: 'saved', version: 2 });
	});
	it('goes on with what was typed while it was being saved', async () => {
		let answer: (reply: { version: number }) => void = () => undefined;
		const save = vi.fn().mockImplementationOnce(() => new Promise((resolve) => { answer = resolve; })).mockResolvedValue({ version: 3 });
		const draft = made(save);
		draft.set({ title: 'A' }, 'title');
		await vi.advanceTimersByTimeAsync(120);
		draft.set({ title: 'AB' }, 'title');
		answer({ version: 2 });
		await vi.advanceTimersByTimeAsync(150);
		expect(save.mock.calls.map(([body]) => body)).toEqual([{ title: 'A', version: 1 }, { title: 'AB', version: 2 }]);
		expect(draft.now().saving).toBe('saved');
	});
	it('sends nothing that cannot be reckoned, and says where it is', async () => {
		const save = vi.fn();
		const draft = made(save);
		draft.set({ lines: [{ key: 'k', name: 'x', price: 'veel', rate: '21' }] }, 'price');
		await vi.advanceTimersByTimeAsync(120);
		expect(save).not.toHaveBeenCalled();
		expect(draft.now()).toMatchObject({ saving: 'wrong', wrong: [{ pointer: '/lines/0/price', code: 'malformed' }] });
		expect(await draft.save()).toBe(false);
	});
	it('never writes over somebody else: it asks, and takes either', async () => {
		const save = vi.fn().mockRejectedValueOnce(new Problem(409, 'document_changed', '', '')).mockResolvedValue({ version: 10 });
		const draft = made(save);
		draft.set({ title: 'Mine' }, 'title');
		await vi.advanceTimersByTimeAsync(120);
		expect(draft.now().saving).toBe('conflict');
		draft.set({ notes: 'more' }, 'notes');
		await vi.advanceTimersByTimeAsync(500);
		expect(save).toHaveBeenCalledTimes(1);
		await draft.mine();
		expect(save.mock.calls[1]?.[0]).toMatchObject({ title: 'Mine', notes: 'more', version: 9 });
		expect(draft.now()).toMatchObject({ saving: 'saved', version: 10 });
	});
	it('is tried again by itself when the connection failed, at once when there is one again, and kept until it is saved', async () => {
		const offline = new Problem(0, 'offline', '', '');
		const save = vi.fn().mockRejectedValueOnce(offline).mockRejectedValueOnce(offline).mockResolvedValue({ version: 2 });
		const keep = vi.fn();
		const draft = new DocDraft(doc(), { save, read: () => Promise.resolve(doc()), keep, ms: 100 });
		draft.set({ title: 'Mine' }, 'title');
		expect(keep.mock.lastCall?.[0]).toMatchObject({ version: 1, words: { title: 'Mine' } });
		await vi.advanceTimersByTimeAsync(120);
		expect(draft.now().saving).toBe('failed');
		await vi.advanceTimersByTimeAsync(2100);
		expect(save).toHaveBeenCalledTimes(2);
		draft.online();
		await vi.advanceTimersByTimeAsync(0);
		expect(draft.now()).toMatchObject({ saving: 'saved', version: 2 });
		expect(keep.mock.lastCall).toEqual([null]);
	});
	it('is not tried again where the server said no', async () => {
		const save = vi.fn().mockRejectedValue(new Problem(403, 'forbidden', '', ''));
		const draft = made(save);
		draft.set({ title: 'Mine' }, 'title');
		await vi.advanceTimersByTimeAsync(60_000);
		expect(save).toHaveBeenCalledTimes(1);
		expect(draft.now().saving).toBe('failed');
	});
	it('goes on with what another page could not save, and asks first where somebody wrote meanwhile', async () => {
		const save = vi.fn().mockResolvedValue({ version: 2 }), keep = vi.fn();
		const words = { ...wordsOf(doc()), title: 'Kept' };
		const page = (now: Doc) => new DocDraft(now, { save, read: () => Promise.resolve(now), keep, ms: 100 }, { version: 1, words });
		const draft = page(doc());
		expect(draft.now()).toMatchObject({ saving: 'changed', words: { title: 'Kept' }, undo: true });
		await vi.advanceTimersByTimeAsync(120);
		expect(save.mock.calls).toEqual([[{ title: 'Kept', version: 1 }]]);
		expect(draft.now().saving).toBe('saved');
		const met = page(doc({ version: 3, title: 'Theirs' }));
		expect(met.now()).toMatchObject({ saving: 'conflict', words: { title: 'Kept' } });
		met.set({ notes: 'more' }, 'notes');
		expect(keep.mock.lastCall?.[0]).toMatchObject({ version: 1 });
		await vi.advanceTimersByTimeAsync(500);
		expect(save).toHaveBeenCalledTimes(1);
		/* its answer was lost, and it was saved */
		expect(page(doc({ version: 2, title: 'Kept' })).now().saving).toBe('saved');
	});
	it('knows its own write whose answer was lost', async () => {
		const save = vi.fn().mockRejectedValue(new Problem(409, 'document_changed', '', ''));
		const draft = made(save, () => Promise.resolve(doc({ version: 2, title: 'Mine' })));
		draft.set({ title: 'Mine' }, 'title');
		await vi.advanceTimersByTimeAsync(120);
		expect(draft.now()).toMatchObject({ saving: 'saved', version: 2, words: { title: 'Mine' } });
	});
	it('takes what others wrote while nobody writes here; that too can be taken back', () => {
		const draft = made(vi.fn());
		draft.heard(doc({ version: 2, title: 'Theirs' }));
		expect(draft.now()).toMatchObject({ saving: 'saved', version: 2, words: { title: 'Theirs' }, undo: true });
		draft.heard(doc({ version: 1, title: 'Old' }));
		expect(draft.now().words.title).toBe('Theirs');
		draft.undo();
		expect(draft.now()).toMatchObject({ saving: 'changed', words: { title: '' } });
	});
	it('takes a step back for what was typed without a pause, and forward again', () => {
		const draft = made(vi.fn());
		draft.set({ title: 'a' }, 'title');
		draft.set({ title: 'ab' }, 'title');
		draft.set({ notes: 'n' }, 'notes');
		draft.undo();
		expect(draft.now().words).toMatchObject({ title: 'ab', notes: '' });
		draft.undo();
		expect(draft.now().words.title).toBe('');
		expect(draft.undo()).toBe(false);
		draft.redo();
		expect(draft.now().words.title).toBe('ab');
	});
});

describe('lines', () => {
	it('come out of a spreadsheet, with its head or without', () => {
		const tax = { category: 'standard' as const, rate: '21' };
		expect(pastedLines('Omschrijving\tAantal\tPrijs\nOntwerp\t8\t€ 95,00\nHosting\t12\t10,50\t9%', tax)).toEqual([
			{ kind: 'item', name: 'Ontwerp', quantity: '8', unit: 'piece', price: '95.00', ...tax }, { kind: 'item', name: 'Hosting', quantity: '12', unit: 'piece', price: '10.50', category: 'standard', rate: '9' },
		]);
		expect(pastedLines('Advies\tuur\t4\t1.250,00', tax)).toEqual([{ kind: 'item', name: 'Advies', quantity: '4', unit: 'hour', price: '1250.00', ...tax }]);
		expect(pastedLines('one line of words', tax)).toBeNull();
	});
	it('come out of the catalogue by code or words, at the price of the day, in the way prices are meant', () => {
		const item = { id: 'i', version: 1, code: 'WEB', name_nl: 'Website bouwen', name_en: null, description_nl: null, description_en: null, unit: 'piece' as const, prices: [{ price: '1400.00', rate: '21' }, { day: '2026-06-01', price: '1500.00', rate: '21' }] };
		expect(itemsFor([item], 'we', 'nl')).toEqual([item]);
		expect(itemsFor([item], 'bouwen web', 'nl')).toEqual([item]);
		expect(itemsFor([item], 'taart', 'nl')).toEqual([]);
		expect(itemsFor([item], '', 'nl')).toEqual([item]);
		const tax = { category: 'standard' as const, rate: '21' };
		expect(lineOfItem(item, 'nl', '2026-05-31', tax)).toMatchObject({ price: '1400.00', name: 'Website bouwen', code: 'WEB' });
		expect(lineOfItem(item, 'nl', '2026-11-23', tax, 'gross').price).toBe('1815');
		expect(lineOfItem(item, 'nl', '2026-11-23', { category: 'exempt', rate: '0' })).toMatchObject({ category: 'exempt', rate: '0', price: '1500.00' });
	});
});

describe('how far one is', () => {
	it('has one next step', () => {
		const step = (more: Partial<Doc>) => nextStep(doc(more));
		const sent = '2026-11-23T10:00:00Z';
		expect([step({}), step({ state: 'sent', sent_at: sent }), step({ state: 'accepted' }), step({ state: 'expired' }), step({ state: 'cancelled' })]).toEqual(['send', 'accept', 'invoice', 'revise', 'none']);
		expect(step({ state: 'accepted', invoices: [{ id: 'i', number: null, state: 'draft', total: euro('1815.00') }] })).toBe('open_invoice');
		expect(step({ state: 'accepted', invoices: [{ id: 'i', number: null, state: 'draft', total: euro('500.00') }] })).toBe('invoice');
		const invoice = { kind: 'invoice' as const, sent_at: sent };
		expect([step({ ...invoice, sent_at: null }), step({ ...invoice, state: 'sent', sent_at: null }), step({ ...invoice, state: 'sent' }), step({ ...invoice, state: 'sent', overdue: true }), step({ ...invoice, state: 'partly_paid', overdue: true, reminded: 3 }), step({ ...invoice, state: 'paid' })]).toEqual(['send', 'send', 'paid', 'remind', 'paid', 'none']);
		expect(step({ removed_at: sent })).toBe('none');
	});
	it('is said in one word, facts before states', () => {
		const said = (more: Partial<Doc>) => shownState(doc({ state: 'sent', sent_at: '2026-11-23T10:00:00Z', ...more }));
		expect([said({}), said({ viewed_at: 'x' }), said({ viewed_at: 'x', overdue: true }), said({ sent_at: null }), said({ state: 'paid', overdue: true })]).toEqual(['sent', 'viewed', 'overdue', 'final', 'paid']);
	});
	it('knows what of a quote no invoice asks for', () => {
		expect(quoteLeft(doc({ invoices: [{ id: 'i', number: null, state: 'draft', total: euro('544.50') }, { id: 'j', number: null, state: 'cancelled', total: euro('100.00') }] }))).toEqual(euro('1270.50'));
	});
	it('counts periods in days of the calendar', () => {
		expect(daysOf('quarter', '2026-11-23')).toEqual({ from: '2026-10-01', to: '2026-12-31' });
		expect(daysOf('last_quarter', '2026-02-10')).toEqual({ from: '2025-10-01', to: '2025-12-31' });
		expect(daysOf('month', '2028-02-01')).toEqual({ from: '2028-02-01', to: '2028-02-29' });
		expect(daysOf('last_year', '2026-11-23')).toEqual({ from: '2025-01-01', to: '2025-12-31' });
		expect(daysOf(undefined, '2026-11-23')).toEqual({});
	});
});
