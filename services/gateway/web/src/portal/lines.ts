/* The lines of a document and what it comes to. The figures are the server's: nothing is reckoned here but what a discount took off. */
import { h, words } from './dom';
import { day, decimal, money, ofMinor, price, t, toMinor } from './said';
import type { Line, Paper } from './talk';
import { en, type Word } from './words';

const known = (word: string): word is Word => word in en;
const unitOf = (unit: string | null | undefined): string => { const word = `unit_${unit ?? 'piece'}`; return known(word) ? t(word) : unit ?? ''; };
const one = (text: string | null | undefined): boolean => !text || /^1(?:\.0*)?$/.test(text);
const none = (text: string | null | undefined): boolean => !text || /^0*(?:\.0*)?$/.test(text);

function taxOf(line: Line): string {
	const word = `tax_${line.category ?? 'standard'}`;
	return known(word) ? t(word) : `${decimal(line.rate ?? '0')}%`;
}

function extrasOf(line: Line, currency: string): string {
	return [
		none(line.discount) ? '' : t('discount_of', { percent: decimal(line.discount ?? '0') }),
		none(line.discount_amount) ? '' : t('discount_off', { amount: money({ amount: line.discount_amount ?? '0', currency }) }),
		none(line.charge_amount) ? '' : t('charge_on', { amount: money({ amount: line.charge_amount ?? '0', currency }) }),
	].filter(Boolean).join(' · ');
}

const counts = (line: Line): boolean => !line.optional || line.chosen !== false;

function item(paper: Paper, line: Line, number: number, onChoose: ((number: number, chosen: boolean) => void) | null): HTMLElement {
	const each = line.price ? t(one(line.per) ? 'each' : 'per_many', { price: price(line.price, paper.currency), unit: unitOf(line.unit), per: decimal(line.per ?? '1') }) : '';
	const extras = extrasOf(line, paper.currency);
	const name = h('span', { class: 'line-name' }, line.name ?? '');
	const body = h('div', { class: 'line-what' },
		line.optional && onChoose
			? h('label', { class: 'choose' }, h('input', { type: 'checkbox', id: `line-${number}`, checked: counts(line), change: (event) => onChoose(number, (event.target as HTMLInputElement).checked) }), name)
			: h('p', {}, name, line.optional && h('span', { class: 'tag' }, t('optional'))),
		words(line.description, 'line-more'),
		extras && h('p', { class: 'line-more' }, extras));
	return h('li', { class: `line${counts(line) ? '' : ' line-out'}`, 'data-line': number },
		body,
		h('span', { class: 'line-count' }, `${decimal(line.quantity ?? '1')} × ${each}`),
		h('span', { class: 'line-tax' }, h('span', { class: 'phone' }, `${t('vat')} `), taxOf(line)),
		h('span', { class: 'line-sum' }, counts(line) ? money(ofMinor(line.net ?? 0, paper.currency)) : t('left_out')));
}

export function linesOf(paper: Paper, onChoose: ((number: number, chosen: boolean) => void) | null): HTMLElement | null {
	const lines = paper.lines ?? [];
	if (!lines.length)
		return null;
	return h('section', { class: 'lines', 'aria-label': t('lines') },
		onChoose && lines.some((line) => line.optional) && h('p', { class: 'note' }, t('optional_text')),
		h('div', { class: 'lines-head', 'aria-hidden': 'true' }, h('span', {}, t('what')), h('span', {}, `${t('quantity')} × ${t('price').toLowerCase()}`), h('span', {}, t('vat')), h('span', {}, t('amount'))),
		h('ul', {}, ...lines.map((line, index) => line.kind === 'section' ? h('li', { class: 'line-section' }, h('h2', {}, line.name ?? ''))
			: line.kind === 'text' ? h('li', { class: 'line-text' }, words([line.name, line.description].filter(Boolean).join('\n'), 'line-more')) : item(paper, line, index + 1, onChoose))),
		paper.mode === 'gross' && h('p', { class: 'note' }, t('prices_with')));
}

export function totalsOf(paper: Paper): HTMLElement | null {
	const { net, gross, currency } = paper;
	if (!net || !gross)
		return null;
	const row = (label: string, value: string, className = '') => h('div', { class: className }, h('dt', {}, label), h('dd', {}, value));
	const ofLines = (paper.lines ?? []).filter((line) => (line.kind ?? 'item') === 'item' && counts(line)).reduce((sum, line) => sum + BigInt(line.net ?? 0), 0n);
	const off = ofLines - toMinor(paper.mode === 'gross' ? gross : net);
	const minus = (value: { amount: string; currency: string } | null | undefined, label: string) => value && toMinor(value) !== 0n && row(label, `−${money(value).replace('-', '')}`);
	const rest = paper.kind === 'invoice' && paper.open && toMinor(paper.open) !== toMinor(gross);
	return h('dl', { class: 'totals', id: 'totals', 'aria-live': 'polite' },
		off > 0n && row([t('discount'), !none(paper.discount) && `${decimal(paper.discount ?? '0')}%`, paper.discount_reason].filter(Boolean).join(' · '), `−${money(ofMinor(off, currency))}`),
		row(t('sum'), money(net)),
		...(paper.groups ?? []).map((group) => group.category === 'standard'
			? row(t('vat_of', { rate: decimal(group.rate), amount: money(ofMinor(group.taxable, currency)) }), money(ofMinor(group.tax, currency)))
			: h('div', {}, h('dt', {}, t('no_vat_of', { amount: money(ofMinor(group.taxable, currency)) }), group.reason && h('small', {}, group.reason)), h('dd', {}, money(ofMinor(group.tax, currency))))),
		paper.rounding && toMinor(paper.rounding) !== 0n && row(t('rounding'), money(paper.rounding)),
		row(t('total'), money(gross), 'grand'),
		minus(paper.prepaid, t('prepaid')), minus(paper.received, t('received')), minus(paper.credited, t('credited')),
		rest && paper.open ? row(t('open'), money(paper.open), 'grand') : null);
}

export function factsOf(paper: Paper): HTMLElement {
	const fact = (label: string, value: string | null | undefined) => (value ? h('div', {}, h('dt', {}, label), h('dd', {}, value)) : null);
	return h('dl', { class: 'facts' },
		fact(t('day'), day(paper.issued)),
		paper.kind === 'credit_note' ? null : fact(t(paper.kind === 'quote' ? 'good_until' : 'due'), day(paper.due)),
		paper.supplied && paper.supplied !== paper.issued ? fact(t('supplied'), day(paper.supplied)) : null,
		fact(t('reference'), paper.buyer_reference), fact(t('order'), paper.order_reference), fact(t('credit_of'), paper.original?.number));
}
