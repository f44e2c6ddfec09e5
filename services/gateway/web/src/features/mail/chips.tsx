/* Addresses as chips: typed, pasted or chosen from the contacts that fit what is typed. What is half typed counts when the form is sent.
   After the ARIA pattern of a combobox: the field keeps the focus, arrows walk what was found, Enter takes it, Backspace in an empty field takes the last chip off. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { type ClipboardEvent, type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { api, query } from '../../api/client';
import type { Id, Page } from '../../api/types';
import { useT } from '../../i18n';
import { Tile } from '../../ui/bits';
import { Framed } from '../../ui/field';
import { Icon } from '../../ui/icons';
import { type Address, addressesOf, addressGood, joined } from './model';

interface Person { id: Id; name: string; email: string | null; company: string | null }

/* those with an address whose name, company or address begins so */
function usePeople(q: string, workspace: string, known: readonly Address[]) {
	const { data } = useQuery({
		queryKey: ['contacts', 'to', workspace, q],
		queryFn: async ({ signal }) => (await api<Page<Person>>('GET', `/api/crm/contacts${query({ workspace, q, limit: 12 })}`, { signal })).data,
		enabled: q.length > 1, placeholderData: keepPreviousData, staleTime: 10_000, retry: false, /* whoever types on asks again */
	});
	const have = new Set(known.map((one) => one.email.toLowerCase()));
	return q.length > 1 ? (data ?? []).filter((one): one is Person & { email: string } => one.email !== null && !have.has(one.email.toLowerCase())).slice(0, 6) : [];
}

export function Chips({ name, label, value, onChange, typed, onTyped, workspace, error, required, autoFocus, end }: {
	name: string; label: string; value: Address[]; onChange(value: Address[]): void; typed: string; onTyped(typed: string): void; workspace: string; error?: string | undefined; required?: boolean; autoFocus?: boolean; end?: ReactNode;
}) {
	const t = useT();
	const id = useId();
	const field = useRef<HTMLInputElement>(null);
	const [rested, setRested] = useState('');
	const [inside, setInside] = useState(false);
	const [at, setAt] = useState(-1);
	const [closed, setClosed] = useState(false);
	const found = usePeople(rested, workspace, value);
	const shown = inside && !closed && found.length > 0 && typed.trim().length > 1;
	useEffect(() => {
		const timer = setTimeout(() => setRested(typed.trim()), 180);
		setAt(-1);
		setClosed(false);
		return () => clearTimeout(timer);
	}, [typed]);
	const add = (more: Address[]) => {
		onChange(joined(value, more));
		onTyped('');
		field.current?.focus();
	};
	const choose = (one: (Person & { email: string }) | undefined) => { if (one) add([{ email: one.email, name: one.name, contact_id: one.id }]); };
	const key = (event: KeyboardEvent<HTMLInputElement>) => {
		if (event.nativeEvent.isComposing)
			return;
		const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
		if (shown && step)
			setAt((at + step + found.length + (at < 0 && step < 0 ? 1 : 0)) % found.length);
		else if (shown && event.key === 'Escape') {
			setClosed(true);
			event.stopPropagation();
		} else if (shown && at >= 0 && (event.key === 'Enter' || event.key === 'Tab'))
			choose(found[at]);
		else if (typed.trim() && (event.key === 'Enter' || event.key === ',' || event.key === ';')) {
			const made = addressesOf(typed);
			if (made.every((one) => addressGood(one.email)))
				add(made);
			else if (shown && event.key === 'Enter') /* words, no address: the first that they fit */
				choose(found[0]);
			else if (event.key !== 'Enter')
				return; /* a comma within a name */
		} else if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey) {
			/* nothing there to take: not the form's either */
		} else {
			if (event.key === 'Backspace' && !typed && value.length)
				onChange(value.slice(0, -1));
			return;
		}
		event.preventDefault();
	};
	const paste = (event: ClipboardEvent<HTMLInputElement>) => {
		const made = addressesOf(event.clipboardData.getData('text'));
		if (typed || made.length < 2 && !/[<@].*\./.test(made[0]?.email ?? '') || !made.every((one) => addressGood(one.email)))
			return;
		event.preventDefault();
		add(made);
	};
	/* whoever goes on to the next field meant what stands there */
	const leave = () => {
		setInside(false);
		const made = addressesOf(typed);
		if (made.length && made.every((one) => addressGood(one.email))) {
			onChange(joined(value, made));
			onTyped('');
		}
	};
	return (
		<Framed id={id} label={label} error={error} required={required ?? false}>
			<div className="lw-input mail-to" data-error={error ? true : undefined} onClick={(event) => { if (event.target === event.currentTarget) field.current?.focus(); }}>
				{value.map((one) => (
					<button key={one.email} type="button" className="tpl-chip" title={one.email} aria-label={t('mail.chip', { name: one.name ? `${one.name} (${one.email})` : one.email })} onClick={() => { onChange(value.filter((other) => other !== one)); field.current?.focus(); }}>{one.name ?? one.email} <Icon name="x" size={14} /></button>
				))}
				<input ref={field} id={id} name={name} type="text" inputMode="email" autoComplete="off" autoCapitalize="none" spellCheck={false} value={typed} maxLength={2000} role="combobox" aria-autocomplete="list" aria-expanded={shown} aria-controls={shown ? `${id}-list` : undefined}
					aria-activedescendant={shown && at >= 0 ? `${id}-${at}` : undefined} aria-invalid={error ? true : undefined} aria-describedby={error ? `${id}-error` : undefined} aria-required={required || undefined} data-autofocus={autoFocus || undefined} data-mantine-stop-propagation={shown ? 'true' : undefined}
					onChange={(event) => onTyped(event.currentTarget.value)} onKeyDown={key} onPaste={paste} onFocus={() => setInside(true)} onBlur={leave} />
				{end}
				{shown && (
					<div id={`${id}-list`} role="listbox" aria-label={t('mail.suggestions')} className="menu scroll" style={{ position: 'absolute', inset: '100% 0 auto' }} onMouseDown={(event) => event.preventDefault()}>
						{found.map((one, index) => (
							<div key={one.id} role="option" id={`${id}-${index}`} aria-selected={index === at} className="menu-item" style={index === at ? { background: 'var(--accent-bg)' } : undefined} onClick={() => choose(one)}>
								<Tile name={one.name} size={24} /><span className="row-text"><span className="cut">{one.name}</span><span className="muted small cut">{[one.email, one.company].filter(Boolean).join(' · ')}</span></span>
							</div>
						))}
					</div>
				)}
			</div>
			<span role="status" className="hidden-text">{shown ? t('mail.found', { count: found.length }) : ''}</span>
		</Framed>
	);
}
