import { useT } from '../../i18n';
import { PageHead, useTitle } from '../../ui/page';

export function TeamsPage() {
	const t = useT();
	useTitle(t('settings.teams'));
	return <PageHead title={t('settings.teams')} help="teams" />;
}
