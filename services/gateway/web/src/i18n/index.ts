/* Every text of the app comes from one flat catalogue a language; a key that does not exist does not compile.
   Never holds a text itself, and loads only the language in use. */
import i18next from 'i18next';
import { useCallback, useContext, useSyncExternalStore } from 'react';
import { setClientLanguage } from '../api/client';
import type { Label, Language } from '../api/types';
import type en from './en.json';
import { contextOf, type Profile, Words } from './words';

/* a profile's own form of a text is chosen by i18next, never named */
type Raw = keyof typeof en extends infer K ? (K extends `${string}@${string}` ? never : K) : never;
/* i18next picks the plural form by `count`; callers name the key without it */
export type Key = Raw extends infer K ? (K extends `${infer Base}_one` | `${infer Base}_other` ? Base : K) : never;
export type Values = Record<string, string | number>;
export type Translate = (key: Key, values?: Values) => string;

async function words(language: Language): Promise<Record<string, string>> {
	return language === 'nl' ? (await import('words/nl.near')).default : (await import('words/en.near')).default;
}

/* whether a page wanted the other part, and in which languages it is here */
let far = false;
const have = new Set<Language>();

async function addFar(language: Language): Promise<void> {
	if (have.has(language))
		return;
	i18next.addResourceBundle(language, 'translation', language === 'nl' ? (await import('words/nl.far')).default : (await import('words/en.far')).default, true, true);
	have.add(language);
}

/* the texts that the first page does without; a page that has them waits for this */
export async function farWords(): Promise<void> {
	far = true;
	await addFar(i18next.language === 'nl' ? 'nl' : 'en');
}

export async function startLanguage(language: Language): Promise<void> {
	await i18next.init({
		lng: language,
		fallbackLng: false,
		keySeparator: false,
		nsSeparator: false,
		contextSeparator: '@',
		interpolation: { escapeValue: false },
		resources: { [language]: { translation: await words(language) } },
	});
	applied(language);
}

export async function changeLanguage(language: Language): Promise<void> {
	if (!i18next.hasResourceBundle(language, 'translation'))
		i18next.addResourceBundle(language, 'translation', await words(language));
	if (far)
		await addFar(language);
	await i18next.changeLanguage(language);
	applied(language);
}

function applied(language: Language): void {
	document.documentElement.lang = language;
	setClientLanguage(language);
}

/* whoever shows words hears of another language */
function listen(tell: () => void): () => void {
	i18next.on('languageChanged', tell);
	return () => i18next.off('languageChanged', tell);
}

export function useLanguage(): Language {
	return useSyncExternalStore(listen, () => i18next.language) === 'nl' ? 'nl' : 'en';
}

/* in the words of what is looked at, or in those asked for */
export function useT(asked?: Profile | null): Translate {
	const language = useLanguage();
	const around = useContext(Words);
	const profile = asked === undefined ? around : asked;
	/* another one for each language, so that what depends on it is made anew */
	return useCallback<Translate>((key, values) => i18next.t(key, { lng: language, ...values, ...contextOf(profile) }), [language, profile]);
}

export function say(key: Key, values?: Values): string {
	return i18next.t(key, { ...values, ...contextOf() });
}

/* a catalogue text for a value that came from outside, or the value itself when the catalogue has no word for it */
export function sayValue(prefix: string, value: string): string {
	const key = `${prefix}.${value}`;
	return i18next.exists(key) ? i18next.t(key, contextOf()) : value;
}

export function labelOf(label: Label, language: Language, fallback: string): string {
	return label[language] ?? label.en ?? label.nl ?? fallback;
}
