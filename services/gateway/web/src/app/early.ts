/* What is typed between asking for the search and its field being there: kept in order, and given to the field. Meanwhile
   no key means anything else. */

let text: string | null = null;
let done = false;
let giveUp: (() => void) | null = null;

function onKey(event: KeyboardEvent): void {
	if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey || text === null)
		return;
	if (event.key === 'Escape') {
		giveUp?.();
		stopEarly();
	} else if (event.key === 'Enter' || done)
		done = true;
	else if (event.key === 'Backspace')
		text = [...text].slice(0, -1).join('');
	else if ([...event.key].length === 1)
		text += event.key;
	else
		return;
	event.preventDefault();
	event.stopImmediatePropagation();
}

/* asked for twice it is one; `leave`: Escape, before there was anything to close */
export function catchEarly(leave: () => void): void {
	giveUp = leave;
	if (text !== null)
		return;
	text = '';
	done = false;
	addEventListener('keydown', onKey, true);
}

export function stopEarly(): void {
	text = null;
	removeEventListener('keydown', onKey, true);
}

/* the field stands: what was typed so far, and whether Enter ended it */
export function takeEarly(): { text: string; done: boolean } {
	const taken = { text: text ?? '', done: text !== null && done };
	stopEarly();
	return taken;
}
