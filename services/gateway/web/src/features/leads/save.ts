/* Writes a lead that somebody looks at, by the version they saw, and reads again what shows it. */
import { api } from '../../api/client';
import { keys, queryClient } from '../../api/queries';
import type { Lead, Written } from '../../api/types';

export async function leadChanged(id: string): Promise<void> {
	await Promise.all([['lead'], keys.leads, keys.timeline(id), keys.deal(id)].map((queryKey) => queryClient.invalidateQueries({ queryKey })));
}

export async function saveLead(lead: Lead, change: Partial<Record<keyof Lead, unknown>>): Promise<void> {
	await api<Written>('PUT', `/api/crm/leads/${lead.id}`, { body: { ...change, version: lead.version } });
	await leadChanged(lead.id);
}
