/* What the workspace's preset set, what of it is its own by now, and a change of each part. Nothing here touches a deal:
   the parts are words, pages and switches, and a stage with deals in it stays whichever preset is taken over. */
import { type ReactNode, useEffect, useId, useMemo, useState } from 'react';
import { changePreset, LOCALE, type Locale, type OwnPreset, type OwnStage, PARTS, partsOf, type Preset, type PresetChange, type PresetParts, same, useOwnPreset, usePresets } from '../../api/preset';
import { Problem } from '../../api/client';
import type { Workspace } from '../../api/types';
import { HEADER, TABS } from '../../app/places';
import { problemText } from '../../app/problems';
import { useGo, useScope } from '../../app/scope';
import { labelOf, useLanguage, useT } from '../../i18n';
import { Empty, Skeleton } from '../../ui/bits';
import { Button } from '../../ui/button';
import { Check, SelectField } from '../../ui/field';
import { Icon } from '../../ui/icons';
import { OrderList } from '../../ui/order';
import { Fault, PageHead, Section } from '../../ui/page';
import { toast } from '../../ui/toast';
import { OfOneWorkspace } from './one-workspace';
import { PresetSwitch } from './preset-switch';
import { PlaceFields } from '../place/fields';
import { usePresetName } from '../place/preset';
import { PROFILE_NAME, useNames, useSamples } from './preset-words';
import { PROFILES } from '../../i18n/words';
import './preset.css';
import { MODES } from './move-modes';

export function PresetPage() {
	const t = useT();
	return <OfOneWorkspace title={t('settings.preset')} text={t('preset.choose')} help="preset">{(workspace) => <Own workspace={workspace} />}</OfOneWorkspace>;
}

function Own({ workspace }: { workspace: Workspace }) {
	const t = useT();
	const own = useOwnPreset(workspace.id);
	const presets = usePresets();
	const error = own.error ?? presets.error;
	const preset = presets.data?.find((one) => one.name === own.data?.preset);
	if (own.data && presets.data)
		return <Editor workspace={workspace} own={own.data} preset={preset} presets={presets.data} />;
	return (
		<>
			<PageHead title={t('settings.preset')} sub={workspace.name} help="preset" />
			{error
				? <Empty icon="alert" title={t('preset.failed')}><p>{problemText(error)}</p><Button icon="refresh" onClick={() => { void own.refetch(); void presets.refetch(); }}>{t('error.retry')}</Button></Empty>
				: <div className="page-body page-narrow" aria-hidden="true">{[120, 220, 260].map((height) => <Skeleton key={height} h={height} style={{ borderRadius: 10, marginBottom: 16 }} />)}</div>}
		</>
	);
}

type Draft = PresetParts & Locale;

const draftOf = (own: OwnPreset): Draft => {
	const { language, currency, timezone, country } = own;
	return { ...partsOf(own), language, currency, timezone, country };
};

