/* A mail being written: to whom, about what, with which files of the record, now or later. It goes ten seconds after it is sent; the toast takes it back into
   the form. Never sends a text that the one who sends it did not see: a template is filled in before, in the form itself. */
import { type FormEvent, Fragment, lazy, Suspense, useEffect, useId, useRef, useState } from 'react';
import { api, newKey, Problem, query } from '../../api/client';
import { keys, queryClient, useFiles } from '../../api/queries';
import type { Id } from '../../api/types';
import { fieldFaults, problemText } from '../../app/problems';
import { useScope } from '../../app/scope';
import { useT } from '../../i18n';
import { addDays, instantOf, wallOf } from '../../lib/zone';
import { Button, IconButton } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { Check, Framed, TextField, useFocusWrong } from '../../ui/field';
import { Icon } from '../../ui/icons';
import { Menu, type MenuEntry } from '../../ui/menu';
import { Fault } from '../../ui/page';
import type { MentionHandle } from '../mentions/field';
import { toolKey } from '../mentions/tool-key';
import { type Draft, type MailAsk, unsent, unsentKey, useSenders } from './ask';
import { Chips } from './chips';
import { type Address, addressesOf, addressGood, attachable, FILES_MOST, joined, partsOf, signed, sizeOf } from './model';
import { pictureIn, withoutPicture } from './pictures';
import { mailsChanged } from './reads';
import { sentToast } from './sent';
import '../templates/templates.css';
import './mail.css';

const TextTools = lazy(() => import('../mentions/tools').then((module) => ({ default: module.TextTools }), () => ({ default: () => <></> })));
const Templates = lazy(() => import('./template-menu').then((module) => ({ default: module.Templates })));
const Signature = lazy(() => import('./signature').then((module) => ({ default: module.Signature })));
const Written = lazy(() => import('./written').then((module) => ({ default: module.Written })));

/* in each of the three lines, and of files: the server's own limits */
const PEOPLE_MOST = 50, FILE_COUNT_MOST = 20;

const blank = (day: string): Draft => ({ to: [], cc: [], bcc: [], subject: '', text: '', files: [], template: null, news: false, later: false, day, time: '09:00', from: null, reply: null, bare: false });
const hasWords = (draft: Draft): boolean => draft.text.trim() !== '' || draft.files.length > 0;

export function Composer({ asked, onClosed }: { asked: MailAsk; onClosed(): void }) {
	const t = useT();
	const [opened, setOpened] = useState(true);
	const latest = useRef<Draft | null>(null);
	const gone = useRef(false);
	/* what was written is not lost with a slip of the hand */
	const keep = () => {
		if (latest.current && hasWords(latest.current))
			unsent.set(unsentKey(asked), latest.current);
	};
	/* nor where another takes its place: one that is taken back while this is written */
	useEffect(() => () => { if (!gone.current) keep(); }, []); // eslint-disable-line react-hooks/exhaustive-deps
	const close = () => {
		if (gone.current)
			return;
		gone.current = true;
		keep();
		setOpened(false);
		setTimeout(onClosed, 150);
	};
	const done = () => {
		latest.current = null;
		unsent.delete(unsentKey(asked));
		close();
	};
	return (
		<Dialog opened={opened} onClose={close} title={t(asked.draft.reply ? 'mail.answer' : 'mail.new')} closeLabel={t('common.close')} size={760}>
			<Form asked={asked} latest={latest} onClose={close} onDone={done} />
		</Dialog>
	);
}

