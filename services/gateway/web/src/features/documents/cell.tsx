/* A figure in a cell: typed as people write it, shown as their language does, kept as exact decimal text. What is no number stays as it was typed, and is
   marked by who reckons. */
import { type KeyboardEvent, useState } from 'react';
import { readNumber } from '../../lib/money';
import { useShown } from './parts';

export function Figure({ label, value, onChange, least = 0, wrong, why, field, placeholder, onKeyDown, end }: {
	label: string; value: string; onChange(value: string): void; least?: number; wrong?: string | undefined; /* where the reason stands */ why?: string | undefined; field?: string; placeholder?: string; onKeyDown?(event: KeyboardEvent): void; end?: string;
}) {
	const shown = useShown();
	const [typed, setTyped] = useState<string | null>(null);
	return (
		<span className="doc-figure">
			<input className="lw-input doc-input num" inputMode="decimal" autoComplete="off" aria-label={label} aria-invalid={wrong ? true : undefined} aria-describedby={wrong ? why : undefined} data-error={wrong ? true : undefined} title={wrong} data-field={field} placeholder={placeholder}
				value={typed ?? shown(value, least)} onKeyDown={onKeyDown} onFocus={(event) => {
					const at = event.currentTarget, begun = shown(value, least);
					setTyped(begun);
					at.select();
					/* a press of the mouse lets go of it again; who types or goes on meanwhile is left alone */
					requestAnimationFrame(() => { if (document.activeElement === at && at.value === begun) at.select(); });
				}} onBlur={() => setTyped(null)}
				onChange={(event) => {
					const next = event.currentTarget.value;
					setTyped(next);
					onChange(next.trim() === '' ? '' : readNumber(next) ?? next.trim());
				}} />
			{end && <span className="muted" aria-hidden="true">{end}</span>}
		</span>
	);
}
