/* Under what rings: this browser also when no page of the app is open, and the other browsers that are told. */
import { useState } from 'react';
import { problemText } from '../../app/problems';
import { useScope } from '../../app/scope';
import { useT } from '../../i18n';
import { agentOf } from '../../lib/agent';
import { Button } from '../../ui/button';
import { Check } from '../../ui/field';
import { Icon } from '../../ui/icons';
import { toast } from '../../ui/toast';
import { askDesktop } from './desktop';
import { type PushBrowser, pushCan, pushOff, pushOn, usePush, useThisBrowser } from './push';

export function PushPart({ wanted }: { wanted: boolean }) {
	const t = useT();
	const { me } = useScope();
	const { data } = usePush();
	const mine = useThisBrowser();
	const [busy, setBusy] = useState(false);
	const can = pushCan();
	const here = data?.data.find((one) => one.id === mine);
	const others = data?.data.filter((one) => one.id !== mine) ?? [];
	const act = async (done: () => Promise<void>) => {
		setBusy(true);
		try {
			await done();
		} catch (fault) {
			/* a browser says in words of its own why its push service does not take it */
			toast.error(t('news.push_failed'), fault instanceof DOMException ? t('news.push_refused') : problemText(fault));
		}
		setBusy(false);
	};
	const turn = (on: boolean) => act(async () => {
		if (!on)
			return mine ? pushOff(mine) : undefined;
		if (data?.key && (await askDesktop()) === 'granted')
			await pushOn(me.user.id, data.key);
		return undefined;
	});
	if (!data?.key)
		return null;
	return (
		<div className="form" data-part="push">
			<Check name="push" label={t('news.push')} hint={t(can ? 'news.push_hint' : 'news.push_cannot')} checked={here !== undefined} disabled={!can || busy} onChange={(on) => void turn(on)} />
			{here && !wanted && <p className="muted small" role="status">{t('news.push_nothing')}</p>}
			{here && here.fails > 0 && <p className="muted small">{t('news.push_fails')}</p>}
			{others.length > 0 && <b className="small" id="push-others">{t('news.push_others')}</b>}
			{others.length > 0 && <ul className="rows" aria-labelledby="push-others">{others.map((one) => <Row key={one.id} one={one} busy={busy} onEnd={() => void act(() => pushOff(one.id))} />)}</ul>}
		</div>
	);
}

function Row({ one, busy, onEnd }: { one: PushBrowser; busy: boolean; onEnd(): void }) {
	const t = useT();
	const { formats } = useScope();
	const { browser, system, phone } = agentOf(one.agent);
	const name = browser && system ? t('news.push_at', { browser, system }) : browser ?? system ?? t('news.push_unknown');
	return (
		<li>
			<span className="row-icon"><Icon name={phone ? 'mobile' : 'screen'} size={18} /></span>
			<span className="row-text"><b>{name}</b><span className="muted num">{t('news.push_seen', { moment: formats.moment(one.seen_at) })}</span></span>
			<Button disabled={busy} aria-label={t('news.push_stop_at', { name })} onClick={onEnd}>{t('news.push_stop')}</Button>
		</li>
	);
}
