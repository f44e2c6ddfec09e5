/* A short name of a long one, as addresses show it: a-z, 0-9 and single hyphens, beginning with a letter. */
const MOST = 40;

export function slugOf(name: string): string {
	const plain = name.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replaceAll('ß', 'ss').replaceAll('ø', 'o').replaceAll('æ', 'ae').replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '');
	const led = /^\d/.test(plain) ? `w${plain}` : plain;
	return led.slice(0, MOST).replace(/-+$/, '');
}

export function slugFits(slug: string): boolean {
	return /^[a-z](-?[a-z0-9])+$/.test(slug) && slug.length <= 60;
}
