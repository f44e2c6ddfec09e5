/* The answer below a conversation: words to whoever wrote last, in the same thread. More than words (copies, files, a template, another moment) is for the whole
   composer, which takes along what stands here. Never sends to somebody who is not named above the field. */
import { type FormEvent, lazy, Suspense, useEffect, useId, useRef, useState } from 'react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { api, newKey, Problem, query } from '../../api/client';
import type { Id } from '../../api/types';
import { problemText } from '../../app/problems';
import { isTyping } from '../../app/hotkeys';
import { currentPrefs } from '../../app/prefs';
import { useScope } from '../../app/scope';
import { useT } from '../../i18n';
import { Button } from '../../ui/button';
import { anyOpen } from '../../ui/on-top';
import { Fault } from '../../ui/page';
import { askMail, useSenders } from './ask';
import { aboutOf, answerOf, type MailRow, signed } from './model';
import { MAILS, mailsChanged, readMail } from './reads';
import { sentToast } from './sent';
import { calledOf } from './states';

const Signature = lazy(() => import('./signature').then((module) => ({ default: module.Signature })));

/* what was written and not sent yet stays as long as the page is open */
const unsent = new Map<Id, string>();

export function Reply({ mail, workspaceId }: { mail: MailRow; workspaceId: Id }) {
	const t = useT();
	const id = useId();
	const { me, formats } = useScope();
	const workspace = me.workspaces.find((one) => one.id === workspaceId)?.slug ?? '';
	const senders = useSenders(workspaceId);
	const [text, setText] = useState(() => unsent.get(mail.thread_id) ?? '');
	const [bare, setBare] = useState(false);
	const [busy, setBusy] = useState(false);
	const [fault, setFault] = useState('');
	const key = useRef(newKey());
	const area = useRef<HTMLTextAreaElement>(null);
	/* what came in says in its whole where answers go */
	const { data: answer } = useQuery({ queryKey: [...MAILS, 'answer', mail.id], staleTime: Infinity, placeholderData: keepPreviousData, queryFn: async () => ({ ...answerOf(mail.direction === 'in' ? await readMail(mail.id) : mail), reply: mail.id }) });
	const about = aboutOf(mail);
	/* R begins an answer */
	useEffect(() => {
		const onKey = (event: KeyboardEvent) => {
			if (event.defaultPrevented || event.key.toLowerCase() !== 'r' || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || isTyping(event.target) || anyOpen() || !currentPrefs().singleKeys)
				return;
			event.preventDefault();
			area.current?.focus();
		};
		addEventListener('keydown', onKey);
		return () => removeEventListener('keydown', onKey);
	}, []);
	if (!senders?.length || !answer || !about)
		return null;
	const set = (words: string) => {
		setText(words);
		unsent.set(mail.thread_id, words);
		key.current = newKey(); /* another text is another mail */
		setFault('');
	};
	const signature = me.user.signature ?? '';
	const asked = { about, workspaceId, draft: { ...answer, text, bare } };
	const clear = () => {
		setText('');
		unsent.delete(mail.thread_id);
		key.current = newKey();
	};
	const send = async (event: FormEvent) => {
		event.preventDefault();
		if (!text.trim()) {
			setFault(t('mail.reply_empty'));
			area.current?.focus();
			return;
		}
		setBusy(true);
		try {
			const made = await api<{ id: Id }>('POST', `/api/crm/mails${query({ workspace })}`, { key: key.current, body: {
				to: answer.to, ...(answer.cc.length ? { cc: answer.cc } : {}), subject: answer.subject, text: bare ? text : signed(text, signature), [`${about.kind}_id`]: about.id, reply_to_id: answer.reply,
			} });
			clear();
			sentToast(made.id, asked, asked.draft, null, formats);
		} catch (problem) {
			if (problem instanceof Problem && problem.status > 0)
				key.current = newKey();
			setFault(problemText(problem));
		}
		setBusy(false);
		await mailsChanged();
	};
	return (
		<form className="mail-reply" onSubmit={(event) => void send(event)} noValidate aria-label={t('mail.answer')}>
			{fault && <Fault>{fault}</Fault>}
			<label htmlFor={id} className="small">{t('mail.answer_to', { names: [...answer.to, ...answer.cc].map(calledOf).join(', ') })}</label>
			<textarea ref={area} id={id} name="reply" className="lw-input mail-text" rows={4} maxLength={100000} readOnly={busy} value={text} aria-invalid={fault ? true : undefined} onChange={(event) => set(event.currentTarget.value)}
				onKeyDown={(event) => { if ((event.ctrlKey || event.metaKey) && event.key === 'Enter') event.currentTarget.form?.requestSubmit(); }} />
			{signature && <Suspense fallback={null}><Signature text={signature} bare={bare} onChange={(next) => { setBare(next); key.current = newKey(); }} /></Suspense>}
			<div className="tpl-chips">
				<Button kind="primary" icon="send" type="submit" disabled={busy}>{t('mail.send')}</Button>
				<Button kind="quiet" icon="pencil" disabled={busy} onClick={() => { askMail(asked); clear(); }}>{t('mail.reply_more')}</Button>
			</div>
		</form>
	);
}
