/* What a browser calls itself, in the two words a person knows it by. Says nothing rather than guess. */
export interface Agent { browser: string | null; system: string | null; phone: boolean }

/* the first that fits: many name their ancestors as well */
const BROWSERS: Array<[RegExp, string]> = [
	[/\bEdgA?\/|\bEdgiOS\//, 'Edge'], [/\bOPR\/|\bOPiOS\//, 'Opera'], [/\bVivaldi\//, 'Vivaldi'], [/\bSamsungBrowser\//, 'Samsung Internet'],
	[/\bFirefox\/|\bFxiOS\//, 'Firefox'], [/\bChromium\//, 'Chromium'], [/\b(HeadlessChrome|Chrome|CriOS)\//, 'Chrome'], [/\bVersion\/[\d.]+.*\bSafari\//, 'Safari'],
	[/^curl\//, 'curl'],
];
const SYSTEMS: Array<[RegExp, string]> = [
	[/\biPad\b/, 'iPadOS'], [/\biPhone\b|\biPod\b/, 'iOS'], [/\bAndroid\b/, 'Android'], [/\bWindows\b/, 'Windows'], [/\bCrOS\b/, 'ChromeOS'],
	[/\bMac OS X\b|\bMacintosh\b/, 'macOS'], [/\bLinux\b|\bX11\b/, 'Linux'],
];

const first = (rows: Array<[RegExp, string]>, text: string) => rows.find(([pattern]) => pattern.test(text))?.[1] ?? null;

export function agentOf(text: string | null): Agent {
	return { browser: first(BROWSERS, text ?? ''), system: first(SYSTEMS, text ?? ''), phone: /\b(Mobile|Android|iPhone|iPad)\b/.test(text ?? '') };
}
