/* Lines out of a spreadsheet or a mail: one row a line, its cells between tabs, in whatever order people keep them. Never guesses a figure: what cannot be
   told apart stays words. */
import { readNumber } from '../../lib/money';
import type { Unit } from '../billing/items';
import type { Line } from './model';

const UNIT_WORDS: Readonly<Record<string, Unit>> = {
	piece: 'piece', pieces: 'piece', pcs: 'piece', stuk: 'piece', stuks: 'piece', st: 'piece', hour: 'hour', hours: 'hour', uur: 'hour', uren: 'hour', u: 'hour', h: 'hour', day: 'day', days: 'day', dag: 'day', dagen: 'day',
	month: 'month', months: 'month', maand: 'month', maanden: 'month', kg: 'kilogram', kilogram: 'kilogram', kilo: 'kilogram', m: 'metre', meter: 'metre', metre: 'metre', m2: 'square_metre', 'm²': 'square_metre', l: 'litre', liter: 'litre', litre: 'litre', km: 'kilometre', kilometer: 'kilometre',
};

interface Cells { words: string[]; figures: string[]; rate: string | null; unit: Unit | null }

function cellsOf(row: string): Cells {
	const ret: Cells = { words: [], figures: [], rate: null, unit: null };
	for (const raw of row.split('\t')) {
		const cell = raw.trim();
		const share = /^(\d{1,2}(?:[.,]\d{1,2})?)\s*%$/.exec(cell);
		const number = share ? null : readNumber(cell.replace(/^(?:€|EUR)\s*|\s*(?:€|EUR)$/gi, ''));
		const unit = UNIT_WORDS[cell.toLowerCase()];
		if (share)
			ret.rate = readNumber(share[1] ?? '');
		else if (number !== null)
			ret.figures.push(number);
		else if (unit && ret.words.length)
			ret.unit = unit;
		else if (cell)
			ret.words.push(cell);
	}
	return ret;
}

/* null: it is a text like others, to be pasted where it was */
export function pastedLines(text: string, tax: Pick<Line, 'category' | 'rate'>): Line[] | null {
	const rows = text.replace(/\r\n?/g, '\n').split('\n').filter((row) => row.trim());
	if (!text.includes('\t') && rows.length < 2)
		return null;
	const read = rows.map(cellsOf);
	/* words over figures are the head of the table */
	const first = read[0];
	if (first && read.length > 1 && first.words.length > 1 && !first.figures.length && read.slice(1).some((one) => one.figures.length))
		read.shift();
	return read.filter((one) => one.words.length).map(({ words: [name = '', ...more], figures, rate, unit }): Line => {
		if (!figures.length && text.includes('\t'))
			return { kind: 'section', name };
		/* one figure is the price; of more the first is how many, the second the price: a sum behind them is reckoned here */
		const [quantity, price] = figures.length > 1 ? figures : ['1', figures[0]];
		return {
			kind: 'item', name, quantity: quantity ?? '1', unit: unit ?? 'piece', price: (price ?? '').replace(/^-/, ''), ...(more.length ? { description: more.join('\n') } : {}),
			...(rate !== null && rate !== '0' ? { category: 'standard' as const, rate } : rate === '0' ? { category: 'zero' as const, rate: '0' } : tax),
		};
	});
}
