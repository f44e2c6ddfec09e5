/* A draft being written: whom it is for, its days and words, its lines and what they come to while one types. It saves by itself (draft.ts), says how far that
   is, and takes steps back. */
import { type KeyboardEvent, type ReactNode, useEffect, useId, useMemo, useState, useSyncExternalStore } from 'react';
import { problemText } from '../../app/problems';
import { useScope } from '../../app/scope';
import { type Key, sayValue, useLanguage, useT } from '../../i18n';
import { countries } from '../../lib/places';
import { isFault, moneyOf } from '../../lib/totals';
import { Button, IconButton } from '../../ui/button';
import { Icon } from '../../ui/icons';
import { Segments } from '../../ui/table';
import { toast } from '../../ui/toast';
import { useCompany } from '../billing/company';
import { useCatalogItems } from '../billing/items';
import { Figure } from './cell';
import { CustomerField, wordsOfCustomer } from './customer';
import { type DocDraft, lineKey, priced, reckon, rowOf, type Saving, type Words } from './draft';
import { SelectField, TextArea, TextField } from './fields';
import { Lines, type Wrong } from './lines';
import type { Doc, Mode, PartyField } from './model';
import { PartyLines, Sums, TaxName } from './paper';

export function useDraft(draft: DocDraft) {
	return useSyncExternalStore(draft.listen, draft.now);
}

const QUIET: ReadonlySet<Saving> = new Set<Saving>(['saved', 'changed', 'saving', 'unfinished']);

/* how far saving is, always in the same place */
export function SavedMark({ draft, onRead }: { draft: DocDraft; onRead(): void }) {
	const t = useT();
	const { saving, fault, undo, redo } = useDraft(draft);
	const words: Record<Saving, Key> = { saved: 'doc.saved', changed: 'doc.saving', saving: 'doc.saving', unfinished: 'doc.unfinished', wrong: 'doc.not_saved_wrong', failed: 'doc.not_saved_kept', conflict: 'doc.not_saved' };
	return (
		<span className="doc-saved">
			<span role="status" data-saving={saving} className={QUIET.has(saving) ? 'muted' : 'doc-unsaved'}>
				{(saving === 'saved' || saving === 'wrong' || saving === 'failed' || saving === 'conflict') && <Icon name={saving === 'saved' ? 'check' : 'alert'} size={14} />}{t(words[saving])}
			</span>
			{saving === 'failed' && <Button kind="quiet" icon="refresh" title={problemText(fault)} onClick={() => void draft.save()}>{t('error.retry')}</Button>}
			<IconButton icon="undo" small label={t('doc.undo')} hint="Ctrl Z" disabled={!undo} onClick={() => draft.undo()} />
			<IconButton icon="redo" small label={t('doc.redo')} hint="Ctrl Y" disabled={!redo} onClick={() => draft.redo()} />
			{saving === 'conflict' && <span className="hidden-text" ref={(box) => { if (box) onRead(); }} />}
		</span>
	);
}

/* what it comes to, in sight wherever one is among its lines */
export function TotalMark({ draft }: { draft: DocDraft }) {
	const t = useT();
	const { formats } = useScope();
	const { words } = useDraft(draft);
	const totals = useMemo(() => reckon({ ...words, lines: priced(words.lines) }), [words]);
	return <output className="doc-head-total num" aria-label={t('doc.total')}>{isFault(totals) ? '—' : formats.money(moneyOf(totals.payable, words.currency))}</output>;
}

const PLACES: readonly PartyField[] = ['name', 'attention', 'street', 'street2', 'postcode', 'city'];
const NUMBERS: readonly PartyField[] = ['email', 'phone', 'kvk', 'vat_id', 'oin', 'endpoint'];

