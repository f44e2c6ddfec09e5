/* A document by its number, leading to its page. */
import { Link } from '@tanstack/react-router';
import type { AppSearch } from '../../app/scope';
import { useT } from '../../i18n';

export function DocLink({ id, number, kind }: { id: string; number: string | null; kind: string }) {
	const t = useT();
	return <Link to={(kind === 'quote' ? `/quotes/${id}` : `/invoices/${id}`) as never} search={((old: AppSearch) => (old.workspace ? { workspace: old.workspace } : {})) as never} className="link num order-open" style={{ display: 'inline-flex', alignItems: 'center' }}>{number ?? t('payments.draft')}</Link>;
}
