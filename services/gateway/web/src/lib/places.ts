/* Countries, currencies and time zones by the names a person's language gives them; the browser knows them, but for the list of
   countries. Says what usually goes together, never what must. */
import type { Language } from '../api/types';

/* ISO 3166-1, two letters each */
const COUNTRIES = 'ADAEAFAGAIALAMAOAQARASATAUAWAXAZBABBBDBEBFBGBHBIBJBLBMBNBOBQBRBSBTBVBWBYBZCACCCDCFCGCHCICKCLCMCNCOCRCUCVCWCXCYCZDEDJDKDMDODZECEEEGEHERESETFIFJFKFMFOFRGAGBGDGEGFGGGHGIGLGMGNGPGQGRGSGTGUGWGYHKHMHNHRHTHUIDIEILIMINIOIQIRISITJEJMJOJPKEKGKHKIKMKNKPKRKWKYKZLALBLCLILKLRLSLTLULVLYMAMCMDMEMFMGMHMKMLMMMNMOMPMQMRMSMTMUMVMWMXMYMZNANCNENFNGNINLNONPNRNUNZOMPAPEPFPGPHPKPLPMPNPRPSPTPWPYQARERORSRURWSASBSCSDSESGSHSISJSKSLSMSNSOSRSSSTSVSXSYSZTCTDTFTGTHTJTKTLTMTNTOTRTTTVTWTZUAUGUMUSUYUZVAVCVEVGVIVNVUWFWSYEYTZAZMZW';

export interface Named { value: string; label: string }

const byLabel = (language: Language) => {
	const collator = new Intl.Collator(language);
	return (a: Named, b: Named) => collator.compare(a.label, b.label);
};

export function countries(language: Language): Named[] {
	const names = new Intl.DisplayNames([language], { type: 'region' });
	return (COUNTRIES.match(/../g) ?? []).map((value) => ({ value, label: names.of(value) ?? value })).sort(byLabel(language));
}

/* one already chosen is always there, whatever this browser knows */
export function currencies(language: Language, ...also: Array<string | null | undefined>): Named[] {
	const names = new Intl.DisplayNames([language], { type: 'currency' });
	const more = also.flatMap((one) => (one && /^[A-Z]{3}$/.test(one) ? [one] : []));
	return [...new Set([...Intl.supportedValuesOf('currency'), ...more])].map((value) => ({ value, label: `${names.of(value) ?? value} (${value})` })).sort(byLabel(language));
}

/* browsers leave UTC out of their list and keep old names in it; a zone already chosen is always there */
export function zones(...also: Array<string | null | undefined>): Named[] {
	const all = new Set([...Intl.supportedValuesOf('timeZone'), 'UTC']);
	for (const zone of also)
		if (zone)
			all.add(zone);
	return [...all].sort().map((value) => ({ value, label: value.replaceAll('_', ' ') }));
}

export function browserZone(): string {
	return new Intl.DateTimeFormat().resolvedOptions().timeZone || 'Europe/Amsterdam';
}

export interface Usual { currency: string; timezone: string }

const USUAL: Record<string, Usual> = Object.fromEntries(([
	'NL EUR Europe/Amsterdam', 'BE EUR Europe/Brussels', 'DE EUR Europe/Berlin', 'FR EUR Europe/Paris', 'LU EUR Europe/Luxembourg', 'AT EUR Europe/Vienna',
	'IE EUR Europe/Dublin', 'ES EUR Europe/Madrid', 'PT EUR Europe/Lisbon', 'IT EUR Europe/Rome', 'FI EUR Europe/Helsinki', 'GR EUR Europe/Athens',
	'GB GBP Europe/London', 'CH CHF Europe/Zurich', 'DK DKK Europe/Copenhagen', 'SE SEK Europe/Stockholm', 'NO NOK Europe/Oslo', 'PL PLN Europe/Warsaw',
	'CZ CZK Europe/Prague', 'US USD America/New_York', 'CA CAD America/Toronto', 'AU AUD Australia/Sydney', 'NZ NZD Pacific/Auckland', 'ZA ZAR Africa/Johannesburg',
	'SR SRD America/Paramaribo', 'CW XCG America/Curacao', 'AW AWG America/Aruba', 'IN INR Asia/Kolkata', 'SG SGD Asia/Singapore', 'JP JPY Asia/Tokyo',
]).map((line) => line.split(' ') as [string, string, string]).map(([country, currency, timezone]) => [country, { currency, timezone }]));

/* what firms in a country have, as far as we know it */
export function usualOf(country: string): Usual | null { return USUAL[country] ?? null; }

/* where this browser seems to be: by its zone, else by its language's region, else the Netherlands */
export function guessCountry(zone: string, locales: readonly string[]): string {
	const byZone = Object.entries(USUAL).find(([, usual]) => usual.timezone === zone)?.[0];
	const codes: readonly string[] = COUNTRIES.match(/../g) ?? [];
	const byLocale = locales.map((one) => /[-_]([A-Z]{2})\b/.exec(one)?.[1]).find((region) => region !== undefined && codes.includes(region));
	return byZone ?? byLocale ?? 'NL';
}
