/* The sheet of keys on `?`, and the switch that turns single keys off. It says every key there is, as this keyboard has it. */
import { useT, type Key } from '../i18n';
import { Dialog } from '../ui/dialog';
import { keyNames } from './keys';
import { setSingleKeys, usePrefs } from './prefs';

/* one string a way: keys pressed one after the other or together, a blank between them */
const GROUPS: Array<{ title: Key; rows: Array<{ keys: string[]; text: Key }> }> = [
	{ title: 'keys.everywhere', rows: [
		{ keys: ['N'], text: 'lead.new' },
		{ keys: ['/', 'Ctrl K'], text: 'search.open' },
		{ keys: ['Z'], text: 'keys.undo' },
		{ keys: ['Shift D'], text: 'keys.dark' },
		{ keys: ['?'], text: 'keys.title' },
		{ keys: ['Esc'], text: 'keys.close' },
	] },
	{ title: 'keys.go', rows: [
		{ keys: ['G B'], text: 'keys.go_board' },
		{ keys: ['G T'], text: 'keys.go_table' },
		{ keys: ['G L'], text: 'keys.go_leads' },
		{ keys: ['G C'], text: 'tab.calendar' },
		{ keys: ['G K'], text: 'nav.tasks' },
		{ keys: ['G M'], text: 'nav.home' },
		{ keys: ['G V'], text: 'nav.chat' },
		{ keys: ['G D'], text: 'nav.dashboard' },
		{ keys: ['G F'], text: 'nav.search' },
		{ keys: ['G N'], text: 'nav.notifications' },
		{ keys: ['G S'], text: 'nav.settings' },
		{ keys: ['G P'], text: 'nav.profile' },
		{ keys: ['G H'], text: 'nav.help' },
	] },
	{ title: 'keys.board', rows: [
		{ keys: ['← ↑ ↓ →'], text: 'keys.walk' },
		{ keys: ['Enter'], text: 'keys.open' },
		{ keys: ['Space'], text: 'keys.grab' },
		{ keys: ['← →'], text: 'keys.carry' },
		{ keys: ['Space'], text: 'keys.drop' },
		{ keys: ['Esc'], text: 'keys.cancel' },
		{ keys: ['M'], text: 'keys.move' },
		{ keys: ['X', 'Shift X'], text: 'keys.pick' },
	] },
	{ title: 'tab.calendar', rows: [
		{ keys: ['← ↑ ↓ →'], text: 'keys.list_walk' },
		{ keys: ['Alt ←', 'Alt →'], text: 'keys.day' },
		{ keys: ['Alt ↑', 'Alt ↓'], text: 'keys.week' },
		{ keys: ['Ctrl Enter'], text: 'keys.save_note' },
	] },
	{ title: 'nav.chat', rows: [
		{ keys: ['@'], text: 'mention.suggestions' },
		{ keys: ['Enter'], text: 'chat.send' },
		{ keys: ['Shift Enter'], text: 'keys.line' },
		{ keys: ['↑'], text: 'chat.edit' },
	] },
	{ title: 'tab.inbox', rows: [
		{ keys: ['J', 'K'], text: 'keys.rows' },
		{ keys: ['A'], text: 'keys.assign' },
		{ keys: ['X'], text: 'keys.aside' },
		{ keys: ['E'], text: 'keys.close_talk' },
		{ keys: ['R'], text: 'keys.answer' },
	] },
	{ title: 'keys.lists', rows: [
		{ keys: ['↑ ↓'], text: 'keys.list_walk' },
		{ keys: ['Home', 'End'], text: 'keys.list_ends' },
		{ keys: ['Enter'], text: 'keys.list_open' },
		{ keys: ['← →'], text: 'keys.tabs' },
	] },
];

export function KeySheet({ opened, onClose }: { opened: boolean; onClose(): void }) {
	const t = useT();
	const { singleKeys } = usePrefs();
	return (
		<Dialog opened={opened} onClose={onClose} title={t('keys.title')} closeLabel={t('common.close')} size={760}>
			<div className="sheet">
				{GROUPS.map((group) => (
					<section key={group.title}>
						<h3>{t(group.title)}</h3>
						<dl>
							{group.rows.map((row, at) => (
								<div key={at}>
									<dt>{t(row.text)}</dt>
									<dd>{row.keys.map((keys, index) => (
										<span key={keys} className="sheet-keys">{index > 0 && <span className="muted">{t('keys.or')}</span>}{keyNames(keys, t('keys.space')).map((key) => <kbd key={key}>{key}</kbd>)}</span>
									))}</dd>
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
			<p className="muted small">{t('keys.single_text', { keys: keyNames('Ctrl K', '').join('+') })}</p>
		</Dialog>
	);
}
