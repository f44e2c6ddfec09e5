/* One value of a catalogue: its names; of a locale its country, phone code and what a shipment costs there. */
import { useMemo, useState } from 'react';
import { api, query } from '../../api/client';
import { type CatalogueName, type Item, itemsChanged } from '../../api/boards';
import type { Workspace } from '../../api/types';
import { useScope } from '../../app/scope';
import { useLanguage, useT } from '../../i18n';
import { readAmount } from '../../lib/money';
import { countries } from '../../lib/places';
import { Dialog } from '../../ui/dialog';
import { SelectField, TextField } from '../../ui/field';
import { toast } from '../../ui/toast';
import { type BothNames, LabelFields, lacking, namesOf, SetForm, trimmed } from './label-fields';

export function ItemDialog({ workspace, catalogue, item, opened, onClose }: { workspace: Workspace; catalogue: CatalogueName; item: Item | null; opened: boolean; onClose(): void }) {
	const t = useT();
	return (
		<Dialog opened={opened} onClose={onClose} title={t(item ? 'catalogues.edit' : 'catalogues.add_to', { name: t(`catalogue.${item?.catalogue ?? catalogue}`) })} closeLabel={t('common.close')} size={520}>
			{opened && <ItemForm workspace={workspace} catalogue={item?.catalogue ?? catalogue} item={item} onDone={onClose} />}
		</Dialog>
	);
}

function ItemForm({ workspace, catalogue, item, onDone }: { workspace: Workspace; catalogue: CatalogueName; item: Item | null; onDone(): void }) {
	const t = useT();
	const language = useLanguage();
	const { formats } = useScope();
	const [names, setNames] = useState<BothNames>(namesOf(item?.label));
	const [country, setCountry] = useState(item?.country ?? null);
	const [phone, setPhone] = useState(item?.phone_code ?? '');
	const [cost, setCost] = useState(item?.cost ? formats.money(item.cost).replace(/[^\d.,]/g, '') : '');
	const choices = useMemo(() => countries(language), [language]);
	const locale = catalogue === 'locale';
	const currency = item?.cost?.currency ?? workspace.currency;
	const amount = cost.trim() ? readAmount(cost) : null;
	const code = phone.trim().replace(/[\s-]/g, '').replace(/^(00)?(?=\d)/, '+');
	const check = () => ({
		...lacking(names, t('form.required')),
		...(cost.trim() && amount === null ? { cost: t('form.amount') } : {}),
		...(code && !/^\+\d{1,6}$/.test(code) ? { phone_code: t('catalogues.phone_wrong') } : {}),
	});
	const send = async () => {
		const body = { label: trimmed(names), ...(locale ? { country, phone_code: code || null, cost: amount === null ? null : { amount, currency } } : {}) };
		/* what is empty is not said of a new one */
		const told = item ? body : Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null));
		await (item ? api('PUT', `/api/crm/catalogues/${item.id}`, { body }) : api('POST', `/api/crm/catalogues${query({ workspace: workspace.slug })}`, { body: { catalogue, ...told } }));
		await itemsChanged();
		toast.ok(t(item ? 'stages.saved' : 'stages.added', { name: names[language].trim() }));
	};
	return (
		<SetForm yes={t(item ? 'common.save' : 'catalogues.add')} check={check} send={send} onDone={onDone}>
			{(faults) => <>
				<LabelFields value={names} onChange={setNames} faults={faults} />
				{locale && <>
					<div className="two">
						<SelectField label={t('place.country')} name="country" value={country} onChange={setCountry} choices={choices} error={faults['country']} clearable placeholder={t('form.choose')} empty={t('form.nothing_found')} />
						<TextField label={t('catalogues.phone')} name="phone_code" value={phone} onChange={setPhone} error={faults['phone_code']} inputMode="tel" placeholder="+52" maxLength={8} />
					</div>
					<TextField label={t('catalogues.cost', { currency })} name="cost" value={cost} onChange={setCost} error={faults['cost']} inputMode="decimal" hint={t('catalogues.cost_text')} />
				</>}
			</>}
		</SetForm>
	);
}
