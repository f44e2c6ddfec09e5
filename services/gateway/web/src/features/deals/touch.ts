/* Cards under a finger: held still for a moment a card is taken; carried on it is dragged, let go where it is it is picked. The page scrolls as ever
   until a card is taken. Mouse and pen go the browser's own way (see card.tsx). */
import type { Id } from '../../api/types';
import { setBoardUi } from './ui-state';

const HOLD_MS = 380;
const STILL = 10;
const EDGE = 56;

/* the last pointer that went down: the browser's own drag is not begun by a finger */
let finger = false;
addEventListener('pointerdown', (event) => { finger = event.pointerType === 'touch'; }, { capture: true, passive: true });
export const byFinger = (): boolean => finger;

export interface TouchMoves { pick(id: Id): void; drop(id: Id, column: string): void; fits(id: Id, column: string): boolean }

export function watchTouch(rail: HTMLElement, mayDrag: (id: Id) => boolean, moves: TouchMoves): () => void {
	let timer: ReturnType<typeof setTimeout> | null = null;
	let card: HTMLElement | null = null;
	let ghost: HTMLElement | null = null;
	let taken = false;
	let began = { x: 0, y: 0 };
	let at = { x: 0, y: 0 };
	let frame = 0;
	let swallow = false;

	const idOf = () => card?.dataset['card'] ?? '';
	const columnAt = (): string | null => {
		const found = document.elementFromPoint(at.x, at.y)?.closest<HTMLElement>('[data-column-id]')?.dataset['columnId'] ?? null;
		return found && moves.fits(idOf(), found) ? found : null;
	};
	const end = () => {
		if (timer)
			clearTimeout(timer);
		timer = null;
		cancelAnimationFrame(frame);
		ghost?.remove();
		rail.style.removeProperty('scroll-snap-type');
		ghost = card = null;
		taken = false;
		setBoardUi({ dragging: null, over: null, taken: null });
	};
	const carry = () => {
		if (!ghost)
			return;
		const box = rail.getBoundingClientRect();
		const aside = at.x < box.left + EDGE ? -10 : at.x > box.right - EDGE ? 10 : 0;
		if (aside)
			rail.scrollBy({ left: aside });
		setBoardUi({ over: columnAt() });
		frame = requestAnimationFrame(carry);
	};
	const lift = () => {
		if (!card || ghost)
			return;
		const box = card.getBoundingClientRect();
		ghost = card.cloneNode(true) as HTMLElement;
		ghost.removeAttribute('data-card');
		ghost.setAttribute('aria-hidden', 'true');
		ghost.classList.add('card-ghost');
		ghost.style.cssText = `position:fixed;left:${box.left}px;top:${box.top}px;width:${box.width}px;transform:none`;
		document.body.append(ghost);
		rail.style.scrollSnapType = 'none'; /* it would pull the next column back */
		setBoardUi({ dragging: idOf(), menu: null, held: null });
		carry();
	};

	const onStart = (event: TouchEvent) => {
		end();
		const touch = event.touches[0];
		const target = event.target as HTMLElement;
		card = event.touches.length === 1 && !target.closest('button') ? target.closest<HTMLElement>('[data-card]') : null;
		if (!card || !touch)
			return;
		began = at = { x: touch.clientX, y: touch.clientY };
		timer = setTimeout(() => {
			timer = null;
			taken = true;
			setBoardUi({ taken: idOf() });
			navigator.vibrate?.(12);
		}, HOLD_MS);
	};
	const onMove = (event: TouchEvent) => {
		const touch = event.touches[0];
		if (!card || !touch)
			return;
		at = { x: touch.clientX, y: touch.clientY };
		const far = Math.hypot(at.x - began.x, at.y - began.y) > STILL;
		if (!taken) {
			if (far)
				end(); /* it scrolls */
			return;
		}
		event.preventDefault();
		if (far && mayDrag(idOf()))
			lift();
		if (ghost)
			ghost.style.transform = `translate(${at.x - began.x}px, ${at.y - began.y}px)`;
	};
	const onEnd = (event: TouchEvent) => {
		const id = idOf();
		if (taken) {
			event.preventDefault();
			swallow = true;
			setTimeout(() => { swallow = false; }, 400);
			const column = ghost ? columnAt() : null;
			const dragged = ghost !== null;
			end();
			if (column)
				moves.drop(id, column);
			else if (!dragged)
				moves.pick(id);
			return;
		}
		end();
	};
	/* what a long press would open */
	const onMenu = (event: Event) => { if (taken || timer) event.preventDefault(); };
	const onClick = (event: Event) => {
		if (!swallow)
			return;
		event.preventDefault();
		event.stopPropagation();
	};
	/* a long press would begin the browser's own drag, which ends the touch */
	const onDrag = (event: Event) => {
		if (!finger)
			return;
		event.preventDefault();
		event.stopPropagation();
	};
	const onCancel = () => end();
	rail.addEventListener('touchstart', onStart, { passive: true });
	rail.addEventListener('touchmove', onMove, { passive: false });
	rail.addEventListener('touchend', onEnd);
	rail.addEventListener('touchcancel', onCancel);
	rail.addEventListener('contextmenu', onMenu);
	rail.addEventListener('click', onClick, true);
	rail.addEventListener('dragstart', onDrag, true);
	return () => {
		end();
		rail.removeEventListener('touchstart', onStart);
		rail.removeEventListener('touchmove', onMove);
		rail.removeEventListener('touchend', onEnd);
		rail.removeEventListener('touchcancel', onCancel);
		rail.removeEventListener('contextmenu', onMenu);
		rail.removeEventListener('click', onClick, true);
		rail.removeEventListener('dragstart', onDrag, true);
	};
}
