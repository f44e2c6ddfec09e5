/* Files of records on their way in: what the server says of one, of its rows, and how it is asked. What is under way is asked again and again until it
   is over. Never decides what a row is: the server looks at every one. */
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, query } from '../../api/client';
import { queryClient } from '../../api/queries';
import type { Id } from '../../api/types';
import { problemText } from '../../app/problems';

export const PROFILES = ['contacts', 'prospects', 'moving'] as const;
export type ImportProfile = typeof PROFILES[number];
export type ImportState = 'mapping' | 'checking' | 'checked' | 'running' | 'done' | 'cancelled' | 'undoing' | 'undone' | 'failed';

/* of a moving: a file of another system, and what its stages and owners are called there */
export const KINDS = ['companies', 'contacts', 'deals', 'notes'] as const;
export type MovingKind = typeof KINDS[number];
export const SYSTEMS = ['hubspot', 'pipedrive', 'odoo', 'espocrm', 'dolibarr'] as const;
export interface MovingFile { id: Id; name: string | null; kind: MovingKind | null; header: boolean; rows: number; columns: string[] | null; preview: string[][]; mapping: Array<string | null> }
export interface MovedName { kind: 'stage' | 'owner'; name: string; target: Id | null; rows: number }

export interface Import {
	system?: string | null;
	files?: MovingFile[] | null;
	names?: MovedName[] | null;
	id: Id;
	workspace_id: Id;
	owner_id: Id | null;
	profile: ImportProfile;
	state: ImportState;
	name: string | null;
	bytes: number;
	delimiter: string;
	charset: 'utf-8' | 'windows-1252';
	format: 'csv' | 'vcard';
	header: boolean;
	rows: number;
	columns?: string[] | null;
	preview?: string[][];
	mapping?: Array<string | null>;
	checked: number;
	ready: number;
	updates: number;
	repeats: number;
	errors: number;
	created: number;
	updated: number;
	skipped: number;
	undone: number;
	kept: number;
	total: number | null;
	done: number | null;
	rate: number | null;
	seconds_left: number | null;
	created_at: string;
	finished_at: string | null;
}

export interface ImportRow {
	row: number;
	file?: number | null; /* of a moving: in which of its files, from 1 */
	kind?: MovingKind | null;
	state: string;
	field: string | null;
	reason: string | null;
	detail: string | null;
	name: string | null;
	email: string | null;
	phone: string | null;
	company: string | null;
	contact_id: Id | null;
	deal_id: Id | null;
}

/* what each profile's rows may hold; `must`: no row is written without it */
export const FIELDS: Record<ImportProfile, Array<{ key: string; must?: boolean }>> = {
	contacts: [{ key: 'first_name', must: true }, { key: 'last_name', must: true }, { key: 'name' }, { key: 'email' }, { key: 'further_emails' }, { key: 'phone' }, { key: 'further_phones' }, { key: 'company' }, { key: 'job_title' }, { key: 'status' }, { key: 'type' }, { key: 'notes' }],
	prospects: [{ key: 'name', must: true }, { key: 'company', must: true }, { key: 'email', must: true }, { key: 'phone_code', must: true }, { key: 'phone', must: true }, { key: 'locale', must: true }, { key: 'job_title' }, { key: 'monthly_shipments' }, { key: 'annotations' }],
	moving: [],
};

/* what no column holds that has to be there; a whole name stands for both its halves */
export const missingOf = (profile: ImportProfile, mapping: Array<string | null>): string[] =>
	FIELDS[profile].filter((field) => field.must && !mapping.includes(field.key) && !(/_name$/.test(field.key) && mapping.includes('name'))).map((field) => field.key);

export const MOVING_FIELDS: Record<MovingKind, Array<{ key: string; must?: boolean }>> = {
	companies: [{ key: 'old_id' }, { key: 'name', must: true }, ...['website', 'email', 'phone', 'address', 'postcode', 'city', 'country', 'industry', 'vat_no', 'registration_no', 'notes', 'owner'].map((key) => ({ key }))],
	contacts: ['old_id', 'name', 'first_name', 'last_name', 'email', 'phone', 'job_title', 'company_id', 'company', 'notes', 'owner'].map((key) => ({ key })),
	deals: [{ key: 'old_id' }, { key: 'title', must: true }, ...['amount', 'currency', 'stage', 'status', 'close_date', 'closed_at', 'company_id', 'company', 'contact_id', 'contact', 'contact_email', 'notes', 'owner'].map((key) => ({ key }))],
	notes: ['old_id', 'kind', 'subject', 'note', 'at', 'due_at', 'done', 'company_id', 'company', 'contact_id', 'contact', 'contact_email', 'deal_id', 'deal', 'record_id', 'record', 'owner'].map((key) => ({ key })),
};

