/* Asks for the note that a move needs: opens the deal's follow-up form with the stage chosen. Saved there, the deal moves; closed
   unsaved, it stays where it is. Never moves anything itself. */
import { api } from '../../api/client';
import type { useGo } from '../../app/scope';

export function askFollowUp(go: ReturnType<typeof useGo>, id: string, stage: string): void {
	go.search({ type: 'prospect', id, tab: 'follow-up', move: stage });
}

export async function needsReason(pipeline: string): Promise<boolean> {
	try {
		return (await api<{ lost_reason_required: boolean }>('GET', `/api/crm/pipelines/${pipeline}`)).lost_reason_required;
	} catch {
		return false; /* the move itself will tell */
	}
}
