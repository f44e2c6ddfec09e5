import { useT } from '../../i18n';
import { PageHead, useTitle } from '../../ui/page';

export function ApiKeysPage() {
	const t = useT();
	useTitle(t('settings.api'));
	return <PageHead title={t('settings.api')} help="api-keys" />;
}
