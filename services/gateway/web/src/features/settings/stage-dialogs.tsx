/* The dialogs of the stages' page: a pipeline, a stage, what becomes of the deals of one that goes. */
import { useId, useState } from 'react';
import { api, query } from '../../api/client';
import { pipelinesChanged, type SetPipeline, type SetStage } from '../../api/boards';
import type { MoveMode, StageKind, Workspace } from '../../api/types';
import { problemText } from '../../app/problems';
import { useScope } from '../../app/scope';
import { labelOf, useLanguage, useT } from '../../i18n';
import { Confirm } from '../../ui/confirm';
import { Dialog } from '../../ui/dialog';
import { Check, SelectField, TextField } from '../../ui/field';
import { Icon } from '../../ui/icons';
import { toast } from '../../ui/toast';
import { type BothNames, LabelFields, lacking, namesOf, SetForm, trimmed } from './label-fields';
import { MODES } from './move-modes';
import '../../ui/table.css';

const COLOURS = ['grey', 'blue', 'purple', 'orange', 'green', 'red'] as const;
const KINDS = ['open', 'won', 'lost'] as const satisfies readonly StageKind[];

export type StageTask =
	| { kind: 'pipeline'; pipeline: SetPipeline | null }
	| { kind: 'archive'; pipeline: SetPipeline }
	| { kind: 'stage'; pipeline: SetPipeline; stage: SetStage | null }
	| { kind: 'remove'; pipeline: SetPipeline; stage: SetStage };

export function StageDialogs({ workspace, task, open, onClose }: { workspace: Workspace; task: StageTask; open: boolean; onClose(): void }) {
	const t = useT();
	switch (task.kind) {
	case 'pipeline': return (
		<Dialog opened={open} onClose={onClose} title={t(task.pipeline ? 'stages.pipeline' : 'stages.add_pipeline')} closeLabel={t('common.close')} size={560}>
			{open && <PipelineForm workspace={workspace} pipeline={task.pipeline} onDone={onClose} />}
		</Dialog>
	);
	case 'stage': return (
		<Dialog opened={open} onClose={onClose} title={t(task.stage ? 'stages.stage' : 'stages.add')} closeLabel={t('common.close')} size={560}>
			{open && <StageForm workspace={workspace} pipeline={task.pipeline} stage={task.stage} onDone={onClose} />}
		</Dialog>
	);
	case 'remove': return <Remove key={task.stage.id} pipeline={task.pipeline} stage={task.stage} opened={open} onClose={onClose} />;
	case 'archive': return <Archive key={task.pipeline.id} pipeline={task.pipeline} opened={open} onClose={onClose} />;
	}
}

function PipelineForm({ workspace, pipeline, onDone }: { workspace: Workspace; pipeline: SetPipeline | null; onDone(): void }) {
	const t = useT();
	const id = useId();
	const language = useLanguage();
	const [names, setNames] = useState<BothNames>(namesOf(pipeline?.label));
	const [mode, setMode] = useState<MoveMode>(pipeline?.move_mode ?? 'instant');
	const [reason, setReason] = useState(pipeline?.lost_reason_required ?? false);
	const [relates, setRelates] = useState(pipeline?.kind === 'relationship');
	const send = async () => {
		const body = { label: trimmed(names), move_mode: mode, lost_reason_required: reason, kind: relates ? 'relationship' : 'sales' };
		await (pipeline ? api('PUT', `/api/crm/pipelines/${pipeline.id}`, { body }) : api('POST', `/api/crm/pipelines${query({ workspace: workspace.slug })}`, { body }));
		await pipelinesChanged();
		toast.ok(t(pipeline ? 'stages.saved' : 'stages.added', { name: names[language].trim() }));
	};
	return (
		<SetForm yes={t(pipeline ? 'common.save' : 'stages.add_pipeline')} check={() => lacking(names, t('form.required'))} send={send} onDone={onDone}>
			{(faults) => <>
				<LabelFields value={names} onChange={setNames} faults={faults} />
				<div className="choices" role="radiogroup" aria-label={t('preset.moves')}>
					{MODES.map((one) => (
						<label key={one.mode} className="choice">
							<input type="radio" name={id} checked={mode === one.mode} onChange={() => setMode(one.mode)} />
							<span><b>{t(one.name)}</b><small>{t(one.text)}</small></span>
							{mode === one.mode && <Icon name="check" size={18} />}
						</label>
					))}
				</div>
				{!pipeline?.begins && <Check name="relates" label={t('stages.relates')} hint={t('stages.relates_text')} checked={relates} onChange={setRelates} />}
				<Check name="lost_reason" label={t('stages.lost_reason')} hint={t('stages.lost_reason_text')} checked={reason} onChange={setReason} />
			</>}
		</SetForm>
	);
}

/* what an end means for the chance, and back again */
const CHANCE: Record<StageKind, string | null> = { open: null, won: '100', lost: '0' };

