/* The buttons beside a page's title, as the workspace's preset names them. The last one that makes a record is the
   primary one and answers to N; what leads to a page that is not there is not shown. */
import { Link, useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useT } from '../i18n';
import { query } from '../api/client';
import { Button, Hint, IconButton } from '../ui/button';
import { Icon } from '../ui/icons';
import { Menu, type MenuEntry } from '../ui/menu';
import { useActions } from './actions';
import { headerOf, maySettings, type Page } from './places';
import { type AppSearch, useGo, useScope } from './scope';

const FORMS = { csv: 'export.csv', vcf: 'export.vcf', jsonl: 'export.jsonl' } as const;
/* lists that leave in several forms, by the filters they stand under */
const TAKEN: Partial<Record<Page, { list: 'contacts' | 'accounts' | 'quotes' | 'invoices'; forms: ReadonlyArray<'csv' | 'jsonl' | 'vcf'> }>> = {
	'/contacts': { list: 'contacts', forms: ['csv', 'vcf', 'jsonl'] }, '/accounts': { list: 'accounts', forms: ['csv', 'jsonl'] },
	'/quotes': { list: 'quotes', forms: ['csv'] }, '/invoices': { list: 'invoices', forms: ['csv'] },
};

/* what a page's list is called where it is taken away as a file */
const LISTS: Partial<Record<Page, 'leads' | 'deals'>> = { '/leads': 'leads', '/deals/board': 'deals' };

/* beside a list of records: what looks double, and what was deleted */
const RESTS = [{ to: '/duplicates', icon: 'users', label: 'duplicates.title' }, { to: '/trash', icon: 'trash', label: 'trash.title' }] as const;

/* `own`: the page's own record is made by its own button, and N; `filter`: what its list is asked for */
export function HeadButtons({ here, own, filter }: { here: Page; own?: { label: string; run(): void }; filter?: Record<string, string | null | undefined> }) {
	const t = useT();
	const go = useGo();
	const navigate = useNavigate();
	const scope = useScope();
	const actions = useActions();
	const list = LISTS[here], taken = TAKEN[here];
	const make = own?.run;
	useEffect(() => (make ? actions.own(make) : undefined), [actions, make]);
	const fill = scope.mayEdit(scope.workspace?.id);
	const buttons = headerOf(scope.workspaces, here, { make: !own && fill, fill, settings: maySettings(scope) });
	const rests = here === '/contacts' || here === '/accounts';
	const imports = rests && fill && !buttons.some(({ act }) => act === '/crm/import');
	const there = (to: string) => (old: AppSearch) => ({ ...(old.workspace ? { workspace: old.workspace } : {}), of: here === '/accounts' ? 'account' : to === '/trash' ? 'contact' : undefined });
	const take = (form: keyof typeof FORMS): MenuEntry => ({ key: form, label: t(FORMS[form]), onSelect: () => window.location.assign(`/api/crm/export/${taken?.list}${query({ workspace: scope.reads, ...filter, format: form })}`) });
	/* a phone has one button for all of it; a new lead is made below */
	const small: MenuEntry[] = [
		...(own && here === '/accounts' ? [{ key: 'own', icon: 'plus' as const, label: own.label, onSelect: own.run }] : []),
		...buttons.flatMap(({ key, act, icon, label }): MenuEntry[] => act === 'lead' ? [] : [{ key, icon, label: t(label), onSelect: () => go.page(act) }]),
		...(imports ? [{ key: 'import', icon: 'import' as const, label: t('header.import'), onSelect: () => go.page('/crm/import') }] : []),
		...(here === '/deals/board' ? [{ key: 'past', icon: 'history' as const, label: t('past.link'), onSelect: () => go.anywhere('/deals/past') }] : []),
		...(rests ? RESTS.map(({ to, icon, label }): MenuEntry => ({ key: to, icon, label: t(label), onSelect: () => void navigate({ to, search: there(to) } as never) })) : []),
		...(list && scope.may('crm-export') ? [{ key: 'file', icon: 'download' as const, label: t('export.text'), onSelect: () => window.location.assign(`/api/crm/export/${list}${query({ workspace: scope.reads })}`) }] : []),
		...(taken && scope.may('crm-export') ? [{ key: 'export', kind: 'label' as const, label: t('export.menu') }, ...taken.forms.map(take)] : []),
	];
	return (
		<>
		{small.length > 0 && <span className="phone-only"><Menu label={t('header.more')} align="end" entries={small} target={<IconButton icon="dots" label={t('header.more')} />} /></span>}
		<div className="page-actions wide-only">
			{here === '/deals/board' && (
				<Hint text={t('past.link')}><Link to={'/deals/past' as never} search={((old: AppSearch) => (old.workspace ? { workspace: old.workspace } : {})) as never} className="icon-btn" aria-label={t('past.link')}><Icon name="history" size={18} /></Link></Hint>
			)}
			{rests && RESTS.map(({ to, icon, label }) => (
				<Hint key={to} text={t(label)}><Link to={to as never} search={there(to) as never} className="icon-btn" aria-label={t(label)}><Icon name={icon} size={18} /></Link></Hint>
			))}
			{/* a file of people is brought in from their list, also where the preset names no button for it */}
			{imports && <IconButton icon="import" label={t('header.import')} onClick={() => go.page('/crm/import')} />}
			{taken && scope.may('crm-export') && (
				<Menu label={t('export.menu')} align="end" target={<IconButton icon="download" label={t('export.menu')} />}
					entries={taken.forms.map(take)} />
			)}
			{list && scope.may('crm-export') && (
				<Hint text={t('export.text')}>
					<a className="icon-btn" href={`/api/crm/export/${list}${query({ workspace: scope.reads })}`} download aria-label={t('export.text')}><Icon name="download" size={18} /></a>
				</Hint>
			)}
			{buttons.map(({ key, act, icon, label, small: alone }) => act === 'lead'
				? <Button key={key} kind="primary" icon={icon} hotkey="N" onClick={actions.newLead}>{t(label)}</Button>
				: alone ? <IconButton key={key} icon={icon} label={t(label)} onClick={() => go.page(act)} />
					: <Button key={key} icon={icon} onClick={() => go.page(act)}>{t(label)}</Button>)}
			{own && <Button kind="primary" icon="plus" hotkey="N" onClick={own.run}>{own.label}</Button>}
		</div>
		</>
	);
}
