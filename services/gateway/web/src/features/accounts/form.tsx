/* A company, made or changed, in a dialog. Who saw an old one is told so and sees what it is now. */
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { Problem } from '../../api/client';
import { useItems } from '../../api/boards';
import { useMembers } from '../../api/queries';
import { fieldFaults, problemText } from '../../app/problems';
import { useScope } from '../../app/scope';
import { labelOf, sayValue, useLanguage, useT } from '../../i18n';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { SelectField, TextField } from '../../ui/field';
import { readAmount } from '../../lib/money';
import { toast } from '../../ui/toast';
import { type Account, accountsChanged, saveAccount } from './model';

const WORDS = ['name', 'industry', 'phone', 'city', 'onboarding_status'] as const;

export function AccountForm({ account, onClose }: { account: Account | null; onClose(): void }) {
	const t = useT();
	const { reads, workspaces, currency, me } = useScope();
	const { data: members } = useMembers(reads);
	const language = useLanguage();
	const states = (useItems(me.workspaces.find((one) => one.id === account?.workspace_id)?.slug ?? workspaces[0]?.slug ?? null).data ?? [])
		.filter((one) => one.catalogue === 'onboarding_status' && (!one.retired || one.key === account?.onboarding_status)).sort((a, b) => a.position - b.position);
	const [opened, setOpened] = useState(true);
	const [typed, setTyped] = useState<Record<string, string | null>>({});
	const [faults, setFaults] = useState<Partial<Record<string, string>>>({});
	const [busy, setBusy] = useState(false);
	/* null after a conflict: what it is now has been read, the next save is meant */
	const [seen, setSeen] = useState<number | null>(account?.version ?? null);
	const form = useRef<HTMLFormElement>(null);
	const was: Record<string, string> = {
		name: account?.name ?? '', industry: account?.industry ?? '', phone: account?.phone ?? '', city: account?.city ?? '', onboarding_status: account?.onboarding_status ?? '',
		revenue: account?.annual_revenue?.amount ?? '', lifecycle: account?.lifecycle ?? 'prospect', owner: account?.owner_id ?? '',
	};
	const value = (field: string) => typed[field] ?? (field in typed ? '' : (was[field] ?? ''));
	const set = (field: string) => (to: string | null) => setTyped((old) => ({ ...old, [field]: to }));
	const is = account?.lifecycle === 'client';
	useEffect(() => {
		if (Object.keys(faults).length)
			form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
	}, [faults]);
	const close = () => {
		setOpened(false);
		setTimeout(onClose, 150);
	};
	const changed = (field: string) => value(field).trim() !== (was[field] ?? '');
	const body = () => ({
		...Object.fromEntries(WORDS.filter(changed).map((field) => [field, value(field).trim() || null])),
		...(changed('revenue') ? { annual_revenue: value('revenue').trim() ? { amount: readAmount(value('revenue')) ?? '', currency: account?.annual_revenue?.currency ?? currency } : null } : {}),
		...(changed('lifecycle') ? { lifecycle: value('lifecycle') } : {}),
		...(changed('owner') ? { owner_id: value('owner') || null } : {}),
	});
	const submit = async (event: FormEvent) => {
		event.preventDefault();
		const found: Partial<Record<string, string>> = {
			...(value('name').trim() ? {} : { name: t('form.required') }),
			...(value('revenue').trim() && readAmount(value('revenue')) === null ? { annual_revenue: t('form.amount') } : {}),
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
			const told = fieldFaults(fault);
			setFaults(fault instanceof Problem && fault.code === 'account_exists' ? { name: problemText(fault) } : told);
			toast.error(t('deal.not_saved'), problemText(fault));
			if (fault instanceof Problem && fault.code === 'account_changed') {
				await accountsChanged();
				setSeen(null);
			}
		}
	};
	const people = (members ?? []).filter((one) => one.active && (!account || one.workspace_id === account.workspace_id)).map((one) => ({ value: one.id, label: one.name }));
	return (
		<Dialog opened={opened} onClose={close} title={account ? account.name : t('account.new')} closeLabel={t('common.close')}>
			<form ref={form} className="stack-form" onSubmit={(event) => void submit(event)} noValidate>
				<TextField label={t('account.name')} name="name" value={value('name')} onChange={set('name')} error={faults['name']} required autoFocus maxLength={300} />
				<TextField label={t('account.industry')} name="industry" value={value('industry')} onChange={set('industry')} error={faults['industry']} maxLength={120} />
				<TextField label={t('field.phone')} name="phone" type="tel" inputMode="tel" value={value('phone')} onChange={set('phone')} error={faults['phone']} maxLength={60} />
				<TextField label={t('account.city')} name="city" value={value('city')} onChange={set('city')} error={faults['city']} maxLength={120} />
				<TextField label={`${t('account.annual_revenue')} (${account?.annual_revenue?.currency ?? currency})`} name="annual_revenue" inputMode="decimal" value={value('revenue')} onChange={set('revenue')} error={faults['annual_revenue']} maxLength={20} />
				{!is && <SelectField label={t('field.status')} value={value('lifecycle')} onChange={set('lifecycle')} error={faults['lifecycle']} choices={(['prospect', 'client'] as const).map((one) => ({ value: one, label: sayValue('lifecycle', one) }))} />}
				{states.length > 0 && <SelectField label={t('field.onboarding_status')} value={value('onboarding_status') || null} onChange={set('onboarding_status')} error={faults['onboarding_status']} choices={states.map((one) => ({ value: one.key, label: labelOf(one.label, language, one.key) }))} clearable empty={t('form.nothing_found')} />}
				{is ? <p className="muted small">{t('account.owner_stays')}</p> : <SelectField label={t('field.owner')} value={value('owner') || null} onChange={set('owner')} error={faults['owner_id']} choices={people} clearable empty={t('form.nothing_found')} />}
				<div className="dialog-foot">
					<Button kind="quiet" onClick={close}>{t('common.cancel')}</Button>
					<Button kind="primary" type="submit" disabled={busy}>{t('common.save')}</Button>
				</div>
			</form>
		</Dialog>
	);
}
