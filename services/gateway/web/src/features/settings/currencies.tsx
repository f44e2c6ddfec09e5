/* What totals are told in, and what one unit of every other currency is worth from a day on. A rate is text from end to end: never a floating-point
   number. What has no rate is named, with the button that mends it. */
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useMemo, useState } from 'react';
import { api, query } from '../../api/client';
import { currenciesChanged, useCurrencies } from '../../api/currencies';
import type { Workspace } from '../../api/types';
import { problemText } from '../../app/problems';
import { useScope } from '../../app/scope';
import { useLanguage, useT } from '../../i18n';
import type { About } from '../../lib/money';
import { currencies } from '../../lib/places';
import { type Currencies, type Rate, rateOn } from '../../lib/rates';
import { Empty, Skeleton } from '../../ui/bits';
import { Button, IconButton } from '../../ui/button';
import { SelectField } from '../../ui/field';
import { Icon } from '../../ui/icons';
import { PageHead, Section } from '../../ui/page';
import { toast } from '../../ui/toast';
import { OfOneWorkspace } from './one-workspace';
import { write } from './write';
import './settings.css';

const RateDialog = lazy(() => import('./rate-dialog').then((module) => ({ default: module.RateDialog })));

/* so many of a currency's rates are shown until all are asked for */
const FEW = 4;

export function CurrenciesPage() {
	const t = useT();
	return <OfOneWorkspace title={t('settings.currencies')} text={t('currencies.choose')} help="currencies">{(workspace) => <Own workspace={workspace} />}</OfOneWorkspace>;
}

/* currencies that deals are in and that today has no rate for */
function useUnrated(workspace: string): string[] {
	const { data } = useQuery({
		queryKey: ['unrated', workspace],
		queryFn: ({ signal }) => api<{ data: Array<{ about: About | null }> }>('GET', `/api/crm/count${query({ workspace })}`, { signal }),
		select: (reply) => [...new Set(reply.data.flatMap((one) => one.about?.missing ?? []))].sort(),
	});
	return data ?? [];
}

function Own({ workspace }: { workspace: Workspace }) {
	const t = useT();
	const { data, error, refetch } = useCurrencies(workspace.slug);
	const [rate, setRate] = useState<Partial<Rate>>({});
	const [open, setOpen] = useState(false);
	const [asked, setAsked] = useState(false);
	const begin = (next: Partial<Rate>) => { setRate(next); setAsked(true); setOpen(true); };
	const own = data?.[0];
	return (
		<>
			<PageHead title={t('settings.currencies')} sub={t('currencies.sub')} help="currencies">
				{own && <Button kind="primary" icon="plus" onClick={() => begin({})}>{t('currencies.add')}</Button>}
			</PageHead>
			{error && !data
				? <Empty icon="alert" title={t('currencies.failed')}><p>{problemText(error)}</p><Button icon="refresh" onClick={() => void refetch()}>{t('error.retry')}</Button></Empty>
				: (
					<div className="page-body scroll"><div className="page-narrow">
						{!data && <div aria-hidden="true"><Skeleton h={280} style={{ borderRadius: 10 }} /></div>}
						{own && <Base workspace={workspace} own={own} />}
						{own && <Rates workspace={workspace} own={own} begin={begin} />}
					</div></div>
				)}
			{asked && own && <Suspense fallback={null}><RateDialog workspace={workspace} own={own} rate={rate} opened={open} onClose={() => setOpen(false)} /></Suspense>}
		</>
	);
}

function Base({ workspace, own }: { workspace: Workspace; own: Currencies }) {
	const t = useT();
	const language = useLanguage();
	const choices = useMemo(() => currencies(language, own.base), [language, own.base]);
	const set = (base: string) => write(currenciesChanged, 'PUT', `/api/crm/currencies${query({ workspace: workspace.slug })}`, { base });
	const choose = async (base: string | null) => {
		const before = own.base;
		if (base && base !== before && await set(base))
			toast.ok(t('currencies.base_done', { currency: base }), { label: t('common.undo'), hotkey: 'Z', run: () => void set(before) });
	};
	return (
		<Section title={t('currencies.base')} text={t('currencies.base_text')}>
			<div className="two"><SelectField label={t('currencies.base')} name="base" value={own.base} choices={choices} onChange={(next) => void choose(next)} empty={t('form.nothing_found')} hint={own.chosen ? undefined : t('currencies.base_own')} /></div>
		</Section>
	);
}

function Rates({ workspace, own, begin }: { workspace: Workspace; own: Currencies; begin(rate: Partial<Rate>): void }) {
	const t = useT();
	const unrated = useUnrated(workspace.slug);
	const names = [...new Set(own.rates.map((one) => one.currency))];
	return (
		<>
			{unrated.length > 0 && (
				<Section title={t('currencies.unrated')} text={t('currencies.unrated_text')}>
					<ul className="rows">{unrated.map((currency) => (
						<li key={currency} data-unrated={currency}><span className="row-icon"><Icon name="alert" size={18} /></span><span className="row-text"><b>{currency}</b></span>
							<Button icon="plus" onClick={() => begin({ currency })} aria-label={t('currencies.add_of', { currency })}>{t('currencies.add')}</Button></li>
					))}</ul>
				</Section>
			)}
			{!names.length && <Section title={t('currencies.rates')} text={t('currencies.empty')} />}
			{names.map((currency) => <RatesOf key={currency} workspace={workspace} own={own} currency={currency} begin={begin} />)}
		</>
	);
}

function RatesOf({ workspace, own, currency, begin }: { workspace: Workspace; own: Currencies; currency: string; begin(rate: Partial<Rate>): void }) {
	const t = useT();
	const { formats } = useScope();
	const [all, setAll] = useState(false);
	const rates = own.rates.filter((one) => one.currency === currency);
	const now = rateOn(own.rates, currency, own.today);
	const remove = async (rate: Rate) => {
		const { id, ...what } = rate;
		if (await write(currenciesChanged, 'DELETE', `/api/crm/rates/${id}`))
			toast.ok(t('currencies.removed', { currency, day: formats.date(rate.day) }), {
				label: t('common.undo'), hotkey: 'Z', run: () => void write(currenciesChanged, 'POST', `/api/crm/rates${query({ workspace: workspace.slug })}`, what),
			});
	};
	return (
		<Section title={t('currencies.of', { currency })} actions={<Button icon="plus" onClick={() => begin({ currency })} aria-label={t('currencies.add_of', { currency })}>{t('currencies.add')}</Button>}>
			<ul className="rows">{(all ? rates : rates.slice(0, FEW)).map((rate) => {
				const day = formats.date(rate.day);
				return (
					<li key={rate.id} data-rate={`${currency} ${rate.day}`}>
						<span className="row-text num"><b>{t('currencies.line', { currency, rate: formats.decimal(rate.rate), base: own.base })}</b><span className="muted">{t('currencies.from', { day })}</span></span>
						{rate === now ? <span className="tag">{t('currencies.now')}</span> : rate.day > own.today && <span className="tag">{t('currencies.later')}</span>}
						<IconButton icon="pencil" label={t('currencies.edit_of', { currency, day })} onClick={() => begin(rate)} />
						<IconButton icon="trash" label={t('currencies.remove_of', { currency, day })} onClick={() => void remove(rate)} />
					</li>
				);
			})}</ul>
			{rates.length > FEW && !all && <Button kind="quiet" onClick={() => setAll(true)}>{t('currencies.all', { count: rates.length })}</Button>}
		</Section>
	);
}
