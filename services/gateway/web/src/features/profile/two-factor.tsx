/* The second factor as one's page shows it: whether it is on, how many recovery codes are left, and the ways to change that. */
import { lazy, Suspense, useState } from 'react';
import { useScope } from '../../app/scope';
import { type Key, useT } from '../../i18n';
import { Skeleton } from '../../ui/bits';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { Section } from '../../ui/page';
import { useMeChanged } from './me';
import type { What } from './two-factor-steps';

const Steps = lazy(() => import('./two-factor-steps').then((module) => ({ default: module.Steps })));

const TITLES: Record<What, Key> = { on: 'totp.on_title', codes: 'totp.codes_title', off: 'totp.off_title' };

export function TwoFactorSection() {
	const t = useT();
	const { me: { user } } = useScope();
	const changed = useMeChanged();
	const [what, setWhat] = useState<What>('on');
	const [open, setOpen] = useState(false);
	const begin = (next: What) => { setWhat(next); setOpen(true); };
	return (
		<Section title={t('totp.title')} text={t('totp.text')} actions={user.two_factor ? undefined : <Button kind="primary" icon="shield" onClick={() => begin('on')}>{t('totp.switch_on')}</Button>}>
			{user.two_factor
				? (
					<div className="photo-row">
						<span className="tag tag-ok">{t('totp.is_on')}</span>
						<span className={user.recovery_left < 3 ? 'tag tag-warn' : 'muted'}>{t('totp.left', { count: user.recovery_left })}</span>
						<Button onClick={() => begin('codes')}>{t('totp.new_codes')}</Button>
						<Button kind="quiet" onClick={() => begin('off')}>{t('totp.switch_off')}</Button>
					</div>
				)
				: <p className="muted">{t('totp.is_off')}</p>}
			<Dialog opened={open} onClose={() => setOpen(false)} title={t(TITLES[what])} closeLabel={t('common.close')} size={520}>
				{open && <Suspense fallback={<Skeleton h={180} />}><Steps key={what} what={what} changed={changed} onClose={() => setOpen(false)} /></Suspense>}
			</Dialog>
		</Section>
	);
}
