/* Title, value and expected close of a deal, edited in place of the facts. */
import { type FormEvent, useState } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { api, Problem } from '../../api/client';
import { keys } from '../../api/queries';
import type { Deal, Written } from '../../api/types';
import { problemText } from '../../app/problems';
import { useScope } from '../../app/scope';
import { useT } from '../../i18n';
import { readAmount } from '../../lib/money';
import { Button } from '../../ui/button';
import { TextField } from '../../ui/field';
import { toast } from '../../ui/toast';
import { refresh } from './move';
import { board } from './store';

export function DealEdit({ deal, onDone }: { deal: Deal; onDone(): void }) {
	const t = useT();
	const client = useQueryClient();
	const { me, formats } = useScope();
	const currency = deal.value?.currency ?? me.workspaces.find((one) => one.id === deal.workspace_id)?.currency ?? 'EUR';
	const [title, setTitle] = useState(deal.title);
	const [value, setValue] = useState(deal.value ? formats.money(deal.value).replace(/[^\d.,]/g, '') : '');
	const [close, setClose] = useState(deal.close_date?.slice(0, 10) ?? '');
	const [faults, setFaults] = useState<{ title?: string; value?: string; close?: string }>({});
	const [busy, setBusy] = useState(false);

	const submit = async (event: FormEvent) => {
		event.preventDefault();
		const amount = value.trim() ? readAmount(value) : null;
		const found = {
			...(title.trim() ? {} : { title: t('form.required') }),
			...(value.trim() && amount === null ? { value: t('form.amount') } : {}),
		};
		setFaults(found);
		if (Object.keys(found).length)
			return;
		setBusy(true);
		try {
			await api<Written>('PUT', `/api/crm/opportunities/${deal.id}`, { body: {
				version: deal.version,
				...(title.trim() === deal.title ? {} : { title: title.trim() }),
				...(amount === null || amount === deal.value?.amount ? {} : { value: { amount, currency } }),
				...(close === (deal.close_date?.slice(0, 10) ?? '') ? {} : { close_date: close || null }),
			} });
			await Promise.all([refresh(board, deal.id), client.invalidateQueries({ queryKey: keys.timeline(deal.id) })]);
			toast.ok(t('deal.saved'));
			onDone();
		} catch (fault) {
			setBusy(false);
			if (fault instanceof Problem && fault.fields.length)
				setFaults(Object.fromEntries(fault.fields.map((one) => [one.pointer.split('/')[1] === 'close_date' ? 'close' : one.pointer.split('/')[1], one.detail])));
			toast.error(t('deal.not_saved'), problemText(fault));
			if (fault instanceof Problem && (fault.status === 409 || fault.status === 412))
				await client.invalidateQueries({ queryKey: keys.deal(deal.id) });
		}
	};
	return (
		<form className="stack-form" onSubmit={(event) => void submit(event)} noValidate onKeyDown={(event) => {
			if (event.key === 'Escape') {
				event.stopPropagation();
				onDone();
			}
		}}>
			<TextField label={t('field.title')} name="title" value={title} onChange={setTitle} error={faults.title} required maxLength={200} autoFocus keepsEscape />
			<TextField label={t('field.value_in', { currency })} name="value" value={value} onChange={setValue} error={faults.value} inputMode="decimal" keepsEscape />
			<TextField label={t('field.close_date')} name="close" type="date" value={close} onChange={setClose} error={faults.close} keepsEscape />
			<div className="dialog-foot">
				<Button kind="quiet" onClick={onDone}>{t('common.cancel')}</Button>
				<Button kind="primary" type="submit" disabled={busy}>{t('common.save')}</Button>
			</div>
		</form>
	);
}
