/* The link by which somebody chooses a password. It cannot be seen again. */
import { useScope } from '../../app/scope';
import { useT } from '../../i18n';
import { Button } from '../../ui/button';
import { Copy } from '../../ui/copy';
import { Fault } from '../../ui/page';
import type { Link } from './people';

export function LinkShown({ name, link, unmailed, onClose }: { name: string; link: Link; unmailed: boolean; onClose(): void }) {
	const t = useT();
	const { formats } = useScope();
	return (
		<div className="form">
			{unmailed && <Fault>{t('users.unmailed')}</Fault>}
			<p>{t('users.link_text', { name })}</p>
			<Copy label={t('users.link')} text={link.url} autoFocus />
			<p className="muted small">{t('users.link_until', { moment: formats.moment(link.expires) })}</p>
			<div className="dialog-foot"><Button kind="primary" onClick={onClose}>{t('users.link_done')}</Button></div>
		</div>
	);
}
