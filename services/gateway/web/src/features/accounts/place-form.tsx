/* A place of a company, made or changed, in a dialog. Who saw an old one is told so, and the next save is meant. */
import { type FormEvent, useState } from 'react';
import { Problem } from '../../api/client';
import type { Id } from '../../api/types';
import { fieldFaults, problemText } from '../../app/problems';
import { sayValue, useT } from '../../i18n';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { SelectField, TextArea, TextField, useFocusWrong } from '../../ui/field';
import { toast } from '../../ui/toast';
import { NAME_MOST, PLACE_TYPES, placesChanged, savePlace, tooLong } from './place-save';
import type { Place } from './places';

export function PlaceForm({ account, place, onClose }: { account: { id: Id; workspace_id: Id; name: string }; place: Place | null; onClose(): void }) {
	const t = useT();
	const [opened, setOpened] = useState(true);
	const was = { name: place?.name ?? '', type: place?.type ?? 'office', address: place?.address ?? '', map_url: place?.map_url ?? '' };
	const [typed, setTyped] = useState<Record<keyof typeof was, string>>(was);
	const [faults, setFaults] = useState<Partial<Record<string, string>>>({});
	const [busy, setBusy] = useState(false);
	/* null after a conflict: what it is now has been read, the next save is meant */
	const [seen, setSeen] = useState<number | null>(place?.version ?? null);
	const form = useFocusWrong(faults);
	const set = (field: keyof typeof was) => (to: string) => setTyped((old) => ({ ...old, [field]: to }));
	const close = () => {
		setOpened(false);
		setTimeout(onClose, 150);
	};
	const submit = async (event: FormEvent) => {
		event.preventDefault();
		const found: Partial<Record<string, string>> = {
			...(!typed.name.trim() ? { name: t('form.required') } : tooLong(typed.name) ? { name: t('place.too_long', { count: NAME_MOST }) } : {}),
			...(typed.map_url.trim() && !/^https?:\/\/[^\s/?#.]+/.test(typed.map_url.trim()) ? { map_url: t('place.no_url') } : {}),
		};
		setFaults(found);
		if (Object.keys(found).length)
			return;
		setBusy(true);
		try {
			const change = Object.fromEntries((Object.keys(was) as Array<keyof typeof was>).filter((field) => !place || typed[field].trim() !== was[field]).map((field) => [field, typed[field].trim() || null]));
			if (Object.keys(change).length)
				await savePlace(place, account, change, seen);
			toast.ok(t('place.saved', { name: typed.name.trim() }));
			close();
		} catch (fault) {
			setBusy(false);
			const told = fieldFaults(fault);
			setFaults({ ...told, ...(told['map_url'] ? { map_url: t('place.no_url') } : {}), ...(told['name'] ? { name: t('place.too_long', { count: NAME_MOST }) } : {}) });
			toast.error(t('place.failed'), problemText(fault));
			if (fault instanceof Problem && fault.code === 'location_changed') {
				await placesChanged(account.id);
				setSeen(null);
			}
		}
	};
	return (
		<Dialog opened={opened} onClose={close} title={place ? place.name : t('place.add')} closeLabel={t('common.close')}>
			<form ref={form} className="stack-form" onSubmit={(event) => void submit(event)} noValidate>
				<TextField label={t('field.name')} name="name" value={typed.name} onChange={set('name')} error={faults['name']} hint={t('place.name_hint', { count: NAME_MOST })} required autoFocus autoComplete="off" />
				<SelectField label={t('field.type')} name="type" value={typed.type} onChange={(value) => set('type')(value ?? 'office')} error={faults['type']} choices={PLACE_TYPES.map((one) => ({ value: one, label: sayValue('place_type', one) }))} />
				<TextArea label={t('account.address')} name="address" value={typed.address} onChange={set('address')} error={faults['address']} rows={2} maxLength={900} />
				<TextField label={t('place.map')} name="map_url" type="url" value={typed.map_url} onChange={set('map_url')} error={faults['map_url']} placeholder="https://" autoComplete="off" maxLength={1900} />
				<div className="dialog-foot">
					<Button kind="quiet" onClick={close}>{t('common.cancel')}</Button>
					<Button kind="primary" type="submit" disabled={busy}>{t('common.save')}</Button>
				</div>
			</form>
		</Dialog>
	);
}
