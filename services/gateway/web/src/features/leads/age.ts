/* How old something is, in the fewest words, and the moment that this is said for. */
import { useEffect, useState } from 'react';
import type { Translate } from '../../i18n';
import type { Formats } from '../../lib/format';

export function age(t: Translate, formats: Formats, iso: string, now: number): string {
	const minutes = Math.max(0, Math.floor((now - new Date(iso).getTime()) / 60_000));
	if (minutes < 1)
		return t('age.now');
	if (minutes < 60)
		return t('age.minutes', { count: minutes });
	if (minutes < 24 * 60)
		return t('age.hours', { count: Math.floor(minutes / 60) });
	const days = Math.floor(minutes / 1440);
	return days < 31 ? t('age.days', { count: days }) : formats.date(iso);
}

export function useMinute(): number {
	const [now, setNow] = useState(() => Date.now());
	useEffect(() => {
		const timer = setInterval(() => setNow(Date.now()), 30_000);
		return () => clearInterval(timer);
	}, []);
	return now;
}
