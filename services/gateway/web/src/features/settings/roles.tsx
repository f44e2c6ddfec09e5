import { useT } from '../../i18n';
import { PageHead, useTitle } from '../../ui/page';

export function RolesPage() {
	const t = useT();
	useTitle(t('settings.roles'));
	return <PageHead title={t('settings.roles')} help="roles" />;
}
