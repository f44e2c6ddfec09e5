/* The templates of a workspace: mails that are written once and sent often. A list, live; one is changed, removed and put back. */
import { lazy, Suspense, useState } from 'react';
import { api } from '../../api/client';
import type { Workspace } from '../../api/types';
import { problemText } from '../../app/problems';
import { useScope } from '../../app/scope';
import { useT } from '../../i18n';
import { Empty, Skeleton } from '../../ui/bits';
import { Button, IconButton } from '../../ui/button';
import { Confirm } from '../../ui/confirm';
import { Icon } from '../../ui/icons';
import { Menu, type MenuEntry } from '../../ui/menu';
import { HelpMore, PageHead } from '../../ui/page';
import { toast } from '../../ui/toast';
import { OfOneWorkspace } from '../settings/one-workspace';
import { LANGUAGES, type Template, templatesChanged, useTemplates } from './model';
import '../settings/settings.css';
import './templates.css';

const TemplateDialog = lazy(() => import('./dialog').then((module) => ({ default: module.TemplateDialog })));

export function TemplatesPage() {
	const t = useT();
	return <OfOneWorkspace title={t('tab.email_templates')} text={t('templates.choose_workspace')} help="templates">{(workspace) => <Own workspace={workspace} />}</OfOneWorkspace>;
}

function Own({ workspace }: { workspace: Workspace }) {
	const t = useT();
	const { mayEdit, may, me } = useScope();
	const { data, error, refetch } = useTemplates(workspace.slug);
	const [template, setTemplate] = useState<Template | null>(null);
	const [open, setOpen] = useState(false);
	const [asked, setAsked] = useState(0);
	const [gone, setGone] = useState<Template | null>(null);
	const [busy, setBusy] = useState(false);
	const begin = (next: Template | null) => { setTemplate(next); setAsked((old) => old + 1); setOpen(true); };
	const makes = mayEdit(workspace.id);
	const add = makes && <Button kind="primary" icon="plus" onClick={() => begin(null)}>{t('templates.add')}</Button>;
	const back = async (one: Template) => {
		try {
			await api('POST', `/api/crm/mail/templates/${one.id}/restore`, { body: {} });
			toast.ok(t('templates.is_back', { name: one.name }));
		} catch (reason) {
			toast.error(problemText(reason));
		}
		await templatesChanged();
	};
	const remove = async () => {
		if (!gone)
			return;
		setBusy(true);
		try {
			await api('DELETE', `/api/crm/mail/templates/${gone.id}`, {});
			toast.ok(t('templates.removed', { name: gone.name }), { label: t('templates.back'), run: () => void back(gone) });
			setGone(null);
		} catch (reason) {
			toast.error(problemText(reason));
		}
		await templatesChanged();
		setBusy(false);
	};
	const mine = (one: Template) => makes && (one.created_by === me.user.id || may('crm-settings'));
	const entries = (one: Template): MenuEntry[] => [
		{ key: 'edit', icon: 'pencil', label: t('templates.edit'), onSelect: () => begin(one) },
		{ key: 'drop', icon: 'trash', label: t('templates.remove'), onSelect: () => setGone(one) },
	];
	return (
		<>
			<PageHead title={t('tab.email_templates')} sub={t('templates.sub')} help="templates">{data && add}</PageHead>
			{error && !data && <Empty icon="alert" title={t('templates.failed')}><p>{problemText(error)}</p><Button icon="refresh" onClick={() => void refetch()}>{t('error.retry')}</Button></Empty>}
			{data && !data.length && <Empty icon="mail" title={t('templates.empty')}><p>{t('templates.empty_text')}</p>{add}<HelpMore page="templates" /></Empty>}
			{(data ? data.length > 0 : !error) && (
				<div className="page-body scroll"><div className="page-narrow">
					{!data && <div aria-hidden="true"><Skeleton h={220} style={{ borderRadius: 10 }} /></div>}
					{data && (
						<ul className="rows">
							{data.map((one) => (
								<li key={one.id} data-template={one.id}>
									<span className="row-icon"><Icon name="mail" size={18} /></span>
									<span className="row-text">
										{mine(one) ? <button type="button" className="link tpl-name" onClick={() => begin(one)}><b>{one.name}</b></button> : <b>{one.name}</b>}
										<span className="muted">{LANGUAGES.filter((language) => one[`text_${language}`]).map((language) => t(`template_language.${language}`)).join(' · ')}{one.transactional ? ` · ${t('templates.needed')}` : ''}</span>
									</span>
									{mine(one) && <Menu label={t('templates.more', { name: one.name })} align="end" entries={entries(one)} target={<IconButton icon="dots" label={t('templates.more', { name: one.name })} />} />}
								</li>
							))}
						</ul>
					)}
				</div></div>
			)}
			{asked > 0 && <Suspense fallback={null}><TemplateDialog key={asked} workspace={workspace} template={template} opened={open} onClose={() => setOpen(false)} /></Suspense>}
			<Confirm opened={gone !== null} onClose={() => setGone(null)} title={t('templates.remove_sure', { name: gone?.name ?? '' })} text={t('templates.remove_text')} yes={t('templates.remove')} onYes={() => void remove()} busy={busy} danger />
		</>
	);
}
