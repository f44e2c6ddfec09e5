/* Which pipeline the board shows, where a workspace has several: the one named in the address, else the one chosen last, else the first;
   all of them side by side only when that was asked for. Several workspaces looked at together show all of theirs. */
import { useMemo } from 'react';
import type { Pipeline } from '../../api/types';
import { useAppSearch, useGo, useScope } from '../../app/scope';
import { labelOf, useLanguage, useT } from '../../i18n';
import { Segments } from '../../ui/table';
import { ALL, keepPipeline, kindsOf, severalOf, shownKey } from './pipeline-choice';

function useChosen(pipelines: readonly Pipeline[] | undefined): string {
	const { pipeline } = useAppSearch();
	const { workspace } = useScope();
	return useMemo(() => shownKey(pipelines ?? [], pipeline, workspace?.id ?? null), [pipelines, pipeline, workspace]);
}

export function useShownPipelines(pipelines: Pipeline[] | undefined): Pipeline[] | undefined {
	const key = useChosen(pipelines);
	return useMemo(() => key === ALL ? pipelines : pipelines?.filter((one) => one.key === key), [pipelines, key]);
}

export function PipelineSwitch({ pipelines }: { pipelines: Pipeline[] }) {
	const t = useT();
	const go = useGo();
	const language = useLanguage();
	const { workspace } = useScope();
	const key = useChosen(pipelines);
	if (!severalOf(pipelines))
		return null;
	const choose = (next: string) => {
		keepPipeline(workspace?.id ?? null, next);
		go.search({ pipeline: next }, true);
	};
	return (
		<div className="bar"><Segments label={t('board.pipelines')} value={key} onChange={choose}
			choices={[{ value: ALL, label: t('board.all_pipelines') }, ...kindsOf(pipelines).map((one) => ({ value: one.key, label: labelOf(one.label, language, one.key) }))]} /></div>
	);
}
