/* Whom a record may be handed to: who handles prospects (SDR and MDR); where a workspace has nobody of those roles, whoever works in it.
   Never client users. */
import type { Id, Member } from '../../api/types';

const EXECUTIVES = ['sdr', 'mdr'];
const OUTSIDE = ['client', 'vendor'];

/* those a record may be handed to, and who has it now */
export function executives(members: readonly Member[], current: Id | null): Member[] {
	const here = members.filter((member) => member.active && !OUTSIDE.includes(member.role));
	const some = here.filter((member) => EXECUTIVES.includes(member.role));
	const offered = some.length ? some : here;
	return members.filter((member) => member.id === current || offered.includes(member));
}
