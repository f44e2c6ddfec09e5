/* Language, theme and single-key shortcuts of this person: kept in the browser for the first paint and with the user
   for every other browser. Never waits for the server before it shows a change. */
import { useSyncExternalStore } from 'react';
import { api } from '../api/client';
import { changeLanguage } from '../i18n';
import type { Language, Me, Theme } from '../api/types';

export interface Prefs { theme: Theme; scheme: 'light' | 'dark'; language: Language; singleKeys: boolean; folded: readonly string[] }

const dark = window.matchMedia('(prefers-color-scheme: dark)');
const listeners = new Set<() => void>();

function stored(name: string): string | null {
	try {
		return localStorage.getItem(`lw.${name}`);
	} catch {
		return null;
	}
}

function keep(name: string, value: string): void {
	try {
		localStorage.setItem(`lw.${name}`, value);
	} catch {
		/* a browser that keeps nothing still works */
	}
}

function schemeOf(theme: Theme): 'light' | 'dark' {
	return theme === 'auto' ? (dark.matches ? 'dark' : 'light') : theme;
}

function firstTheme(): Theme {
	const theme = stored('theme');
	return theme === 'light' || theme === 'dark' ? theme : 'auto';
}

let prefs: Prefs = {
	theme: firstTheme(),
	scheme: schemeOf(firstTheme()),
	language: document.documentElement.lang === 'nl' ? 'nl' : 'en',
	singleKeys: stored('keys') !== 'off',
	folded: (stored('folded') ?? 'lost').split(' ').filter(Boolean),
};

function change(next: Partial<Prefs>): void {
	prefs = { ...prefs, ...next };
	document.documentElement.setAttribute('data-mantine-color-scheme', prefs.scheme);
	for (const tell of listeners)
		tell();
}

dark.addEventListener('change', () => change({ scheme: schemeOf(prefs.theme) }));

export function usePrefs(): Prefs {
	return useSyncExternalStore((fn) => {
		listeners.add(fn);
		return () => listeners.delete(fn);
	}, () => prefs);
}

export function currentPrefs(): Prefs { return prefs; }

let signedIn = false;

function tell(body: Record<string, unknown>): void {
	if (signedIn)
		api('PUT', '/api/me', { body }).catch(() => undefined); /* the browser has it; the next change tells again */
}

export function setTheme(theme: Theme): void {
	keep('theme', theme);
	change({ theme, scheme: schemeOf(theme) });
	tell({ theme });
}

export function setLanguage(language: Language): void {
	keep('language', language);
	void changeLanguage(language).then(() => change({ language }));
	tell({ language });
}

export function setSingleKeys(singleKeys: boolean): void {
	keep('keys', singleKeys ? 'on' : 'off');
	change({ singleKeys });
	tell({ single_keys: singleKeys });
}

export function toggleFolded(key: string): void {
	const folded = prefs.folded.includes(key) ? prefs.folded.filter((one) => one !== key) : [...prefs.folded, key];
	keep('folded', folded.join(' '));
	change({ folded });
}

let adopted: Partial<Me['user']> = {};

/* What the account says wins over what the browser remembered, at log-in and when it was changed elsewhere; a copy read before one's
   own last change takes nothing back. */
export function adoptPrefs(me: Me): void {
	signedIn = true;
	const { theme, language, single_keys: singleKeys, id } = me.user;
	const before = adopted.id === id ? adopted : {};
	adopted = { id, theme, language, single_keys: singleKeys };
	if (theme && theme !== before.theme && theme !== prefs.theme) {
		keep('theme', theme);
		change({ theme, scheme: schemeOf(theme) });
	}
	if (singleKeys !== before.single_keys && singleKeys !== prefs.singleKeys)
		change({ singleKeys });
	if (language && language !== before.language && language !== prefs.language) {
		keep('language', language);
		void changeLanguage(language).then(() => change({ language }));
	}
}

export function leavePrefs(): void {
	signedIn = false;
	adopted = {};
}

export function lastWorkspace(): string | null { return stored('workspace'); }
export function keepWorkspace(slug: string): void { keep('workspace', slug); }
