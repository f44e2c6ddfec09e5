/* A quote, an invoice or a credit note on its page: its number and how far it is, the one next step, what stands on it (a draft is written here), how the
   customer gets it, and what became of it. The address says which, by number or id, and which side is shown. */
import { useParams } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useId, useMemo, useRef, useState } from 'react';
import { api, Problem } from '../../api/client';
import { problemText } from '../../app/problems';
import { useAppSearch, useGo, useScope } from '../../app/scope';
import { useT } from '../../i18n';
import { Empty, Skeleton, TabPanel, Tabs } from '../../ui/bits';
import { Button } from '../../ui/button';
import { Icon } from '../../ui/icons';
import { HelpLink, useTitle } from '../../ui/page';
import { useNarrow } from '../../ui/width';
import { DocActs } from './acts';
import { DocDraft, rowOf } from './draft';
import { Editor, SavedMark, TotalMark, useDraft } from './editor';
import { type Doc, docsChanged, placeOf, readDoc, useDoc, useLiveDocs } from './model';
import { Paper } from './paper';
import { DueText, StateMark } from './parts';
import { Side } from './side';
import { keepUnsaved, readUnsaved } from './unsaved';
import '../deals/panel.css';
import './documents.css';
import './document.css';

const Preview = lazy(() => import('./preview').then((module) => ({ default: module.Preview })));

export function DocumentPage() {
	const t = useT();
	const go = useGo();
	const { document: id } = useParams({ strict: false }) as { document: string };
	const { reads } = useScope();
	const { data, error, refetch } = useDoc(id, reads);
	useLiveDocs();
	const quotes = location.pathname.startsWith('/quotes');
	useTitle(data ? data.number ?? data.title ?? t('doc_state.draft') : t(quotes ? 'tab.quotes' : 'tab.invoices'));
	/* the number, which people know, is its address as soon as it has one */
	const place = data ? placeOf(data) : null;
	useEffect(() => {
		if (place && decodeURIComponent(location.pathname) !== decodeURIComponent(place))
			go.anywhere(place, true);
	}, [place, go]);
	const gone = error instanceof Problem && error.status === 404;
	if (data && !gone)
		return <Whole key={data.id} doc={data} />;
	if (!error)
		return <div className="leads-page" aria-busy="true"><header className="page-head"><div className="page-title"><Skeleton w={220} h={24} /></div></header><div className="whole-wait"><Skeleton h={120} style={{ borderRadius: 10 }} /><Skeleton h={320} style={{ borderRadius: 10 }} /></div></div>;
	return (
		<Empty icon={gone ? 'search' : 'alert'} title={t(gone ? 'doc.gone' : 'doc.failed')}>
			<p>{gone ? t('doc.gone_text') : problemText(error)}</p>
			{gone ? <Button onClick={() => go.anywhere(quotes ? '/quotes' : '/invoices')}>{t(quotes ? 'quotes.to_list' : 'invoices.to_list')}</Button> : <Button icon="refresh" onClick={() => void refetch()}>{t('error.retry')}</Button>}
		</Empty>
	);
}

/* where a figure or a word is written: the form's field, or the settings of who sends it */
function mend(pointer: string, go: ReturnType<typeof useGo>, draft: DocDraft | null): void {
	const seller = /^\/(seller|company)/.test(pointer);
	if (seller) {
		go.anywhere('/settings/company');
		return;
	}
	/* the rows that nobody wrote in are not counted by who found it */
	const line = draft && rowOf(draft.now().words.lines, pointer);
	const buyer = /^\/buyer(?:\/(\w+))?$/.exec(pointer);
	const reach = (selector: string) => { const field = document.querySelector<HTMLElement>(selector); field?.scrollIntoView({ block: 'center' }); field?.focus(); return field !== null; };
	if (line)
		reach(`[data-line="${line.key}"] [data-field="${line.field === 'category' ? 'rate' : line.field}"]`);
	else if (buyer) {
		const field = `[name="buyer_${buyer[1] ?? 'name'}"]`;
		if (!reach(field)) {
			document.querySelector<HTMLElement>('.doc-buyer [aria-expanded="false"]')?.click();
			setTimeout(() => { if (!reach(field)) reach('.doc-top input[role=combobox]'); }, 60);
		}
	} else {
		const name = pointer.split('/')[1] ?? '';
		if (name === 'lines' && reach('.doc-line[data-line] [data-field="name"]'))
			return;
		document.querySelector<HTMLDetailsElement>(`details:has([name="${name}"])`)?.setAttribute('open', '');
		reach(`.doc-editor [name="${name}"], .doc-editor [data-field="doc_${name}"]`);
	}
}