function StageForm({ workspace, pipeline, stage, onDone }: { workspace: Workspace; pipeline: SetPipeline; stage: SetStage | null; onDone(): void }) {
	const t = useT();
	const language = useLanguage();
	const [names, setNames] = useState<BothNames>(namesOf(stage?.label));
	const [kind, setKind] = useState<StageKind>(stage?.kind ?? 'open');
	const [chance, setChance] = useState(String(stage?.probability ?? 50));
	const [colour, setColour] = useState(stage?.colour ?? 'blue');
	const [qualified, setQualified] = useState(stage?.qualified ?? false);
	const check = () => ({ ...lacking(names, t('form.required')), ...(/^(\d{1,2}|100)$/.test(chance.trim()) ? {} : { probability: t('stages.chance_wrong') }) });
	const send = async () => {
		const body = { label: trimmed(names), kind, probability: Number(chance), colour, qualified };
		await (stage ? api('PUT', `/api/crm/stages/${stage.id}`, { body }) : api('POST', `/api/crm/stages${query({ workspace: workspace.slug })}`, { body: { ...body, pipeline: pipeline.id } }));
		await pipelinesChanged();
		toast.ok(t(stage ? 'stages.saved' : 'stages.added', { name: names[language].trim() }));
	};
	return (
		<SetForm yes={t(stage ? 'common.save' : 'stages.add')} check={check} send={send} onDone={onDone}>
			{(faults) => <>
				<LabelFields value={names} onChange={setNames} faults={faults} />
				<div className="two">
					<SelectField label={t('stages.kind')} name="kind" value={kind} error={faults['kind']} hint={stage?.deals ? t('stages.kind_fixed') : undefined}
						choices={KINDS.map((one) => ({ value: one, label: t(`stage_kind.${one}`) })).filter((one) => !stage?.deals || one.value === stage.kind)}
						onChange={(next) => {
							setKind(next as StageKind);
							setChance(CHANCE[next as StageKind] ?? (CHANCE[kind] ? '50' : chance));
						}} />
					<TextField label={t('stages.chance')} name="probability" value={chance} onChange={setChance} error={faults['probability']} inputMode="numeric" required maxLength={3} />
				</div>
				<div className="ticks" role="group" aria-label={t('stages.colour')}>
					<span className="lw-label">{t('stages.colour')}</span>
					<div className="segments scroll">
						{COLOURS.map((one) => (
							<button key={one} type="button" className="segment" aria-pressed={one === colour} onClick={() => setColour(one)}><span className={`dot stage-${one}`} /> {t(`colour.${one}`)}</button>
						))}
					</div>
				</div>
				<Check name="qualified" label={t('stages.qualified')} hint={t('stages.qualified_text')} checked={qualified} onChange={setQualified} />
			</>}
		</SetForm>
	);
}

function Remove({ pipeline, stage, opened, onClose }: { pipeline: SetPipeline; stage: SetStage; opened: boolean; onClose(): void }) {
	const t = useT();
	const language = useLanguage();
	const { formats } = useScope();
	const [to, setTo] = useState<string | null>(null);
	const [busy, setBusy] = useState(false);
	const [fault, setFault] = useState<string | null>(null);
	const name = labelOf(stage.label, language, stage.key);
	/* there may be more than this person sees: the server says so, and then asks */
	const [asked, setAsked] = useState(stage.deals > 0);
	const remove = async () => {
		if (asked && !to) {
			setFault(t('stages.move_to_needed'));
			return;
		}
		setBusy(true);
		setFault(null);
		try {
			await api('DELETE', `/api/crm/stages/${stage.id}${query({ move_to: to })}`);
			await pipelinesChanged();
			toast.ok(t('stages.removed', { name }));
			onClose();
		} catch (reason) {
			setAsked(true);
			setFault(problemText(reason));
		}
		setBusy(false);
	};
	return (
		<Confirm opened={opened} onClose={onClose} title={t('stages.remove_of', { name })} yes={t('stages.remove')} onYes={() => void remove()} busy={busy} fault={fault} danger text={(
			<>
				<p>{stage.deals ? t('stages.remove_full', { count: stage.deals, number: formats.number(stage.deals) }) : t('stages.remove_empty')}</p>
				{asked && <SelectField label={t('stages.move_to')} name="move_to" required value={to} onChange={setTo} placeholder={t('form.choose')} empty={t('form.nothing_found')}
					choices={[...pipeline.stages].sort((a, b) => a.position - b.position).filter((one) => one.id !== stage.id).map((one) => ({ value: one.id, label: labelOf(one.label, language, one.key) }))} />}
			</>
		)} />
	);
}

function Archive({ pipeline, opened, onClose }: { pipeline: SetPipeline; opened: boolean; onClose(): void }) {
	const t = useT();
	const language = useLanguage();
	const [busy, setBusy] = useState(false);
	const [fault, setFault] = useState<string | null>(null);
	const name = labelOf(pipeline.label, language, pipeline.key);
	const archive = async () => {
		setBusy(true);
		setFault(null);
		try {
			await api('PUT', `/api/crm/pipelines/${pipeline.id}`, { body: { archived: true } });
			await pipelinesChanged();
			onClose();
			toast.ok(t('stages.away', { name }), { label: t('common.undo'), hotkey: 'Z', run: () => void api('PUT', `/api/crm/pipelines/${pipeline.id}`, { body: { archived: false } }).then(pipelinesChanged, (reason: unknown) => toast.error(problemText(reason))) });
		} catch (reason) {
			setFault(problemText(reason));
		}
		setBusy(false);
	};
	return <Confirm opened={opened} onClose={onClose} title={t('stages.archive_of', { name })} text={<p>{t('stages.archive_text')}</p>} yes={t('stages.archive')} onYes={() => void archive()} busy={busy} fault={fault} danger />;
}
