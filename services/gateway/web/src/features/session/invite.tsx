import { useT } from '../../i18n';
import { useTitle } from '../../ui/page';
import './login.css';

export function Invite() {
	const t = useT();
	useTitle(t('invite.title'));
	return <div className="login"><main className="login-card"><h1>{t('invite.title')}</h1></main></div>;
}
