/* What a workspace can be made from: the ways of working as cards, each with its stages in words. */
import type { Label, StageKind } from '../../api/types';
import { labelOf, type Key, useLanguage, useT } from '../../i18n';
import { Icon } from '../../ui/icons';

export interface Preset {
	name: string; label_profile: string; language: 'nl' | 'en'; currency: string; timezone: string; country: string; move_mode: string; admin_only: boolean;
	stages: Array<{ key: string; kind: StageKind; label: Label; colour: string }>;
}

const NAMES: Record<string, [Key, Key]> = {
	'nl-offerte-6': ['setup.preset.nl-offerte-6', 'setup.preset_text.nl-offerte-6'],
	'classic-6': ['setup.preset.classic-6', 'setup.preset_text.classic-6'],
	'dynamics': ['setup.preset.dynamics', 'setup.preset_text.dynamics'],
	'follow-up': ['setup.preset.follow-up', 'setup.preset_text.follow-up'],
	'commerce': ['setup.preset.commerce', 'setup.preset_text.commerce'],
};

/* a preset of one's own has its file's name */
export function usePresetName(): (name: string) => string {
	const t = useT();
	return (name) => (NAMES[name] ? t(NAMES[name][0]) : name);
}

export function PresetField({ presets, value, onChange, error }: { presets: Preset[]; value: string; onChange(name: string): void; error?: string | undefined }) {
	const t = useT();
	const language = useLanguage();
	const nameOf = usePresetName();
	return (
		<fieldset className="choices" aria-describedby={error ? 'preset-wrong' : undefined}>
			<legend className="lw-label">{t('setup.preset')}</legend>
			{presets.map((one) => (
				<label key={one.name} className="choice">
					<input type="radio" name="preset" value={one.name} checked={value === one.name} onChange={() => onChange(one.name)} />
					<span>
						<b>{nameOf(one.name)}</b>
						{NAMES[one.name] && <small>{t(NAMES[one.name]?.[1] as Key)}</small>}
						<span className="choice-stages" aria-label={t('setup.stages')} role="list">
							{one.stages.map((stage) => <span role="listitem" key={stage.key}><span className={`dot stage-${stage.colour}`} />{labelOf(stage.label, language, stage.key)}</span>)}
						</span>
					</span>
					{value === one.name && <Icon name="check" size={18} />}
				</label>
			))}
			{error && <p className="lw-error" id="preset-wrong">{error}</p>}
		</fieldset>
	);
}
