/* The dashboard: what stands in the pipeline, what was won and lost, what is expected, what wants a look. Each workspace has
   its own months and currency, so it is of one at a time. Never counts by itself what the server counts. */
import { Link, useRouter } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { type CatalogueName, useItems } from '../../api/boards';
import { useMemberNames } from '../../api/queries';
import type { Money } from '../../api/types';
import { AboutLine, aboutText } from '../../app/about';
import { problemText } from '../../app/problems';
import { useAppSearch, useGo, useScope } from '../../app/scope';
import { type Key, labelOf, sayValue, useLanguage, useT } from '../../i18n';
import { type About, orderSums } from '../../lib/money';
import { addMonths, firstOf } from '../../lib/days';
import { addDays, instantOf, wallOf } from '../../lib/zone';
import { Empty, Skeleton } from '../../ui/bits';
import { Button } from '../../ui/button';
import { Icon } from '../../ui/icons';
import { HelpMore, PageHead, Section, useTitle } from '../../ui/page';
import { Segments } from '../../ui/table';
import { BarTable, Columns, type Line, lengthOf } from './charts';
import { type Age, type Asked, type Funnel, type Month, type Outcome, type Stuck, type Summary, type Tile, type WinLoss, useLiveStats, useStats, useUnanswered, useWithoutAccount } from './model';
import './dashboard.css';

type Period = 'all' | 'month' | 'quarter' | 'year';

function periodOf(period: Period, today: string): { from: string | null; to: string | null } {
	const month = firstOf(today);
	const begin = period === 'month' ? month : period === 'quarter' ? addMonths(month, -((Number(today.slice(5, 7)) - 1) % 3)) : `${today.slice(0, 4)}-01-01`;
	return period === 'all' ? { from: null, to: null } : { from: begin, to: today };
}

