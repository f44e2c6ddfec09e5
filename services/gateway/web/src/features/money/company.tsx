/* Who the workspace is on paper: name, numbers, bank, looks and words of its quotes and invoices, checked as they are typed, with the head of an invoice
   beside them as it will look. What was sent keeps what it was sent with. */
import { type FormEvent, useEffect, useMemo, useRef, useState } from 'react';
import { api, Problem, query } from '../../api/client';
import { onLive } from '../../api/live';
import type { Workspace } from '../../api/types';
import { fieldFaults, problemText } from '../../app/problems';
import { useLanguage, useT } from '../../i18n';
import { countries } from '../../lib/places';
import { Empty, Skeleton } from '../../ui/bits';
import { Button } from '../../ui/button';
import { Check, SelectField, TextArea, TextField, useFocusWrong } from '../../ui/field';
import { Icon } from '../../ui/icons';
import { Fault, PageHead, Section } from '../../ui/page';
import { Segments } from '../../ui/table';
import { toast } from '../../ui/toast';
import { bankOf, bicGood, ibanGood, ibanShown, kvkGood, plainNumber, vatGood } from '../billing/checks';
import { type Company, COMPANY_DAYS, COMPANY_TEXTS, companyChanged, type CompanyDays, type CompanyText, logoOf, useCompany } from '../billing/company';
import { Paper } from './company-paper';
import type { Faults } from '../settings/label-fields';
import { Named } from '../settings/mail-login';
import { OfOneWorkspace } from '../settings/one-workspace';
import './money.css';

type Draft = Record<CompanyText | CompanyDays, string> & Pick<Company, 'kor' | 'remind_auto' | 'price_mode' | 'deal_value'>;

const BARE: readonly CompanyText[] = ['kvk', 'oin', 'vat_id', 'iban', 'bic'];
const LOGO_MOST = 1024 * 1024;

const draftOf = (company: Company): Draft => ({
	...Object.fromEntries(COMPANY_TEXTS.map((name) => [name, name === 'iban' ? ibanShown(company.iban ?? '') : company[name] ?? ''])),
	...Object.fromEntries(COMPANY_DAYS.map((name) => [name, String(company[name])])),
	kor: company.kor, remind_auto: company.remind_auto, price_mode: company.price_mode, deal_value: company.deal_value,
}) as Draft;

/* what is another than it was; null empties it */
function changesOf(draft: Draft, company: Company): Record<string, unknown> {
	const old = draftOf(company);
	const said = (name: CompanyText) => (BARE.includes(name) ? plainNumber(draft[name]) : draft[name].trim()) || null;
	return Object.fromEntries([
		...COMPANY_TEXTS.filter((name) => draft[name] !== old[name] && said(name) !== company[name]).map((name) => [name, said(name)] as const),
		...COMPANY_DAYS.filter((name) => draft[name] !== old[name]).map((name) => [name, Number(draft[name])] as const),
		...(['kor', 'remind_auto', 'price_mode', 'deal_value'] as const).filter((name) => draft[name] !== old[name]).map((name) => [name, draft[name]] as const),
	]);
}

export function CompanyPage() {
	const t = useT();
	return <OfOneWorkspace title={t('settings.company')} text={t('company.choose')} help="company">{(workspace) => <Own workspace={workspace} />}</OfOneWorkspace>;
}

function Own({ workspace }: { workspace: Workspace }) {
	const t = useT();
	const { data, error, refetch } = useCompany(workspace.slug);
	useEffect(() => onLive((note) => {
		if (note.kind === 'reset' || (note.kind === 'event' && note.event.type === 'company.changed'))
			void companyChanged();
	}), []);
	if (data)
		return <Editor workspace={workspace} company={data} />;
	return (
		<>
			<PageHead title={t('settings.company')} sub={t('company.sub')} help="company" />
			{error
				? <Empty icon="alert" title={t('company.failed')}><p>{problemText(error)}</p><Button icon="refresh" onClick={() => void refetch()}>{t('error.retry')}</Button></Empty>
				: <div className="page-body" aria-hidden="true"><div className="page-narrow">{[220, 180, 260].map((height) => <Skeleton key={height} h={height} style={{ borderRadius: 10, marginBottom: 16 }} />)}</div></div>}
		</>
	);
}

