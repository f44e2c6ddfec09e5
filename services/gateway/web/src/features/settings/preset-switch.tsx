/* Another preset for the workspace: what it would change, said before it is done, and that no deal is lost by it. */
import { useState } from 'react';
import { changePreset, type OwnPreset, partsOf, type Preset, same, stagesAfter } from '../../api/preset';
import type { Label, Workspace } from '../../api/types';
import { problemText } from '../../app/problems';
import { useScope } from '../../app/scope';
import { labelOf, useLanguage, useT } from '../../i18n';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { Icon } from '../../ui/icons';
import { Fault } from '../../ui/page';
import { toast } from '../../ui/toast';
import { PresetField, usePresetName } from '../place/preset';
import { useNames, useSamples } from './preset-words';
import { MODES } from './move-modes';

interface Props { workspace: Workspace; own: OwnPreset; presets: Preset[]; onClose(): void }

export function PresetSwitch({ opened, ...rest }: Props & { opened: boolean }) {
	const t = useT();
	return <Dialog opened={opened} onClose={rest.onClose} title={t('preset.switch_title')} closeLabel={t('common.close')} size={680}><Choice {...rest} /></Dialog>;
}

function Choice({ workspace, own, presets, onClose }: Props) {
	const t = useT();
	const nameOf = usePresetName();
	const [name, setName] = useState<string | null>(null);
	const [busy, setBusy] = useState(false);
	const [fault, setFault] = useState<string | null>(null);
	const next = presets.find((one) => one.name === name);
	const others = presets.filter((one) => one.name !== own.preset);
	const take = async () => {
		if (!next)
			return;
		setBusy(true);
		setFault(null);
		try {
			await changePreset(workspace.id, { preset: next.name });
			toast.ok(t('preset.switched', { name: nameOf(next.name) }), {
				label: t('common.undo'), hotkey: 'Z',
				run: () => void changePreset(workspace.id, { preset: own.preset, ...partsOf(own) }).catch((reason: unknown) => toast.error(problemText(reason))),
			});
			onClose();
		} catch (reason) {
			setFault(problemText(reason));
			setBusy(false);
		}
	};
	return (
		<>
			<p className="muted preset-lead">{t('preset.switch_text', { name: nameOf(own.preset) })}</p>
			{fault && <Fault>{fault}</Fault>}
			<PresetField presets={others} value={name ?? ''} onChange={setName} />
			{next && <Preview own={own} next={next} />}
			<div className="dialog-foot">
				<Button onClick={onClose}>{t('common.cancel')}</Button>
				<Button kind="primary" disabled={!next || busy} onClick={() => void take()}>{next ? t('preset.take', { name: nameOf(next.name) }) : t('preset.take_none')}</Button>
			</div>
		</>
	);
}

interface Line { key: string; label: string; was: string; is: string }

function Preview({ own, next }: { own: OwnPreset; next: Preset }) {
	const t = useT();
	const language = useLanguage();
	const { formats } = useScope();
	const was = useSamples(own.label_profile);
	const is = useSamples(next.label_profile);
	const before = useNames(own.label_profile);
	const after = useNames(next.label_profile);
	const mode = (one: string) => { const known = MODES.find(({ mode: name }) => name === one); return known ? t(known.name) : one; };
	const list = (words: string[], name: (key: string) => string) => words.map(name).join(' · ');
	const lines: Line[] = [
		...is.map(({ what, word }, at) => ({ key: what, label: t(what), was: was[at]?.word ?? '', is: word })),
		{ key: 'landing', label: t('preset.landing'), was: before.tab(own.landing), is: after.tab(next.landing) },
		{ key: 'tabs', label: t('preset.menu'), was: list(own.tabs, before.tab), is: list(next.tabs, after.tab) },
		{ key: 'header', label: t('preset.header'), was: list(own.header, before.button), is: list(next.header, after.button) },
		{ key: 'mode', label: t('preset.moves'), was: mode(own.move_mode), is: mode(next.move_mode) },
	].filter((line) => !same(line.was, line.is));
	const stages = stagesAfter(own.stages ?? [], next.stages);
	const deals = (own.stages ?? []).reduce((sum, stage) => sum + stage.deals, 0);
	const name = (stage: { key: string; label: Label }) => labelOf(stage.label, language, stage.key);
	const groups = [
		{ key: 'fresh', text: t('preset.stages_fresh'), stages: stages.fresh.map((stage) => ({ ...stage, deals: 0 })) },
		{ key: 'kept', text: t('preset.stages_kept'), stages: stages.kept },
		{ key: 'gone', text: t('preset.stages_gone'), stages: stages.gone },
	].filter((group) => group.stages.length);
	return (
		<section className="preview" aria-label={t('preset.preview')}>
			<h3>{t('preset.preview')}</h3>
			<p className="promise"><Icon name="shield" size={18} /><span>{t('preset.promise', { count: deals, number: formats.number(deals) })}</span></p>
			{next.admin_only && !own.admin_only && <p className="promise promise-warn"><Icon name="alert" size={18} /><span>{t('preset.closes')}</span></p>}
			{!next.admin_only && own.admin_only && <p className="promise promise-warn"><Icon name="users" size={18} /><span>{t('preset.opens')}</span></p>}
			<dl className="changes">
				{lines.map((line) => <div key={line.key}><dt>{line.label}</dt><dd><del>{line.was}</del> <Icon name="arrow" size={14} /> <ins>{line.is}</ins></dd></div>)}
				{groups.map((group) => (
					<div key={group.key}><dt>{group.text}</dt><dd className="tags">{group.stages.map((stage) => (
						<span className="tag" key={stage.key}><span className={`dot stage-${stage.colour}`} />{name(stage)}{stage.deals > 0 && <span className="num muted">{formats.number(stage.deals)}</span>}</span>
					))}</dd></div>
				))}
			</dl>
			<p className="muted small">{t('preset.stays')}</p>
		</section>
	);
}
