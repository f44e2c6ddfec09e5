/* The columns of the table of deals: what each is called, how wide it is, what stands in it. The order is the gear's to say; sorting is
   the server's, by the column's own name. */
import type { ReactNode } from 'react';
import type { OwnField } from '../../api/boards';
import type { Card, Id, Money } from '../../api/types';
import type { Formats } from '../../lib/format';
import { Avatar } from '../../ui/bits';
import { Icon } from '../../ui/icons';
import { Mail, Phone } from '../activities/reach';
import { CATALOGUES } from './filters';
import { SourceTag } from './source';

export interface DealRow extends Card {
	stage_key: string;
	email: string | null; phone: string | null;
	lead_status: string | null;
	probability: number;
	monthly_shipments: number | null;
	account_value: Money | null;
	last_note_at: string | null;
	next_at: string | null;
	days_without_contact?: number;
	account_id: Id | null;
	type: 'prospect' | 'client';
	onboarding_status: string | null;
	kae: Id | null; csr: Id | null;
	custom: Record<string, unknown>;
}

/* PRODUCT's 28 and four of a deal's own */
export const COLUMNS = [
	'company', 'name', 'email', 'phone', 'locale', 'type', 'stage', 'onboarding_status', 'owner', 'kae', 'csr', 'campaign', 'channel', 'ecommerce_type',
	'monthly_shipments', 'weight_range', 'content_type', 'account_type', 'account_value', 'plan_type', 'lead_status', 'last_note', 'days_without_contact',
	'next_at', 'close_date', 'created_at', 'balance', 'source', 'title', 'value', 'probability', 'number',
] as const;
export const FIRST_COLUMNS = ['company', 'name', 'title', 'stage', 'value', 'owner', 'next_at', 'days_without_contact', 'close_date', 'source', 'created_at', 'email', 'phone'];
/* S2 shows all that it has */
export const SHIPPING_COLUMNS = COLUMNS.slice(0, 28) as readonly string[];

const RIGHT = new Set(['monthly_shipments', 'account_value', 'days_without_contact', 'balance', 'value', 'probability', 'number']);
const WIDTH: Record<string, number> = { company: 220, name: 170, email: 220, title: 240, stage: 170, owner: 170, next_at: 150, phone: 150, number: 90, probability: 110, days_without_contact: 150 };

export interface ColumnShape { key: string; label: string; right: boolean; width: number }
export const shapeOf = (key: string, label: string): ColumnShape => ({ key, label, right: RIGHT.has(key), width: WIDTH[key] ?? 150 });

export interface CellWords {
	formats: Formats;
	owner(id: Id): { name: string; photo?: string | undefined } | null;
	stage(id: Id): { label: string; colour: string } | null;
	item(catalogue: string, key: string): string;
	own(key: string): OwnField | undefined;
	choice(field: OwnField, key: string): string;
	leadStatus(key: string): string;
	lifecycle(key: string): string;
	flag(yes: boolean): string;
}

export function cellOf(row: DealRow, key: string, words: CellWords): ReactNode {
	const { formats } = words;
	if (key.startsWith('custom.')) {
		const value = row.custom?.[key.slice(7)];
		const field = words.own(key.slice(7));
		if (value === null || value === undefined || value === '')
			return null;
		if (typeof value === 'object')
			return formats.money(value as Money);
		if (field?.kind === 'choice')
			return words.choice(field, String(value));
		if (typeof value === 'boolean')
			return words.flag(value);
		return field?.kind === 'date' ? formats.date(String(value)) : String(value);
	}
	if (key === 'source')
		return <SourceTag source={row.source} />;
	const listed = CATALOGUES.find((one) => one === key);
	if (listed) {
		const value = row[listed as keyof DealRow];
		return typeof value === 'string' ? words.item(listed, value) : null;
	}
	switch (key) {
	case 'company': return row.company;
	case 'name': return row.contact_name;
	case 'email': return row.email && <Mail email={row.email} />;
	case 'phone': return row.phone && <Phone phone={row.phone} whom={{ about: { kind: 'deal', id: row.id, title: row.title }, workspaceId: row.workspace_id, name: row.contact_name ?? row.title }} />;
	case 'title': return row.title;
	case 'number': return <span className="num">{row.number}</span>;
	case 'value': return row.value && formats.money(row.value);
	case 'account_value': return row.account_value && formats.money(row.account_value);
	case 'probability': return `${row.probability}%`;
	case 'monthly_shipments': return row.monthly_shipments === null ? null : formats.number(row.monthly_shipments);
	case 'days_without_contact': return row.days_without_contact === undefined ? null : formats.number(row.days_without_contact);
	case 'lead_status': return row.lead_status && words.leadStatus(row.lead_status);
	case 'stage': {
		const stage = words.stage(row.stage_id);
		return stage && <span className="status"><span className={`dot stage-${stage.colour}`} /><span className="cut">{stage.label}</span></span>;
	}
	case 'type': return row.type && words.lifecycle(row.type);
	case 'onboarding_status': return row.onboarding_status && words.item('onboarding_status', row.onboarding_status);
	case 'owner': case 'kae': case 'csr': {
		const id = key === 'owner' ? row.owner_id : row[key];
		const owner = id ? words.owner(id) : null;
		return owner && <span className="person"><Avatar name={owner.name} photo={owner.photo} /><span className="cut">{owner.name}</span></span>;
	}
	case 'next_at': {
		if (!row.next_at)
			return null;
		const today = formats.dayKey(new Date().toISOString());
		const day = formats.dayKey(row.next_at);
		return <span className={`tag${day < today ? ' tag-danger' : day === today ? ' tag-ok' : ''}`}><Icon name="calendar" size={13} />{formats.date(row.next_at)}</span>;
	}
	case 'last_note': return row.last_note_at && formats.date(row.last_note_at);
	case 'close_date': return row.close_date && formats.date(row.close_date.slice(0, 10));
	case 'created_at': return formats.date(row.created_at);
	default: return null; /* a balance comes with invoices: nothing is known of it yet */
	}
}
