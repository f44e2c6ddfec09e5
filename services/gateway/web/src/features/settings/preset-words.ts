/* What a preset means in words: the names of its parts, samples of its profile's texts, one line for each change that
   another preset would bring. */
import { HEADER, TABS } from '../../app/places';
import { type Key, useT } from '../../i18n';
import { PROFILES, type Profile } from '../../i18n/words';

export const PROFILE_NAME: Record<Profile, Key> = {
	nl: 'preset.words_nl', classic: 'preset.words_classic', dynamics: 'preset.words_dynamics', shipping: 'preset.words_shipping', commerce: 'preset.words_commerce',
};

export const profileNamed = (name: string): Profile | null => PROFILES.find((one) => one === name) ?? null;

/* what the samples stand for, and a text of each profile that shows it */
const SAMPLES: Array<{ what: Key; text: Key; values?: Record<string, string | number> }> = [
	{ what: 'preset.sample_in', text: 'nav.leads' },
	{ what: 'preset.sample_deals', text: 'search.deals' },
	{ what: 'preset.sample_board', text: 'board.title' },
	{ what: 'preset.sample_new', text: 'lead.new' },
	{ what: 'preset.sample_count', text: 'board.open', values: { count: 3, number: '3' } },
	{ what: 'preset.sample_stage', text: 'deal.stage' },
	{ what: 'preset.sample_status', text: 'lead_status.Contacted' },
	{ what: 'preset.sample_owner', text: 'field.owner' },
	{ what: 'preset.sample_companies', text: 'tab.accounts' },
];

export function useSamples(profile: string): Array<{ what: Key; word: string }> {
	const say = useT(profileNamed(profile));
	return SAMPLES.map(({ what, text, values }) => ({ what, word: say(text, values) }));
}

/* a menu's or header's words as people read them, in this profile */
export function useNames(profile: string) {
	const say = useT(profileNamed(profile));
	return {
		tab: (key: string): string => { const entry = TABS[key]; return entry ? say(entry.label) : key; },
		button: (key: string): string => { const entry = HEADER[key]; return entry ? say(entry.label) : key; },
		say,
	};
}

