/* The card of a company on a board of relationships: made, and found where there is one already. */
import { api, Problem, query } from '../../api/client';
import type { Id, Written } from '../../api/types';

export async function addCard(account: { id: Id; name: string }, to: { workspace: Id; pipeline: Id; stage?: Id }): Promise<Id> {
	const made = await api<Written>('POST', `/api/crm/deals${query({ workspace: to.workspace })}`, {
		body: { title: account.name, company: account.name, account_id: account.id, pipeline: to.pipeline, ...(to.stage ? { stage: to.stage } : {}) },
	});
	return made.id;
}

/* which card stands in the way; null: nothing of the kind was refused */
export function cardHeld(fault: unknown): Id | null {
	return fault instanceof Problem && fault.code === 'account_has_card' ? (fault.fields[0]?.detail.split(' ')[0] ?? null) : null;
}
