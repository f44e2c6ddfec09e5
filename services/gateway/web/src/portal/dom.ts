/* Elements from words. Never markup from text: whatever a document says is shown as it was typed. */
type Child = Node | string | null | undefined | false;
type Props = Record<string, string | boolean | number | ((event: Event) => void) | null | undefined>;

function fill(element: Element, props: Props, children: Child[]): void {
	for (const [name, value] of Object.entries(props)) {
		if (typeof value === 'function')
			element.addEventListener(name, value as (event: Event) => void);
		else if (value === true)
			element.setAttribute(name, '');
		else if (value !== null && value !== undefined && value !== false)
			element.setAttribute(name, String(value));
	}
	element.append(...children.filter((child): child is Node | string => child !== null && child !== undefined && child !== false && child !== ''));
}

export function h<K extends keyof HTMLElementTagNameMap>(tag: K, props: Props = {}, ...children: Child[]): HTMLElementTagNameMap[K] {
	const element = document.createElement(tag);
	fill(element, props, children);
	return element;
}

export function svg(tag: string, props: Props = {}, ...children: Child[]): SVGElement {
	const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
	fill(element, props, children);
	return element;
}

/* lines of their own stay so */
export const words = (text: string | null | undefined, className: string): HTMLElement | null => (text?.trim() ? h('p', { class: `said ${className}` }, text.trim()) : null);

const PATHS = { check: 'M5 12l5 5l10 -10', x: 'M18 6l-12 12M6 6l12 12', clock: 'M3 12a9 9 0 1 0 18 0a9 9 0 0 0 -18 0M12 7v5l3 3', file: 'M4 17v2a2 2 0 0 0 2 2h12a2 2 0 0 0 2 -2v-2M7 11l5 5l5 -5M12 4l0 12', alert: 'M12 9v4M12 16v.01M3 12a9 9 0 1 0 18 0a9 9 0 0 0 -18 0' } as const;
export const icon = (name: keyof typeof PATHS): SVGElement => svg('svg', { viewBox: '0 0 24 24', width: 20, height: 20, fill: 'none', stroke: 'currentColor', 'stroke-width': 2, 'stroke-linecap': 'round', 'stroke-linejoin': 'round', 'aria-hidden': 'true', class: 'icon' }, svg('path', { d: PATHS[name] }));
