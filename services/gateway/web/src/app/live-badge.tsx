/* Says whether the page hears the stream: a quiet green dot, or in words when it does not. A blink of less than a
   second is not worth a word. */
import { useEffect, useState } from 'react';
import { useLiveState } from '../api/live';
import { useT } from '../i18n';
import { Icon } from '../ui/icons';
import { Hint } from '../ui/button';

function useOnline(): boolean {
	const [online, setOnline] = useState(navigator.onLine);
	useEffect(() => {
		const update = () => setOnline(navigator.onLine);
		addEventListener('online', update);
		addEventListener('offline', update);
		return () => {
			removeEventListener('online', update);
			removeEventListener('offline', update);
		};
	}, []);
	return online;
}

export function LiveBadge() {
	const t = useT();
	const state = useLiveState();
	const online = useOnline();
	const troubled = state !== 'open';
	const [shown, setShown] = useState(false);
	useEffect(() => {
		const timer = setTimeout(() => setShown(troubled), troubled ? 1000 : 0);
		return () => clearTimeout(timer);
	}, [troubled]);
	const bad = !online || (troubled && shown);
	return (
		<span role="status" className="live-region">
			{bad
				? <span className="tag tag-warn live-badge"><Icon name={online ? 'refresh' : 'offline'} size={14} />{t(online ? 'live.retrying' : 'live.offline')}</span>
				: <Hint text={t('live.on')}><span className={troubled ? 'live-dot live-wait' : 'live-dot live-open'}><span className="hidden-text">{t('live.on')}</span></span></Hint>}
		</span>
	);
}
