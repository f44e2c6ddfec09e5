/* Board, table or calendar of the same deals: the filter goes along. */
import { Link } from '@tanstack/react-router';
import { type AppSearch } from '../../app/scope';
import type { Page } from '../../app/places';
import { useT } from '../../i18n';
import { Icon } from '../../ui/icons';
import { dealSearch } from './filters';
import { ALL } from './pipeline-choice';
import '../../ui/table.css';

const VIEWS = [
	{ page: '/deals/board', icon: 'board', label: 'tab.board' },
	{ page: '/deals/table', icon: 'list', label: 'tab.table' },
	{ page: '/deals/calendar', icon: 'calendar', label: 'tab.calendar' },
] as const;

export function ViewSwitch({ here }: { here: Page }) {
	const t = useT();
	return (
		<nav className="segments" aria-label={t('table.views')}>
			{VIEWS.map((one) => (
				<Link key={one.page} to={one.page as never} className="segment" aria-current={one.page === here ? 'page' : undefined}
					search={((old: AppSearch) => ({ ...(old.workspace ? { workspace: old.workspace } : {}), ...dealSearch(old as Record<string, unknown>), ...(old.pipeline === ALL ? { pipeline: undefined } : {}) })) as never}>
					<Icon name={one.icon} /><span className="wide-word">{t(one.label)}</span>
				</Link>
			))}
		</nav>
	);
}
