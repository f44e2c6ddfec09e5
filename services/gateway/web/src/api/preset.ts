/* What a preset set in a workspace, and the presets there are: read, changed, and the parts of it compared. */
import { useQuery } from '@tanstack/react-query';
import { api } from './client';
import { queryClient } from './queries';
import type { CatalogueName } from './boards';
import type { Id, Label, Language, Money, MoveMode, StageKind } from './types';

/* what a workspace takes from a preset and may have of its own */
export interface PresetParts {
	label_profile: string;
	landing: string;
	tabs: string[];
	header: string[];
	move_mode: MoveMode;
	admin_only: boolean;
}
/* where the firm is: its own from the beginning */
export interface Locale { language: Language; currency: string; timezone: string; country: string }

export interface PresetStage { key: string; kind: StageKind; label: Label; colour: string }
export interface Preset extends PresetParts, Locale { name: string; stages: PresetStage[]; catalogues: Partial<Record<CatalogueName, PresetItem[]>> }
export interface PresetItem { key: string; label: Label; country?: string; phone_code?: string; cost?: Money }

export interface OwnStage extends PresetStage { probability: number; position: number; deals: number }
export interface OwnPreset extends PresetParts, Locale { workspace_id: Id; preset: string; stages: OwnStage[] | null; changed: Array<keyof PresetParts> }

export const PARTS = ['label_profile', 'landing', 'tabs', 'header', 'move_mode', 'admin_only'] as const satisfies ReadonlyArray<keyof PresetParts>;
export const LOCALE = ['language', 'currency', 'timezone', 'country'] as const satisfies ReadonlyArray<keyof Locale>;

const keyOf = (workspace: Id) => ['preset', workspace] as const;

export function useOwnPreset(workspace: Id) {
	return useQuery({ queryKey: keyOf(workspace), queryFn: ({ signal }) => api<OwnPreset>('GET', `/api/workspaces/${workspace}/preset`, { signal }) });
}

export function usePresets() {
	return useQuery({
		queryKey: ['presets'], staleTime: Infinity,
		queryFn: async ({ signal }) => (await api<{ data: Preset[] }>('GET', '/api/presets', { signal })).data,
	});
}

export type PresetChange = Partial<PresetParts & Locale> & { preset?: string };

/* what others see of it comes to them by the stream; whoever changed it reads at once */
export async function changePreset(workspace: Id, change: PresetChange): Promise<void> {
	await api('PUT', `/api/workspaces/${workspace}/preset`, { body: change });
	await queryClient.invalidateQueries();
}

export const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

export function partsOf(preset: PresetParts): PresetParts {
	const { label_profile, landing, tabs, header, move_mode, admin_only } = preset;
	return { label_profile, landing, tabs, header, move_mode, admin_only };
}

/* what becomes of the stages when another preset is taken over: a key that both have stays, one with deals in it stays, too */
export function stagesAfter(now: OwnStage[], next: PresetStage[]): { both: OwnStage[]; fresh: PresetStage[]; kept: OwnStage[]; gone: OwnStage[] } {
	const wanted = new Set(next.map((stage) => stage.key));
	const have = new Set(now.map((stage) => stage.key));
	const others = now.filter((stage) => !wanted.has(stage.key));
	return {
		both: now.filter((stage) => wanted.has(stage.key)),
		fresh: next.filter((stage) => !have.has(stage.key)),
		kept: others.filter((stage) => stage.deals > 0),
		gone: others.filter((stage) => stage.deals === 0),
	};
}
