/* Whom a record may be handed to: SDR and MDR where there are any, else whoever works here; never a client, always who has it. */
import { describe, expect, it } from 'vitest';
import type { Member } from '../../src/api/types';
import { executives } from '../../src/features/deals/executives';

const member = (id: string, role: string, active = true): Member => ({ id, workspace_id: 'w', name: id, email: `${id}@x.example`, role, team_id: null, photo: null, active });
const ids = (all: Member[]) => all.map((one) => one.id);

describe('executives', () => {
	it('are SDR and MDR where there are any', () => {
		expect(ids(executives([member('a', 'owner'), member('b', 'sdr'), member('c', 'mdr'), member('d', 'client')], null))).toEqual(['b', 'c']);
	});
	it('are all who work here where there are none, or none any more', () => {
		expect(ids(executives([member('a', 'owner'), member('b', 'sdr', false), member('d', 'client'), member('e', 'vendor')], null))).toEqual(['a']);
	});
	it('hold who has it now, whoever that is', () => {
		expect(ids(executives([member('a', 'owner'), member('b', 'sdr'), member('d', 'sales', false)], 'd'))).toEqual(['b', 'd']);
	});
});
