/* What may be added to a record, wherever it is shown: something done, a note, a task, a reminder. One list, so that no record has less of it. */
import { sayValue, useT } from '../../i18n';
import { Icon } from '../../ui/icons';
import { Menu } from '../../ui/menu';
import type { Asking } from './dialog';
import { type About, ACTIONS, iconOf, toneOf } from './model';

export function AddMenu({ ask, about, workspace, compact }: { ask(asking: Asking): void; about: About; workspace: string; compact?: boolean }) {
	const t = useT();
	return (
		<Menu label={t('activity.add')} align="end" width={230} entries={[
			...ACTIONS.map((kind) => ({ key: kind, lead: <span className={toneOf(kind)} style={{ color: 'var(--dot)', display: 'inline-flex' }}><Icon name={iconOf(kind)} /></span>, label: t('activity.log', { kind: sayValue('kind', kind) }), onSelect: () => ask({ mode: 'log', kind, about, workspace }) })),
			{ key: 'line', kind: 'divider' },
			{ key: 'note', icon: 'note', label: t('activity.new_note'), onSelect: () => ask({ mode: 'log', kind: 'note', about, workspace }) },
			{ key: 'task', icon: 'tasks', label: t('activity.new_task'), onSelect: () => ask({ mode: 'plan', kind: 'task', about, workspace }) },
			{ key: 'reminder', icon: 'bell', label: t('activity.new_reminder'), onSelect: () => ask({ mode: 'reminder', kind: 'task', about, workspace }) },
		]} target={<button type="button" className="btn" title={t('activity.add')}><Icon name="plus" /><span className={compact ? 'btn-text' : undefined}>{t('activity.add_short')}</span></button>} />
	);
}