export function Editor({ doc, draft }: { doc: Doc; draft: DocDraft }) {
	const t = useT();
	const language = useLanguage();
	const { me, formats } = useScope();
	const { words, wrong: refused, saving } = useDraft(draft);
	const workspace = me.workspaces.find((one) => one.id === doc.workspace_id)?.slug ?? null;
	const company = useCompany(workspace).data;
	const items = useCatalogItems(workspace).data ?? [];
	const [address, setAddress] = useState(false);
	const [filling, setFilling] = useState(false);
	const quote = doc.kind === 'quote';
	const today = formats.dayKey(new Date().toISOString());
	const totals = useMemo(() => reckon({ ...words, lines: priced(words.lines) }), [words]);
	const set = (change: Partial<Words>, tag: string) => draft.set(change, tag);
	const tax = company?.kor ? { category: 'exempt' as const, rate: '0' } : { category: 'standard' as const, rate: '21' };
	const faultOf = (pointer: string): string | undefined => {
		const found = refused.find((one) => one.pointer === pointer) ?? (isFault(totals) && totals.pointer === pointer ? totals : undefined);
		return found && sayValue('doc_wrong', found.code);
	};
	/* while a line is being filled in nothing is wrong with it yet: the server's refusals, and what cannot be read */
	const wrong: Wrong[] = [...refused, ...(isFault(totals) && totals.code !== 'required' ? [totals] : [])].flatMap(({ pointer, code }) => { const row = rowOf(words.lines, pointer); return row ? [{ ...row, said: sayValue('doc_wrong', code) }] : []; });
	/* one begins to write at once */
	const lines = useMemo(() => (words.lines.length ? words.lines : [{ key: lineKey(), kind: 'item' as const, name: '', quantity: '1', unit: 'piece' as const, price: '', ...tax }]), [words.lines]); // eslint-disable-line react-hooks/exhaustive-deps
	useEffect(() => {
		if (refused.some((one) => one.pointer.startsWith('/buyer')))
			setAddress(true);
	}, [refused]);
	const choose = async (one: Parameters<typeof wordsOfCustomer>[0]) => {
		setFilling(true);
		try {
			set(await wordsOfCustomer(one), 'customer');
		} catch (fault) {
			toast.error(t('doc.not_done'), problemText(fault));
		}
		setFilling(false);
	};
	/* the browser's own steps back know nothing of what a press did */
	const onKey = (event: KeyboardEvent) => {
		if (!(event.ctrlKey || event.metaKey) || event.altKey)
			return;
		const key = event.key.toLowerCase();
		const back = key === 'z' && !event.shiftKey, on = key === 'y' || (key === 'z' && event.shiftKey);
		if (key === 's')
			void draft.save();
		else if (back)
			draft.undo();
		else if (on)
			draft.redo();
		else
			return;
		event.preventDefault();
	};
	const party = (name: PartyField) => <TextField key={name} label={t(`doc_party.${name}`)} name={`buyer_${name}`} value={words.buyer[name] ?? ''} onChange={(value) => set({ buyer: { ...words.buyer, [name]: value } }, `buyer ${name}`)} error={faultOf(`/buyer/${name}`)} />;
	const text = (name: 'title' | 'buyer_reference' | 'order_reference' | 'discount_reason' | 'rate', label: string, more: { maxLength: number; placeholder?: string; hint?: string }) => <TextField label={label} name={name} value={words[name]} onChange={(value) => set({ [name]: value }, name)} error={faultOf(`/${name}`)} {...more} />;
	const date = (name: 'issued' | 'due' | 'supplied' | 'rate_day', label: string, hint?: string) => <TextField label={label} name={name} type="date" value={words[name]} onChange={(value) => set({ [name]: value }, name)} error={faultOf(`/${name}`)} {...(hint ? { hint } : {})} />;
	const days = quote ? company?.quote_days : company?.due_days;
	return (
		<div className="doc-editor" onKeyDown={onKey}>
			{saving === 'conflict' && (
				<div className="fault" role="alert"><Icon name="alert" size={18} /><span>{t('doc.conflict')}<span className="section-actions"><Button onClick={() => void draft.theirs()}>{t('doc.theirs')}</Button><Button onClick={() => void draft.mine()}>{t('doc.mine_stays')}</Button></span></span></div>
			)}
			<section className="doc-block doc-top" aria-label={t('doc.for')}>
				<div>
					<CustomerField label={t('doc.customer')} value={words.buyer.name ?? ''} workspaceId={doc.workspace_id} onChoose={(one) => void choose(one)} onWrite={(name) => set(doc.account || doc.contact ? { account_id: null, contact_id: null, buyer: { name } } : { buyer: { ...words.buyer, name } }, 'customer')} error={faultOf('/buyer/name') ?? faultOf('/buyer')} />
					<div className="doc-buyer" aria-busy={filling}>
						{words.buyer.name ? <PartyLines party={words.buyer} /> : <p className="muted small">{t('doc.customer_hint')}</p>}
						<Button kind="quiet" icon="pencil" aria-expanded={address} onClick={() => setAddress(!address)}>{t('doc.address')}</Button>
					</div>
				</div>
				<div className="doc-fields">
					{text('title', t('doc.about'), { maxLength: 500, placeholder: t('doc.about_hint') })}
					<div className="two">
						{date('issued', t('doc.issued'), words.issued ? undefined : t('doc.issued_hint'))}
						{date('due', t(quote ? 'doc.valid_until' : 'doc.due'), !words.due && days !== undefined ? t('doc.days_hint', { count: days }) : undefined)}
					</div>
				</div>
			</section>
			{address && (
				<section className="doc-block" aria-label={t('doc.address')}>
					<div className="doc-grid">{PLACES.map(party)}
						<SelectField label={t('doc_party.country')} name="buyer_country" value={words.buyer.country ?? 'NL'} onChange={(value) => set({ buyer: { ...words.buyer, country: value } }, 'buyer country')} choices={countries(language)} />
						{NUMBERS.map(party)}
					</div>
				</section>
			)}
			<section className="doc-block" aria-label={t('doc.lines')}>
				<Grow label={t('doc.intro')} name="intro" value={words.intro} onChange={(value) => set({ intro: value }, 'intro')} />
				<Lines lines={lines} quote={quote} mode={words.mode} currency={words.currency} language={words.language} day={words.supplied || words.issued || today} items={items} tax={tax} totals={totals} wrong={wrong} onChange={(next, tag) => set({ lines: next }, tag)} />
				<div className="doc-foot">
					<div className="doc-foot-words"><Grow label={t('doc.notes')} name="notes" value={words.notes} onChange={(value) => set({ notes: value }, 'notes')} /></div>
					<div className="doc-foot-sums">
						<Whole words={words} set={set} faultOf={faultOf} invoice={doc.kind === 'invoice'} />
						{isFault(totals) ? <p className="muted" role="status">{t('doc.no_total')}</p> : <Sums rows={[
							...(totals.allowance ? [{ key: 'lines', label: t('doc.sum_lines'), value: formats.money(moneyOf(totals.lines, words.currency)) }, { key: 'allowance', label: t('doc.discount'), value: `− ${formats.money(moneyOf(totals.allowance, words.currency))}` }] : []),
							{ key: 'net', label: t('doc.net'), value: formats.money(moneyOf(totals.net, words.currency)) },
							...totals.groups.map((group) => ({ key: `${group.category}${group.rate}`, label: <TaxName group={group} />, value: formats.money(moneyOf(group.tax, words.currency)) })),
							{ key: 'gross', label: t('doc.total'), value: formats.money(moneyOf(totals.gross, words.currency)), strong: true },
							...(totals.prepaid ? [{ key: 'prepaid', label: t('doc.prepaid'), value: `− ${formats.money(moneyOf(totals.prepaid, words.currency))}` }, { key: 'payable', label: t('doc.open'), value: formats.money(moneyOf(totals.payable, words.currency)), strong: true }] : []),
						]} />}
					</div>
				</div>
			</section>
			<details className="doc-block doc-more" open={Boolean(words.buyer_reference || words.order_reference || words.supplied) || words.mode === 'gross' || words.currency !== 'EUR'}>
				<summary>{t('doc.more_fields')}</summary>
				<div className="doc-grid">
					<Choice label={t('doc.language')}><Segments<'nl' | 'en'> label={t('doc.language')} value={words.language} onChange={(value) => set({ language: value }, 'language')} choices={[{ value: 'nl', label: 'Nederlands' }, { value: 'en', label: 'English' }]} /></Choice>
					<Choice label={t('doc.mode')}><Segments<Mode> label={t('doc.mode')} value={words.mode} onChange={(value) => set({ mode: value }, 'mode')} choices={[{ value: 'net', label: t('doc.mode_net') }, { value: 'gross', label: t('doc.mode_gross') }]} /></Choice>
					{date('supplied', t('doc.supplied'))}
					{text('buyer_reference', t('doc.buyer_reference'), { maxLength: 100 })}
					{text('order_reference', t('doc.order_reference'), { maxLength: 100 })}
					<TextField label={t('doc.currency')} name="currency" value={words.currency} onChange={(value) => { const next = value.toUpperCase().replace(/[^A-Z]/g, '').slice(0, 3); set({ currency: next }, 'currency'); }} maxLength={3} error={faultOf('/currency')} />
					{words.currency !== 'EUR' && text('rate', t('doc.rate', { currency: words.currency }), { maxLength: 20, hint: t('doc.rate_hint') })}
					{words.currency !== 'EUR' && date('rate_day', t('doc.rate_day'))}
				</div>
			</details>
		</div>
	);
}

