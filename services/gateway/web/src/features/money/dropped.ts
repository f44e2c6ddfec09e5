/* Files that are let go anywhere on a page, not on one spot of it: a browser would go to them otherwise. Says what was let go, once each time. */
import { useEffect, useRef, useState } from 'react';

/* `clear`: it is taken */
export function useDropped(on: boolean, begun: () => void): { dropped: File[] | null; over: boolean; clear(): void } {
	const [dropped, setDropped] = useState<File[] | null>(null);
	const [over, setOver] = useState(false);
	const latest = useRef(begun);
	latest.current = begun;
	useEffect(() => {
		if (!on)
			return undefined;
		const held = (event: DragEvent) => {
			if (!event.dataTransfer?.types.includes('Files'))
				return;
			event.preventDefault();
			setOver(true);
		};
		const left = (event: DragEvent) => { if (!event.relatedTarget) setOver(false); };
		const letGo = (event: DragEvent) => {
			const files = [...event.dataTransfer?.files ?? []];
			setOver(false);
			if (!files.length)
				return;
			event.preventDefault();
			setDropped((old) => [...old ?? [], ...files]);
			latest.current();
		};
		window.addEventListener('dragover', held);
		window.addEventListener('dragleave', left);
		window.addEventListener('drop', letGo);
		return () => {
			window.removeEventListener('dragover', held);
			window.removeEventListener('dragleave', left);
			window.removeEventListener('drop', letGo);
		};
	}, [on]);
	return { dropped, over, clear: () => setDropped(null) };
}
