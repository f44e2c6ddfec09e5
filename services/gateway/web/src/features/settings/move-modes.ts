/* How cards may be moved, in words. */
import type { MoveMode } from '../../api/types';
import type { Key } from '../../i18n';

export const MODES: Array<{ mode: MoveMode; name: Key; text: Key }> = [
	{ mode: 'instant', name: 'preset.instant', text: 'preset.instant_text' },
	{ mode: 'note_required', name: 'preset.note_required', text: 'preset.note_required_text' },
	{ mode: 'locked', name: 'preset.locked', text: 'preset.locked_text' },
];
