import { useT } from '../../i18n';
import { PageHead, useTitle } from '../../ui/page';

export function AuditPage() {
	const t = useT();
	useTitle(t('settings.audit'));
	return <PageHead title={t('settings.audit')} help="audit" />;
}
