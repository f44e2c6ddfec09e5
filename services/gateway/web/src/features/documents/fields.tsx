/* Fields of a document, with their label above and what is wrong below: the browser's own, since its page is full of them and loads at once. */
import { type HTMLInputTypeAttribute, type ReactNode, useId } from 'react';
import type { Choice } from '../../ui/field';
import './documents.css';

interface FieldProps { label: string; value: string; onChange(value: string): void; error?: string | null | undefined; hint?: string; required?: boolean; autoFocus?: boolean; name?: string; placeholder?: string; maxLength?: number }

/* label and reason around a field; the field bears the id, and its reason `<id>-error` */
export function Framed({ id, label, error, hint, required, children }: { id: string; label: string; error?: string | null | undefined; hint?: string | undefined; required?: boolean | undefined; children: ReactNode }) {
	return (
		<div className="doc-field">
			<label className="lw-label" htmlFor={id}>{label}{required && <span className="doc-needed" aria-hidden="true"> *</span>}</label>
			{children}
			{hint && <p className="lw-hint" id={`${id}-hint`}>{hint}</p>}
			{error && <p className="lw-error" id={`${id}-error`}>{error}</p>}
		</div>
	);
}

const said = (id: string, error: unknown, hint: unknown) => ({ id, className: 'lw-input doc-input', autoComplete: 'off', 'aria-invalid': error ? true : undefined, 'aria-describedby': error ? `${id}-error` : hint ? `${id}-hint` : undefined });

export function TextField({ label, error, hint, required, autoFocus, onChange, type = 'text', end, ...rest }: FieldProps & { type?: HTMLInputTypeAttribute; inputMode?: 'decimal' | 'email'; end?: string }) {
	const id = useId();
	const field = <input {...said(id, error, hint)} type={type} required={required} data-empty={type === 'date' && !rest.value ? true : undefined} data-autofocus={autoFocus || undefined} onChange={(event) => onChange(event.currentTarget.value)} {...rest} />;
	return <Framed id={id} label={label} error={error} hint={hint} required={required}>{end ? <span className="doc-figure">{field}<span className="muted small">{end}</span></span> : field}</Framed>;
}

export function TextArea({ label, error, hint, required, autoFocus, onChange, rows = 3, ...rest }: FieldProps & { rows?: number }) {
	const id = useId();
	return <Framed id={id} label={label} error={error} hint={hint} required={required}><textarea {...said(id, error, hint)} rows={rows} data-autofocus={autoFocus || undefined} onChange={(event) => onChange(event.currentTarget.value)} {...rest} /></Framed>;
}

export function SelectField({ label, value, choices, onChange, name }: { label: string; value: string; choices: readonly Choice[]; onChange(value: string): void; name?: string }) {
	const id = useId();
	return <Framed id={id} label={label}><select {...said(id, false, false)} name={name} value={value} onChange={(event) => onChange(event.currentTarget.value)}>{choices.map((one) => <option key={one.value} value={one.value}>{one.label}</option>)}</select></Framed>;
}

export function Check({ label, hint, checked, onChange, name }: { label: string; hint?: string; checked: boolean; onChange(checked: boolean): void; name: string }) {
	return <label className="tick"><input type="checkbox" name={name} checked={checked} onChange={(event) => onChange(event.currentTarget.checked)} /><span>{label}{hint && <small>{hint}</small>}</span></label>;
}