export function DashboardPage() {
	const t = useT();
	const language = useLanguage();
	const go = useGo();
	const router = useRouter();
	const { workspace, workspaces, me, formats } = useScope();
	const { period: named, whose, pipeline = null } = useAppSearch();
	const [chosen, choose] = useState<string | null>(null);
	const here = workspace ?? workspaces.find((one) => one.id === chosen) ?? workspaces[0];
	const period: Period = named === 'month' || named === 'quarter' || named === 'year' ? named : 'all';
	const owner = whose === 'me' ? me.user.id : null;
	const asked: Asked = { workspace: here?.slug ?? '', owner, pipeline, ...periodOf(period, wallOf(Date.now(), here?.timezone ?? 'UTC').day) };
	const currency = here?.currency ?? 'EUR';
	const summary = useStats<Summary>('summary', asked, true);
	const funnels = useStats<Funnel>('funnel', { ...asked, pipeline: null });
	const board = funnels.data?.find((one) => one.key === pipeline) ?? funnels.data?.[0];
	const outcome = useStats<WinLoss>('win_loss', asked, true);
	const forecast = useStats<{ months: Month[] }>('forecast', asked);
	const ageing = useStats<{ ages: Age[] }>('ageing', asked);
	const stuck = useStats<Stuck>('stuck', asked, false, 10);
	const tiles = useStats<{ tiles: Tile[] }>('tiles', asked);
	const unanswered = useUnanswered(asked.workspace, owner);
	const strangers = useWithoutAccount(asked.workspace, owner);
	const names = useMemberNames(here?.slug ?? null);
	const items = useItems(here?.slug ?? null);
	useLiveStats();
	useTitle(t('nav.dashboard'));

	const percent = (tenths: number) => new Intl.NumberFormat(language === 'nl' ? 'nl-NL' : 'en-GB', { style: 'percent', minimumFractionDigits: 1 }).format(tenths / 1000);
	const money = (sums: Money[]) => orderSums(sums, currency).map(formats.money).join(' · ') || formats.money({ amount: '0', currency });
	/* a currency a line */
	const some = (sums: Money[], about: About | null) => (sums.length ? [...orderSums(sums, currency).map(formats.money), ...(about ? [aboutText(about, formats)] : [])].join('\n') : t('dashboard.none'));
	/* a column is as high as all of it, where that is known in one currency */
	const lengthIn = (sums: Money[], about: About | null) => (about?.amount ? Number(about.amount) : lengthOf(sums, currency));
	const words: Record<string, string> = here ? { workspace: here.slug } : {};
	const hasTable = '/deals/table' in router.routesByPath;
	const toTable = (filter: string | null): string | null => (filter !== null && hasTable ? `/deals/table?${new URLSearchParams({ ...words, ...Object.fromEntries(new URLSearchParams(filter)), ...(owner ? { owner: 'me' } : {}), ...(pipeline ? { pipeline } : {}) }).toString()}` : null);
	const closed = asked.from ? `&closed_from=${asked.from}&closed_to=${asked.to ?? ''}` : '';
	const leadsTo = () => {
		const [from, to] = [asked.from && instantOf(asked.from, '00:00', here?.timezone ?? 'UTC'), asked.to && instantOf(addDays(asked.to, 1), '00:00', here?.timezone ?? 'UTC')];
		return pipeline ? null : `/leads?${new URLSearchParams({ ...words, ...(owner ? { owner } : {}), ...(from ? { created_from: from } : {}), ...(to ? { created_to: to } : {}) }).toString()}`;
	};
	const first = summary.data?.[0];
	const lost = outcome.data?.[0];

	/* a stage as an address names it */
	const placeOf = (id: string | null): string | null => {
		const on = funnels.data?.find((one) => one.stages.some((stage) => stage.id === id));
		const stage = on?.stages.find((one) => one.id === id);
		return on && stage ? `stage=${stage.key}&pipeline=${on.key}` : null;
	};
	const stageWord = (id: string | null) => {
		const stage = funnels.data?.flatMap((one) => one.stages).find((one) => one.id === id);
		return stage ? labelOf(stage.label, language, stage.key) : t('dashboard.none');
	};
	/* the catalogue's own name of a value; one it does not know is named as leads name theirs */
	const itemWord = (catalogue: CatalogueName, key: string) => {
		const item = items.data?.find((one) => one.catalogue === catalogue && one.key === key);
		return item ? labelOf(item.label, language, key) : sayValue(catalogue, key);
	};
	const outcomes = (lines: Outcome[], word: (key: string | null) => string, by: 'stage' | 'source' | 'owner'): Line[] => lines.slice(0, 10).map((one) => ({
		key: one.key ?? '', label: word(one.key), to: by === 'stage' ? toTable(placeOf(one.key) && `${placeOf(one.key) ?? ''}${closed}`) : toTable(`kind=won,lost&${by}=${one.key === me.user.id ? 'me' : one.key || 'none'}${closed}`), bars: [{ value: one.won, colour: 'green' }, { value: one.lost, colour: 'red' }],
		cells: [formats.number(one.won), formats.number(one.lost), percent(one.tenths), some(one.won_sums, one.won_about), some(one.lost_sums, one.lost_about)],
	}));
	const outcomeHeads = (head: Key) => [t(head), t('dashboard.won'), t('dashboard.lost'), t('dashboard.rate'), t('dashboard.won_value'), t('dashboard.lost_value')];
	const monthName = (month: string, year = false) => new Intl.DateTimeFormat(language === 'nl' ? 'nl-NL' : 'en-GB', { month: year ? 'long' : 'short', ...(year ? { year: 'numeric' as const } : {}), timeZone: 'UTC' }).format(Date.parse(`${month}-15T12:00:00Z`));
	const none = <p className="muted small">{t('dashboard.nothing')}</p>;
	const part = (read: { isPending: boolean; error: Error | null; data: unknown; refetch(): unknown }, shown: () => ReactNode) => (
		read.data !== undefined ? shown() : read.error ? <p className="small">{problemText(read.error)} <Button icon="refresh" onClick={() => void read.refetch()}>{t('error.retry')}</Button></p>
			: <div aria-busy="true"><Skeleton h={120} /></div>
	);
	const table = (label: string, lines: Line[], heads: string[], stacked = false) => (lines.length ? <BarTable label={label} heads={heads} lines={lines} stacked={stacked} /> : none);

	if (!here)
		return <Empty icon="chart" title={t('dashboard.nothing')}><HelpMore page="dashboard" /></Empty>;
	return (
		<>
			<PageHead title={t('nav.dashboard')} help="dashboard" sub={t('dashboard.sub', { name: here.name, zone: here.timezone })}>
				<Button icon="print" onClick={() => window.print()}>{t('dashboard.print')}</Button>
			</PageHead>
			<div className="bar">
				<Segments<Period> label={t('dashboard.period')} value={period} onChange={(next) => go.search({ period: next === 'all' ? undefined : next }, true)} choices={[
					{ value: 'all', label: t('dashboard.all') }, { value: 'month', label: t('dashboard.month') }, { value: 'quarter', label: t('dashboard.quarter') }, { value: 'year', label: t('dashboard.year') },
				]} />
				<Segments<'all' | 'me'> label={t('dashboard.whose')} value={owner ? 'me' : 'all'} onChange={(next) => go.search({ whose: next === 'me' ? 'me' : undefined }, true)} choices={[{ value: 'all', label: t('dashboard.everyone') }, { value: 'me', label: t('dashboard.mine') }]} />
				{workspaces.length > 1 && !workspace && <Segments<string> label={t('dashboard.workspace')} value={here.id} choices={workspaces.map((one) => ({ value: one.id, label: one.name }))} onChange={choose} />}
				{(funnels.data?.length ?? 0) > 1 && <Segments<string> label={t('dashboard.pipeline')} value={pipeline ?? ''} choices={[{ value: '', label: t('dashboard.pipelines_all') }, ...(funnels.data ?? []).map((one) => ({ value: one.key, label: labelOf(one.label, language, one.key) }))]} onChange={(next) => go.search({ pipeline: next || undefined }, true)} />}
			</div>
			<div className="page-body scroll">
				{summary.error && !first ? <Empty icon="alert" title={t('dashboard.failed')}><p>{problemText(summary.error)}</p><Button icon="refresh" onClick={() => void summary.refetch()}>{t('error.retry')}</Button></Empty>
					: !first && !summary.isPending ? <Empty icon="chart" title={t('dashboard.nothing')}><HelpMore page="dashboard" /></Empty> : (
						<div className="dash">
							<Kpi id="pipeline_value" label={t('dashboard.pipeline_value')} to={toTable('kind=open&qualified=1')} said={first && money(first.pipeline_value.sums)} about={first?.pipeline_value.about} sub={first && t('dashboard.deals', { count: first.pipeline_value.deals })} />
							<Kpi id="conversion_rate" label={t('dashboard.conversion')} to={leadsTo()} said={first && percent(first.conversion_rate.tenths)} sub={first && t('dashboard.of_leads', { won: formats.number(first.conversion_rate.won), leads: formats.number(first.conversion_rate.leads) })} />
							<Kpi id="avg_deal_size" label={t('dashboard.average')} to={toTable(`kind=won${closed}`)} said={first && money(first.avg_deal_size)} about={first?.avg_about} sub={first && t('dashboard.won_deals', { count: first.won.deals })} />
							<Kpi id="won_this_month" label={t('dashboard.won_month')} to={first ? toTable(`kind=won&closed_from=${first.month}-01&closed_to=${addDays(addMonths(`${first.month}-01`, 1), -1)}`) : null} said={first && money(first.won_this_month.sums)} about={first?.won_this_month.about} sub={first && monthName(first.month, true)} />
							<div className="dash-looks">
								{!unanswered.error && <Look id="unanswered" label={t('dashboard.unanswered')} count={unanswered.data?.total} more={unanswered.data?.more} to={`/leads?${new URLSearchParams({ ...words, unanswered: '1', ...(owner ? { owner } : {}) }).toString()}`} />}
								{tiles.data ? tiles.data[0]?.tiles.map((one) => <Look key={one.tile} id={one.tile} label={t(TILES[one.tile])} count={one.deals} more={one.more} to={toTable(one.filter)} />)
									: !tiles.error && (Object.keys(TILES) as Array<Tile['tile']>).map((one) => <Look key={one} id={one} label={t(TILES[one])} count={undefined} more={false} to={null} />)}
								{!strangers.error && <Look id="no_account" label={t('dashboard.no_account')} count={strangers.data?.total} more={strangers.data?.more} to={`/contacts?${new URLSearchParams({ ...words, account: 'none', ...(owner ? { whose: 'me' } : {}) }).toString()}`} />}
							</div>
							<Section title={t('dashboard.funnel')} text={t('dashboard.funnel_text')}>{part(funnels, () => table(t('dashboard.funnel'), (board?.stages ?? []).map((one) => ({
								key: one.id, label: labelOf(one.label, language, one.key), to: toTable(placeOf(one.id)), bars: [{ value: one.reached, colour: one.colour }], cells: [formats.number(one.deals), formats.number(one.reached), some(one.sums, one.about)],
							})), [t('dashboard.stage'), t('dashboard.here'), t('dashboard.reached'), t('dashboard.value')]))}</Section>
							<Section title={t('dashboard.forecast')} text={t('dashboard.forecast_text')}>{part(forecast, () => {
								const months = forecast.data?.[0]?.months ?? [];
								return months.length ? <>
									<Columns legend={[t('dashboard.value'), t('dashboard.weighted')]} months={months.slice(0, 12).map((one) => ({ key: one.month, label: monthName(one.month), whole: lengthIn(one.sums, one.about), part: lengthIn(one.weighted, one.weighted_about), said: one.about?.amount ? aboutText({ ...one.about, missing: [] }, formats, true) : one.sums.filter((sum) => sum.currency === currency).map(formats.moneyShort).join('') }))} />
									{table(t('dashboard.forecast'), months.map((one) => ({ key: one.month, label: monthName(one.month, true), to: toTable(`kind=open&close_from=${one.month}-01&close_to=${addDays(addMonths(`${one.month}-01`, 1), -1)}`), bars: [], cells: [formats.number(one.deals), some(one.sums, one.about), some(one.weighted, one.weighted_about)] })), [t('dashboard.close_month'), t('dashboard.here'), t('dashboard.value'), t('dashboard.weighted')])}
								</> : none;
							})}</Section>
							<Section title={t('dashboard.by_stage')} text={lost && t('dashboard.win_rate', { rate: percent(lost.total.tenths), won: formats.number(lost.total.won), lost: formats.number(lost.total.lost) })}>{part(outcome, () => table(t('dashboard.by_stage'), outcomes(lost?.by_stage ?? [], stageWord, 'stage'), outcomeHeads('dashboard.stage'), true))}</Section>
							<Section title={t('dashboard.by_source')}>{part(outcome, () => table(t('dashboard.by_source'), outcomes(lost?.by_source ?? [], (key) => (key ? itemWord('source', key) : t('dashboard.no_source')), 'source'), outcomeHeads('dashboard.source'), true))}</Section>
							<Section title={t('dashboard.by_reason')}>{part(outcome, () => table(t('dashboard.by_reason'), (lost?.by_reason ?? []).slice(0, 10).map((one) => ({
								key: one.key ?? '', label: one.key ? itemWord('loss_reason', one.key) : t('dashboard.no_reason'), to: toTable(`kind=lost&loss_reason=${one.key || 'none'}${closed}`), bars: [{ value: one.lost, colour: 'red' }], cells: [formats.number(one.lost), some(one.lost_sums, one.lost_about)],
							})), [t('dashboard.reason'), t('dashboard.lost'), t('dashboard.lost_value')]))}</Section>
							<Section title={t('dashboard.by_owner')}>{part(outcome, () => table(t('dashboard.by_owner'), outcomes(lost?.by_owner ?? [], (key) => (key ? names.get(key) ?? t('dashboard.somebody') : t('dashboard.nobody')), 'owner'), outcomeHeads('dashboard.owner'), true))}</Section>
							<Section title={t('dashboard.ageing')} text={t('dashboard.ageing_text')}>{part(ageing, () => table(t('dashboard.ageing'), (ageing.data?.[0]?.ages ?? []).map((one) => ({
								key: String(one.from_days), label: one.to_days === null ? t('dashboard.days_more', { from: one.from_days }) : t('dashboard.days_to', { from: one.from_days, to: one.to_days }),
								bars: [{ value: one.deals, colour: 'orange' }], cells: [formats.number(one.deals), some(one.sums, one.about)],
							})), [t('dashboard.age'), t('dashboard.here'), t('dashboard.value')]))}</Section>
							<div id="stuck" className="section" role="region" aria-label={t('dashboard.stuck')} tabIndex={-1}>
								<div className="section-head"><div><h2>{t('dashboard.stuck')}</h2><p className="muted">{t('dashboard.stuck_text')}</p></div></div>
								{part(stuck, () => (stuck.data?.length ? <ul className="rows">{stuck.data.map((one) => (
									<li key={one.id}><div className="row-text"><b><button type="button" className="link" onClick={() => go.openDeal(one.id)}>{one.title}</button></b>
										<span className="muted">{[one.company ?? one.contact_name, stageWord(one.stage_id), one.value && formats.money(one.value), one.owner_id && names.get(one.owner_id)].filter(Boolean).join(' · ')}</span></div>
									<span className="num">{t('dashboard.days', { count: one.days })}</span></li>
								))}</ul> : none))}
							</div>
						</div>
					)}
			</div>
		</>
	);
}

