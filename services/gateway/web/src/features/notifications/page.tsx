import { useT } from '../../i18n';
import { PageHead, useTitle } from '../../ui/page';

export function NotificationsPage() {
	const t = useT();
	useTitle(t('nav.notifications'));
	return <PageHead title={t('nav.notifications')} help="notifications" />;
}
