/* Templates as the API tells them, what they may say, and what one becomes for a deal. Which placeholders there are is the server's list
   (services/mailer/templates.h); here it is only offered. Knows no page. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { api, Problem, query } from '../../api/client';
import { queryClient } from '../../api/queries';
import type { Id } from '../../api/types';
import { say, sayValue } from '../../i18n';

export const LANGUAGES = ['nl', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];
export const PLACES = ['contact.first_name', 'contact.last_name', 'contact.name', 'contact.company', 'contact.email', 'contact.phone', 'deal.title', 'deal.number', 'deal.value', 'owner.name', 'owner.email', 'sender.name', 'sender.email', 'workspace.name', 'quote.number', 'quote.total', 'quote.valid_until', 'quote.url', 'invoice.number', 'invoice.total', 'invoice.open', 'invoice.due', 'invoice.url', 'today'] as const;

export type PlaceName = (typeof PLACES)[number];
/* a key of the catalogues holds no second point */
type WordOf<T extends string> = T extends `${infer A}.${infer B}` ? `${A}_${B}` : T;
export const WORD_OF = Object.fromEntries(PLACES.map((place) => [place, place.replace('.', '_')])) as { [K in PlaceName]: WordOf<K> };

export interface Template { id: Id; workspace_id: Id; name: string; subject_nl: string | null; text_nl: string | null; subject_en: string | null; text_en: string | null; transactional: boolean; version: number; created_at: string; created_by: Id | null; removed_at: string | null }
export interface Look { subject: string; text: string; empty: string[] }
export interface Written { subject: string; text: string }

export const TEMPLATES = ['templates'] as const;

export function useTemplates(workspace: string) {
	return useQuery({
		queryKey: [...TEMPLATES, workspace],
		queryFn: async ({ signal }) => (await api<{ data: Template[] }>('GET', `/api/crm/mail/templates${query({ workspace })}`, { signal })).data,
		staleTime: 60_000, /* the stream says when one is another */
	});
}

/* the deals that a template may be looked at with: the newest */
export function useSomeDeals(workspace: string) {
	return useQuery({
		queryKey: ['template deals', workspace],
		queryFn: async ({ signal }) => (await api<{ data: Array<{ id: Id; title: string }> }>('GET', `/api/crm/deals${query({ workspace, limit: 20 })}`, { signal })).data,
		staleTime: 60_000,
	});
}

/* without a deal it says what is the same for everybody */
export function useLook(workspace: string, deal: Id | null | undefined, language: Language, written: Written) {
	return useQuery({
		queryKey: ['template look', workspace, deal, language, written],
		queryFn: ({ signal }) => api<Look>('POST', `/api/crm/mail/templates/preview${query({ workspace })}`, { signal, body: { ...written, language, ...(deal ? { deal_id: deal } : {}) } }),
		enabled: deal !== undefined && (written.subject !== '' || written.text !== ''),
		placeholderData: keepPreviousData,
		retry: false,
		staleTime: 60_000,
	});
}

export const templatesChanged = async (): Promise<void> => { await Promise.all([queryClient.invalidateQueries({ queryKey: TEMPLATES }), queryClient.invalidateQueries({ queryKey: ['audit'] })]); };

/* what is wrong with a text, with its place: the server says "line:column word" */
export function templateFaults(fault: unknown): Record<string, string> {
	if (!(fault instanceof Problem))
		return {};
	return Object.fromEntries(fault.fields.map((one) => {
		const at = /^(\d+):(\d+) ?(.*)$/.exec(one.detail ?? '');
		const said = sayValue('problem', one.code);
		const text = at ? say(at[3] ? 'templates.at' : 'templates.at_plain', { fault: said, line: at[1] ?? '', column: at[2] ?? '', name: at[3] ?? '' }) : said;
		return [one.pointer.replace(/^.*\//, ''), text];
	}));
}
