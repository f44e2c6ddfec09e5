/* Asks for the note that this pipeline wants with every move. Closed unsaved, the card goes back. */
import { type FormEvent, useEffect, useState } from 'react';
import { useT } from '../../i18n';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { TextArea } from '../../ui/field';

export function NoteDialog({ opened, title, stage, onSave, onClose }: { opened: boolean; title: string; stage: string; onSave(note: string): void; onClose(): void }) {
	const t = useT();
	const [note, setNote] = useState('');
	const [fault, setFault] = useState<string | null>(null);
	useEffect(() => {
		if (opened) {
			setNote('');
			setFault(null);
		}
	}, [opened]);
	const submit = (event: FormEvent) => {
		event.preventDefault();
		if (note.trim())
			onSave(note.trim());
		else
			setFault(t('note.required'));
	};
	return (
		<Dialog opened={opened} onClose={onClose} title={t('note.title', { stage })} closeLabel={t('common.close')} size={460}>
			<form onSubmit={submit} noValidate>
				<p className="muted dialog-lead">{t('note.text', { title })}</p>
				<TextArea label={t('note.label')} name="note" value={note} onChange={setNote} error={fault} required autoFocus rows={4} maxLength={4000} />
				<div className="dialog-foot">
					<Button kind="quiet" onClick={onClose}>{t('common.cancel')}</Button>
					<Button kind="primary" type="submit">{t('note.save')}</Button>
				</div>
			</form>
		</Dialog>
	);
}
