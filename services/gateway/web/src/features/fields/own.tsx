/* The fields that a workspace gave its records, as forms ask for them: one input for each kind, what is sent of what was typed, and what was
   refused at which. For deals, people and companies alike; knows none of them. */
import type { OwnField } from '../../api/boards';
import { Problem } from '../../api/client';
import type { Language, Money } from '../../api/types';
import { fieldFaults } from '../../app/problems';
import { labelOf, type Translate, useLanguage, useT } from '../../i18n';
import type { Formats } from '../../lib/format';
import { readAmount, readNumber, typedNumber } from '../../lib/money';
import { SelectField, TextField } from '../../ui/field';

const moneyOf = (value: unknown): Money | null => (value && typeof value === 'object' && 'amount' in value && 'currency' in value ? (value as Money) : null);

/* what a record holds, as its input shows it; money without its currency, which stands in the label */
export function ownTyped(field: OwnField, value: unknown, formats: Formats): string {
	const money = moneyOf(value);
	if (field.kind === 'number' && (typeof value === 'number' || typeof value === 'string') && /^-?\d+(\.\d+)?$/.test(String(value)))
		return typedNumber(String(value), formats.figure);
	return money ? formats.money(money).replace(/[^\d.,-]/g, '') : value === null || value === undefined ? '' : String(value);
}

export const ownCurrency = (value: unknown, home: string): string => moneyOf(value)?.currency ?? home;

/* what is sent of what was typed, or why it cannot be */
export function ownRead(t: Translate, field: OwnField, typed: string, currency: string): { value: unknown } | { fault: string } {
	const text = typed.trim();
	if (!text)
		return field.needed ? { fault: t('form.required') } : { value: null };
	if (field.kind === 'money') {
		const amount = readAmount(text);
		return amount === null ? { fault: t('form.amount') } : { value: { amount, currency } };
	}
	if (field.kind === 'number') {
		const plain = readNumber(text);
		return plain === null ? { fault: t('details.number_wrong') } : { value: plain };
	}
	return { value: field.kind === 'boolean' ? text === 'true' : text };
}

export function ownChoices(t: Translate, language: Language, field: OwnField): Array<{ value: string; label: string }> {
	return field.kind === 'boolean' ? [{ value: 'true', label: t('audit_value.yes') }, { value: 'false', label: t('audit_value.no') }]
		: (field.choices ?? []).map((one) => ({ value: one.key, label: labelOf(one.label, language, one.key) }));
}

export function OwnInput({ field, value, onChange, fault, currency, keepsEscape = false }: { field: OwnField; value: string; onChange(text: string): void; fault: string | undefined; currency: string; keepsEscape?: boolean }) {
	const t = useT();
	const language = useLanguage();
	const label = labelOf(field.label, language, field.key);
	const common = { label, name: `custom.${field.key}`, value, onChange, error: fault, keepsEscape, autoComplete: 'off', ...(field.needed ? { required: true } : {}) };
	switch (field.kind) {
	case 'choice':
	case 'boolean': {
		const all = ownChoices(t, language, field);
		/* what it has is offered, whatever became of the list */
		const choices = value && !all.some((one) => one.value === value) ? [...all, { value, label: value }] : all;
		return <SelectField label={label} name={common.name} value={value || null} onChange={(next) => onChange(next ?? '')} choices={choices} error={fault} clearable={!field.needed} placeholder="—" empty={t('form.nothing_found')} {...(field.needed ? { required: true } : {})} />;
	}
	case 'money': return <TextField {...common} label={t('details.money', { field: label, currency })} inputMode="decimal" maxLength={20} />;
	case 'number': return <TextField {...common} inputMode="decimal" maxLength={24} />;
	case 'date': return <TextField {...common} type="date" />;
	case 'url': return <TextField {...common} type="url" placeholder="https://" maxLength={2000} />;
	case 'text': return <TextField {...common} maxLength={2000} />;
	}
}

/* what was refused, by the input's name: an own field's key may be another field's */
export function formFaults(fault: unknown): Record<string, string> {
	if (!(fault instanceof Problem))
		return {};
	const texts = fieldFaults(fault);
	return Object.fromEntries(fault.fields.map(({ pointer }) => {
		const last = pointer.replace(/^.*\//, '');
		return [pointer.startsWith('/custom/') ? `custom.${last}` : last, texts[last] ?? ''];
	}));
}