function Form({ asked, latest, onClose, onDone }: { asked: MailAsk; latest: React.RefObject<Draft | null>; onClose(): void; onDone(): void }) {
	const t = useT();
	const textId = useId();
	const { me, zone, formats } = useScope();
	const { about, workspaceId } = asked;
	const workspace = me.workspaces.find((one) => one.id === workspaceId)?.slug ?? '';
	const today = wallOf(Date.now(), zone).day;
	const [kept] = useState(() => (asked.draft.text === undefined ? unsent.get(unsentKey(asked)) : undefined));
	const [draft, setDraft] = useState<Draft>(() => ({ ...blank(addDays(today, 1)), ...(kept ?? asked.draft) }));
	const [typed, setTyped] = useState({ to: '', cc: '', bcc: '' });
	const [others, setOthers] = useState(draft.cc.length > 0 || draft.bcc.length > 0);
	const [look, setLook] = useState(false);
	const [empty, setEmpty] = useState<string[]>([]);
	const [faults, setFaults] = useState<Record<string, string>>({});
	const [busy, setBusy] = useState(false);
	const key = useRef(newKey());
	const area = useRef<HTMLTextAreaElement>(null);
	/* the tools know a field by its handle */
	const field = useRef<MentionHandle>({ focus: () => area.current?.focus(), get area() { return area.current; }, ask: () => false });
	const form = useFocusWrong(faults);
	const senders = useSenders(workspaceId) ?? [];
	const from = senders.find((one) => one.id === draft.from) ?? senders.find((one) => one.is_default) ?? senders[0];
	const signature = me.user.signature ?? '';
	/* what goes */
	const words = draft.bare ? draft.text : signed(draft.text, signature);
	latest.current = draft;
	const set = (change: Partial<Draft>) => {
		key.current = newKey(); /* another text is another mail */
		setDraft((old) => ({ ...old, ...change }));
		setFaults({});
	};
	const begin = () => {
		unsent.delete(unsentKey(asked));
		setDraft({ ...blank(addDays(today, 1)), ...asked.draft });
	};

	const { data: files } = useFiles(about.id, about.kind);
	const chosen = attachable(files ?? []).filter((one) => draft.files.includes(one.id));
	/* nor does it stand in the text */
	const leave = ({ id, name }: { id: Id; name: string }) => set({ files: draft.files.filter((other) => other !== id), text: withoutPicture(draft.text, { name }) });

	const people = (kind: 'to' | 'cc' | 'bcc'): Address[] => joined(draft[kind], addressesOf(typed[kind]));
	const submit = async (event: FormEvent) => {
		event.preventDefault();
		const to = people('to'), cc = people('cc'), bcc = people('bcc');
		const bad = (list: Address[]) => list.find((one) => !addressGood(one.email));
		const at = draft.later ? instantOf(draft.day, draft.time || '09:00', zone) : null;
		const found: Record<string, string> = {
			...(!to.length ? { to: t('mail.to_whom') } : {}),
			...Object.fromEntries(Object.entries({ to, cc, bcc }).flatMap(([name, list]) => { const one = bad(list); return one ? [[name, t('mail.bad_address', { address: one.email })]] : []; })),
			...(!draft.subject.trim() ? { subject: t('form.required') } : {}),
			...(!draft.text.trim() ? { text: t('form.required') } : {}),
			...(draft.later && !at ? { day: t('form.required') } : draft.later && at && Date.parse(at) < Date.now() ? { day: t('mail.past') } : {}),
			...(Math.max(to.length, cc.length, bcc.length) > PEOPLE_MOST ? { form: t('mail.too_many', { count: PEOPLE_MOST }) } : sizeOf(chosen) > FILES_MOST || chosen.length > FILE_COUNT_MOST ? { form: t('mail.too_large', { count: FILE_COUNT_MOST }) } : {}),
		};
		setFaults(found);
		if (found['cc'] || found['bcc'])
			setOthers(true);
		if (Object.keys(found).length) {
			setLook(false);
			return;
		}
		setBusy(true);
		const whole: Draft = { ...draft, to, cc, bcc };
		const plain = (list: Address[]) => list.map(({ email, name, contact_id }) => ({ email, ...(name ? { name } : {}), ...(contact_id ? { contact_id } : {}) }));
		try {
			const { id } = await api<{ id: Id }>('POST', `/api/crm/mails${query({ workspace })}`, { key: key.current, body: {
				to: plain(to), ...(cc.length ? { cc: plain(cc) } : {}), ...(bcc.length ? { bcc: plain(bcc) } : {}), subject: draft.subject.trim(), text: words, [`${about.kind}_id`]: about.id,
				...(chosen.length ? { files: chosen.map(({ name, type, sha256 }) => ({ name, type, sha256 })) } : {}), ...(draft.reply ? { reply_to_id: draft.reply } : {}), ...(draft.template ? { template_id: draft.template } : {}),
				...(at ? { send_at: at } : {}), ...(draft.news ? { transactional: false } : {}), ...(draft.from ? { mail_account_id: draft.from } : {}),
			} });
			onDone();
			sentToast(id, asked, whole, at, formats);
			void mailsChanged();
			void queryClient.invalidateQueries({ queryKey: keys.timeline(about.id) });
		} catch (fault) {
			setBusy(false);
			if (fault instanceof Problem && fault.status > 0)
				key.current = newKey();
			const parts = partsOf(fault);
			const named = fieldFaults(fault);
			const said = Object.values(named).join(' ') || problemText(fault);
			const places = parts.filter((one) => /^(to|cc|bcc|subject|text)$/.test(one));
			setFaults(places.length ? Object.fromEntries(places.map((one) => [one, said])) : { form: said });
		}
	};

	const chips = (kind: 'to' | 'cc' | 'bcc', label: string, more: { required?: boolean; autoFocus?: boolean; end?: React.ReactNode } = {}) => (
		<Chips name={kind} label={label} value={draft[kind]} onChange={(value) => set({ [kind]: value })} typed={typed[kind]} onTyped={(value) => { setTyped((old) => ({ ...old, [kind]: value })); key.current = newKey(); }} workspace={workspace} error={faults[kind]} {...more} />
	);
	return (
		<form ref={form} className="form form-wide" onSubmit={(event) => void submit(event)} noValidate>
			{faults['form'] && <Fault>{faults['form']}</Fault>}
			{kept && <p className="muted small" role="status">{t('mail.kept')} <button type="button" className="link" onClick={begin}>{t('mail.anew')}</button></p>}
			{chips('to', t('mail.to'), { required: true, autoFocus: !draft.to.length, ...(others ? {} : { end: <Button kind="quiet" onClick={() => setOthers(true)}>{t('mail.copies')}</Button> }) })}
			{others && <div className="two">{chips('cc', t('mail.cc'))}{chips('bcc', t('mail.bcc'))}</div>}
			<TextField label={t('templates.subject')} name="subject" value={draft.subject} onChange={(subject) => set({ subject })} required autoFocus={draft.to.length > 0 && !draft.subject} maxLength={500} autoComplete="off" error={faults['subject']} />
			<Framed id={textId} label={t('templates.text')} error={faults['text']} required>
				<div className="bar mail-bar">
					{!look && <Suspense fallback={<div className="rich-tools" />}><TextTools field={field} without="heading" /></Suspense>}
					<Suspense fallback={null}><Templates asked={asked} draft={draft} workspace={workspace} onTake={(part, names) => { set(part); setEmpty(names); }} /></Suspense>
					<Button kind="quiet" icon={look ? 'pencil' : 'eye'} aria-pressed={look} onClick={() => setLook(!look)}>{t(look ? 'mail.write' : 'mail.look')}</Button>
				</div>
				{look
					? <article id={textId} className="tpl-paper" aria-label={t('mail.look')} tabIndex={0}><b>{draft.subject}</b><Suspense fallback={null}><Written text={words} files={chosen.map((one) => ({ ...one, url: `/api/crm/files/${one.id}?inline=1` }))} /></Suspense></article>
					: <textarea ref={area} id={textId} name="text" className="lw-input mail-text" rows={11} maxLength={100000} value={draft.text} aria-required aria-invalid={faults['text'] ? true : undefined} aria-describedby={faults['text'] ? `${textId}-error` : undefined} data-error={faults['text'] ? true : undefined} data-autofocus={(draft.to.length > 0 && draft.subject !== '') || undefined}
						onChange={(event) => set({ text: event.currentTarget.value })} onKeyDown={(event) => {
							if ((event.ctrlKey || event.metaKey) && event.key === 'Enter')
								form.current?.requestSubmit();
							else
								toolKey(event, field);
						}} />}
			</Framed>
			{signature && !look && <Suspense fallback={null}><Signature text={signature} bare={draft.bare} onChange={(bare) => set({ bare })} /></Suspense>}
			{empty.length > 0 && <p className="muted small" role="status">{t('mail.empty_places', { names: empty.join(', ') })}</p>}
			<div className="tpl-chips">
				<Menu label={t('mail.attach')} width={320} entries={files?.length ? attachable(files).map((one): MenuEntry => ({ key: one.id, kind: 'box', label: one.name, checked: draft.files.includes(one.id), end: <span className="muted num">{formats.size(one.size)}</span>, onSelect: () => (draft.files.includes(one.id) ? leave(one) : set({ files: [...draft.files, one.id] })) })) : [{ key: 'none', disabled: true, label: t('mail.no_files') }]}
					target={<Button icon="clip">{t('mail.attach')}</Button>} />
				{chosen.map((one) => <Fragment key={one.id}>
					<button type="button" className="tpl-chip" aria-label={t('mail.chip', { name: one.name })} onClick={() => leave(one)}>{one.name} <span className="muted num">{formats.size(one.size)}</span> <Icon name="x" size={14} /></button>
					{one.type.startsWith('image/') && !draft.text.includes(pictureIn(one)) && <IconButton icon="photo" label={t('mail.into_text', { name: one.name })} onClick={() => set({ text: `${draft.text.trimEnd()}\n\n![${one.name.replace(/\.\w+$|[\][]/g, '')}${pictureIn(one)}\n`.trimStart() })} />}
				</Fragment>)}
			</div>
			<div className="two">
				<Check label={t('mail.later')} name="later" checked={draft.later} onChange={(later) => set({ later })} />
				<Check label={t('mail.news')} hint={t('mail.news_hint')} name="news" checked={draft.news} onChange={(news) => set({ news })} />
			</div>
			{draft.later && <div className="two">
				<TextField label={t('mail.day')} name="day" type="date" value={draft.day} onChange={(day) => set({ day })} error={faults['day']} required />
				<TextField label={t('follow.time')} name="time" type="time" value={draft.time} onChange={(time) => set({ time })} />
			</div>}
			<div className="dialog-foot">
				{from && <span className="muted small mail-from">{senders.length > 1
					? <Menu label={t('mail.from')} entries={senders.map((one) => ({ key: one.id, label: `${one.name} · ${one.from_email}`, checked: one.id === from.id, onSelect: () => set({ from: one.id }) }))} width={320} target={<Button kind="quiet"><span className="cut">{t('mail.from_who', { name: from.from_email })}</span><Icon name="down" /></Button>} />
					: t('mail.from_who', { name: from.from_email })}{from.state === 'fails' && <> · <span className="tag tag-warn">{t('mail.from_fails')}</span></>}</span>}
				<Button kind="quiet" onClick={onClose}>{t('common.cancel')}</Button>
				<Button kind="primary" icon="send" type="submit" disabled={busy}>{t(draft.later ? 'mail.plan' : 'mail.send')}</Button>
			</div>
		</form>
	);
}
