/* The two catalogues: the same keys, none empty, the same values in braces, every key used and every used key there. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import en from '../../src/i18n/en.json';
import nl from '../../src/i18n/nl.json';
import { SILENT, SILENT_OF } from '../../src/features/settings/audit-words';
import { FAR_PAGES, isFar, plain } from '../../src/i18n/far';
import { PROFILES } from '../../src/i18n/words';

const english: Record<string, string> = en;
const dutch: Record<string, string> = nl;

function sources(folder: string): string[] {
	return readdirSync(folder).flatMap((name) => {
		const path = join(folder, name);
		return statSync(path).isDirectory() ? sources(path) : /\.tsx?$/.test(name) ? [path] : [];
	});
}
const files = sources('src');
const code = files.map((path) => readFileSync(path, 'utf8')).join('\n');

describe('catalogues', () => {
	it('have the same keys in the same order', () => expect(Object.keys(dutch)).toEqual(Object.keys(english)));
	it('have no empty text', () => {
		for (const [key, text] of [...Object.entries(english), ...Object.entries(dutch)])
			expect(text.trim(), key).not.toBe('');
	});
	it('fill in the same values', () => {
		const values = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((found) => found[1]).sort();
		for (const key of Object.keys(english))
			expect(values(dutch[key] ?? ''), key).toEqual(values(english[key] ?? ''));
	});
	it('have a plain text beside every profile\'s own, in the same forms', () => {
		const own = Object.keys(english).filter((key) => key.includes('@'));
		expect(own.length).toBeGreaterThan(80);
		for (const key of own) {
			const [, profile] = /@([a-z]+)/.exec(key) ?? [];
			expect(PROFILES, key).toContain(profile);
			expect(english, key).toHaveProperty([key.replace(/@[a-z]+/, '')]);
			expect(english[key] !== english[key.replace(/@[a-z]+/, '')] || dutch[key] !== dutch[key.replace(/@[a-z]+/, '')], `${key} says what the plain text says`).toBe(true);
		}
	});
	it('have a word for every line of the audit and for every permission', () => {
		const gateway = readdirSync('..').filter((name) => name.endsWith('.c')).map((name) => readFileSync(join('..', name), 'utf8')).join('\n');
		const lines = [...gateway.matchAll(/audit_of \(b, [^"]*"([a-z_]+)"/g)].map((found) => `audit.${found[1]}`);
		expect(lines.length).toBeGreaterThan(20);
		/* a setting that another service keeps is noted with what was asked: each of its fields has a word, or is silent */
		const settings = [...gateway.matchAll(/\{ &([a-z_]+)_record, (?:named_)?setting_page \}/g)].map((found) => found[1] ?? '');
		expect(settings.length).toBeGreaterThan(30);
		lines.push(...settings.map((one) => `audit.${one}`));
		const defs = readdirSync('../../../proto').filter((name) => name.endsWith('.def')).map((name) => readFileSync(join('../../../proto', name), 'utf8')).join('\n');
		for (const one of settings)
			for (const [, field = ''] of defs.matchAll(new RegExp(`^\\s*[A-Z]+\\s*\\(${one}, (?:[a-z0-9_]+, )?([a-z0-9_]+), +(?!KEY)[A-Z][A-Z |()0-9]*,`, 'gm')))
				if (!SILENT.has(field) && !SILENT_OF[one]?.includes(field) && !/secret|^password$/.test(field))
					lines.push(`audit_field.${field}`);
		expect(lines.length).toBeGreaterThan(150);
		const permissions = [...readFileSync('../../../proto/permissions.def', 'utf8').matchAll(/"(crm-[a-z-]+|all-[a-z-]+)"/g)].map((found) => `permission.${found[1]}`);
		expect(permissions.length).toBeGreaterThan(8);
		expect([...new Set([...lines, ...permissions])].filter((key) => !(key in english))).toEqual([]);
	});
	it('hold no key that nobody uses', () => {
		const open = /^(rule_event|rule_group|rule_record|rule_fact|rule_op|rule_do|rule_said|rule_field|rule_problem|rule_preset|rule_state|rule_skipped|rule_example|docs_group|request_outcome|request_why|mapping_as|mapping_part|mapping_read|mapping_wrong|contact_type|contact_types|calendar|kind|priority|source|source_kind|source_paste|lead_status|field|problem|age|account|lifecycle|lifecycles|place_type|role|section|permission|audit|audit_field|audit_kind|sees|colour|stage_kind|catalogue|catalogue_about|field_kind|import_field|import_reason|import_state|moving_kind|moving_system|move_mode|segment_field|segment_op|segment_pick|segment_of|word|pins|template_place|template_language|linked_kind|linked_kinds|fact_panel|mail_state|mail_fix|mail_login|mail_login_app|mail_login_state|mailbox_fix|canary|mail_step|dns_role|dns_for|dns_state|dns_why|suppression|company|unit|tax|doc_kind|doc_kinds|doc_every|order_state|pay_method|line_state|line_why|reports|webhook_state|webhook_sent|webhook_error|webhook_group|webhook_event|doc_state|doc_wrong|doc_refused|doc_missing|doc_tax|doc_party|doc_period)\./;
		const unused = Object.keys(english).map(plain).filter((key) => !open.test(key) && !code.includes(`'${key}'`));
		expect(unused).toEqual([]);
	});
});

describe('the part that settings and dashboard bring along', () => {
	const far = [...new Set(Object.keys(english).filter(isFar).map(plain))];
	it('is a good part of all', () => expect(far.length).toBeGreaterThan(300));
	it('is used by them alone', () => {
		for (const path of files.filter((one) => !FAR_PAGES.test(one) && !one.includes('i18n/'))) {
			const text = readFileSync(path, 'utf8');
			expect(far.filter((key) => text.includes(`'${key}'`)), path).toEqual([]);
		}
	});
});

describe('sources', () => {
	it('hold no text between tags', () => {
		for (const path of files.filter((one) => one.endsWith('.tsx'))) {
			const found = readFileSync(path, 'utf8').match(/>\s*[A-Z][a-z]+( [a-z]+)+\s*</g);
			expect(found, path).toBeNull();
		}
	});
	it('import the component library in src/ui alone', () => {
		for (const path of files.filter((one) => !one.startsWith('src/ui/')))
			expect(readFileSync(path, 'utf8').includes('@mantine/'), path).toBe(false);
	});
	it('use no any', () => {
		for (const path of files)
			expect(/(:|as|<)\s*any\b/.test(readFileSync(path, 'utf8')), path).toBe(false);
	});
});
