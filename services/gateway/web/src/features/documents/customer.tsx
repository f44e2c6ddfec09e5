/* Whom a document is for: found by a few letters among companies and people, by mouse or by keys; and what is known of them, as it stands on paper. */
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { api } from '../../api/client';
import type { Id } from '../../api/types';
import { useT } from '../../i18n';
import { Tile } from '../../ui/bits';
import { Icon } from '../../ui/icons';
import { type Hit, isAsked, useFind } from '../search/find';
import { Framed } from './fields';
import type { Party } from './model';

export interface Customer { kind: 'account' | 'contact'; id: Id; name: string; workspace_id: Id }

interface AccountFacts { id: Id; name: string; email: string | null; phone: string | null; address: string | null; postcode: string | null; city: string | null; country: string | null; registration_no: string | null; vat_no: string | null }
interface ContactFacts { id: Id; name: string; email: string | null; phone: string | null; company: string | null; account_id: Id | null }

const some = (party: Party): Party => Object.fromEntries(Object.entries(party).filter(([, value]) => value)) as Party;
export const partyOfAccount = (one: AccountFacts): Party => some({
	name: one.name, street: one.address, postcode: one.postcode, city: one.city, country: one.country && /^[A-Z]{2}$/.test(one.country) ? one.country : null, email: one.email, phone: one.phone, kvk: one.registration_no, vat_id: one.vat_no,
});
/* somebody of a company is who reads it there; somebody on their own is who it is for */
export const partyOfContact = (one: ContactFacts, account: AccountFacts | null): Party =>
	some({ ...(account ? partyOfAccount(account) : {}), name: account?.name ?? one.company ?? one.name, attention: account || one.company ? one.name : null, email: one.email ?? account?.email ?? null, phone: one.phone ?? account?.phone ?? null });

/* what is to be written on the document once they are chosen */
export async function wordsOfCustomer(one: Customer): Promise<{ account_id: Id | null; contact_id: Id | null; buyer: Party }> {
	const account = (id: Id) => api<AccountFacts>('GET', `/api/crm/accounts/${id}`);
	if (one.kind === 'account')
		return { account_id: one.id, contact_id: null, buyer: partyOfAccount(await account(one.id)) };
	const contact = await api<ContactFacts>('GET', `/api/crm/contacts/${one.id}`);
	return { account_id: contact.account_id, contact_id: one.id, buyer: partyOfContact(contact, contact.account_id ? await account(contact.account_id) : null) };
}

const EIGHT = 8;

/* a field in which one types a name and picks from what is found; `value` is who is chosen */
export function CustomerField({ label, value, workspaceId, onChoose, error, autoFocus, onClear, onWrite }: {
	label: string; value: string; workspaceId: Id | null; onChoose(one: Customer): void; error?: string | null | undefined; autoFocus?: boolean; onClear?(): void; /* a name that is nobody's here */ onWrite?(name: string): void;
}) {
	const t = useT();
	const id = useId();
	const [typed, setTyped] = useState<string | null>(null);
	const [asked, setAsked] = useState('');
	const [at, setAt] = useState(0);
	const box = useRef<HTMLDivElement>(null);
	const q = (typed ?? '').trim();
	useEffect(() => {
		const timer = setTimeout(() => setAsked(q), 160);
		return () => clearTimeout(timer);
	}, [q]);
	const { data, isFetching } = useFind(asked, EIGHT);
	const open = typed !== null && isAsked(q);
	const of = (kind: Customer['kind'], hits: Hit[] | undefined) => (hits ?? []).filter((hit) => !workspaceId || hit.workspace_id === workspaceId).map((hit) => ({ kind, id: hit.id, name: hit.title, workspace_id: hit.workspace_id, sub: hit.subtitle }));
	const found = open && isAsked(asked) ? [...of('account', data?.data.accounts), ...of('contact', data?.data.contacts)].slice(0, EIGHT) : [];
	const waits = isFetching || asked !== q;
	const choices = found.length + (onWrite && open ? 1 : 0);
	const choose = (index: number) => {
		const one = found[index];
		/* who presses Enter before anybody was looked for may mean one of those */
		if (one)
			onChoose(one);
		else if (onWrite && (!waits || found.length))
			onWrite(q);
		else
			return;
		setTyped(null);
	};
	const onKey = (event: KeyboardEvent) => {
		if (!open)
			return;
		switch (event.key) {
		case 'ArrowDown': setAt((now) => Math.min(now + 1, choices - 1)); break;
		case 'ArrowUp': setAt((now) => Math.max(now - 1, 0)); break;
		case 'Enter': choose(at); break;
		case 'Tab':
			if (!event.shiftKey)
				choose(at);
			return;
		case 'Escape': setTyped(null); break;
		default: return;
		}
		event.preventDefault();
		event.stopPropagation();
	};
	useEffect(() => { setAt(0); }, [asked]);
	return (
		<Framed id={id} label={label} error={error}>
			<div ref={box} className="doc-pick" onBlur={(event) => { if (!box.current?.contains(event.relatedTarget)) setTyped(null); }}>
				<input id={id} className="lw-input doc-input" role="combobox" aria-expanded={open} aria-controls={`${id}-list`} aria-autocomplete="list" aria-activedescendant={open && at < choices ? `${id}-${at}` : undefined} autoComplete="off" aria-invalid={error ? true : undefined} aria-describedby={error ? `${id}-error` : undefined}
					placeholder={t('doc.customer_find')} value={typed ?? value} data-autofocus={autoFocus || undefined} data-mantine-stop-propagation={open ? 'true' : undefined}
					onChange={(event) => { setTyped(event.currentTarget.value); if (!event.currentTarget.value) onClear?.(); }} onKeyDown={onKey} />
				{open && (
					<ul id={`${id}-list`} role="listbox" aria-label={label} className="doc-found menu">
						{found.map((one, index) => (
							<li key={one.id} id={`${id}-${index}`} role="option" aria-selected={index === at} className="menu-item" onMouseDown={(event) => event.preventDefault()} onMouseMove={() => setAt(index)} onClick={() => choose(index)}>
								<Tile name={one.name} /><span className="cut">{one.name}</span><span className="menu-end muted"><Icon name={one.kind === 'account' ? 'building' : 'user'} size={14} /><span className="cut">{one.sub}</span></span>
							</li>
						))}
						{!found.length && <li role="option" aria-selected={false} aria-disabled="true" className="menu-item muted">{t(waits ? 'common.loading' : 'doc.customer_none')}</li>}
						{onWrite && <li id={`${id}-${found.length}`} role="option" aria-selected={at === found.length} className="menu-item" onMouseDown={(event) => event.preventDefault()} onMouseMove={() => setAt(found.length)} onClick={() => { onWrite(q); setTyped(null); }}><Icon name="pencil" size={18} /><span className="cut">{t('doc.customer_written', { name: q })}</span></li>}
					</ul>
				)}
			</div>
		</Framed>
	);
}
