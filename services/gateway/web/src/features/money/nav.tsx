/* The pages of money beside each other, under the head of each of them. */
import { Link, useRouterState } from '@tanstack/react-router';
import type { AppSearch } from '../../app/scope';
import { type Key, useT } from '../../i18n';
import '../deals/panel.css';

const PLACES: ReadonlyArray<{ to: string; label: Key }> = [
	{ to: '/quotes', label: 'tab.quotes' }, { to: '/invoices', label: 'tab.invoices' }, { to: '/payments', label: 'payments.title' },
	{ to: '/recurrences', label: 'recur.title' }, { to: '/orders', label: 'orders.title' }, { to: '/reports', label: 'reports.title' },
];

export function MoneyNav() {
	const t = useT();
	const here = useRouterState({ select: (state) => state.location.pathname });
	return (
		<nav className="tabs scroll" style={{ marginBottom: 12 }} aria-label={t('payments.pages')}>
			{PLACES.map((place) => (
				<Link key={place.to} to={place.to as never} search={((old: AppSearch) => (old.workspace ? { workspace: old.workspace } : {})) as never} className="tab" aria-current={here.startsWith(place.to) ? 'page' : undefined}>{t(place.label)}</Link>
			))}
		</nav>
	);
}
