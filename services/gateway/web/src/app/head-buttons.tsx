/* The buttons beside a page's title, as the workspace's preset names them. The last one that makes a record is the
   primary one and answers to N; what leads to a page that is not there is not shown. */
import { Link } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useT } from '../i18n';
import { query } from '../api/client';
import { Button, Hint, IconButton } from '../ui/button';
import { Icon } from '../ui/icons';
import { Menu } from '../ui/menu';
import { useActions } from './actions';
import { headerOf, maySettings, type Page } from './places';
import { type AppSearch, useGo, useScope } from './scope';

const FORMS = { csv: 'export.csv', vcf: 'export.vcf', jsonl: 'export.jsonl' } as const;
/* lists that leave in several forms, by the filters they stand under */
const TAKEN: Partial<Record<Page, { list: 'contacts' | 'accounts'; forms: ReadonlyArray<'csv' | 'jsonl' | 'vcf'> }>> = {
	'/contacts': { list: 'contacts', forms: ['csv', 'vcf', 'jsonl'] }, '/accounts': { list: 'accounts', forms: ['csv', 'jsonl'] },
};

/* what a page's list is called where it is taken away as a file */
const LISTS: Partial<Record<Page, 'leads' | 'deals'>> = { '/leads': 'leads', '/deals/board': 'deals' };

/* beside a list of records: what looks double, and what was deleted */
const RESTS = [{ to: '/duplicates', icon: 'users', label: 'duplicates.title' }, { to: '/trash', icon: 'trash', label: 'trash.title' }] as const;

/* `own`: the page's own record is made by its own button, and N; `filter`: what its list is asked for */
export function HeadButtons({ here, own, filter }: { here: Page; own?: { label: string; run(): void }; filter?: Record<string, string | null | undefined> }) {
	const t = useT();
	const go = useGo();
	const scope = useScope();
	const actions = useActions();
	const list = LISTS[here], taken = TAKEN[here];
	const make = own?.run;
	useEffect(() => (make ? actions.own(make) : undefined), [actions, make]);
	const fill = scope.mayEdit(scope.workspace?.id);
	const buttons = headerOf(scope.workspaces, here, { make: !own && fill, fill, settings: maySettings(scope) });
	return (
		<div className="page-actions wide-only">
			{here === '/deals/board' && (
				<Hint text={t('past.link')}><Link to={'/deals/past' as never} search={((old: AppSearch) => (old.workspace ? { workspace: old.workspace } : {})) as never} className="icon-btn" aria-label={t('past.link')}><Icon name="history" size={18} /></Link></Hint>
			)}
			{(here === '/contacts' || here === '/accounts') && RESTS.map(({ to, icon, label }) => (
				<Hint key={to} text={t(label)}><Link to={to as never} search={((old: AppSearch) => ({ ...(old.workspace ? { workspace: old.workspace } : {}), of: here === '/accounts' ? 'account' : to === '/trash' ? 'contact' : undefined })) as never} className="icon-btn" aria-label={t(label)}><Icon name={icon} size={18} /></Link></Hint>
			))}
			{/* a file of people is brought in from their list, also where the preset names no button for it */}
			{here === '/contacts' && fill && !buttons.some(({ act }) => act === '/crm/import') && <IconButton icon="import" label={t('header.import')} onClick={() => go.page('/crm/import')} />}
			{taken && scope.may('crm-export') && (
				<Menu label={t('export.menu')} align="end" target={<IconButton icon="download" label={t('export.menu')} />}
					entries={taken.forms.map((form) => ({ key: form, label: t(FORMS[form]), onSelect: () => window.location.assign(`/api/crm/export/${taken.list}${query({ workspace: scope.reads, ...filter, format: form })}`) }))} />
			)}
			{list && scope.may('crm-export') && (
				<Hint text={t('export.text')}>
					<a className="icon-btn" href={`/api/crm/export/${list}${query({ workspace: scope.reads })}`} download aria-label={t('export.text')}><Icon name="download" size={18} /></a>
				</Hint>
			)}
			{buttons.map(({ key, act, icon, label, small }) => act === 'lead'
				? <Button key={key} kind="primary" icon={icon} hotkey="N" onClick={actions.newLead}>{t(label)}</Button>
				: small ? <IconButton key={key} icon={icon} label={t(label)} onClick={() => go.page(act)} />
					: <Button key={key} icon={icon} onClick={() => go.page(act)}>{t(label)}</Button>)}
			{own && <Button kind="primary" icon="plus" hotkey="N" onClick={own.run}>{own.label}</Button>}
		</div>
	);
}
