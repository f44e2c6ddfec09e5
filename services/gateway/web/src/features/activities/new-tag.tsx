/* A new tag: its words and its colour. */
import { type FormEvent, useState } from 'react';
import { api, query } from '../../api/client';
import { fieldFaults, problemText } from '../../app/problems';
import { sayValue, useT } from '../../i18n';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { SelectField, TextField } from '../../ui/field';
import { COLOURS, type Tag } from './model';

export function NewTag({ opened, workspace, onClose, onMade }: { opened: boolean; workspace: string | null; onClose(): void; onMade(tag: Tag): void }) {
	const t = useT();
	const [label, setLabel] = useState('');
	const [colour, setColour] = useState<string | null>('blue');
	const [fault, setFault] = useState<string | null>(null);
	const [busy, setBusy] = useState(false);
	const submit = async (event: FormEvent) => {
		event.preventDefault();
		if (!label.trim()) {
			setFault(t('form.required'));
			return;
		}
		setBusy(true);
		try {
			const made = await api<{ id: string }>('POST', `/api/crm/tags${query({ workspace })}`, { body: { label: label.trim(), colour } });
			onMade({ id: made.id, label: label.trim(), colour: colour ?? 'grey' });
		} catch (refused) {
			setFault(Object.values(fieldFaults(refused))[0] ?? problemText(refused));
		}
		setBusy(false);
	};
	return (
		<Dialog opened={opened} onClose={onClose} title={t('tags.new')} closeLabel={t('common.close')} size={400}>
			<form className="form" onSubmit={(event) => void submit(event)} noValidate>
				<TextField label={t('tags.label')} name="label" value={label} onChange={setLabel} error={fault} required autoFocus maxLength={60} autoComplete="off" />
				<SelectField label={t('tags.colour')} value={colour} onChange={setColour} choices={COLOURS.map((one) => ({ value: one, label: sayValue('colour', one) }))} />
				<div className="dialog-foot">
					<Button kind="quiet" onClick={onClose}>{t('common.cancel')}</Button>
					<Button kind="primary" type="submit" disabled={busy}>{t('common.save')}</Button>
				</div>
			</form>
		</Dialog>
	);
}
