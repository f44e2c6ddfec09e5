/* The sheet of keys on `?`, and the switch that turns single keys off. */
import { useT, type Key } from '../i18n';
import { Dialog } from '../ui/dialog';
import { setSingleKeys, usePrefs } from './prefs';

const GROUPS: Array<{ title: Key; rows: Array<{ keys: string[]; text: Key }> }> = [
	{ title: 'keys.everywhere', rows: [
		{ keys: ['N'], text: 'lead.new' },
		{ keys: ['/'], text: 'search.open' },
		{ keys: ['Z'], text: 'keys.undo' },
		{ keys: ['G', 'B'], text: 'keys.go_board' },
		{ keys: ['G', 'L'], text: 'keys.go_leads' },
		{ keys: ['Shift', 'D'], text: 'keys.dark' },
		{ keys: ['?'], text: 'keys.title' },
		{ keys: ['Esc'], text: 'keys.close' },
	] },
	{ title: 'keys.board', rows: [
		{ keys: ['←', '↑', '↓', '→'], text: 'keys.walk' },
		{ keys: ['Enter'], text: 'keys.open' },
		{ keys: ['Space'], text: 'keys.grab' },
		{ keys: ['←', '→'], text: 'keys.carry' },
		{ keys: ['Space'], text: 'keys.drop' },
		{ keys: ['Esc'], text: 'keys.cancel' },
		{ keys: ['M'], text: 'keys.move' },
	] },
];

export function KeySheet({ opened, onClose }: { opened: boolean; onClose(): void }) {
	const t = useT();
	const { singleKeys } = usePrefs();
	return (
		<Dialog opened={opened} onClose={onClose} title={t('keys.title')} closeLabel={t('common.close')} size={640}>
			<div className="sheet">
				{GROUPS.map((group) => (
					<section key={group.title}>
						<h3>{t(group.title)}</h3>
						<dl>
							{group.rows.map((row, at) => (
								<div key={at}>
									<dt>{t(row.text)}</dt>
									<dd>{row.keys.map((key, index) => <kbd key={index}>{key === 'Space' ? t('keys.space') : key}</kbd>)}</dd>
								</div>
							))}
						</dl>
					</section>
				))}
			</div>
			<label className="check">
				<input type="checkbox" checked={singleKeys} onChange={(event) => setSingleKeys(event.currentTarget.checked)} />
				<span>{t('keys.single')}</span>
			</label>
			<p className="muted small">{t('keys.single_text')}</p>
		</Dialog>
	);
}