function useDocDraft(doc: Doc): DocDraft | null {
	const { me, mayEdit } = useScope();
	const user = me.user.id;
	const writes = doc.state === 'draft' && !doc.removed_at && mayEdit(doc.workspace_id);
	/* a quote that is opened again is another draft */
	const sign = `${doc.id} ${doc.revision} ${writes}`;
	const draft = useMemo(() => (writes ? new DocDraft(doc, {
		save: (body) => api<{ version: number }>('PUT', `/api/crm/documents/${doc.id}`, { body, keepalive: JSON.stringify(body).length < 60_000 }),
		read: () => readDoc(doc.id),
		keep: (unsaved) => keepUnsaved(user, doc.id, unsaved),
	}, readUnsaved(user, doc.id)) : null), [sign]); // eslint-disable-line react-hooks/exhaustive-deps
	useEffect(() => { draft?.heard(doc); }, [draft, doc]);
	const done = doc.state !== 'draft';
	useEffect(() => { if (done) keepUnsaved(user, doc.id, null); }, [done, user, doc.id]);
	useEffect(() => {
		const leave = () => draft?.close(), online = () => draft?.online();
		addEventListener('pagehide', leave);
		addEventListener('online', online);
		return () => {
			removeEventListener('pagehide', leave);
			removeEventListener('online', online);
			leave();
			void docsChanged();
		};
	}, [draft]);
	return draft;
}

function Whole({ doc }: { doc: Doc }) {
	const t = useT();
	const go = useGo();
	const idBase = useId();
	const { mayEdit, formats } = useScope();
	const { view } = useAppSearch();
	const narrow = useNarrow(1180);
	const draft = useDocDraft(doc);
	const [looks, setLooks] = useState(true);
	const main = useRef<HTMLDivElement>(null);
	const may = mayEdit(doc.workspace_id);
	const kind = t(`doc_kind.${doc.kind}`);
	const name = doc.number ?? t('doc.draft_of', { kind });
	const quotes = doc.kind === 'quote';
	const tabs = [...(narrow ? [{ key: 'text', label: t(draft ? 'doc.edit' : 'doc.text') }] : []), { key: 'preview', label: t('doc.preview') }, { key: 'about', label: t('doc.course') }];
	const first = narrow ? 'text' : draft ? 'preview' : 'about';
	const active = tabs.some((one) => one.key === view) ? (view as string) : first;
	const show = (key: string) => go.search({ view: key === first ? undefined : key }, true);
	const text = draft ? <Editor doc={doc} draft={draft} /> : <Paper doc={doc} />;
	const facts = [
		doc.title, doc.buyer?.name ?? doc.name,
		doc.accepted_at && quotes ? t('doc.accepted_on', { name: doc.accepted_by ?? '', day: formats.date(doc.accepted_at) }) : doc.sent_at ? t('doc.sent_on', { day: formats.date(doc.sent_at) }) : null,
		doc.seen_at && !doc.accepted_at ? t('doc.seen_on', { moment: formats.moment(doc.seen_at) }) : null,
	].filter(Boolean);
	return (
		<div className="leads-page doc-page">
			<header className="page-head doc-head">
				<div className="page-title">
					<div className="title-line"><h1 className={doc.number ? 'num' : undefined}>{name}</h1><StateMark doc={doc} />{doc.kind === 'credit_note' && <span className="tag tag-accent">{kind}</span>}{doc.revision > 1 && <span className="tag">{t('doc.revision', { number: doc.revision })}</span>}{quotes ? <HelpLink page="quotes" title={kind} /> : <HelpLink page="invoices" title={kind} />}{draft && <TotalMark draft={draft} />}</div>
					<p className="page-sub doc-sub">{facts.map((one, at) => <span key={at}>{at > 0 && ' · '}{one}</span>)}{doc.overdue && <>{facts.length > 0 && ' · '}<DueText doc={doc} /></>}</p>
				</div>
				<div className="panel-actions">
					{draft && <SavedMark draft={draft} onRead={() => void docsChanged()} />}
					<DocActs doc={doc} flush={() => draft?.save() ?? Promise.resolve(true)} version={() => draft?.now().version ?? doc.version} onMend={(pointer) => { if (narrow) show('text'); setTimeout(() => mend(pointer, go, draft), 50); }} onPreview={narrow || active === 'preview' ? undefined : () => { setLooks(true); show('preview'); }} />
				</div>
			</header>
			{doc.removed_at && <p className="doc-gone" role="status"><Icon name="trash" /> {t('doc.lies_in_trash')}</p>}
			{quotes && doc.state === 'draft' && doc.revision > 1 && <p className="doc-gone" role="status"><Icon name="info" /> {t('doc.revision_text')}</p>}
			<div className={narrow ? 'doc-columns doc-narrow' : looks ? 'doc-columns' : 'doc-columns doc-alone'}>
				{!narrow && <div ref={main} className="doc-main scroll" tabIndex={-1}>{text}</div>}
				<div className="doc-beside">
					<Tabs tabs={tabs} active={active} idBase={idBase} label={t('doc.views')} onSelect={show} />
					<TabPanel idBase={idBase} tab={active} className={active === 'preview' ? 'doc-look' : 'panel-tab scroll'}>
						{active === 'text' && text}
						{active === 'preview' && <Suspense fallback={null}><Look doc={doc} draft={draft} title={name} /></Suspense>}
						{active === 'about' && <Side doc={doc} may={may} />}
					</TabPanel>
				</div>
			</div>
		</div>
	);
}

/* of a draft: as it was saved last */
function Look({ doc, draft, title }: { doc: Doc; draft: DocDraft | null; title: string }) {
	return draft ? <LookOfDraft doc={doc} draft={draft} title={title} /> : <Preview id={doc.id} version={doc.version} title={title} />;
}
function LookOfDraft({ doc, draft, title }: { doc: Doc; draft: DocDraft; title: string }) {
	const { version } = useDraft(draft);
	return <Preview id={doc.id} version={version} title={title} />;
}

