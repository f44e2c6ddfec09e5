/* Ctrl+B and Ctrl+I in a note: what they do comes with the buttons. */
import type { KeyboardEvent, RefObject } from 'react';
import type { MentionHandle } from './field';

export function toolKey(event: KeyboardEvent, field: RefObject<MentionHandle | null>): void {
	const kind = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey ? (event.key === 'b' ? 'bold' as const : event.key === 'i' ? 'italic' as const : null) : null;
	if (!kind)
		return;
	event.preventDefault();
	void import('./tools').then((tools) => tools.put(field.current, kind)).catch(() => undefined); /* it did not come: the text stays as it is */
}
