/* The buttons that put marks into a note while it is written, and how they do it; in a chunk of its own, since most notes have none. */
import type { RefObject } from 'react';
import { type Key, useT } from '../../i18n';
import { IconButton } from '../../ui/button';
import type { IconName } from '../../ui/icons';
import type { MentionHandle } from './field';
import { markOf, type MarkKind } from './mark-of';

export function put(field: MentionHandle | null, kind: MarkKind): void {
	const area = field?.area;
	if (!area)
		return;
	const made = markOf(area.value, area.selectionStart, area.selectionEnd, kind);
	area.focus();
	area.setSelectionRange(made.from, made.to);
	/* as if it was typed: Ctrl+Z takes it back */
	document.execCommand(made.text ? 'insertText' : 'delete', false, made.text);
	area.setSelectionRange(...made.select);
}

const TOOLS: ReadonlyArray<[MarkKind, IconName, Key, string?]> = [
	['bold', 'bold', 'rich.bold', 'Ctrl B'], ['italic', 'italic', 'rich.italic', 'Ctrl I'], ['heading', 'heading', 'rich.heading'], ['list', 'list', 'rich.list'], ['link', 'link', 'rich.link'],
];

/* `without`: what the place that it is written for does not know */
export function TextTools({ field, without }: { field: RefObject<MentionHandle | null>; without?: MarkKind }) {
	const t = useT();
	return <div className="rich-tools" role="group" aria-label={t('rich.tools')}>{TOOLS.filter(([kind]) => kind !== without).map(([kind, icon, label, keys]) => <IconButton key={kind} icon={icon} small label={t(label)} hint={keys} onClick={() => put(field.current, kind)} />)}</div>;
}
