/* What can be done with a document: its next step as the one button, the rest in a menu, and the questions that some of them ask. What the server refuses is
   said in its words, and what is missing leads to where it is written. */
import { useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useRef, useState } from 'react';
import { api, newKey, query } from '../../api/client';
import type { Id } from '../../api/types';
import { problemText } from '../../app/problems';
import { type AppSearch, useScope } from '../../app/scope';
import { useT } from '../../i18n';
import { Button, IconButton } from '../../ui/button';
import { copyText } from '../../ui/copy';
import { Menu, type MenuEntry } from '../../ui/menu';
import { toast } from '../../ui/toast';
import { type Doc, docsChanged, listOf, nextStep, type Step } from './model';
import type { Ask } from './asks';

const Repeat = lazy(() => import('../money/repeat').then((module) => ({ default: module.Repeat })));
const Asks = lazy(() => import('./asks').then((module) => ({ default: module.Asks })));

/* `flush`: all that was written is saved, before anything is done with it; `version`: what that came to, which may be news to the page yet */
export function DocActs({ doc, flush, version, onMend, onPreview }: { doc: Doc; flush(): Promise<boolean>; version(): number; onMend(pointer: string): void; onPreview?: (() => void) | undefined }) {
	const t = useT();
	const navigate = useNavigate();
	const { me, may: holds } = useScope();
	const [ask, setAsk] = useState<{ what: Ask; key: number; version: number } | null>(null);
	const [repeats, setRepeats] = useState(false);
	const [busy, setBusy] = useState(false);
	/* pressed twice it is one; what a note offers later is another */
	const key = useRef(newKey());
	const workspace = me.workspaces.find((one) => one.id === doc.workspace_id)?.slug ?? null;
	const to = (path: string) => void navigate({ to: path, search: (old: AppSearch) => (old.workspace ? { workspace: old.workspace } : {}) } as never);
	const asks = async (what: Ask) => { if (await flush()) setAsk((last) => ({ what, key: (last?.key ?? 0) + 1, version: version() })); else toast.error(t('doc.mend_first')); };
	/* one thing done without a question; what it answers leads on */
	const run = async (path: string, done: (reply: { id?: Id; number?: string }) => void, method = 'POST', body: unknown = {}) => {
		if (busy)
			return;
		setBusy(true);
		try {
			if (await flush()) {
				const reply = await api<{ id?: Id; number?: string } | undefined>(method, path, method === 'DELETE' ? { key: key.current } : { body, key: key.current });
				await docsChanged();
				done(reply ?? {});
			} else
				toast.error(t('doc.mend_first'));
		} catch (fault) {
			toast.error(t('doc.not_done'), problemText(fault));
		}
		key.current = newKey();
		setBusy(false);
	};
	const at = `/api/crm/documents/${doc.id}`;
	const restore = () => run(`${at}/restore${query({ workspace })}`, () => toast.ok(t('doc.is_back')));
	const steps: Record<Exclude<Step, 'none'>, { label: string; icon: 'send' | 'check' | 'pdf' | 'coins' | 'bell' | 'pencil' | 'arrow' | 'lock'; act(): void }> = {
		send: { label: t(doc.kind === 'quote' ? 'doc.send' : doc.state === 'draft' ? 'doc.finalise_send' : 'doc.send'), icon: 'send', act: () => void asks('send') },
		finalise: { label: t('doc.finalise'), icon: 'lock', act: () => void asks('finalise') },
		accept: { label: t('doc.accept'), icon: 'check', act: () => void asks('accept') },
		invoice: { label: t('doc.to_invoice'), icon: 'pdf', act: () => void run(`${at}/invoice`, ({ id }) => { if (id) to(`/invoices/${id}`); }) },
		open_invoice: { label: t('doc.open_invoice'), icon: 'arrow', act: () => { const one = doc.invoices[0]; if (one) to(`/invoices/${encodeURIComponent(one.number ?? one.id)}`); } },
		paid: { label: t('doc.mark_paid'), icon: 'coins', act: () => void asks('paid') },
		remind: { label: t('doc.remind'), icon: 'bell', act: () => void asks('remind') },
		revise: { label: t('doc.revise'), icon: 'pencil', act: () => void run(`${at}/revise`, () => toast.ok(t('doc.revised'))) },
	};
	const step = nextStep(doc);
	const next = step === 'none' ? null : steps[step];
	const quote = doc.kind === 'quote', draft = doc.state === 'draft', out = !draft && doc.state !== 'cancelled';
	const entry = (key: string, icon: NonNullable<MenuEntry['icon']>, label: string, onSelect: () => void): MenuEntry => ({ key, icon, label, onSelect });
	const invoiceOpen = doc.kind === 'invoice' && (doc.state === 'sent' || doc.state === 'partly_paid');
	const acts: Array<MenuEntry | false> = [
		quote && doc.state === 'sent' && entry('decline', 'x', t('doc.decline'), () => void asks('decline')),
		quote && doc.state === 'accepted' && step !== 'open_invoice' && entry('deposit', 'coins', t('doc.deposit'), () => void asks('deposit')),
		quote && (doc.state === 'accepted' || doc.state === 'sent') && entry('revise', 'pencil', t('doc.revise'), steps.revise.act),
		quote && doc.state === 'accepted' && !doc.order && entry('order', 'package', t('doc.make_order'), () => void run(`/api/crm/orders${query({ workspace })}`, ({ number }) => toast.ok(number ? t('doc.order_made', { number }) : t('doc.order_made_plain')), 'POST', { document_id: doc.id })),
		!quote && draft && entry('finalise', 'lock', t('doc.finalise'), () => void asks('finalise')),
		invoiceOpen && step !== 'paid' && entry('paid', 'coins', t('doc.mark_paid'), steps.paid.act),
		invoiceOpen && step !== 'remind' && doc.sent_at !== null && doc.reminded < 3 && entry('remind', 'bell', t('doc.remind'), steps.remind.act),
		out && step !== 'send' && entry('again', 'send', t(doc.sent_at ? 'doc.send_again' : 'doc.send'), () => void asks('send')),
		doc.kind === 'invoice' && out && entry('credit', 'refresh', t('doc.credit'), () => void asks('credit')),
		doc.kind === 'invoice' && entry('repeat', 'refresh', t('recur.begin'), () => void flush().then((done) => (done ? setRepeats(true) : toast.error(t('doc.mend_first'))))),
		entry('copy', 'copy', t('doc.duplicate'), () => void run(`${at}/duplicate`, ({ id }) => { if (id) to(`/${listOf(doc.kind === 'credit_note' ? 'invoice' : doc.kind)}/${id}`); })),
		quote && (doc.state === 'sent' || doc.state === 'accepted' || doc.state === 'expired') && entry('cancel', 'lost', t('doc.cancel'), () => void asks('cancel')),
	];
	/* kept as a file, after all that was written is in it */
	const take = (path: string) => void flush().then(() => {
		const link = document.createElement('a');
		link.href = `${at}${path}`;
		link.download = '';
		link.click();
	});
	const files: Array<MenuEntry | false> = [
		onPreview ? entry('preview', 'eye', t('doc.preview'), onPreview) : false,
		entry('pdf', 'pdf', t('doc.open_pdf'), () => void flush().then(() => window.open(`${at}/pdf`, '_blank', 'noopener,noreferrer'))),
		entry('save', 'download', t('doc.download_pdf'), () => take('/pdf?download=1')),
		!quote && entry('ubl', 'api', t('doc.ubl_check'), () => void asks('ubl')),
		Boolean(doc.portal) && entry('link', 'link', t('doc.copy_link'), () => void copyText(location.origin + (doc.portal ?? '')).then((done) => (done ? toast.ok(t('common.copied')) : toast.error(location.origin + (doc.portal ?? ''))))),
		Boolean(doc.portal) && entry('portal', 'external', t('doc.open_portal'), () => void window.open(doc.portal ?? '', '_blank', 'noopener,noreferrer')),
	];
	const removable = !doc.removed_at && (draft ? quote || !doc.number : quote && doc.state !== 'accepted');
	const line = (key: string): MenuEntry => ({ key, kind: 'divider' });
	const only = (list: Array<MenuEntry | false>): MenuEntry[] => list.flatMap((one) => (one ? [one] : []));
	const may = holds('crm-edit');
	if (doc.removed_at)
		return may ? <Button kind="primary" icon="refresh" disabled={busy} onClick={() => void restore()}>{t('doc.restore')}</Button> : null;
	const entries = [...(may ? only(acts) : []), ...(may ? [line('files')] : []), ...only(files), ...(may && removable ? [line('gone'), entry('gone', 'trash', t('doc.remove'), () => void run(at, () => {
		toast.ok(t('doc.is_gone'), { label: t('common.undo'), hotkey: 'Z', run: () => void restore() });
		to(`/${listOf(doc.kind)}`);
	}, 'DELETE'))] : [])];
	return (
		<>
			{may && next && <Button kind="primary" icon={next.icon} disabled={busy} onClick={next.act} data-step={step}>{next.label}</Button>}
			<Menu label={t('doc.more')} align="end" width={268} entries={entries} target={<IconButton icon="dots" label={t('doc.more')} />} />
			<Suspense fallback={null}>{repeats && workspace && <Repeat document={doc} workspace={workspace} onClose={() => setRepeats(false)} />}{ask && <Asks key={ask.key} what={ask.what} doc={ask.version > doc.version ? { ...doc, version: ask.version } : doc} onMend={onMend} onClose={() => setAsk((now) => (now?.key === ask.key ? null : now))} onOpen={(id) => to(`/invoices/${id}`)} />}</Suspense>
		</>
	);
}
