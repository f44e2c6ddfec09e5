/* The questions before something is done with a document: to whom it goes, who said yes, what came in, what is credited. Each keeps its answer when the server
   refuses it, and says why. */
import { type FormEvent, type ReactNode, useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { api, newKey, Problem } from '../../api/client';
import type { Id } from '../../api/types';
import { fieldFaults, problemText } from '../../app/problems';
import { useScope } from '../../app/scope';
import { sayValue, useLanguage, useT } from '../../i18n';
import { readAmount, readNumber } from '../../lib/money';
import { Skeleton } from '../../ui/bits';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { Icon } from '../../ui/icons';
import { Fault } from '../../ui/page';
import { toast } from '../../ui/toast';
import { addressesOf, addressGood } from '../mail/model';
import { Check, TextArea, TextField } from './fields';
import { type Doc, docsChanged, type Problem as Broken } from './model';
import { useShown } from './parts';
import './asks.css';

export type Ask = 'send' | 'finalise' | 'accept' | 'decline' | 'deposit' | 'paid' | 'remind' | 'credit' | 'cancel' | 'ubl';
interface Props { doc: Doc; onMend(pointer: string): void; onClose(): void; onOpen(id: Id): void }

export function Asks({ what, ...props }: Props & { what: Ask }) {
	switch (what) {
	case 'send': return <Send {...props} />;
	case 'finalise': return <Finalise {...props} />;
	case 'accept': return <Accept {...props} />;
	case 'decline': return <Decline {...props} />;
	case 'deposit': return <Deposit {...props} />;
	case 'paid': return <Paid {...props} />;
	case 'remind': return <Remind {...props} />;
	case 'credit': return <Credit {...props} />;
	case 'cancel': return <Cancel {...props} />;
	case 'ubl': return <Ubl {...props} />;
	}
}

/* one that is asked, answered once, and closed: `body` null means that something in the form is wrong */
function useAnswer(doc: Doc, path: string, done: (reply: { id?: Id }) => void, onClose: () => void) {
	const [opened, setOpened] = useState(true);
	const [busy, setBusy] = useState(false);
	const [fault, setFault] = useState<unknown>(null);
	const [key] = useState(newKey);
	const close = () => {
		setOpened(false);
		setTimeout(onClose, 150);
	};
	const send = async (body: Record<string, unknown>, at = `/api/crm/documents/${doc.id}/${path}`) => {
		if (busy)
			return;
		setBusy(true);
		setFault(null);
		try {
			const reply = await api<{ id?: Id } | undefined>('POST', at, { body, key: fault ? newKey() : key });
			await docsChanged();
			close();
			done(reply ?? {});
		} catch (reason) {
			setFault(reason);
			await docsChanged();
			setBusy(false);
		}
	};
	return { opened, close, busy, fault, send };
}
type Answer = ReturnType<typeof useAnswer>;

/* in words: /buyer/street, /lines/2/price */
const missingOf = (pointer: string): string | null => {
	const key = pointer.slice(1).replace(/^lines\/.*/, 'lines').replace('/', '_');
	const said = sayValue('doc_missing', key);
	return said === key ? null : said;
};

/* what is missing, each with its way to where it is written */
function Missing({ fault, onMend, close }: { fault: unknown; onMend(pointer: string): void; close(): void }) {
	const t = useT();
	if (!fault)
		return null;
	const fields = fault instanceof Problem ? fault.fields : [];
	return (
		<Fault>
			{problemText(fault)}
			{fields.length > 0 && <ul className="doc-missing">{fields.map((one) => <li key={one.pointer}><button type="button" className="link" onClick={() => { close(); setTimeout(() => onMend(one.pointer), 200); }}>{missingOf(one.pointer) ?? (one.detail || t('doc.mend_field'))}</button></li>)}</ul>}
		</Fault>
	);
}

function Box({ answer, title, size, onMend, children, yes, icon, onYes, danger }: { answer: Answer; title: string; size?: number; onMend(pointer: string): void; children?: ReactNode; yes: string; icon?: 'send' | 'check' | 'coins' | 'bell' | 'lock' | 'refresh'; onYes(): void; danger?: boolean }) {
	const t = useT();
	return (
		<Dialog opened={answer.opened} onClose={answer.close} title={title} closeLabel={t('common.close')} {...(size ? { size } : {})}>
			<form className="form form-wide" onSubmit={(event: FormEvent) => { event.preventDefault(); onYes(); }} noValidate>
				<Missing fault={answer.fault} onMend={onMend} close={answer.close} />
				{children}
				<div className="dialog-foot">
					<Button kind="quiet" onClick={answer.close}>{t('common.cancel')}</Button>
					<Button kind="primary" type="submit" {...(icon ? { icon } : {})} className={danger ? 'btn-danger' : undefined} disabled={answer.busy}>{yes}</Button>
				</div>
			</form>
		</Dialog>
	);
}

function Send({ doc, onMend, onClose }: Props) {
	const t = useT();
	const name = doc.number ?? t(`doc_kind.${doc.kind}`);
	const [mail, setMail] = useState(true);
	const answer = useAnswer(doc, 'send', () => toast.ok(mail ? t('doc.going', { name }) : t('doc.marked_sent', { name })), onClose);
	const [to, setTo] = useState(doc.buyer?.email ?? '');
	const [subject, setSubject] = useState('');
	const [text, setText] = useState('');
	const [ubl, setUbl] = useState(doc.kind !== 'quote');
	const [wrong, setWrong] = useState<string | null>(null);
	const yes = () => {
		const addresses = addressesOf(to);
		if (mail && (!addresses.length || addresses.some((one) => !addressGood(one.email)))) {
			setWrong(t(addresses.length ? 'doc.to_wrong' : 'doc.to_missing'));
			return;
		}
		setWrong(null);
		void answer.send(mail ? { version: doc.version, to: addresses.map(({ email, name: who }) => ({ email, ...(who ? { name: who } : {}) })), ...(subject.trim() ? { subject: subject.trim() } : {}), ...(text.trim() ? { text: text.trim() } : {}), ...(doc.kind === 'quote' ? {} : { ubl }) } : { version: doc.version, mail: false });
	};
	const final = doc.kind !== 'quote' && doc.state === 'draft';
	return (
		<Box answer={answer} title={t(doc.sent_at ? 'doc.send_again_ask' : 'doc.send_ask', { name })} size={620} onMend={onMend} yes={t(mail ? (final ? 'doc.finalise_send' : 'doc.send') : 'doc.mark_sent')} icon="send" onYes={yes}>
			{final && <p className="doc-note"><Icon name="lock" /> {t('doc.finalise_text')}</p>}
			{mail && <>
				<TextField label={t('doc.to')} name="to" value={to} onChange={setTo} error={wrong} autoFocus placeholder="naam@bedrijf.nl" hint={t('doc.to_hint')} />
				<TextField label={t('doc.subject')} name="subject" value={subject} onChange={setSubject} maxLength={500} placeholder={t('doc.usual')} />
				<TextArea label={t('doc.mail_text')} name="text" value={text} onChange={setText} rows={6} maxLength={60000} placeholder={t('doc.usual')} hint={t('doc.usual_hint')} />
				<p className="doc-note"><Icon name="clip" /> {t(doc.kind !== 'quote' && ubl ? 'doc.with_both' : 'doc.with_pdf')}</p>
				{doc.kind !== 'quote' && <Check label={t('doc.with_ubl')} hint={t('doc.with_ubl_hint')} checked={ubl} onChange={setUbl} name="ubl" />}
			</>}
			<Check label={t('doc.no_mail')} hint={t('doc.no_mail_hint')} checked={!mail} onChange={(no) => setMail(!no)} name="no_mail" />
		</Box>
	);
}

function Finalise({ doc, onMend, onClose }: Props) {
	const t = useT();
	const answer = useAnswer(doc, 'finalise', () => toast.ok(t('doc.is_final')), onClose);
	return <Box answer={answer} title={t('doc.finalise_ask')} onMend={onMend} yes={t('doc.finalise')} icon="lock" onYes={() => void answer.send({ version: doc.version })}><p>{t('doc.finalise_text')}</p></Box>;
}

function Accept({ doc, onMend, onClose }: Props) {
	const t = useT();
	const { formats } = useScope();
	const answer = useAnswer(doc, 'accept', () => toast.ok(t('doc.is_accepted', { name: doc.number ?? '' })), onClose);
	const [name, setName] = useState(doc.buyer?.attention || doc.contact?.name || doc.buyer?.name || '');
	const [day, setDay] = useState(formats.dayKey(new Date().toISOString()));
	const [wrong, setWrong] = useState<string | null>(null);
	return (
		<Box answer={answer} title={t('doc.accept_ask', { name: doc.number ?? '' })} onMend={onMend} yes={t('doc.accept')} icon="check" onYes={() => {
			setWrong(name.trim() ? null : t('form.required'));
			if (name.trim())
				void answer.send({ name: name.trim(), ...(day ? { day } : {}) });
		}}>
			<p>{t('doc.accept_text')}</p>
			<div className="two"><TextField label={t('doc.accepted_by')} name="name" value={name} onChange={setName} required autoFocus error={wrong} maxLength={200} /><TextField label={t('doc.day')} name="day" type="date" value={day} onChange={setDay} /></div>
		</Box>
	);
}

function Decline({ doc, onMend, onClose }: Props) {
	const t = useT();
	const answer = useAnswer(doc, 'decline', () => toast.ok(t('doc.is_declined')), onClose);
	const [reason, setReason] = useState('');
	return <Box answer={answer} title={t('doc.decline_ask', { name: doc.number ?? '' })} onMend={onMend} yes={t('doc.decline')} onYes={() => void answer.send(reason.trim() ? { reason: reason.trim() } : {})}><TextArea label={t('doc.reason')} name="reason" value={reason} onChange={setReason} maxLength={1000} autoFocus /></Box>;
}

function Cancel({ doc, onMend, onClose }: Props) {
	const t = useT();
	const answer = useAnswer(doc, 'cancel', () => toast.ok(t('doc.is_cancelled')), onClose);
	return <Box answer={answer} title={t('doc.cancel_ask', { name: doc.number ?? '' })} onMend={onMend} yes={t('doc.cancel')} danger onYes={() => void answer.send({})}><p>{t('doc.cancel_text')}</p></Box>;
}

function Deposit({ doc, onMend, onClose, onOpen }: Props) {
	const t = useT();
	const answer = useAnswer(doc, 'invoice', ({ id }) => { if (id) onOpen(id); }, onClose);
	const [percent, setPercent] = useState('30');
	const [title, setTitle] = useState('');
	const [part] = useState(newKey);
	const [wrong, setWrong] = useState<string | null>(null);
	return (
		<Box answer={answer} title={t('doc.deposit_ask')} onMend={onMend} yes={t('doc.deposit')} icon="coins" onYes={() => {
			const read = readNumber(percent);
			const good = read !== null && Number(read) > 0 && Number(read) <= 100 && /^\d+(\.\d{1,2})?$/.test(read);
			setWrong(good ? null : t('doc.percent_wrong'));
			if (good)
				void answer.send({ percent: read, invoice_id: part, ...(title.trim() ? { title: title.trim() } : {}) });
		}}>
			<p>{t('doc.deposit_text')}</p>
			<div className="two"><TextField label={t('doc.percent')} name="percent" value={percent} onChange={setPercent} inputMode="decimal" required autoFocus error={wrong} end="%" /><TextField label={t('doc.line_name')} name="title" value={title} onChange={setTitle} maxLength={500} placeholder={t('doc.deposit_title')} /></div>
		</Box>
	);
}

function Paid({ doc, onMend, onClose }: Props) {
	const t = useT();
	const { formats } = useScope();
	const shown = useShown();
	const answer = useAnswer(doc, '', () => toast.ok(t('doc.is_written')), onClose);
	const [amount, setAmount] = useState(shown(doc.open?.amount ?? '', 2));
	const [day, setDay] = useState(formats.dayKey(new Date().toISOString()));
	const [note, setNote] = useState('');
	const [wrong, setWrong] = useState<string | null>(null);
	return (
		<Box answer={answer} title={t('doc.paid_ask', { name: doc.number ?? '' })} onMend={onMend} yes={t('doc.write_payment')} icon="coins" onYes={() => {
			const back = amount.trim().startsWith('-');
			const read = readAmount(amount.trim().replace(/^-\s*/, ''));
			const good = read !== null && /[1-9]/.test(read);
			setWrong(good ? null : t('doc.amount_wrong'));
			if (good)
				void answer.send({ document_id: doc.id, amount: { amount: `${back ? '-' : ''}${read}`, currency: doc.currency }, ...(day ? { day } : {}), ...(note.trim() ? { note: note.trim() } : {}) }, '/api/crm/payments');
		}}>
			{doc.open && <p>{t('doc.paid_text', { amount: formats.money(doc.open) })}</p>}
			<div className="two"><TextField label={t('doc.amount')} name="amount" value={amount} onChange={setAmount} inputMode="decimal" required autoFocus error={wrong} end={doc.currency} /><TextField label={t('doc.day')} name="day" type="date" value={day} onChange={setDay} /></div>
			<TextField label={t('doc.note')} name="note" value={note} onChange={setNote} maxLength={500} />
		</Box>
	);
}

function Remind({ doc, onMend, onClose }: Props) {
	const t = useT();
	const answer = useAnswer(doc, 'remind', () => toast.ok(t('doc.is_reminded', { name: doc.buyer?.name ?? '' })), onClose);
	const [text, setText] = useState('');
	return (
		<Box answer={answer} title={t('doc.remind_ask', { step: doc.reminded + 1 })} size={560} onMend={onMend} yes={t('doc.remind')} icon="bell" onYes={() => void answer.send(text.trim() ? { text: text.trim() } : {})}>
			<p>{t('doc.remind_text', { email: doc.buyer?.email ?? '—' })}</p>
			<TextArea label={t('doc.mail_text')} name="text" value={text} onChange={setText} rows={6} maxLength={60000} placeholder={t('doc.usual')} hint={t('doc.usual_hint')} autoFocus />
		</Box>
	);
}

/* all of it, or the lines that are ticked, each by as much as one says */
function Credit({ doc, onMend, onClose, onOpen }: Props) {
	const t = useT();
	const answer = useAnswer(doc, 'credit', ({ id }) => { if (id) onOpen(id); }, onClose);
	const [whole, setWhole] = useState(true);
	const shown = useShown();
	const items = doc.lines.flatMap((line, at) => (line.kind !== 'section' && line.kind !== 'text' && !(line.optional && line.chosen === false) ? [{ line, at }] : []));
	const [picked, setPicked] = useState<ReadonlyMap<number, string>>(new Map());
	const [wrong, setWrong] = useState<string | null>(null);
	const yes = () => {
		if (whole) {
			void answer.send({});
			return;
		}
		const lines = items.flatMap(({ line, at }) => {
			const typed = picked.get(at);
			if (typed === undefined)
				return [];
			const { net: _net, chosen: _chosen, optional: _optional, ...rest } = line;
			return [{ ...Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== null && value !== '')), quantity: readNumber(typed) ?? '' }];
		});
		const good = lines.length > 0 && lines.every((one) => one.quantity !== '');
		setWrong(good ? null : t('doc.credit_wrong'));
		if (good)
			void answer.send({ lines });
	};
	return (
		<Box answer={answer} title={t('doc.credit_ask', { name: doc.number ?? '' })} size={560} onMend={onMend} yes={t('doc.credit')} icon="refresh" onYes={yes}>
			<p>{t('doc.credit_text')}</p>
			<fieldset className="choices">
				<label className="choice"><input type="radio" name="what" checked={whole} onChange={() => setWhole(true)} /><span><b>{t('doc.credit_whole')}</b><small>{t('doc.credit_whole_text')}</small></span>{whole && <Icon name="check" />}</label>
				<label className="choice"><input type="radio" name="what" checked={!whole} onChange={() => setWhole(false)} /><span><b>{t('doc.credit_lines')}</b><small>{t('doc.credit_lines_text')}</small></span>{!whole && <Icon name="check" />}</label>
			</fieldset>
			{!whole && <ul className="doc-credit" aria-label={t('doc.lines')}>{items.map(({ line, at }) => (
				<li key={at}>
					<Check label={line.name ?? ''} checked={picked.has(at)} onChange={(on) => setPicked((old) => { const next = new Map(old); if (on) next.set(at, shown(line.quantity ?? '1', 0)); else next.delete(at); return next; })} name={`line-${at}`} />
					{picked.has(at) && <input className="lw-input doc-input num" inputMode="decimal" aria-label={t('doc.of_line', { field: t('doc.quantity'), name: line.name ?? '' })} value={picked.get(at) ?? ''} onChange={(event) => { const value = event.currentTarget.value; setPicked((old) => new Map(old).set(at, value)); }} />}
				</li>
			))}</ul>}
			{wrong && <p className="lw-error" role="alert">{wrong}</p>}
		</Box>
	);
}