function Editor({ workspace, own, preset, presets }: { workspace: Workspace; own: OwnPreset; preset: Preset | undefined; presets: Preset[] }) {
	const t = useT();
	const go = useGo();
	const nameOf = usePresetName();
	const saved = useMemo(() => draftOf(own), [own]);
	const [change, setChange] = useState<Partial<Draft>>({});
	const [busy, setBusy] = useState(false);
	const [fault, setFault] = useState<string | null>(null);
	const [switching, setSwitching] = useState(false);
	const draft: Draft = { ...saved, ...change };
	const dirty = [...PARTS, ...LOCALE].filter((part) => !same(draft[part], saved[part]));
	const set = (next: Partial<Draft>) => { setFault(null); setChange((old) => ({ ...old, ...next })); };
	/* what somebody else changed meanwhile is no longer a change of ours */
	useEffect(() => {
		setChange((old) => Object.fromEntries(Object.entries(old).filter(([part, value]) => !same(value, saved[part as keyof Draft]))) as Partial<Draft>);
	}, [saved]);

	const save = async () => {
		setBusy(true);
		setFault(null);
		const before = Object.fromEntries(dirty.map((part) => [part, saved[part]])) as PresetChange;
		try {
			await changePreset(workspace.id, Object.fromEntries(dirty.map((part) => [part, draft[part]])) as PresetChange);
			setChange({});
			toast.ok(t('preset.saved'), { label: t('common.undo'), hotkey: 'Z', run: () => void changePreset(workspace.id, before).catch((reason: unknown) => toast.error(problemText(reason))) });
		} catch (reason) {
			setFault(reason instanceof Problem && reason.fields[0] ? reason.fields[0].detail : problemText(reason));
		}
		setBusy(false);
	};

	const differs = (...parts: Array<keyof PresetParts>) => preset && parts.some((part) => !same(draft[part], preset[part]));
	const back = (...parts: Array<keyof PresetParts>): ReactNode => preset && differs(...parts) && (
		<><span className="tag">{t('preset.own')}</span>
			<Button kind="quiet" icon="history" onClick={() => set(Object.fromEntries(parts.map((part) => [part, preset[part]])) as Partial<Draft>)}>{t('preset.back')}</Button></>
	);
	const changed = preset ? PARTS.filter((part) => !same(saved[part], preset[part])).length : 0;

	return (
		<>
			<PageHead title={t('settings.preset')} sub={workspace.name} help="preset" />
			<div className="page-body scroll preset-body">
				<div className="page-narrow">
					<Section title={nameOf(own.preset)} text={changed ? t('preset.differs', { count: changed }) : t('preset.as_is')}
						actions={<><Button icon="refresh" onClick={() => setSwitching(true)}>{t('preset.switch')}</Button><Button kind="quiet" icon="board" onClick={() => go.anywhere('/settings/stages')}>{t('preset.to_stages')}</Button></>}>
						<Stages own={own} />
					</Section>
					<WordsPart draft={draft} set={set} back={back('label_profile')} />
					<PagesPart draft={draft} set={set} back={back('landing', 'tabs', 'header')} />
					<Section title={t('preset.moves')} text={t('preset.moves_text')} actions={back('move_mode')}>
						<Radios label={t('preset.moves')} value={draft.move_mode} choices={MODES.map(({ mode, name, text }) => ({ value: mode, label: t(name), text: t(text) }))} onChange={(move_mode) => set({ move_mode })} />
					</Section>
					<LocalePart draft={draft} set={set} />
					<Section title={t('preset.access')} actions={back('admin_only')}>
						<Check label={t('preset.admin_only')} hint={t('preset.admin_only_text')} checked={draft.admin_only} onChange={(admin_only) => set({ admin_only })} />
					</Section>
				</div>
			</div>
			{(dirty.length > 0 || fault) && (
				<div className="save-bar" role="region" aria-label={t('preset.unsaved_label')}>
					{fault ? <Fault>{fault}</Fault> : <span role="status">{t('preset.unsaved', { count: dirty.length })}</span>}
					<Button disabled={busy} onClick={() => { setChange({}); setFault(null); }}>{t('preset.discard')}</Button>
					<Button kind="primary" disabled={busy} onClick={() => void save()}>{t('common.save')}</Button>
				</div>
			)}
			<PresetSwitch opened={switching} onClose={() => setSwitching(false)} workspace={workspace} own={own} presets={presets} />
		</>
	);
}

function Stages({ own }: { own: OwnPreset }) {
	const t = useT();
	const language = useLanguage();
	const { formats } = useScope();
	/* what an end means, where its name does not say so itself */
	const ends = ({ kind, label, key }: OwnStage): string | null => {
		const word = kind === 'open' ? null : t(kind === 'won' ? 'preset.won' : 'preset.lost');
		return word && labelOf(label, language, key).toLocaleLowerCase() !== word ? word : null;
	};
	if (!own.stages)
		return <p className="muted">{t('preset.no_stages')}</p>;
	return (
		<ol className="stage-list" aria-label={t('preset.stages')}>
			{[...own.stages].sort((a, b) => a.position - b.position).map((stage) => (
				<li key={stage.key}>
					<span className={`dot stage-${stage.colour}`} /><span className="cut">{labelOf(stage.label, language, stage.key)}</span>
					{ends(stage) && <span className={`tag ${stage.kind === 'won' ? 'tag-ok' : ''}`}>{ends(stage)}</span>}
					<span className="muted num stage-deals">{t('preset.deals', { count: stage.deals, number: formats.number(stage.deals) })}</span>
				</li>
			))}
		</ol>
	);
}

