/* One thing that is sold: its code, what it is called in both languages, what a quantity counts, and what it costs from which day on. */
import { useState } from 'react';
import { api, query } from '../../api/client';
import type { Workspace } from '../../api/types';
import { useScope } from '../../app/scope';
import { sayValue, useLanguage, useT } from '../../i18n';
import { readNumber, typedNumber } from '../../lib/money';
import { Button, IconButton } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { SelectField, TextArea, TextField } from '../../ui/field';
import { type CatalogItem, type Tax, TAXES, type Unit, UNITS } from '../billing/items';
import { type Faults, SetForm } from '../settings/label-fields';

interface PriceDraft { key: number; day: string; price: string; category: Tax; rate: string }

export function ItemDialog({ workspace, item, opened, onClose, onSaved }: { workspace: Workspace; item: CatalogItem | null; opened: boolean; onClose(): void; onSaved(id: string | null, name: string): Promise<void> }) {
	const t = useT();
	return <Dialog opened={opened} onClose={onClose} title={t(item ? 'items.edit' : 'items.add')} closeLabel={t('common.close')} size={680}>{opened && <Form workspace={workspace} item={item} onDone={onClose} onSaved={onSaved} />}</Dialog>;
}

const USUAL_RATE = '21';

function Form({ workspace, item, onDone, onSaved }: { workspace: Workspace; item: CatalogItem | null; onDone(): void; onSaved(id: string | null, name: string): Promise<void> }) {
	const t = useT();
	const mine = useLanguage();
	const { formats } = useScope();
	const written = (value: string) => typedNumber(value, formats.decimal);
	const [code, setCode] = useState(item?.code ?? '');
	const [names, setNames] = useState({ nl: item?.name_nl ?? '', en: item?.name_en ?? '' });
	const [more, setMore] = useState({ nl: item?.description_nl ?? '', en: item?.description_en ?? '' });
	const [unit, setUnit] = useState<Unit>(item?.unit ?? 'piece');
	const [prices, setPrices] = useState<PriceDraft[]>(() => (item?.prices.length ? item.prices : [{ price: '', rate: USUAL_RATE }]).map((one, key) => ({ key, day: one.day ?? '', price: one.price ? written(one.price) : '', category: ('category' in one && one.category) || 'standard', rate: one.rate ? written(one.rate) : '' })));
	const set = (key: number, part: Partial<PriceDraft>) => setPrices((old) => old.map((one) => (one.key === key ? { ...one, ...part } : one)));
	const order = mine === 'nl' ? ['nl', 'en'] as const : ['en', 'nl'] as const;
	const check = (): Faults => {
		const faults: Faults = names.nl.trim() || names.en.trim() ? {} : { [`name_${order[0]}`]: t('items.name_wanted') };
		for (const one of prices) {
			const price = readNumber(one.price), rate = readNumber(one.rate);
			if (!price || price.startsWith('-') || !/^\d{1,12}(\.\d{1,6})?$/.test(price))
				faults[`price_${one.key}`] = t(one.price.trim() ? 'items.price_wrong' : 'form.required');
			if (one.category === 'standard' && (!rate || !/^\d{1,2}(\.\d{1,2})?$|^100$/.test(rate)))
				faults[`rate_${one.key}`] = t(one.rate.trim() ? 'items.rate_wrong' : 'form.required');
			if (prices.some((other) => other.key < one.key && other.day === one.day))
				faults[`day_${one.key}`] = t('items.day_twice');
		}
		return faults;
	};
	const send = async () => {
		const said = (value: string) => value.trim() || null;
		const body = {
			code: said(code), name_nl: said(names.nl), name_en: said(names.en), description_nl: said(more.nl), description_en: said(more.en), unit,
			prices: prices.map((one) => ({ ...(one.day ? { day: one.day } : {}), price: readNumber(one.price), category: one.category, rate: one.category === 'standard' ? readNumber(one.rate) : '0' })),
		};
		if (item)
			await api('PUT', `/api/crm/catalog/${item.id}`, { body: { ...body, version: item.version } });
		else
			await api('POST', `/api/crm/catalog${query({ workspace: workspace.slug })}`, { body: Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null)) });
		await onSaved(item?.id ?? null, names[order[0]].trim() || names[order[1]].trim());
	};
	return (
		<SetForm yes={t('common.save')} check={check} send={send} onDone={onDone}>
			{(faults) => <>
				{order.map((language, at) => (
					<div key={language} className="item-words">
						<TextField label={t(language === 'nl' ? 'items.name_nl' : 'items.name_en')} name={`name_${language}`} value={names[language]} onChange={(next) => setNames((old) => ({ ...old, [language]: next }))} error={faults[`name_${language}`]} maxLength={500} autoComplete="off" autoFocus={at === 0} {...(at === 1 ? { hint: t('items.name_hint') } : {})} />
						<TextArea label={t(language === 'nl' ? 'items.more_nl' : 'items.more_en')} name={`description_${language}`} value={more[language]} onChange={(next) => setMore((old) => ({ ...old, [language]: next }))} error={faults[`description_${language}`]} maxLength={4000} rows={2} />
					</div>
				))}
				<div className="two">
					<TextField label={t('items.code')} name="code" value={code} onChange={setCode} error={faults['code']} maxLength={60} autoComplete="off" />
					<SelectField label={t('items.unit')} name="unit" value={unit} choices={UNITS.map((value) => ({ value, label: sayValue('unit', value) }))} onChange={(next) => { if (next) setUnit(next as Unit); }} empty={t('form.nothing_found')} />
				</div>
				<fieldset className="ticks item-prices">
					<legend>{t('items.prices')}</legend>
					<p className="muted small">{t('items.prices_text')}</p>
					{prices.map((one, at) => (
						<div key={one.key} className="item-price" role="group" aria-label={t('items.price_of', { number: at + 1 })}>
							<TextField label={t('items.day')} name={`day_${one.key}`} type="date" value={one.day} onChange={(day) => set(one.key, { day })} error={faults[`day_${one.key}`]} />
							<TextField label={t('items.price_in', { currency: workspace.currency })} name={`price_${one.key}`} inputMode="decimal" value={one.price} onChange={(price) => set(one.key, { price })} error={faults[`price_${one.key}`]} maxLength={20} autoComplete="off" />
							<SelectField label={t('items.tax')} name={`category_${one.key}`} value={one.category} choices={TAXES.map((value) => ({ value, label: sayValue('tax', value) }))} onChange={(next) => { if (next) set(one.key, { category: next as Tax }); }} />
							{one.category === 'standard' ? <TextField label={t('items.percent')} name={`rate_${one.key}`} inputMode="decimal" value={one.rate} onChange={(rate) => set(one.key, { rate })} error={faults[`rate_${one.key}`]} maxLength={6} autoComplete="off" /> : <span />}
							<IconButton icon="trash" label={t('items.price_remove', { number: at + 1 })} disabled={prices.length === 1} onClick={() => setPrices((old) => old.filter((each) => each.key !== one.key))} />
						</div>
					))}
					<Button icon="plus" className="order-add" onClick={() => setPrices((old) => [...old, { key: Math.max(...old.map((one) => one.key)) + 1, day: formats.dayKey(new Date().toISOString()), price: old.at(-1)?.price ?? '', category: old.at(-1)?.category ?? 'standard', rate: old.at(-1)?.rate ?? USUAL_RATE }])}>{t('items.price_add')}</Button>
				</fieldset>
			</>}
		</SetForm>
	);
}
