import { useT } from '../../i18n';
import { PageHead, useTitle } from '../../ui/page';

export function WorkspacesPage() {
	const t = useT();
	useTitle(t('settings.workspaces'));
	return <PageHead title={t('settings.workspaces')} help="workspaces" />;
}