interface PartProps { draft: Draft; set(next: Partial<Draft>): void; back?: ReactNode }

function WordsPart({ draft, set, back }: PartProps) {
	const t = useT();
	const samples = useSamples(draft.label_profile);
	return (
		<Section title={t('preset.words')} text={t('preset.words_text')} actions={back}>
			<div className="form">
				<SelectField label={t('preset.profile')} value={draft.label_profile} onChange={(value) => value && set({ label_profile: value })}
					choices={PROFILES.map((one) => ({ value: one, label: t(PROFILE_NAME[one]) }))} />
			</div>
			<dl className="samples">{samples.map(({ what, word }) => <div key={what}><dt>{t(what)}</dt><dd>{word}</dd></div>)}</dl>
		</Section>
	);
}

function PagesPart({ draft, set, back }: PartProps) {
	const t = useT();
	const names = useNames(draft.label_profile);
	const later = t('preset.later');
	const tab = (key: string) => ({ key, label: names.tab(key), icon: TABS[key]?.icon ?? ('file' as const), note: TABS[key]?.page ? undefined : later });
	const button = (key: string) => ({ key, label: names.button(key), icon: HEADER[key]?.icon ?? ('file' as const), note: HEADER[key]?.act ? undefined : later });
	const landings = [...new Set([draft.landing, ...draft.tabs.filter((key) => key !== 'settings')])];
	return (
		<Section title={t('preset.pages')} text={t('preset.pages_text')} actions={back}>
			<div className="form">
				<SelectField label={t('preset.landing')} hint={TABS[draft.landing]?.page ? undefined : t('preset.landing_later')} value={draft.landing} onChange={(value) => value && set({ landing: value })}
					choices={landings.map((key) => ({ value: key, label: names.tab(key) }))} />
			</div>
			<div className="two preset-lists">
				<div><h3>{t('preset.menu')}</h3>
					<OrderList label={t('preset.menu')} add={t('preset.menu_add')} items={draft.tabs.map(tab)} rest={Object.keys(TABS).filter((key) => !draft.tabs.includes(key)).map(tab)} onChange={(tabs) => set({ tabs })} /></div>
				<div><h3>{t('preset.header')}</h3>
					<OrderList label={t('preset.header')} add={t('preset.header_add')} items={draft.header.map(button)} rest={Object.keys(HEADER).filter((key) => !draft.header.includes(key)).map(button)} onChange={(header) => set({ header })} /></div>
			</div>
		</Section>
	);
}

function LocalePart({ draft, set }: PartProps) {
	const t = useT();
	const { language, currency, timezone, country } = draft;
	return <Section title={t('preset.place')} text={t('preset.place_text')}><div className="preset-place"><PlaceFields value={{ language, currency, timezone, country }} onChange={set} wrong={{}} /></div></Section>;
}

function Radios<K extends string>({ label, value, choices, onChange }: { label: string; value: K; choices: Array<{ value: K; label: string; text: string }>; onChange(value: K): void }) {
	const name = useId();
	return (
		<div className="choices" role="radiogroup" aria-label={label}>
			{choices.map((one) => (
				<label key={one.value} className="choice">
					<input type="radio" name={name} checked={one.value === value} onChange={() => onChange(one.value)} />
					<span><b>{one.label}</b><small>{one.text}</small></span>
					{one.value === value && <Icon name="check" size={18} />}
				</label>
			))}
		</div>
	);
}
