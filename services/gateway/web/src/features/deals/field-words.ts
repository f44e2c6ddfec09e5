/* A deal's fields as its history writes them, text by name, and what each says in words: a stage, a catalogue's value and a person
   by their names, money and dates as the reader writes them. */
import { useMemo } from 'react';
import { type Item, type OwnField, useItems, useOwnFields, useSetPipelines } from '../../api/boards';
import { useMemberNames } from '../../api/queries';
import { CHOSEN, type Deal, type Id, type Money } from '../../api/types';
import { useScope } from '../../app/scope';
import { labelOf, sayValue, type Translate, useLanguage, useT } from '../../i18n';

const moneyText = (money: Money | null): string => money ? `${money.amount} ${money.currency}` : '';

/* '' is nothing */
export function textOf(deal: Deal, field: string): string {
	if (field.startsWith('custom.')) {
		const value = deal.custom?.[field.slice(7)];
		return value === null || value === undefined ? '' : typeof value === 'object' ? moneyText(value) : String(value);
	}
	switch (field) {
	case 'stage': return deal.stage_key;
	case 'value': return moneyText(deal.value);
	case 'account_value': return moneyText(deal.account_value);
	case 'probability': return deal.probability_own === null ? '' : String(deal.probability_own);
	case 'monthly_shipments': return deal.monthly_shipments === null ? '' : String(deal.monthly_shipments);
	case 'close_date': return deal.close_date?.slice(0, 10) ?? '';
	case 'account': return deal.account_name ?? '';
	case 'title': case 'annotations': case 'notes': case 'owner_id': return deal[field] ?? '';
	default: {
		const chosen = CHOSEN.find((one) => one === field);
		return chosen ? (deal[chosen] ?? '') : '';
	}
	}
}

/* "12.00 EUR", or as the history keeps a custom amount */
export function readMoney(text: string): Money | null {
	const plain = /^(-?\d+(?:\.\d+)?) ([A-Z]{3})$/.exec(text);
	if (plain)
		return { amount: plain[1] ?? '0', currency: plain[2] ?? 'EUR' };
	if (!text.startsWith('{'))
		return null;
	try {
		const { amount, currency } = JSON.parse(text) as Partial<Record<string, unknown>>;
		return typeof amount === 'string' && typeof currency === 'string' ? { amount, currency } : null;
	} catch {
		return null;
	}
}

export interface FieldWords {
	/* what the field is called */
	name(field: string): string;
	/* what is in it; nothing is said as nothing */
	say(field: string, text: string | null | undefined): string;
	/* who did it; what no person did is automatic, in every list alike */
	actor(id: Id | null | undefined): string | null;
	/* a field of a deal as its history writes it, and an amount out of that */
	text(deal: Deal, field: string): string;
	money(text: string): Money | null;
	items: Item[];
	fields: OwnField[];
	lost(stage: Id): boolean;
	/* the lists it needs are there */
	ready: boolean;
}

export function useDealSlug(workspace: Id): string | null {
	const { me } = useScope();
	return me.workspaces.find((one) => one.id === workspace)?.slug ?? null;
}

export function useFieldWords(workspace: Id): FieldWords {
	const t: Translate = useT();
	const language = useLanguage();
	const { formats } = useScope();
	const slug = useDealSlug(workspace);
	const names = useMemberNames(slug);
	const pipelines = useSetPipelines(slug);
	const items = useItems(slug);
	const fields = useOwnFields(slug);
	return useMemo(() => {
		const stages = (pipelines.data ?? []).flatMap((one) => one.stages);
		const own = (field: string) => (fields.data ?? []).find((one) => `custom.${one.key}` === field);
		const sayOwn = (field: OwnField, text: string): string => {
			const choice = field.choices?.find((one) => one.key === text);
			if (choice)
				return labelOf(choice.label, language, text);
			if (field.kind === 'boolean')
				return t(text === 'true' ? 'audit_value.yes' : 'audit_value.no');
			return field.kind === 'date' ? formats.date(text) : field.kind === 'number' && /^-?\d+(\.\d+)?$/.test(text) ? formats.figure(text) : text;
		};
		return {
			text: textOf, money: readMoney, items: items.data ?? [], fields: [...(fields.data ?? [])].sort((a, b) => a.position - b.position),
			ready: Boolean(pipelines.data && items.data && fields.data),
			actor: (id) => (id && names.get(id)) || null,
			lost: (id) => stages.find((stage) => stage.id === id)?.kind === 'lost',
			name: (field) => {
				const found = own(field);
				return found ? labelOf(found.label, language, found.key) : sayValue('field', field.startsWith('custom.') ? field.slice(7) : field);
			},
			say: (field, text) => {
				if (text === null || text === undefined || text === '')
					return t('timeline.nothing');
				const money = readMoney(text);
				if (money)
					return formats.money(money);
				const found = own(field);
				if (found)
					return sayOwn(found, text);
				const chosen = CHOSEN.find((one) => one === field);
				if (chosen) {
					const item = (items.data ?? []).find((one) => one.catalogue === chosen && one.key === text);
					return item ? labelOf(item.label, language, text) : sayValue(chosen, text);
				}
				switch (field) {
				case 'stage': {
					const stage = stages.find((one) => one.key === text);
					return stage ? labelOf(stage.label, language, text) : text;
				}
				case 'owner_id': return names.get(text) ?? t('timeline.someone');
				case 'contact_id': case 'lead_id': return t('timeline.someone');
				case 'probability': return `${text}%`;
				case 'monthly_shipments': return formats.number(Number(text));
				case 'close_date': return formats.date(text.slice(0, 10));
				default: return text;
				}
			},
		};
	}, [t, language, formats, names, pipelines.data, items.data, fields.data]);
}
