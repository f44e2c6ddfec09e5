/* The records of the gateway's HTTP contract as the pages see them.
   Amounts are decimal strings and stay strings; never turn one into a number. */
import type { Id, Money } from './records';

export type { Change, CrmEvent, Id, Money } from './records';
export type Language = 'nl' | 'en';
export type Theme = 'light' | 'dark' | 'auto';

export type Label = Partial<Record<Language, string>>;

export interface Workspace {
	id: Id;
	slug: string;
	name: string;
	preset: string;
	language: Language;
	currency: string;
	timezone: string;
	country: string;
	label_profile: string;
	landing: string;
	tabs: string[];
	header: string[];
	role: string;
	/* which records one sees: none, own, team, workspace or all */
	scope?: string;
	permissions: string[];
	/* what a lead made by hand has to say beside a name */
	lead_fields: string[];
	team_id: Id | null;
	admin_only: boolean;
	demo: boolean;
	default_owner_id: Id | null;
}

export interface Me {
	user: {
		id: Id; name: string; email: string; language: Language | null; theme: Theme | null; single_keys: boolean;
		timezone: string | null; photo: string | null; signature: string | null; two_factor: boolean; recovery_left: number;
	};
	agency: { id: Id; name: string; admin: boolean; archived_workspaces?: number };
	workspaces: Workspace[];
	allowed_sections: string[];
	/* served over plain http, where that is allowed for a trial */
	insecure?: boolean;
}

export interface Member { id: Id; workspace_id: Id; name: string; email: string; role: string; team_id: Id | null; photo: string | null; active: boolean }

export interface Card {
	id: Id;
	workspace_id: Id;
	number: number;
	title: string;
	stage_id: Id;
	contact_id: Id | null;
	contact_name: string | null;
	company: string | null;
	value: Money | null;
	owner_id: Id | null;
	lead_id: Id | null;
	source: string | null;
	version: number;
	created_at: string;
	stage_since: string;
	close_date: string | null;
	files: number;
	/* kept beside the deal out of what is done with it; absent in what the stream says */
	notes_count?: number;
	next_at?: string | null;
	next_kind?: string | null;
	days_without_contact?: number;
	tags?: Array<{ id: Id; label: string; colour: string }>;
}

/* what the catalogues say of a deal, by their keys */
export const CHOSEN = ['source', 'campaign', 'channel', 'account_type', 'ecommerce_type', 'weight_range', 'content_type', 'plan_type', 'locale', 'loss_reason'] as const;
export type Chosen = (typeof CHOSEN)[number];

export interface Deal extends Card, Record<Exclude<Chosen, 'source'>, string | null> {
	stage_key: string;
	/* the account it belongs to; null: none */
	account_id: Id | null;
	/* what counts: its own, else its stage's */
	probability: number | null;
	probability_own: number | null;
	notes: string | null;
	annotations: string | null;
	monthly_shipments: number | null;
	/* shipments times the locale's cost as it is now; nobody writes it */
	account_value: Money | null;
	custom: Record<string, string | number | boolean | Money | null>;
	account_name: string | null;
	type: 'prospect' | 'client';
}

/* how to reach the person a deal is about: its contact, else what the lead left */
export interface Person { email: string | null; phone: string | null }

export type StageKind = 'open' | 'won' | 'lost';
export type MoveMode = 'instant' | 'note_required' | 'locked';

export interface Stage {
	id: Id;
	key: string;
	kind: StageKind;
	label: Label;
	probability: number;
	colour: string;
	position: number;
	qualified: boolean;
	count: number;
	sums: Money[];
	cards: Card[];
	next: string | null;
}

export interface Pipeline {
	workspace_id: Id;
	id: Id;
	key: string;
	label: Label;
	/* what its cards are: deals, or companies with one open card each */
	kind: 'sales' | 'relationship';
	move_mode: MoveMode;
	stages: Stage[];
}

export interface StageCount { workspace_id: Id; stage_id: Id; key: string; count: number; sums: Money[] }

export type EventData = Record<string, unknown>;

export interface TimelineEntry {
	id: Id;
	at: string;
	type: string;
	actor: { id: Id; name: string | null; rule?: boolean } | null;
	data: EventData;
}

/* `about`: what somebody put it to; one without came with a lead, and stays */
export interface FileEntry { id: Id; name: string; type: string; size: number; sha256: string; at: string; about?: { kind: 'lead' | 'deal' | 'contact' | 'account'; id: Id }; activity_id?: Id | null; by?: Id | null }

export type LeadStatus = 'New' | 'Contacted' | 'Qualified';

/* `news`: and to news by mail; text: what they were shown */
export interface Consent { given: boolean; news: boolean; text?: string; version?: string; at?: string; page?: string }

export interface Lead {
	id: Id;
	workspace_id: Id;
	number: number;
	name: string;
	company: string | null;
	email: string | null;
	phone: string | null;
	source: string | null;
	source_id: Id | null;
	form_type: string | null;
	status: string;
	message: string | null;
	owner_id: Id | null;
	contact_id: Id | null;
	deal_id: Id | null;
	/* ISO 639-1 of what they read: as the form said, else its page, else their browser */
	language: string | null;
	/* what they agreed to, or did not; null: nobody asked */
	consent: Consent | null;
	created_at: string;
	/* New for a day, and nobody has done anything about it */
	unanswered: boolean;
	version: number;
}

export interface Page<T> { data: T[]; next: string | null; total?: number; more?: boolean }
/* somebody who has an e-mail address already; who may not see them is told no more than that */
export interface Known { visible: boolean; id?: Id; name?: string; deal_id?: Id | null }
export interface Written { id: Id; number?: number; version: number; stage_id?: Id; batch_id?: Id }
/* a deal in the trash */
export type Thrown = Card & { trashed_at: string; trashed_by: Id | null };