/* what keeps the UBL from being good, in plain words, each with the field to mend */
function Ubl({ doc, onMend, onClose }: Props) {
	const t = useT();
	const language = useLanguage();
	const [opened, setOpened] = useState(true);
	const close = () => { setOpened(false); setTimeout(onClose, 150); };
	const { data, error, isFetching, refetch } = useQuery({ queryKey: ['document check', doc.id, doc.version], queryFn: ({ signal }) => api<{ problems?: Broken[]; data?: Broken[] }>('GET', `/api/crm/documents/${doc.id}/check`, { signal }), retry: (count, fault) => fault instanceof Problem && fault.status === 503 && count < 4, retryDelay: 1500, staleTime: 0 });
	const problems = data?.problems ?? data?.data ?? [];
	const wrong = Object.values(fieldFaults(error));
	return (
		<Dialog opened={opened} onClose={close} title={t('doc.ubl_title')} closeLabel={t('common.close')} size={600}>
			{!data && isFetching && <Skeleton h={96} />}
			{error && !isFetching && <Fault>{problemText(error)} {wrong.join(' ')}</Fault>}
			{data && !problems.length && <p className="doc-note doc-good"><Icon name="check" size={18} /> {t('doc.ubl_good')}</p>}
			{problems.length > 0 && <>
				<p>{t('doc.ubl_wrong', { count: problems.length })}</p>
				<ul className="rows">{problems.map((one) => (
					<li key={`${one.rule}${one.pointer}`}><span className="row-icon"><Icon name="alert" size={18} /></span><span className="row-text"><span>{language === 'nl' ? one.nl : one.en}</span><span className="muted num small">{one.rule}</span></span>{one.pointer && (doc.state === 'draft' || /^\/(seller|company)/.test(one.pointer)) && <Button onClick={() => { close(); setTimeout(() => onMend(one.pointer), 200); }}>{t('doc.mend')}</Button>}</li>
				))}</ul>
			</>}
			<div className="dialog-foot">
				<Button icon="refresh" disabled={isFetching} onClick={() => void refetch()}>{t('doc.check_again')}</Button>
				<a className="btn btn-primary" href={`/api/crm/documents/${doc.id}/ubl`} download><Icon name="download" />{t('doc.download_ubl')}</a>
			</div>
		</Dialog>
	);
}
