import { useT } from '../../i18n';
import { PageHead, useTitle } from '../../ui/page';

export function UsersPage() {
	const t = useT();
	useTitle(t('settings.users'));
	return <PageHead title={t('settings.users')} help="users" />;
}
