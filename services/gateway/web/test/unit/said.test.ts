/* Fields of a person, a company and a place in words of both languages, never as the machine keeps them. */
import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { Item } from '../../src/api/boards';
import type { Language } from '../../src/api/types';
import { fieldName, fieldValue } from '../../src/features/contacts/said';
import { changeLanguage, say, startLanguage } from '../../src/i18n';
import { formats } from '../../src/lib/format';

const items = [{ catalogue: 'contact_status', key: 'active', label: { en: 'In talks', nl: 'In gesprek' } }] as unknown as Item[];
const reader = (language: Language) => ({ t: say, language, formats: formats(language, 'Europe/Amsterdam'), items, names: (id: string) => id === 'u1' ? 'Sanne' : undefined });

beforeAll(async () => {
	vi.stubGlobal('document', { documentElement: { lang: 'en' } });
	await startLanguage('en');
});

describe('what a field says', () => {
	it('is said in both languages', async () => {
		const en = reader('en'), nl = reader('nl');
		expect([fieldValue(en, 'contact', 'type', 'contractor'), fieldValue(en, 'contact', 'status', 'active'), fieldValue(en, 'place', 'type', 'warehouse'), fieldValue(en, 'account', 'owner_id', 'u1')]).toEqual(['Contractor', 'In talks', 'Warehouse', 'Sanne']);
		await changeLanguage('nl');
		expect([fieldName(say, 'account', 'lifecycle'), fieldValue(nl, 'account', 'lifecycle', 'client'), fieldValue(nl, 'contact', 'status', 'active')]).toEqual(['Type', 'Klant', 'In gesprek']);
	});
});
