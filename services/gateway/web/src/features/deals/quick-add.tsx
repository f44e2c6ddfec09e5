/* A deal made in place, at the foot of its column: a title, Enter, and the next. Only where the column is one stage of one workspace. */
import { type FormEvent, lazy, Suspense, useEffect, useRef, useState } from 'react';
import { api, query } from '../../api/client';
import type { Id, Written } from '../../api/types';
import { problemText } from '../../app/problems';
import { useGo } from '../../app/scope';
import { useT } from '../../i18n';
import { Icon } from '../../ui/icons';
import { toast } from '../../ui/toast';
import { addCard, cardHeld } from '../accounts/card';
import { refresh } from './move';
import { board } from './store';

const AccountPick = lazy(() => import('../accounts/pick').then((module) => ({ default: module.AccountPick })));

export function QuickAdd({ relates, ...place }: { stage: Id; pipeline: Id; workspace: Id; name: string; relates: boolean }) {
	return relates ? <CompanyAdd {...place} /> : <TitleAdd {...place} />;
}

/* the card of a company, which is chosen; one that has an open card already opens that */
function CompanyAdd({ stage, pipeline, workspace, name }: { stage: Id; pipeline: Id; workspace: Id; name: string }) {
	const t = useT();
	const go = useGo();
	const [picking, setPicking] = useState(false);
	const add = (account: { id: Id; name: string } | null) => {
		if (account)
			void addCard(account, { stage, pipeline, workspace }).then((made) => refresh(board, made)).catch((fault: unknown) => {
				const held = cardHeld(fault);
				toast.error(t('quick.failed', { title: account.name }), problemText(fault));
				if (held)
					go.search({ type: 'prospect', id: held, tab: undefined });
			});
	};
	return (
		<>
			<button type="button" className="quick-add" aria-label={t('quick.add_to', { stage: name })} onClick={() => setPicking(true)}><Icon name="plus" size={15} />{t('quick.add_company')}</button>
			<Suspense fallback={null}>{picking && <AccountPick title={t('quick.add_company')} workspace={workspace} chosen={null} onChoose={add} onClose={() => setPicking(false)} />}</Suspense>
		</>
	);
}

function TitleAdd({ stage, pipeline, workspace, name }: { stage: Id; pipeline: Id; workspace: Id; name: string }) {
	const t = useT();
	const [opened, setOpened] = useState(false);
	const [title, setTitle] = useState('');
	const field = useRef<HTMLInputElement>(null);
	const button = useRef<HTMLButtonElement>(null);
	useEffect(() => {
		if (opened)
			field.current?.focus();
	}, [opened]);
	const close = () => {
		setOpened(false);
		setTitle('');
		requestAnimationFrame(() => button.current?.focus());
	};
	/* the next one can be typed while this one is made */
	const submit = (event: FormEvent) => {
		event.preventDefault();
		const typed = title.trim();
		if (!typed)
			return;
		setTitle('');
		api<Written>('POST', `/api/crm/deals${query({ workspace })}`, { body: { title: typed, stage, pipeline } })
			.then((made) => refresh(board, made.id))
			.catch((fault: unknown) => {
				toast.error(t('quick.failed', { title: typed }), problemText(fault));
				setTitle((now) => now || typed);
			});
	};
	if (!opened)
		return <button ref={button} type="button" className="quick-add" aria-label={t('quick.add_to', { stage: name })} onClick={() => setOpened(true)}><Icon name="plus" size={15} />{t('quick.add')}</button>;
	return (
		<form className="quick-form" onSubmit={submit} onKeyDown={(event) => {
			if (event.key === 'Escape') {
				event.stopPropagation();
				close();
			}
		}}>
			<input ref={field} className="lw-input" name="quick" value={title} maxLength={200} placeholder={t('quick.hint')} aria-label={t('quick.add_to', { stage: name })}
				onChange={(event) => setTitle(event.currentTarget.value)} onBlur={() => { if (!title.trim()) setOpened(false); }} />
		</form>
	);
}