const RUNNING: ImportState[] = ['checking', 'running', 'undoing'];
export const isRunning = (one: { state: ImportState }): boolean => RUNNING.includes(one.state);

export function useImport(id: Id | null) {
	return useQuery({
		queryKey: ['import', id], enabled: id !== null, queryFn: ({ signal }) => api<Import>('GET', `/api/crm/imports/${id}`, { signal }),
		refetchInterval: ({ state }) => (state.data && isRunning(state.data) ? 600 : false),
	});
}

export function useImports(workspace: string | null) {
	return useInfiniteQuery({
		queryKey: ['imports', workspace], initialPageParam: null as string | null,
		queryFn: ({ pageParam, signal }) => api<{ data: Import[]; next: string | null }>('GET', `/api/crm/imports${query({ workspace, limit: 50, after: pageParam })}`, { signal }),
		getNextPageParam: (page) => page.next,
	});
}

/* the rows of a state; they change with the import's own */
export function useRows(one: Import, state: string) {
	return useInfiniteQuery({
		queryKey: ['import', one.id, 'rows', one.state, state], initialPageParam: null as string | null,
		queryFn: ({ pageParam, signal }) => api<{ data: ImportRow[]; next: string | null }>('GET', `/api/crm/imports/${one.id}/rows${query({ state, limit: 50, after: pageParam })}`, { signal }),
		getNextPageParam: (page) => page.next, placeholderData: keepPreviousData,
	});
}

const reread = async (id: Id): Promise<void> => {
	await queryClient.invalidateQueries({ queryKey: ['import', id], exact: true });
	void queryClient.invalidateQueries({ queryKey: ['imports'] });
};

export async function upload(file: File, profile: ImportProfile, workspace: string | null): Promise<Import> {
	const made = await api<Import>('POST', `/api/crm/imports${query({ workspace, profile, name: file.name })}`, { bytes: new Blob([file], { type: /\.vcf$/i.test(file.name) ? 'text/vcard' : 'text/csv' }) });
	queryClient.setQueryData(['import', made.id], made);
	void queryClient.invalidateQueries({ queryKey: ['imports'] });
	return made;
}

/* the first file makes the import, the others join it */
export async function uploadAll(files: File[], workspace: string | null, into: Id | null): Promise<Import> {
	let one: Import | null = null;
	for (const file of files) {
		const made: Import = await api<Import>('POST', `/api/crm/imports${query({ workspace, profile: 'moving', name: file.name, into: one?.id ?? into })}`, { bytes: new Blob([file], { type: 'text/csv' }) });
		one = made;
		queryClient.setQueryData(['import', made.id], made);
	}
	void queryClient.invalidateQueries({ queryKey: ['imports'] });
	if (!one)
		throw new Error('no file');
	return one;
}

export async function mapFile(id: Id, file: { file_id: Id; mapping: Array<string | null>; kind?: MovingKind; header?: boolean; system?: string }): Promise<void> {
	await api('PUT', `/api/crm/imports/${id}/mapping`, { body: file });
	await reread(id);
}

export const nameKey = (one: { kind: string; name: string }): string => `${one.kind} ${one.name}`;

/* what they are here; every row is looked at again */
export async function nameAll(id: Id, names: Array<{ kind: string; name: string; target: Id | null }>): Promise<void> {
	await api('PUT', `/api/crm/imports/${id}/names`, { body: { names } });
	await step(id, 'check');
}

/* what its columns are may be said again; of a moving each file's own */
export const reopen = (one: Import): Promise<void> => {
	const first = one.files?.[0];
	return first ? mapFile(one.id, { file_id: first.id, mapping: first.mapping }) : map(one.id, one.mapping ?? [], one.header);
};

export async function map(id: Id, mapping: Array<string | null>, header: boolean): Promise<void> {
	await api('PUT', `/api/crm/imports/${id}/mapping`, { body: { mapping, header } });
	await reread(id);
}

export async function step(id: Id, what: 'check' | 'confirm' | 'cancel' | 'undo'): Promise<void> {
	await api('POST', `/api/crm/imports/${id}/${what}`, { body: {} });
	await reread(id);
	if (what === 'confirm' || what === 'undo')
		void queryClient.invalidateQueries({ queryKey: ['contacts'] });
}

/* one thing at a time; what went wrong with it is said */
export function useStep() {
	const [busy, setBusy] = useState(false);
	const [fault, setFault] = useState<string | null>(null);
	const doing = async (work: () => Promise<void>) => {
		setBusy(true);
		setFault(null);
		try {
			await work();
		} catch (problem) {
			setFault(problemText(problem));
		} finally {
			setBusy(false);
		}
	};
	return { busy, fault, doing };
}
