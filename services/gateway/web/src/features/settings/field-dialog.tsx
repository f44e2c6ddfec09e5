/* One field of the workspace's own: its kind, which never changes, its names, whether a new deal needs it, and what a choice offers. */
import { useRef, useState } from 'react';
import { api, query } from '../../api/client';
import { type Choice, type FieldKind, fieldsChanged, type FieldsOf, type OwnField } from '../../api/boards';
import type { Workspace } from '../../api/types';
import { useLanguage, useT } from '../../i18n';
import { slugOf } from '../../lib/slug';
import { Button, IconButton } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { Check, SelectField, TextField } from '../../ui/field';
import { toast } from '../../ui/toast';
import { type BothNames, LabelFields, lacking, namesOf, SetForm, trimmed } from './label-fields';

const KINDS = ['text', 'number', 'money', 'date', 'choice', 'boolean', 'url'] as const satisfies readonly FieldKind[];

/* a choice being written: `id` is this form's alone, its key stays what it was */
interface Line extends BothNames { id: number; key: string | null }

export function FieldDialog({ workspace, about, field, opened, onClose }: { workspace: Workspace; about: FieldsOf; field: OwnField | null; opened: boolean; onClose(): void }) {
	const t = useT();
	return (
		<Dialog opened={opened} onClose={onClose} title={t(field ? 'fields.edit' : 'fields.add')} closeLabel={t('common.close')} size={560}>
			{opened && <FieldForm workspace={workspace} about={about} field={field} onDone={onClose} />}
		</Dialog>
	);
}

/* made of the English name, as the server makes a value's; the second of a name gets a number */
function choicesOf(lines: Line[]): Choice[] {
	const taken = new Set(lines.flatMap((line) => line.key ?? []));
	return lines.map((line) => {
		let key = line.key;
		for (let at = 1; !key; at++) {
			const base = `${slugOf(line.en).replaceAll('-', '_') || 'choice'}${at > 1 ? `_${at}` : ''}`;
			key = taken.has(base) ? null : base;
		}
		taken.add(key);
		return { key, label: trimmed(line) };
	});
}

function FieldForm({ workspace, about, field, onDone }: { workspace: Workspace; about: FieldsOf; field: OwnField | null; onDone(): void }) {
	const t = useT();
	const language = useLanguage();
	const next = useRef(0);
	const line = (choice?: Choice): Line => ({ id: next.current++, key: choice?.key ?? null, ...namesOf(choice?.label) });
	const [names, setNames] = useState<BothNames>(namesOf(field?.label));
	const [kind, setKind] = useState<FieldKind>(field?.kind ?? 'text');
	const [needed, setNeeded] = useState(field?.needed ?? false);
	const [lines, setLines] = useState<Line[]>(() => field?.choices?.map(line) ?? [line(), line()]);
	const said = lines.filter((one) => one.en.trim() || one.nl.trim());
	const check = () => ({
		...lacking(names, t('form.required')),
		...(kind === 'choice' && (!said.length || said.some((one) => !one.en.trim() || !one.nl.trim())) ? { choices: t('fields.choices_wrong') } : {}),
	});
	const send = async () => {
		const body = { label: trimmed(names), needed, ...(kind === 'choice' ? { choices: choicesOf(said) } : {}) };
		await (field ? api('PUT', `/api/crm/fields/${field.id}`, { body }) : api('POST', `/api/crm/fields${query({ workspace: workspace.slug })}`, { body: { ...body, kind, about } }));
		await fieldsChanged();
		toast.ok(t(field ? 'stages.saved' : 'stages.added', { name: names[language].trim() }));
	};
	const edit = (id: number, part: Partial<BothNames>) => setLines(lines.map((one) => one.id === id ? { ...one, ...part } : one));
	return (
		<SetForm yes={t(field ? 'common.save' : 'fields.add')} check={check} send={send} onDone={onDone}>
			{(faults) => <>
				<LabelFields value={names} onChange={setNames} faults={faults} />
				<SelectField label={t('fields.kind')} name="kind" value={kind} onChange={(value) => setKind(value as FieldKind)} error={faults['kind']} hint={t(field ? 'fields.kind_fixed' : 'fields.kind_text')}
					choices={(field ? [field.kind] : KINDS.filter((one) => about === 'deal' || one !== 'money')).map((one) => ({ value: one, label: t(`field_kind.${one}`) }))} />
				{kind === 'choice' && (
					<fieldset className="ticks">
						<legend>{t('fields.choices')}</legend>
						{lines.map((one, at) => (
							<div key={one.id} className="seat">
								<TextField label={t('label.en')} name={`choice_en_${at}`} value={one.en} onChange={(en) => edit(one.id, { en })} maxLength={100} autoComplete="off" />
								<TextField label={t('label.nl')} name={`choice_nl_${at}`} value={one.nl} onChange={(nl) => edit(one.id, { nl })} maxLength={100} autoComplete="off" />
								<IconButton icon="x" label={t('fields.choice_drop', { number: at + 1 })} onClick={() => setLines(lines.filter((other) => other.id !== one.id))} />
							</div>
						))}
						{faults['choices'] && <p className="lw-error" role="alert">{faults['choices']}</p>}
						<div><Button kind="quiet" icon="plus" onClick={() => setLines([...lines, line()])}>{t('fields.choice_add')}</Button></div>
					</fieldset>
				)}
				<Check name="needed" label={t('fields.needed')} hint={t(about === 'deal' ? 'fields.needed_text' : 'fields.needed_contact')} checked={needed} onChange={setNeeded} />
			</>}
		</SetForm>
	);
}
