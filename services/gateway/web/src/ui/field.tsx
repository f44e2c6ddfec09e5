/* Fields of a form: label above, reason of refusal below, both tied to the field for a screen reader. */
import { Input, Select, Textarea, TextInput } from '@mantine/core';
import { type HTMLInputTypeAttribute, type ReactNode, type RefObject, useEffect, useRef } from 'react';

const input = { input: 'lw-input', label: 'lw-label', error: 'lw-error', description: 'lw-hint' };

interface FieldProps {
	label: string;
	value: string;
	onChange(value: string): void;
	error?: string | null | undefined;
	hint?: string;
	required?: boolean;
	autoFocus?: boolean;
	name?: string;
	autoComplete?: string;
	placeholder?: string;
	maxLength?: number;
	/* Escape in this field is the form's, not the dialog's around it */
	keepsEscape?: boolean;
}

export function TextField({ value, onChange, type = 'text', end, autoFocus, error, hint, inputMode, keepsEscape, ...rest }: FieldProps & { type?: HTMLInputTypeAttribute; end?: ReactNode; inputMode?: 'decimal' | 'numeric' | 'tel' | 'email' }) {
	return (
		<TextInput classNames={input} value={value} type={type} onChange={(event) => onChange(event.currentTarget.value)}
			error={error ?? undefined} description={hint} rightSection={end} rightSectionWidth={end ? 40 : undefined} rightSectionPointerEvents="all"
			data-autofocus={autoFocus || undefined} withAsterisk={rest.required} inputMode={inputMode} data-mantine-stop-propagation={keepsEscape ? 'true' : undefined} {...rest} />
	);
}

export function TextArea({ value, onChange, autoFocus, error, hint, rows = 3, keepsEscape: _keeps, ...rest }: FieldProps & { rows?: number }) {
	return (
		<Textarea classNames={input} value={value} onChange={(event) => onChange(event.currentTarget.value)} rows={rows}
			error={error ?? undefined} description={hint} data-autofocus={autoFocus || undefined} withAsterisk={rest.required} {...rest} />
	);
}

/* label and reason around a field that is not one of these; the field bears the id, and its reason `<id>-error` */
export function Framed({ id, label, error, required, children }: { id: string; label: string; error?: string | null | undefined; required?: boolean; children: ReactNode }) {
	return <Input.Wrapper id={id} classNames={{ label: input.label, error: input.error }} label={label} error={error ?? undefined} withAsterisk={required} labelProps={{ htmlFor: id }} errorProps={{ id: `${id}-error` }}>{children}</Input.Wrapper>;
}

export interface Choice { value: string; label: string }

export function SelectField({ label, value, choices, onChange, error, hint, name, clearable, placeholder, empty, required }: {
	label: string; value: string | null; choices: Choice[]; onChange(value: string | null): void;
	error?: string | null | undefined; clearable?: boolean; placeholder?: string; empty?: string; required?: boolean; hint?: string | undefined; name?: string;
}) {
	return (
		<Select classNames={{ ...input, dropdown: 'lw-dropdown', option: 'lw-item' }} label={label} value={value} data={choices} onChange={onChange}
			error={error ?? undefined} description={hint} inputWrapperOrder={['label', 'input', 'description', 'error']} name={name} searchable={choices.length > 7} nothingFoundMessage={empty} allowDeselect={clearable === true}
			placeholder={placeholder} checkIconPosition="right" maxDropdownHeight={280} withAsterisk={required} aria-label={label}
			comboboxProps={{ withinPortal: true, zIndex: 350 }} />
	);
}

/* a box to tick: a target of 24 px and more, with a line that says what it does */
export function Check({ label, hint, checked, onChange, disabled, name }: { label: ReactNode; hint?: ReactNode; checked: boolean; onChange(checked: boolean): void; disabled?: boolean; name?: string }) {
	return (
		<label className="tick">
			<input type="checkbox" name={name} checked={checked} disabled={disabled} onChange={(event) => onChange(event.currentTarget.checked)} />
			<span>{label}{hint && <small>{hint}</small>}</span>
		</label>
	);
}

/* a form whose first wrong field has the focus as soon as something is wrong in it */
export function useFocusWrong(faults: Partial<Record<string, string>>): RefObject<HTMLFormElement | null> {
	const form = useRef<HTMLFormElement>(null);
	useEffect(() => {
		if (Object.keys(faults).length)
			form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
	}, [faults]);
	return form;
}