function Choice({ label, children }: { label: string; children: ReactNode }) {
	return <div><span className="lw-label">{label}</span>{children}</div>;
}

/* words above or below the lines: a line until one writes in it */
function Grow({ label, name, value, onChange }: { label: string; name: string; value: string; onChange(value: string): void }) {
	const [open, setOpen] = useState(value !== '');
	const id = useId();
	if (!open && !value)
		return <Button kind="quiet" icon="plus" className="doc-grow" onClick={() => { setOpen(true); requestAnimationFrame(() => document.querySelector<HTMLElement>(`[data-grow="${id}"] textarea`)?.focus()); }}>{label}</Button>;
	return <div data-grow={id}><TextArea label={label} name={name} value={value} onChange={onChange} rows={Math.min(10, Math.max(2, value.split('\n').length + 1))} maxLength={8000} /></div>;
}

/* what goes off the whole, and what was paid before */
function Whole({ words, set, faultOf, invoice }: { words: Words; set(change: Partial<Words>, tag: string): void; faultOf(pointer: string): string | undefined; invoice: boolean }) {
	const t = useT();
	const [open, setOpen] = useState(Boolean(words.discount || words.discount_amount || words.prepaid));
	if (!open && !words.discount && !words.discount_amount && !words.prepaid)
		return <Button kind="quiet" icon="plus" className="doc-grow" onClick={() => setOpen(true)}>{t(invoice ? 'doc.add_discount_prepaid' : 'doc.add_discount')}</Button>;
	return (
		<div className="doc-whole">
			<label><span>{t('doc.discount_percent')}</span><Figure label={t('doc.discount_percent')} field="doc_discount" value={words.discount} onChange={(value) => set({ discount: value }, 'discount')} wrong={faultOf('/discount')} end="%" /></label>
			<label><span>{t('doc.discount_amount')}</span><Figure label={t('doc.discount_amount')} field="doc_discount_amount" least={2} value={words.discount_amount} onChange={(value) => set({ discount_amount: value }, 'discount_amount')} wrong={faultOf('/discount_amount')} end={words.currency} /></label>
			{invoice && <label><span>{t('doc.prepaid')}</span><Figure label={t('doc.prepaid')} field="doc_prepaid" least={2} value={words.prepaid} onChange={(value) => set({ prepaid: value }, 'prepaid')} wrong={faultOf('/prepaid')} end={words.currency} /></label>}
			{(words.discount || words.discount_amount) && <label><span>{t('doc.discount_reason')}</span><input className="lw-input doc-input" maxLength={200} value={words.discount_reason} onChange={(event) => set({ discount_reason: event.currentTarget.value }, 'discount_reason')} /></label>}
		</div>
	);
}
