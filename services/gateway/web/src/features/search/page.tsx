import { useT } from '../../i18n';
import { PageHead, useTitle } from '../../ui/page';

export function SearchPage() {
	const t = useT();
	useTitle(t('nav.search'));
	return <PageHead title={t('nav.search')} help="search" />;
}
