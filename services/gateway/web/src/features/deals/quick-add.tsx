/* A deal made in place, at the foot of its column: a title, Enter, and the next. Only where the column is one stage of one workspace. */
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { api, query } from '../../api/client';
import type { Id, Written } from '../../api/types';
import { problemText } from '../../app/problems';
import { useT } from '../../i18n';
import { Icon } from '../../ui/icons';
import { toast } from '../../ui/toast';
import { refresh } from './move';
import { board } from './store';

export function QuickAdd({ stage, pipeline, workspace, name }: { stage: Id; pipeline: Id; workspace: Id; name: string }) {
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
