import { useT } from '../../i18n';
import { PageHead, useTitle } from '../../ui/page';

export function ProfilePage() {
	const t = useT();
	useTitle(t('nav.profile'));
	return <PageHead title={t('nav.profile')} help="profile" />;
}
