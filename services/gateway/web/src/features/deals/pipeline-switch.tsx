/* Which pipeline the board shows, where a workspace has several: all of them side by side, or the one named in the address. */
import { useMemo } from 'react';
import type { Pipeline } from '../../api/types';
import { useAppSearch, useGo } from '../../app/scope';
import { labelOf, useLanguage, useT } from '../../i18n';
import { Segments } from '../../ui/table';

/* the first of each key: workspaces of one preset have the same pipelines */
const kindsOf = (pipelines: readonly Pipeline[]) => [...new Map([...pipelines].reverse().map((one) => [one.key, one])).values()].reverse();
const several = (pipelines: readonly Pipeline[]) => new Set(pipelines.map((one) => one.workspace_id)).size < pipelines.length;

export function useShownPipelines(pipelines: Pipeline[] | undefined): Pipeline[] | undefined {
	const { pipeline } = useAppSearch();
	return useMemo(() => {
		const named = pipelines?.filter((one) => one.key === pipeline);
		return pipelines && several(pipelines) && named?.length ? named : pipelines;
	}, [pipelines, pipeline]);
}

export function PipelineSwitch({ pipelines }: { pipelines: Pipeline[] }) {
	const t = useT();
	const go = useGo();
	const language = useLanguage();
	const { pipeline } = useAppSearch();
	if (!several(pipelines))
		return null;
	const all = kindsOf(pipelines);
	return (
		<div className="bar"><Segments label={t('board.pipelines')} value={all.some((one) => one.key === pipeline) ? (pipeline ?? '') : ''} onChange={(key) => go.search({ pipeline: key || undefined }, true)}
			choices={[{ value: '', label: t('board.all_pipelines') }, ...all.map((one) => ({ value: one.key, label: labelOf(one.label, language, one.key) }))]} /></div>
	);
}
