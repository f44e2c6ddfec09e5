/* Where rows that changed belong among the pages that were read. Compares what the server compares, where that is a number or a moment;
   never guesses the order of words. */
import type { Id } from '../../api/types';
import type { DealRow } from './table-columns';

export interface TablePart { data: DealRow[]; next: string | null; total?: number; more?: boolean }

type Place = number | string | null;

/* what the server sorts by, where it is a number or a moment: the same comparison can be made here */
const PLACES: Record<string, (row: DealRow) => Place> = {
	stage_since: (row) => row.stage_since, created_at: (row) => row.created_at, number: (row) => row.number, probability: (row) => row.probability,
	monthly_shipments: (row) => row.monthly_shipments, close_date: (row) => row.close_date, next_at: (row) => row.next_at, last_note: (row) => row.last_note_at,
	files: (row) => row.files, id: (row) => row.id,
};
/* the member that an order of words goes by: as long as it is the same, so is the place */
const WORDS: Record<string, keyof DealRow> = { name: 'contact_name', owner: 'owner_id', stage: 'stage_id' };

const sortOf = (sort: string | undefined) => ({ column: (sort ?? '-stage_since').replace(/^-/, ''), down: (sort ?? '-').startsWith('-') });

function wordOf(row: DealRow, column: string): string {
	return JSON.stringify(column.startsWith('custom.') ? row.custom?.[column.slice(7)] : row[WORDS[column] ?? (column as keyof DealRow)]) ?? '';
}

/* empty ones are last either way */
function compare(a: DealRow, b: DealRow, place: (row: DealRow) => Place, down: boolean): number {
	const [left, right] = [place(a), place(b)];
	if (left === null || right === null)
		return left === right ? (a.id < b.id ? -1 : 1) * (down ? -1 : 1) : left === null ? 1 : -1;
	const order = left < right ? -1 : left > right ? 1 : a.id < b.id ? -1 : 1;
	return down ? -order : order;
}

/* The pages with these rows as they are now; null: where one belongs cannot be said here. Of those that were asked for, one that did not come fits no
   more. One whose place is behind all that was read comes with its page. */
export function patched(pages: readonly TablePart[], asked: ReadonlySet<Id>, fresh: readonly DealRow[], sort: string | undefined): { pages: TablePart[]; gone: number; came: number } | null {
	const { column, down } = sortOf(sort);
	const place = PLACES[column];
	const now = new Map(fresh.map((row) => [row.id, row]));
	const held = new Map(pages.flatMap((page) => page.data).filter((row) => asked.has(row.id)).map((row) => [row.id, row]));
	const stays = (old: DealRow, row: DealRow) => (place ? place(old) === place(row) : wordOf(old, column) === wordOf(row, column));
	const out = pages.map((page) => ({ ...page, data: page.data.flatMap((row) => {
		const next = now.get(row.id);
		return !asked.has(row.id) ? [row] : next && stays(row, next) ? [next] : [];
	}) }));
	for (const row of fresh) {
		const old = held.get(row.id);
		if (old && stays(old, row))
			continue;
		if (!place)
			return null;
		const page = out.find((one) => one.data.some((other) => compare(row, other, place, down) < 0)) ?? (out.at(-1)?.next ? undefined : out.at(-1));
		if (!page)
			continue;
		const at = page.data.findIndex((other) => compare(row, other, place, down) < 0);
		page.data.splice(at < 0 ? page.data.length : at, 0, row);
	}
	return { pages: out, gone: [...held.keys()].filter((id) => !now.has(id)).length, came: fresh.filter((row) => !held.has(row.id)).length };
}
