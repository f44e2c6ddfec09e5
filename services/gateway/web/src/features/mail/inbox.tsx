/* The inbox: what came in and belongs to nothing yet, and what was set aside. A mail that somebody has as a file is brought here. */
import { useRef, useState } from 'react';
import { api, query } from '../../api/client';
import type { Workspace } from '../../api/types';
import { problemText } from '../../app/problems';
import { useAppSearch, useGo, useScope } from '../../app/scope';
import { useT } from '../../i18n';
import { Button } from '../../ui/button';
import { PageHead } from '../../ui/page';
import { Segments } from '../../ui/table';
import { toast } from '../../ui/toast';
import { OfOneWorkspace } from '../settings/one-workspace';
import { mailsChanged, useLiveMails } from './reads';
import { Strays } from './strays';
import '../deals/panel.css';
import './mail.css';

export function InboxPage() {
	const t = useT();
	return <OfOneWorkspace title={t('tab.inbox')} text={t('mail.inbox_choose')} help="inbox">{(workspace) => <Own workspace={workspace} />}</OfOneWorkspace>;
}

function Own({ workspace }: { workspace: Workspace }) {
	const t = useT();
	const go = useGo();
	const { view } = useAppSearch();
	const { mayEdit } = useScope();
	useLiveMails();
	const aside = view === 'aside';
	return (
		<>
			<PageHead title={t('tab.inbox')} sub={t('mail.inbox_sub')} help="inbox">{mayEdit(workspace.id) && <Bring workspace={workspace} />}</PageHead>
			<div className="page-body scroll"><div className="page-narrow">
				<Segments label={t('mail.which')} value={aside ? 'aside' : 'waits'} choices={[{ value: 'waits', label: t('mail.waits') }, { value: 'aside', label: t('mail.aside') }]} onChange={(value) => go.search({ view: value === 'aside' ? 'aside' : undefined }, true)} />
				<Strays key={String(aside)} workspace={workspace} aside={aside} />
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