const TILES: Record<Tile['tile'], Key> = { close_passed: 'dashboard.close_passed', stuck: 'dashboard.stuck', no_next: 'dashboard.no_next', no_source: 'dashboard.no_source', incomplete: 'dashboard.incomplete' };

/* somewhere else, or (#…) a part of this page; without an address it is a figure alone */
function Box({ to, id, label, said, look, children }: { to: string | null; id: string; label: string; said: string | undefined; look?: boolean; children: ReactNode }) {
	const name = look ? 'dash-tile dash-look' : 'dash-tile';
	if (to === null || said === undefined)
		return <div className={name} data-tile={id} role="group" aria-label={label}>{children}</div>;
	if (to.startsWith('#'))
		return <a className={name} data-tile={id} href={to} onClick={(event) => { event.preventDefault(); document.getElementById(to.slice(1))?.focus(); }}>{children}</a>;
	const [path, search] = to.split('?');
	return <Link className={name} data-tile={id} to={path as never} search={Object.fromEntries(new URLSearchParams(search)) as never}>{children}</Link>;
}

function Kpi({ id, label, said, about, sub, to }: { id: string; label: string; said: string | undefined; about?: About | null | undefined; sub: string | undefined; to: string | null }) {
	return <Box to={to} id={id} label={label} said={said}><span className="muted small">{label}</span>{said === undefined ? <Skeleton h={34} w="70%" /> : <b className={about ? 'num dash-several' : 'num'}>{said}</b>}{about && <AboutLine about={about} />}<span className="muted small">{sub ?? '\u00a0'}</span></Box>;
}

function Look({ id, label, count, more, to }: { id: string; label: string; count: number | undefined; more: boolean | undefined; to: string | null }) {
	const { formats } = useScope();
	return <Box to={count === undefined ? null : to} id={id} label={label} said="" look><span className="muted small"><Icon name={count ? 'clock' : 'check'} size={14} /> {label}</span>{count === undefined ? <Skeleton h={24} w="40%" /> : <b className="num">{formats.number(count)}{more ? '+' : ''}</b>}</Box>;
}
