import { useT } from '../../i18n';
import { PageHead, useTitle } from '../../ui/page';

export function HelpPage() {
	const t = useT();
	useTitle(t('nav.help'));
	return <PageHead title={t('nav.help')} />;
}
