/* What a document comes to, here and at the server: the documents that amounts_test.c wrote down, to the cent. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { isFault, type Sum, totalsOf } from '../../src/lib/totals';

type Vector = Omit<Sum, 'rounding'> & { rounding: string; is: Record<string, unknown> };
const vectors = JSON.parse(readFileSync(join(import.meta.dirname, '../../../../../tests/fixtures/totals.json'), 'utf8')) as Vector[];

it('is what the server says, of hundreds of documents made at random', () => {
	expect(vectors.length).toBeGreaterThanOrEqual(300);
	for (const { is, rounding, ...sum } of vectors) {
		const said = totalsOf({ ...sum, rounding: BigInt(rounding) });
		if (isFault(said))
			throw new Error(`${said.pointer} ${said.code} of ${JSON.stringify(sum)}`);
		const { nets, lines, allowance, net, vat, gross, payable } = said;
		const groups = said.groups.map(({ category, rate, taxable, tax }) => ({ category, rate, taxable, tax }));
		const told: unknown = JSON.parse(JSON.stringify({ nets, lines, allowance, net, vat, gross, payable, groups }, (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value)));
		expect(told, JSON.stringify(sum)).toEqual(is);
	}
});
