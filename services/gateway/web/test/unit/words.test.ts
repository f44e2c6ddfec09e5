/* Whose words are said, what a preset's menu and header show, and where a workspace begins. */
import { readdirSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { Me, Workspace } from '../../src/api/types';
import { HEADER, headerOf, landingOf, landingPage, phoneOf, placesOf, TABS } from '../../src/app/places';
import { changeLanguage, say, sayValue, startLanguage } from '../../src/i18n';
import { PROFILES, profileOf, speak } from '../../src/i18n/words';

interface Preset { name: string; label_profile: string; landing: string; tabs: string[]; header: string[] }

const folder = '../../../proto/presets/';
const presets = new Map(readdirSync(folder).filter((name) => name.endsWith('.json') && name !== 'roles.json').map((name) => {
	const preset = JSON.parse(readFileSync(folder + name, 'utf8')) as Preset;
	return [preset.name, preset];
}));

const workspace = (preset: string, slug = preset): Workspace => {
	const { label_profile, landing, tabs, header } = presets.get(preset) as Preset;
	return { id: `id-${slug}`, slug, name: slug, preset, language: 'en', currency: 'EUR', timezone: 'Europe/Amsterdam', country: 'NL', label_profile, landing, tabs, header, admin_only: false, demo: false, role: 'owner', permissions: ['crm-edit'], team_id: null, lead_fields: [], default_owner_id: null };
};
const me = (...workspaces: Workspace[]): Me => ({
	user: { id: 'u', name: 'U', email: 'u@x.nl', language: null, theme: null, single_keys: true, timezone: null, photo: null, signature: null, two_factor: false, recovery_left: 0 }, agency: { id: 'a', name: 'A', admin: false }, workspaces, allowed_sections: ['crm'],
});

beforeAll(async () => {
	vi.stubGlobal('document', { documentElement: { lang: 'en' } });
	await startLanguage('en');
});

describe('words', () => {
	it('are the profile\'s own where it has any, else the plain ones', async () => {
		speak('dynamics');
		expect(say('board.title')).toBe('Pipeline');
		expect(say('deal.failed')).toBe('This opportunity could not be read');
		expect(say('lead.new')).toBe('New lead');
		speak('shipping');
		expect(say('lead.new')).toBe('New prospect');
		expect(sayValue('field', 'owner_id')).toBe('Salesman');
		await changeLanguage('nl');
		speak('nl');
		expect(say('nav.leads')).toBe('Aanvragen');
		expect(sayValue('lead_status', 'Contacted')).toBe('Contact opgenomen');
		speak(null);
		expect(say('nav.leads')).toBe('Leads');
		await changeLanguage('en');
	});
	it('have their forms for a count', () => {
		speak('dynamics');
		expect(say('board.open', { count: 1, number: '1' })).toBe('1 open lead or opportunity');
		expect(say('board.open', { count: 2, number: '2' })).toBe('2 open leads and opportunities');
		speak('nl');
		expect(say('board.open', { count: 2, number: '2' })).toBe('2 open deals');
		speak(null);
	});
	it('are neutral where several profiles are looked at', () => {
		expect(profileOf([workspace('dynamics')])).toBe('dynamics');
		expect(profileOf([workspace('commerce'), workspace('commerce', 'b')])).toBe('commerce');
		expect(profileOf([workspace('commerce'), workspace('dynamics')])).toBeNull();
		expect(profileOf([])).toBeNull();
	});
});

const menu = (...workspaces: Workspace[]) => {
	const { tabs, more } = placesOf(workspaces, true);
	return [tabs.map(({ key }) => key), more.map(({ key }) => key)];
};

describe('menus', () => {
	it('know every word that a preset says, and its profile', () => {
		expect(presets.size).toBe(5);
		for (const preset of presets.values()) {
			for (const tab of [...preset.tabs, preset.landing])
				expect(TABS, preset.name).toHaveProperty([tab]);
			for (const button of preset.header)
				expect(HEADER, preset.name).toHaveProperty([button]);
			expect(PROFILES).toContain(preset.label_profile);
		}
	});
	it('show the pages that are there, in the preset\'s order, and reach the others all the same', () => {
		expect(menu(workspace('nl-offerte-6'))).toEqual([['deals', 'quotes', 'invoices', 'email_templates', 'settings'], ['leads', 'accounts', 'contacts', 'segments', 'inbox']]);
		expect(menu(workspace('classic-6'))).toEqual([['contacts', 'pipeline', 'settings'], ['leads', 'accounts', 'quotes', 'invoices', 'segments', 'email_templates', 'inbox']]);
		expect(menu(workspace('dynamics'))).toEqual([['pipeline', 'leads', 'opportunities', 'accounts', 'contacts'], ['quotes', 'invoices', 'segments', 'email_templates', 'inbox']]);
		expect(menu(workspace('follow-up'))).toEqual([['kanban', 'list', 'calendar'], ['accounts', 'contacts', 'quotes', 'invoices', 'segments', 'email_templates', 'inbox']]);
		expect(menu(workspace('commerce'))).toEqual([['board'], ['leads', 'accounts', 'contacts', 'quotes', 'invoices', 'segments', 'email_templates', 'inbox']]);
	});
	it('are neutral where workspaces do not agree', () => {
		expect(menu(workspace('commerce'), workspace('dynamics'))).toEqual([['deals', 'leads'], ['accounts', 'contacts', 'quotes', 'invoices', 'segments', 'email_templates', 'inbox']]);
		expect(menu(workspace('follow-up'), workspace('follow-up', 'b'))).toEqual([['kanban', 'list', 'calendar'], ['accounts', 'contacts', 'quotes', 'invoices', 'segments', 'email_templates', 'inbox']]);
	});
	it('have the team\'s conversation in everybody\'s day, but for those who are no team', () => {
		const day = (...permissions: string[]) => [...presets.keys()].map((name) => placesOf([{ ...workspace(name), permissions }], true).day.map(({ key }) => key));
		for (const keys of day('crm-view', 'crm-chat'))
			expect(keys).toContain('chat');
		for (const keys of day('crm-view'))
			expect(keys).not.toContain('chat');
	});
	it('have every place on a phone too: two in its bar, the others in its menu', () => {
		for (const name of presets.keys()) {
			const places = placesOf([workspace(name)], false);
			const { bar, menu: others } = phoneOf(places);
			expect(bar.length).toBeLessThanOrEqual(2);
			expect([...bar, ...others].map(({ key }) => key).sort(), name).toEqual([...places.day, ...places.tabs, ...places.more].map(({ key }) => key).sort());
		}
		expect(phoneOf(placesOf([workspace('nl-offerte-6')], false)).bar.map(({ page }) => page)).toEqual(['/deals/board', '/leads']);
		expect(phoneOf(placesOf([workspace('dynamics')], false)).menu.map(({ key }) => key)).toEqual(expect.arrayContaining(['opportunities', 'accounts', 'contacts']));
	});
	it('leave out the settings of whoever finds nothing there', () => expect(placesOf([workspace('classic-6')], false).tabs.map(({ key }) => key)).toEqual(['contacts', 'pipeline']));
});

describe('headers', () => {
	const all = { make: true, fill: true, settings: true };
	const keys = (preset: string, may = all) => headerOf([workspace(preset)], '/leads', may).map(({ key }) => key);
	it('are the preset\'s, and always let one make a record', () => {
		expect(keys('nl-offerte-6')).toEqual(['new_lead']);
		expect(keys('classic-6')).toEqual(['import_csv', 'settings', 'pipeline', 'new_lead']);
		expect(keys('follow-up')).toEqual(['register', 'import', 'gear']);
		expect(keys('follow-up', { make: false, fill: false, settings: false })).toEqual([]);
	});
	it('do not lead to the page one is on', () => expect(headerOf([workspace('classic-6')], '/deals/board', all).map(({ key }) => key)).toEqual(['import_csv', 'settings', 'new_lead']));
	it('keep the import where the page makes its own record', () => expect(keys('classic-6', { ...all, make: false })).toEqual(['import_csv', 'settings', 'pipeline']));
});

describe('the first page', () => {
	it('is the one that the preset names, or the board until that one exists', () => {
		expect(landingPage(workspace('classic-6'))).toBe('/contacts');
		expect(landingPage({ landing: 'quotes' })).toBe('/quotes');
		expect(landingPage({ landing: 'elsewhere' })).toBe('/deals/board');
		expect(landingPage({ landing: 'leads' })).toBe('/leads');
		expect(landingPage({ landing: 'settings' })).toBe('/deals/board');
		expect(landingPage(undefined)).toBe('/deals/board');
	});
	it('is of the workspace in the address, else of last time, else of the first', () => {
		const list = { ...workspace('dynamics', 'b'), landing: 'leads' };
		const two = me(workspace('commerce', 'a'), list);
		expect(landingOf(two, {}, null)).toEqual({ to: '/deals/board', search: { workspace: 'a' } });
		expect(landingOf(two, {}, 'b')).toEqual({ to: '/leads', search: { workspace: 'b' } });
		expect(landingOf(two, { workspace: 'b' }, 'a')).toEqual({ to: '/leads', search: { workspace: 'b' } });
		expect(landingOf(two, {}, '')).toEqual({ to: '/deals/board', search: {} });
		expect(landingOf(two, {}, 'gone')).toEqual({ to: '/deals/board', search: { workspace: 'a' } });
		expect(landingOf(two, { workspace: 'a,b' }, null)).toEqual({ to: '/deals/board', search: { workspace: 'a,b' } });
		expect(landingOf(me(list), {}, 'a')).toEqual({ to: '/leads', search: {} });
	});
});
