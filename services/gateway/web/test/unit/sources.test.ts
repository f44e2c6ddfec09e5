import { describe, expect, it } from 'vitest';
import { canTry, originsOf, SOURCE_KINDS, wholeOf } from '../../src/features/settings/source-model';
import { snippetsOf } from '../../src/features/settings/source-snippets';
import en from '../../src/i18n/en.json';

const words = { name: 'Naam', email: 'E-mail', phone: 'Telefoon', message: 'Bericht', send: 'Versturen', form: 'Offerte "nu"', person: "Piet 't Hoen", secret: 'GEHEIM' };
const HOOK = 'https://crm.example/hooks/abc&d';
const plain = { kind: 'web_form', signs: false, minimum_fill: null };

describe('a source', () => {
	it('takes sites as the door compares them', () => {
		expect(originsOf('www.taart.nl, https://Taart.NL/contact  http://localhost:8080/')).toBe('https://www.taart.nl https://taart.nl http://localhost:8080');
		expect(originsOf('')).toBe('');
		expect(originsOf('ftp://taart.nl')).toBeNull();
		expect(originsOf('https://wie@taart.nl')).toBeNull();
	});
	it('takes whole numbers within their bounds', () => {
		expect([' 3 ', '', '601', '-1', '1.5', 'x', '0'].map((typed) => wholeOf(typed, 0, 600))).toEqual([3, null, undefined, undefined, undefined, undefined, 0]);
	});
	it('has a name and what to do for every sender', () => {
		for (const kind of SOURCE_KINDS) {
			expect(en).toHaveProperty([`source_kind.${kind}`]);
			expect(en).toHaveProperty([`source_paste.${kind}`]);
		}
	});
	it('is tried from the page only where anybody may send', () => {
		expect(canTry({ kind: 'web_form', signs: false, origins: null, minimum_fill: null })).toBe(true);
		expect([{ signs: true }, { origins: 'https://x.nl' }, { minimum_fill: 3 }, { kind: 'typeform' }].map((more) => canTry({ kind: 'web_form', signs: false, origins: null, minimum_fill: null, ...more }))).toEqual([false, false, false, false]);
	});
	it('gives what is pasted, quoted for where it is pasted', () => {
		const [html, fetched, curl] = snippetsOf(plain, HOOK, words);
		expect(html?.text).toContain('action="https://crm.example/hooks/abc&amp;d"');
		expect(html?.text).toContain('value="Offerte &quot;nu&quot;"');
		expect(html?.text).not.toContain('_stamp');
		expect(fetched?.text).toContain('fetch("https://crm.example/hooks/abc&d"');
		expect(curl?.text).toContain(`"name":"Piet '\\''t Hoen"`);
	});
	it('shows a secret to no page, and asks for a stamp where people need time', () => {
		expect(snippetsOf({ ...plain, signs: true }, HOOK, words).map(({ key }) => key)).toEqual(['curl']);
		const stamped = snippetsOf({ ...plain, minimum_fill: 3 }, HOOK, words);
		expect(stamped.map(({ key }) => key)).toEqual(['html']);
		expect(stamped[0]?.text).toContain('<input name="_stamp" type="hidden">');
		expect(snippetsOf({ ...plain, kind: 'typeform' }, HOOK, words)).toEqual([]);
	});
});
