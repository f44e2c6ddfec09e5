/* The line under totals in several currencies: about so much in one of them, at whose rates, and without which. */
import type { Language } from '../api/types';
import { say, useT } from '../i18n';
import type { Formats } from '../lib/format';
import type { About } from '../lib/money';
import { Hint } from '../ui/button';
import { useScope } from './scope';

export function aboutText(about: About, formats: Formats, short = false): string {
	const missing = new Intl.ListFormat(document.documentElement.lang as Language, { type: 'unit' }).format(about.missing);
	if (about.amount === null)
		return say('about.none', { currencies: missing });
	const text = `\u2248 ${(short ? formats.moneyTight({ amount: about.amount, currency: about.currency }, true) : formats.money({ amount: about.amount, currency: about.currency }))}`;
	return about.missing.length ? `${text} ${say('about.without', { currencies: missing })}` : text;
}

export function AboutLine({ about, more, short }: { about: About; more?: string | undefined; short?: boolean }) {
	const t = useT();
	const { formats } = useScope();
	const text = [about.day ? t('about.today', { currency: about.currency, day: formats.date(about.day) }) : t('about.closed', { currency: about.currency }), aboutText(about, formats), ...(more ? [more] : [])].join(' \u00b7 ');
	return <Hint text={text}><span className={`about num${about.missing.length ? ' about-part' : ''}`}>{aboutText(about, formats, short)}{more && ` \u00b7 ${more}`}</span></Hint>;
}
