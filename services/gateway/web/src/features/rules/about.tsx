/* The records that a decision is about, each as a link that opens it. */
import { Link } from '@tanstack/react-router';
import { sayValue } from '../../i18n';

export interface Of { type?: string; deal_id?: string | null; lead_id?: string | null; contact_id?: string | null; account_id?: string | null; document_id?: string | null }
type Search = Record<string, string>;

export function recordLink(noun: string, id: string, type = ''): { to: string; search: Search } | null {
	switch (noun) {
	case 'deal': return { to: '/deals/board', search: { type: 'prospect', id } };
	case 'lead': return { to: '/leads', search: { type: 'lead', id } };
	case 'contact': return { to: `/contacts/${id}`, search: {} };
	case 'account': return { to: `/accounts/${id}`, search: {} };
	case 'document': return { to: `${type.startsWith('quote') ? '/quotes' : '/invoices'}/${id}`, search: {} };
	default: return null;
	}
}

export function RecordLink({ noun, id, type, children }: { noun: string; id: string; type?: string | undefined; children: string }) {
	const found = recordLink(noun, id, type);
	return found ? <Link to={found.to as never} search={((old: { workspace?: string }) => ({ ...(old.workspace ? { workspace: old.workspace } : {}), ...found.search })) as never} className="link">{children}</Link> : <>{children}</>;
}

export function AboutLinks({ of }: { of: Of }) {
	const there = (['deal', 'lead', 'contact', 'account', 'document'] as const).flatMap((noun) => { const id = of[`${noun}_id`]; return id ? [{ noun, id }] : []; });
	return there.length ? <span className="rule-chips">{there.map(({ noun, id }) => <RecordLink key={noun} noun={noun} id={id} type={of.type}>{sayValue('rule_record', noun === 'document' ? (of.type?.startsWith('quote') ? 'quote' : of.type?.startsWith('invoice') ? 'invoice' : noun) : noun)}</RecordLink>)}</span> : null;
}
