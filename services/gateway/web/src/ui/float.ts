/* Places a floating box by its anchor: below or above, aligned to a side, always inside the window. */
export function place(anchor: DOMRect, box: HTMLElement, align: 'start' | 'end' | 'middle', gap = 5): void {
	const { width, height } = box.getBoundingClientRect();
	const margin = 8;
	const wanted = align === 'start' ? anchor.left : align === 'end' ? anchor.right - width : anchor.left + (anchor.width - width) / 2;
	const left = Math.max(margin, Math.min(wanted, innerWidth - width - margin));
	const below = anchor.bottom + gap;
	const fits = below + height <= innerHeight - margin;
	const above = anchor.top - gap - height;
	const top = fits ? below : above >= margin ? above : Math.max(margin, innerHeight - height - margin);
	box.style.left = `${left}px`;
	box.style.top = `${top}px`;
}
