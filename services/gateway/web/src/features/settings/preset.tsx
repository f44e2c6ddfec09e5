import { useT } from '../../i18n';
import { PageHead, useTitle } from '../../ui/page';

export function PresetPage() {
	const t = useT();
	useTitle(t('settings.preset'));
	return <PageHead title={t('settings.preset')} help="preset" />;
}
