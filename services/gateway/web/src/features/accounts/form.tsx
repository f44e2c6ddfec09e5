/* A company, made or changed, in a dialog. Who saw an old one is told so and sees what it is now. */
import { type FormEvent, useState } from 'react';
import { Problem } from '../../api/client';
import { useItems, useOwnFields } from '../../api/boards';
import { useMembers } from '../../api/queries';
import { problemText } from '../../app/problems';
import { useScope } from '../../app/scope';
import { labelOf, sayValue, useLanguage, useT } from '../../i18n';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { SelectField, TextArea, TextField, useFocusWrong } from '../../ui/field';
import { readAmount } from '../../lib/money';
import { toast } from '../../ui/toast';
import { AlreadyKnown } from '../duplicates/known';
import { formFaults, ownCurrency, OwnInput, ownRead, ownTyped } from '../fields/own';
import { type Account, accountsChanged, saveAccount } from './model';
import '../../ui/page.css';

const WORDS = ['name', 'industry', 'phone', 'email', 'website', 'address', 'postcode', 'city', 'country', 'registration_no', 'vat_no', 'account_type', 'onboarding_status', 'notes'] as const;

export function AccountForm({ account, onClose }: { account: Account | null; onClose(): void }) {
	const t = useT();
	const { reads, workspaces, currency, me, formats } = useScope();
	const { data: members } = useMembers(reads);
	const language = useLanguage();
	const home = me.workspaces.find((one) => one.id === account?.workspace_id) ?? workspaces[0];
	const { data: items = [] } = useItems(home?.slug ?? null);
	const fields = (useOwnFields(home?.slug ?? null, 'account').data ?? []).filter((one) => !one.retired).sort((a, b) => a.position - b.position);
	const choicesOf = (catalogue: 'onboarding_status' | 'account_type') => items.filter((one) => one.catalogue === catalogue && (!one.retired || one.key === account?.[catalogue])).sort((a, b) => a.position - b.position)
		.map((one) => ({ value: one.key, label: labelOf(one.label, language, one.key) }));
	const [opened, setOpened] = useState(true);
	const [typed, setTyped] = useState<Record<string, string | null>>({});
	const [faults, setFaults] = useState<Partial<Record<string, string>>>({});
	const [busy, setBusy] = useState(false);
	/* null after a conflict: what it is now has been read, the next save is meant */
	const [seen, setSeen] = useState<number | null>(account?.version ?? null);
	const form = useFocusWrong(faults);
	const was: Record<string, string> = {
		...Object.fromEntries(WORDS.map((field) => [field, account?.[field] ?? ''])),
		revenue: account?.annual_revenue?.amount ?? '', lifecycle: account?.lifecycle ?? 'prospect', owner: account?.owner_id ?? '',
		...Object.fromEntries(fields.map((one) => [`custom.${one.key}`, ownTyped(one, account?.custom[one.key], formats)])),
	};
	const value = (field: string) => typed[field] ?? (field in typed ? '' : (was[field] ?? ''));
	const set = (field: string) => (to: string | null) => setTyped((old) => ({ ...old, [field]: to }));
	const is = account?.lifecycle === 'client';
	const close = () => {
		setOpened(false);
		setTimeout(onClose, 150);
	};
	const changed = (field: string) => value(field).trim() !== (was[field] ?? '');
	const currencyOf = (key: string) => ownCurrency(account?.custom[key], home?.currency ?? currency);
	const own = () => fields.filter((one) => (!account && one.needed) || changed(`custom.${one.key}`)).map((one) => ({ key: one.key, ...ownRead(t, one, value(`custom.${one.key}`), currencyOf(one.key)) }));
	const said = () => Object.fromEntries(own().flatMap((one) => ('value' in one ? [[one.key, one.value]] : [])));
	const body = () => ({
		...Object.fromEntries(WORDS.filter(changed).map((field) => [field, value(field).trim() || null])),
		...(changed('revenue') ? { annual_revenue: value('revenue').trim() ? { amount: readAmount(value('revenue')) ?? '', currency: account?.annual_revenue?.currency ?? currency } : null } : {}),
		...(changed('lifecycle') ? { lifecycle: value('lifecycle') } : {}),
		...(changed('owner') ? { owner_id: value('owner') || null } : {}),
		...(own().length ? { custom: said() } : {}),
	});
	const submit = async (event: FormEvent) => {
		event.preventDefault();
		const found: Partial<Record<string, string>> = {
			...(value('name').trim() ? {} : { name: t('form.required') }),
			...(value('revenue').trim() && readAmount(value('revenue')) === null ? { annual_revenue: t('form.amount') } : {}),
			...Object.fromEntries(own().flatMap((one) => ('fault' in one ? [[`custom.${one.key}`, one.fault]] : []))),
		};
		setFaults(found);
		if (Object.keys(found).length)
			return;
		setBusy(true);
		try {
			const change = body();
			if (!account || Object.keys(change).length)
				await saveAccount(account && { ...account, version: seen ?? account.version }, workspaces[0]?.slug ?? null, change);
			toast.ok(t(account ? 'account.saved' : 'account.made'));
			close();
		} catch (fault) {
			setBusy(false);
			const told = formFaults(fault);
			setFaults(fault instanceof Problem && fault.code === 'account_exists' ? { name: problemText(fault) } : told);
			toast.error(t('deal.not_saved'), problemText(fault));
			if (fault instanceof Problem && fault.code === 'account_changed') {
				await accountsChanged();
				setSeen(null);
			}
		}
	};
	const people = (members ?? []).filter((one) => one.active && (!account || one.workspace_id === account.workspace_id)).map((one) => ({ value: one.id, label: one.name }));
	const word = (field: (typeof WORDS)[number], label: string, most: number, more: { type?: 'tel' | 'email'; inputMode?: 'tel' | 'email'; placeholder?: string } = {}) => (
		<TextField label={label} name={field} value={value(field)} onChange={set(field)} error={faults[field]} maxLength={most} autoComplete="off" {...more} />
	);
	/* where the workspace keeps no such list nothing is asked */
	const choice = (field: 'account_type' | 'onboarding_status', label: string) => {
		const choices = choicesOf(field);
		return choices.length > 0 && <SelectField label={label} value={value(field) || null} onChange={set(field)} error={faults[field]} choices={choices} clearable empty={t('form.nothing_found')} />;
	};
	return (
		<Dialog opened={opened} onClose={close} title={account ? account.name : t('account.new')} closeLabel={t('common.close')} size={600}>
			<form ref={form} className="stack-form" onSubmit={(event) => void submit(event)} noValidate>
				<TextField label={t('account.name')} name="name" value={value('name')} onChange={set('name')} error={faults['name']} required autoFocus maxLength={300} />
				<div className="two">
					{!is && <SelectField label={t('field.status')} value={value('lifecycle')} onChange={set('lifecycle')} error={faults['lifecycle']} choices={(['prospect', 'client'] as const).map((one) => ({ value: one, label: sayValue('lifecycle', one) }))} />}
					{choice('account_type', t('field.account_type'))}
					{choice('onboarding_status', t('field.onboarding_status'))}
					{word('industry', t('account.industry'), 120)}
					{word('phone', t('field.phone'), 60, { type: 'tel', inputMode: 'tel' })}
					{word('email', t('field.email'), 320, { type: 'email', inputMode: 'email' })}
				</div>
				{word('website', t('account.website'), 300, { placeholder: 'www.' })}
				{word('address', t('account.address'), 300)}
				<div className="two">
					{word('postcode', t('account.postcode'), 20)}
					{word('city', t('account.city'), 120)}
					{word('country', t('account.country'), 60)}
					<TextField label={`${t('account.annual_revenue')} (${account?.annual_revenue?.currency ?? currency})`} name="annual_revenue" inputMode="decimal" value={value('revenue')} onChange={set('revenue')} error={faults['annual_revenue']} maxLength={20} />
					{word('registration_no', t('account.registration_no'), 40)}
					{word('vat_no', t('account.vat_no'), 40)}
				</div>
				{fields.map((one) => <OwnInput key={one.key} field={one} value={value(`custom.${one.key}`)} onChange={set(`custom.${one.key}`)} fault={faults[`custom.${one.key}`]} currency={currencyOf(one.key)} />)}
				<TextArea label={t('field.notes')} name="notes" value={value('notes')} onChange={set('notes')} error={faults['notes']} rows={3} maxLength={5000} />
				{is ? <p className="muted small">{t('account.owner_stays')}</p> : <SelectField label={t('field.owner')} value={value('owner') || null} onChange={set('owner')} error={faults['owner_id']} choices={people} clearable empty={t('form.nothing_found')} />}
				{!account && <AlreadyKnown kind="account" workspace={workspaces[0]?.slug ?? null} typed={{ name: value('name'), phone: value('phone') }} onOpen={close} />}
				<div className="dialog-foot">
					<Button kind="quiet" onClick={close}>{t('common.cancel')}</Button>
					<Button kind="primary" type="submit" disabled={busy}>{t('common.save')}</Button>
				</div>
			</form>
		</Dialog>
	);
}
