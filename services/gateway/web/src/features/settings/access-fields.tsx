/* The parts that inviting and changing somebody have in common: role and team in a workspace, the sections they see. */
import { labelOf, sayValue, useLanguage, useT } from '../../i18n';
import { Check, SelectField } from '../../ui/field';
import { useRoles, useTeams } from './people';

export interface Place { role: string | null; team: string | null }

export function PlaceFields({ workspace, place, onChange, error }: { workspace: string | null; place: Place; onChange(place: Place): void; error?: string | undefined }) {
	const t = useT();
	const language = useLanguage();
	const { data: roles } = useRoles();
	const { data: teams } = useTeams();
	const here = (teams ?? []).filter((team) => team.workspace_id === workspace);
	return (
		<div className={here.length ? 'two' : undefined}>
			<SelectField label={t('users.role')} value={place.role} required error={error} empty={t('form.nothing_found')} onChange={(role) => onChange({ ...place, role: role ?? place.role })}
				choices={(roles ?? []).map((role) => ({ value: role.key, label: labelOf(role.label, language, role.key) }))} />
			{here.length > 0 && (
				<SelectField label={t('users.team')} value={place.team} clearable placeholder={t('users.no_team')} empty={t('form.nothing_found')} onChange={(team) => onChange({ ...place, team })}
					choices={here.map((team) => ({ value: team.id, label: team.name }))} />
			)}
		</div>
	);
}

const SECTIONS = ['crm', 'website'];

export function SectionFields({ sections, onChange }: { sections: string[]; onChange(sections: string[]): void }) {
	const t = useT();
	const all = [...SECTIONS, ...sections.filter((one) => !SECTIONS.includes(one))];
	return (
		<fieldset className="ticks">
			<legend>{t('users.sections')}</legend>
			{all.map((one) => (
				<Check key={one} label={sayValue('section', one)} hint={one === 'crm' ? t('users.section_crm') : undefined} checked={sections.includes(one)}
					onChange={(on) => onChange(on ? [...sections, one] : sections.filter((other) => other !== one))} />
			))}
		</fieldset>
	);
}