/* what is wrong with what stands there; an empty field is no fault */
function useWrong(draft: Draft): Faults {
	const t = useT();
	return useMemo(() => {
		const bad = (name: CompanyText, good: (typed: string) => boolean, text: string) => (draft[name].trim() && !good(draft[name]) ? { [name]: text } : {});
		const days = Object.fromEntries(COMPANY_DAYS.filter((name) => !/^\d{1,3}$/.test(draft[name])).map((name) => [name, t('company.days_wrong')]));
		const order: Faults = !days['remind_first'] && !days['remind_second'] && !days['remind_third'] && !(Number(draft.remind_first) < Number(draft.remind_second) && Number(draft.remind_second) < Number(draft.remind_third)) ? { remind_third: t('company.remind_order') } : {};
		return {
			...bad('iban', ibanGood, t('company.iban_wrong')),
			...bad('bic', bicGood, t('company.bic_wrong')),
			...bad('kvk', (typed) => kvkGood(typed, draft.country || 'NL'), t('company.kvk_wrong')),
			...bad('oin', (typed) => /^\d{20}$/.test(plainNumber(typed)), t('company.oin_wrong')),
			...bad('vat_id', (typed) => vatGood(typed, draft.country || 'NL'), t('company.vat_wrong')),
			...bad('email', (typed) => /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(typed.trim()), t('form.email')),
			...bad('colour', (typed) => /^#[0-9a-f]{6}$/i.test(typed.trim()), t('company.colour_wrong')),
			...days,
			...order,
		};
	}, [draft, t]);
}

function Editor({ workspace, company }: { workspace: Workspace; company: Company }) {
	const t = useT();
	const [draft, setDraft] = useState(() => draftOf(company));
	const [base, setBase] = useState(company);
	const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
	const [refused, setRefused] = useState<Faults>({});
	const [tried, setTried] = useState<Faults>({});
	const [busy, setBusy] = useState(false);
	const form = useFocusWrong(tried);
	const wrong = useWrong(draft);
	const changes = changesOf(draft, base);
	const dirty = Object.keys(changes).length > 0;
	/* somebody else's change, or one's own that was kept, is taken over while nothing of one's own waits */
	if (company !== base && (!dirty || company.version === base.version)) {
		setBase(company);
		if (!dirty)
			setDraft(draftOf(company));
	}
	const set = (part: Partial<Draft>) => {
		setDraft((old) => ({ ...old, ...part }));
		setRefused((old) => Object.fromEntries(Object.entries(old).filter(([name]) => !(name in part) && name !== 'form')));
	};
	/* said once somebody leaves a field, or wants it kept; taken back as soon as it is right */
	const faultOf = (name: string) => (left.has(name) || name in tried ? wrong[name] : undefined) ?? refused[name];
	const leave = (event: { target: EventTarget }) => {
		const name = (event.target as HTMLInputElement).name;
		if (!name)
			return;
		setLeft((old) => (old.has(name) ? old : new Set([...old, name])));
		if (name === 'iban' && ibanGood(draft.iban))
			set({ iban: ibanShown(draft.iban), ...(draft.bic.trim() ? {} : { bic: bankOf(draft.iban) ?? '' }) });
	};
	const save = async (event?: FormEvent) => {
		event?.preventDefault();
		setTried(wrong);
		if (Object.keys(wrong).length || !dirty || busy)
			return;
		setBusy(true);
		try {
			await api('PUT', `/api/crm/company${query({ workspace: workspace.slug })}`, { body: { ...changes, version: base.version } });
			await companyChanged();
			const kept = await api<Company>('GET', `/api/crm/company${query({ workspace: workspace.slug })}`);
			setBase(kept);
			setDraft(draftOf(kept));
			setLeft(new Set());
			toast.ok(t('company.saved'));
		} catch (reason) {
			if (reason instanceof Problem && reason.code === 'version_changed')
				setBase(await api<Company>('GET', `/api/crm/company${query({ workspace: workspace.slug })}`)); /* saving once more is then meant */
			const named = fieldFaults(reason);
			setRefused(Object.keys(named).length ? named : { form: problemText(reason) });
			setTried(named);
		}
		setBusy(false);
	};
	const text = (name: CompanyText, more: { hint?: string; end?: boolean; most?: number; required?: boolean; inputMode?: 'numeric' | 'tel' | 'email'; autoComplete?: string; placeholder?: string } = {}) => (
		<TextField label={t(`company.${name}` as 'company.name')} name={name} value={draft[name]} onChange={(next) => set({ [name]: next } as Partial<Draft>)} error={faultOf(name)} maxLength={more.most ?? 200} autoComplete={more.autoComplete ?? 'off'}
			{...(more.hint ? { hint: more.hint } : {})} {...(more.inputMode ? { inputMode: more.inputMode } : {})} {...(more.placeholder ? { placeholder: more.placeholder } : {})} />
	);
	const words = (name: CompanyText, most: number, rows = 3) => <TextArea label={t(`company.${name}` as 'company.name')} name={name} value={draft[name]} onChange={(next) => set({ [name]: next } as Partial<Draft>)} error={faultOf(name)} maxLength={most} rows={rows} />;
	const days = (name: CompanyDays, hint?: string) => <TextField label={t(`company.${name}` as 'company.name')} name={name} value={draft[name]} onChange={(next) => set({ [name]: next.replace(/\D/g, '') } as Partial<Draft>)} error={faultOf(name)} inputMode="numeric" maxLength={3} autoComplete="off" {...(hint ? { hint } : {})} />;
	return (
		<>
			<PageHead title={t('settings.company')} sub={t('company.sub')} help="company">
				{dirty && <Button kind="quiet" onClick={() => { setDraft(draftOf(company)); setBase(company); setRefused({}); setTried({}); }}>{t('company.undo')}</Button>}
				<Button kind="primary" icon="check" disabled={busy || !dirty} onClick={() => void save()}>{t('common.save')}</Button>
			</PageHead>
			<div className="page-body scroll">
				<form ref={form} className="company" onSubmit={(event) => void save(event)} onBlur={leave} noValidate>
					<div className="company-fields">
						{refused['form'] && <Fault>{refused['form']}</Fault>}
						<Section title={t('company.who')} text={t('company.who_text')}>
							<div className="form form-wide">
								{text('name')}
								<div className="two">{text('street')}{text('street2')}</div>
								<div className="two">{text('postcode', { most: 20 })}{text('city', { most: 100 })}</div>
								<div className="two"><CountryField value={draft.country || 'NL'} onChange={(country) => set({ country })} />{text('phone', { most: 50, inputMode: 'tel' })}</div>
								<div className="two">{text('email', { most: 320, inputMode: 'email' })}{text('website', { most: 300, placeholder: 'www.example.nl' })}</div>
							</div>
						</Section>
						<Section title={t('company.numbers')} text={t('company.numbers_text')}>
							<div className="form form-wide">
								<div className="two">{text('kvk', { most: 20 })}{text('vat_id', { most: 20, placeholder: 'NL123456789B01' })}</div>
								<div className="two">{text('iban', { most: 42 })}{text('bic', { most: 11 })}</div>
								<details className="company-more">
									<summary>{t('company.more')}</summary>
									<div className="two">{text('oin', { most: 24, hint: t('company.oin_hint') })}{text('endpoint', { most: 60, hint: t('company.endpoint_hint') })}</div>
								</details>
							</div>
						</Section>
						<Section title={t('company.looks')} text={t('company.looks_text')}>
							<Looks workspace={workspace} company={company} colour={draft.colour} onColour={(colour) => set({ colour })} fault={faultOf('colour')} />
						</Section>
						<Section title={t('company.tax')}>
							<div className="form form-wide">
								<Named label={t('company.price_mode')}><Segments<Company['price_mode']> label={t('company.price_mode')} value={draft.price_mode} onChange={(price_mode) => set({ price_mode })} choices={[{ value: 'net', label: t('company.mode_net') }, { value: 'gross', label: t('company.mode_gross') }]} /></Named>
								<Check label={t('company.kor')} hint={t('company.kor_hint')} name="kor" checked={draft.kor} onChange={(kor) => set({ kor })} />
								<Named label={t('company.deal_value')}><Segments<Company['deal_value']> label={t('company.deal_value')} value={draft.deal_value} onChange={(deal_value) => set({ deal_value })} choices={[{ value: 'net', label: t('company.value_net') }, { value: 'gross', label: t('company.value_gross') }, { value: 'leave', label: t('company.value_leave') }]} /></Named>
							</div>
						</Section>
						<Section title={t('company.terms')} text={t('company.terms_text')}>
							<div className="form form-wide">
								<div className="two">{days('quote_days', t('company.quote_days_hint'))}{days('due_days', t('company.due_days_hint'))}</div>
								<div className="two">{words('quote_terms_nl', 4000)}{words('quote_terms_en', 4000)}</div>
								<div className="two">{words('terms_nl', 4000)}{words('terms_en', 4000)}</div>
								<div className="two">{words('footer_nl', 1000, 2)}{words('footer_en', 1000, 2)}</div>
							</div>
						</Section>
						<Section title={t('company.reminders')} text={t('company.reminders_text')}>
							<div className="form form-wide">
								<Check label={t('company.remind_auto')} hint={t('company.remind_auto_hint')} name="remind_auto" checked={draft.remind_auto} onChange={(remind_auto) => set({ remind_auto })} />
								<div className="three">{days('remind_first')}{days('remind_second')}{days('remind_third')}</div>
							</div>
						</Section>
						<button type="submit" hidden aria-hidden="true" tabIndex={-1} />
					</div>
					<Paper draft={draft} logo={logoOf(workspace.slug, company)} />
				</form>
			</div>
		</>
	);
}

function CountryField({ value, onChange }: { value: string; onChange(country: string): void }) {
	const t = useT();
	const language = useLanguage();
	const choices = useMemo(() => countries(language), [language]);
	return <SelectField label={t('company.country')} name="country" value={value} choices={choices} onChange={(next) => { if (next) onChange(next); }} empty={t('form.nothing_found')} />;
}

/* the picture goes at once: it is no word of the form's */
function Looks({ workspace, company, colour, onColour, fault }: { workspace: Workspace; company: Company; colour: string; onColour(colour: string): void; fault: string | undefined }) {
	const t = useT();
	const input = useRef<HTMLInputElement>(null);
	const [busy, setBusy] = useState(false);
	const [refused, setRefused] = useState<string | null>(null);
	const [over, setOver] = useState(false);
	const logo = logoOf(workspace.slug, company);
	const keep = (sha256: string | null) => api('PUT', `/api/crm/company${query({ workspace: workspace.slug })}`, { body: { logo: sha256 } });
	const take = async (file: File | undefined) => {
		if (input.current)
			input.current.value = ''; /* the same file again is a choice, too */
		if (!file || busy)
			return;
		if (!/^image\/(png|jpeg)$/.test(file.type) || file.size > LOGO_MOST) {
			setRefused(t(file.size > LOGO_MOST ? 'company.logo_big' : 'company.logo_kind'));
			return;
		}
		setBusy(true);
		setRefused(null);
		try {
			await api('POST', `/api/crm/company/logo${query({ workspace: workspace.slug })}`, { bytes: file });
			await companyChanged();
			toast.ok(t('company.logo_saved'));
		} catch (reason) {
			setRefused(Object.values(fieldFaults(reason))[0] ?? problemText(reason));
		}
		setBusy(false);
	};
	const remove = async () => {
		const old = company.logo;
		try {
			await keep(null);
			toast.ok(t('company.logo_gone'), { label: t('common.undo'), hotkey: 'Z', run: () => void keep(old).then(companyChanged, (reason: unknown) => toast.error(problemText(reason))) });
		} catch (reason) {
			setRefused(problemText(reason));
		}
		await companyChanged();
	};
	const shown = /^#[0-9a-f]{6}$/i.test(colour) ? colour : '#3b5bdb';
	return (
		<div className="form form-wide">
			{refused && <Fault>{refused}</Fault>}
			<div className={`logo-drop${over ? ' files-over' : ''}`} onDragOver={(event) => { if (event.dataTransfer.types.includes('Files')) { event.preventDefault(); setOver(true); } }} onDragLeave={() => setOver(false)}
				onDrop={(event) => { event.preventDefault(); setOver(false); void take(event.dataTransfer.files[0]); }}>
				<span className="logo-now">{logo ? <img src={logo} alt={t('company.logo_now')} /> : <Icon name="photo" size={28} />}</span>
				<div className="logo-words">
					<b>{t('company.logo')}</b><span className="muted small">{t('company.logo_text')}</span>
					<span className="logo-acts">
						<input ref={input} hidden type="file" accept="image/png,image/jpeg" aria-label={t('company.logo')} onChange={(event) => void take(event.currentTarget.files?.[0])} />
						<Button icon="photo" disabled={busy} onClick={() => input.current?.click()}>{t(logo ? 'company.logo_another' : 'company.logo_choose')}</Button>
						{logo && <Button kind="quiet" icon="trash" disabled={busy} onClick={() => void remove()}>{t('company.logo_remove')}</Button>}
					</span>
				</div>
			</div>
			<div className="colour-row">
				<input type="color" className="colour-well" aria-label={t('company.colour_pick')} value={shown} onChange={(event) => onColour(event.currentTarget.value)} />
				<TextField label={t('company.colour')} name="colour" value={colour} onChange={onColour} error={fault} maxLength={7} autoComplete="off" placeholder="#3b5bdb" />
			</div>
		</div>
	);
}
