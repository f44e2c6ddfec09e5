/* How quotes, invoices and credit notes are numbered, each with the number that the next one gets. A number that was given is never given again: the
   server refuses a next one that goes back. */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, query } from '../../api/client';
import { queryClient } from '../../api/queries';
import type { Workspace } from '../../api/types';
import { fieldFaults, problemText } from '../../app/problems';
import { useScope } from '../../app/scope';
import { sayValue, useT } from '../../i18n';
import { Empty, Skeleton } from '../../ui/bits';
import { Button } from '../../ui/button';
import { Check, TextField } from '../../ui/field';
import { Fault, PageHead, Section } from '../../ui/page';
import { toast } from '../../ui/toast';
import type { Faults } from '../settings/label-fields';
import { OfOneWorkspace } from '../settings/one-workspace';
import { useHeard } from './live';
import { numberOf, type Series, seriesWrong } from './numbers';
import './money.css';

const seriesChanged = () => queryClient.invalidateQueries({ queryKey: ['series'] });
const KINDS = ['quote', 'invoice', 'credit_note'] as const;

export function SeriesPage() {
	const t = useT();
	return <OfOneWorkspace title={t('settings.series')} text={t('series.choose')} help="numbers">{(workspace) => <Own workspace={workspace} />}</OfOneWorkspace>;
}

function Own({ workspace }: { workspace: Workspace }) {
	const t = useT();
	const { data, error, refetch } = useQuery({
		queryKey: ['series', workspace.slug],
		queryFn: async ({ signal }) => (await api<{ data: Series[] }>('GET', `/api/crm/series${query({ workspace: workspace.slug })}`, { signal })).data,
	});
	useHeard(['series.changed'], seriesChanged);
	return (
		<>
			<PageHead title={t('settings.series')} sub={t('series.sub')} help="numbers" />
			{error && !data
				? <Empty icon="alert" title={t('series.failed')}><p>{problemText(error)}</p><Button icon="refresh" onClick={() => void refetch()}>{t('error.retry')}</Button></Empty>
				: (
					<div className="page-body scroll"><div className="page-narrow">
						{!data && <div aria-hidden="true">{KINDS.map((kind) => <Skeleton key={kind} h={150} style={{ borderRadius: 10, marginBottom: 16 }} />)}</div>}
						{KINDS.map((kind) => {
							const one = data?.find((each) => each.kind === kind);
							return one && <Kind key={`${kind} ${one.format} ${one.digits} ${one.yearly} ${one.next}`} workspace={workspace} series={one} />;
						})}
					</div></div>
				)}
		</>
	);
}

function Kind({ workspace, series }: { workspace: Workspace; series: Series }) {
	const t = useT();
	const { formats } = useScope();
	const [format, setFormat] = useState(series.format);
	const [digits, setDigits] = useState(String(series.digits));
	const [next, setNext] = useState(String(series.next));
	const [yearly, setYearly] = useState(series.yearly);
	const [faults, setFaults] = useState<Faults>({});
	const [busy, setBusy] = useState(false);
	const today = formats.dayKey(new Date().toISOString());
	const wrong = seriesWrong({ format, digits, next, yearly });
	const changes = { ...(format !== series.format ? { format: format.trim() } : {}), ...(digits !== String(series.digits) ? { digits: Number(digits) } : {}), ...(next !== String(series.next) ? { next: Number(next) } : {}), ...(yearly !== series.yearly ? { yearly } : {}) };
	const dirty = Object.keys(changes).length > 0;
	const say = (name: 'format' | 'digits' | 'next') => faults[name] ?? (wrong[name] ? t(wrong[name]) : undefined);
	const save = async () => {
		setBusy(true);
		try {
			await api('PUT', `/api/crm/series${query({ workspace: workspace.slug })}`, { body: { kind: series.kind, ...changes } });
			toast.ok(t('series.saved', { number: numberOf(format, Number(digits), today, Number(next)) }));
			await seriesChanged();
		} catch (reason) {
			const named = fieldFaults(reason);
			setFaults(Object.keys(named).length ? named : { form: problemText(reason) });
		}
		setBusy(false);
	};
	const change = <T,>(set: (value: T) => void) => (value: T) => { set(value); setFaults({}); };
	const good = !Object.keys(wrong).length;
	return (
		<Section title={sayValue('doc_kinds', series.kind)} actions={<span className="series-next" data-next={series.kind}><span className="muted">{t('series.next_is')}</span> <b className="num">{good ? numberOf(format, Number(digits), today, Number(next)) : '—'}</b></span>}>
			<form className="form form-wide" noValidate onSubmit={(event) => { event.preventDefault(); if (good && dirty && !busy) void save(); }}>
				{faults['form'] && <Fault>{faults['form']}</Fault>}
				<div className="series-fields">
					<TextField label={t('series.format')} name={`format_${series.kind}`} value={format} onChange={change(setFormat)} error={say('format')} maxLength={60} autoComplete="off" />
					<TextField label={t('series.digits')} name={`digits_${series.kind}`} inputMode="numeric" value={digits} onChange={change((value: string) => setDigits(value.replace(/\D/g, '')))} error={say('digits')} maxLength={1} autoComplete="off" />
					<TextField label={t('series.next')} name={`next_${series.kind}`} inputMode="numeric" value={next} onChange={change((value: string) => setNext(value.replace(/\D/g, '')))} error={say('next')} maxLength={9} autoComplete="off" />
				</div>
				<p className="muted small series-how">{t('series.how')}</p>
				<Check label={t('series.yearly')} hint={t('series.yearly_hint')} name={`yearly_${series.kind}`} checked={yearly} onChange={change(setYearly)} />
				<div className="form-foot">
					<Button kind="primary" type="submit" disabled={!dirty || !good || busy}>{t('common.save')}</Button>
					{dirty && <Button kind="quiet" onClick={() => { setFormat(series.format); setDigits(String(series.digits)); setNext(String(series.next)); setYearly(series.yearly); setFaults({}); }}>{t('company.undo')}</Button>}
				</div>
			</form>
		</Section>
	);
}
