/* Dragging by mouse, for what is shown first: the library is fetched once the page stands. Until then, and where it does not come, the same is done by
   menu, keys and finger. Never in the way of the first picture. */
type Drag = typeof import('./drag-library');

let here: Drag | null = null;
let asked: Promise<Drag | null> | null = null;

function library(): Promise<Drag | null> {
	asked ??= import('./drag-library').then((drag) => (here = drag), () => (asked = null));
	return asked;
}

/* Calls `begin` with the library, at once where it is here; what it gives back ends it. Gives back an effect's own end. */
export function withDrag(begin: (drag: Drag) => () => void): () => void {
	if (here)
		return begin(here);
	let end: (() => void) | null = null;
	let gone = false;
	void library().then((drag) => {
		if (drag && !gone)
			end = begin(drag);
	});
	return () => {
		gone = true;
		end?.();
	};
}
