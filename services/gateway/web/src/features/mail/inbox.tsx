/* The inbox: conversations in which somebody waits, what came in and belongs to nothing yet, and what was set aside. A mail that somebody has as a file is
   brought here. */
import { useId, useRef, useState } from 'react';
import { api, query } from '../../api/client';
import type { Workspace } from '../../api/types';
import { problemText } from '../../app/problems';
import { useAppSearch, useGo, useScope } from '../../app/scope';
import { useT } from '../../i18n';
import { TabPanel, Tabs } from '../../ui/bits';
import { Button } from '../../ui/button';
import { PageHead } from '../../ui/page';
import { Segments } from '../../ui/table';
import { toast } from '../../ui/toast';
import { OfOneWorkspace } from '../settings/one-workspace';
import { mailsChanged, useLiveMails, useMailCounts } from './reads';
import { Strays } from './strays';
import { Threads } from './threads';
import '../deals/panel.css';
import './mail.css';

export function InboxPage() {
	const t = useT();
	return <OfOneWorkspace title={t('tab.inbox')} text={t('mail.inbox_choose')} help="inbox">{(workspace) => <Own workspace={workspace} />}</OfOneWorkspace>;
}

function Own({ workspace }: { workspace: Workspace }) {
	const t = useT();
	const go = useGo();
	const idBase = useId();
	const { view } = useAppSearch();
	const { mayEdit } = useScope();
	const counts = useMailCounts(workspace.slug, true);
	useLiveMails();
	const aside = view === 'aside';
	const active = aside || view === 'unmatched' ? 'unmatched' : 'threads';
	const count = (n: number | undefined) => (n ? { count: n } : {});
	const show = (next: string | undefined) => go.search({ view: next, status: undefined }, true);
	return (
		<>
			<PageHead title={t('tab.inbox')} sub={t('mail.inbox_sub')} help="inbox">{mayEdit(workspace.id) && <Bring workspace={workspace} />}</PageHead>
			<div className="page-body scroll"><div className="page-narrow">
				<Tabs label={t('mail.inbox_tabs')} idBase={idBase} active={active} onSelect={(key) => show(key === 'threads' ? undefined : key)} tabs={[{ key: 'threads', label: t('mail.threads'), ...count(counts?.open) }, { key: 'unmatched', label: t('mail.unmatched'), ...count(counts?.unmatched) }]} />
				<TabPanel idBase={idBase} tab={active}>
					{active === 'threads' && <Threads workspace={workspace} />}
					{active === 'unmatched' && <>
						<div className="bar mail-which"><Segments label={t('mail.which')} value={aside ? 'aside' : 'waits'} choices={[{ value: 'waits', label: t('mail.waits') }, { value: 'aside', label: t('mail.aside') }]} onChange={(value) => show(value === 'aside' ? 'aside' : 'unmatched')} /></div>
						<Strays key={String(aside)} workspace={workspace} aside={aside} />
					</>}
				</TabPanel>
			</div></div>
		</>
	);
}

/* a mail as a file: it is read and matched as one that came by itself */
function Bring({ workspace }: { workspace: Workspace }) {
	const t = useT();
	const field = useRef<HTMLInputElement>(null);
	const [waits, setWaits] = useState(false);
	const put = async (files: File[]) => {
		setWaits(true);
		for (const file of files)
			try {
				await api('POST', `/api/crm/mails/upload${query({ workspace: workspace.slug })}`, { bytes: new Blob([file], { type: 'message/rfc822' }) });
				toast.ok(t('mail.brought', { name: file.name }));
			} catch (fault) {
				toast.error(t('mail.not_brought', { name: file.name }), problemText(fault));
			}
		await mailsChanged();
		setWaits(false);
	};
	return (
		<>
			<input ref={field} type="file" multiple hidden accept=".eml,message/rfc822" aria-label={t('mail.bring')} onChange={(event) => { const files = [...(event.currentTarget.files ?? [])]; event.currentTarget.value = ''; void put(files); }} />
			<Button icon="import" disabled={waits} onClick={() => field.current?.click()}>{t('mail.bring')}</Button>
		</>
	);
}
