/* What a workspace's admin sets up for its deals: pipelines with their stages, the catalogues, the fields of its own. One key
   a list, so that a live event finds it. Never holds a deal. */
import { useQuery } from '@tanstack/react-query';
import { api, query } from './client';
import { queryClient } from './queries';
import type { CatalogueChanged, CustomFieldChanged } from './records';
import type { Id, Label, Money, MoveMode, StageKind } from './types';

export interface SetStage { id: Id; key: string; kind: StageKind; label: Label; probability: number; colour: string; position: number; qualified: boolean; deals: number }
export interface SetPipeline {
	id: Id; workspace_id: Id; key: string; label: Label; position: number; kind: 'sales' | 'relationship'; move_mode: MoveMode; lost_reason_required: boolean; archived: boolean;
	/* new leads enter here */
	begins: boolean;
	stages: SetStage[];
}

export type CatalogueName = CatalogueChanged['catalogue'];
export interface Item {
	id: Id; workspace_id: Id; catalogue: CatalogueName; key: string; label: Label; position: number; retired: boolean;
	country: string | null; phone_code: string | null; cost: Money | null;
}

export type FieldKind = CustomFieldChanged['kind'];
export interface Choice { key: string; label: Label }
export type FieldsOf = CustomFieldChanged['about'];
export interface OwnField { id: Id; workspace_id: Id; about: FieldsOf; kind: FieldKind; key: string; label: Label; needed: boolean; retired: boolean; position: number; choices: Choice[] | null }

export const setKeys = {
	pipelines: (workspace: string | null) => ['set-pipelines', workspace ?? ''] as const,
	items: (workspace: string | null) => ['set-items', workspace ?? ''] as const,
	fields: (workspace: string | null, about: FieldsOf) => ['set-fields', workspace ?? '', about] as const,
};

const list = <T>(key: readonly string[], path: string, workspace: string | null, more: Record<string, string>) => ({
	queryKey: key,
	queryFn: async ({ signal }: { signal: AbortSignal }) => (await api<{ data: T[] }>('GET', `${path}${query({ workspace, ...more })}`, { signal })).data,
	staleTime: 5 * 60_000, /* the stream says when one changes */
});

/* those archived, too; a deal may stand in one */
export function useSetPipelines(workspace: string | null) {
	return useQuery(list<SetPipeline>(setKeys.pipelines(workspace), '/api/crm/pipelines', workspace, { archived: '1' }));
}

/* the values of all catalogues, with those retired: a deal may still have one */
export function useItems(workspace: string | null) {
	return useQuery(list<Item>(setKeys.items(workspace), '/api/crm/catalogues', workspace, { retired: '1' }));
}

export function useOwnFields(workspace: string | null, about: FieldsOf = 'deal') {
	return useQuery(list<OwnField>(setKeys.fields(workspace, about), '/api/crm/fields', workspace, { about, retired: '1' }));
}

const stale = (name: string) => queryClient.invalidateQueries({ queryKey: [name] });
export const pipelinesChanged = () => Promise.all([stale('set-pipelines'), stale('audit'), stale('preset')]).then(() => undefined);
export const itemsChanged = () => Promise.all([stale('set-items'), stale('audit'), stale('deal')]).then(() => undefined);
export const fieldsChanged = () => Promise.all([stale('set-fields'), stale('audit'), stale('deal')]).then(() => undefined);
