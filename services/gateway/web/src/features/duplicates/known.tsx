/* While somebody types a new contact, account or lead: who it may be already. Holds nobody up; says nothing where nothing is alike. */
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useGo } from '../../app/scope';
import { useT } from '../../i18n';
import { Button } from '../../ui/button';
import { Icon } from '../../ui/icons';
import { type Kind, reasonKey, similarTo } from './model';
import './duplicates.css';

export function AlreadyKnown({ kind, workspace, typed, onOpen }: { kind: Kind; workspace: string | null; typed: Record<string, string>; onOpen(): void }) {
	const t = useT();
	const go = useGo();
	/* asked when the typing rests: a word half typed is nobody's name */
	const now = JSON.stringify(Object.fromEntries(Object.entries(typed).map(([name, value]) => [name, value.trim()]).filter(([, value]) => value)));
	const [asked, setAsked] = useState('{}');
	useEffect(() => {
		const timer = setTimeout(() => setAsked(now), 300);
		return () => clearTimeout(timer);
	}, [now]);
	const { data } = useQuery({
		queryKey: ['similar', kind, workspace, asked],
		queryFn: ({ signal }) => similarTo(kind, workspace, JSON.parse(asked) as Record<string, string>, signal),
		enabled: asked !== '{}' && workspace !== null,
		placeholderData: (old) => old,
	});
	const rows = asked === '{}' ? [] : data?.data ?? [];
	return (
		<div aria-live="polite">
			{rows.length > 0 && (
				<section className="known" aria-label={t('duplicate.known')}>
					<p className="known-head"><Icon name="users" size={18} />{t('duplicate.known')}</p>
					<ul>
						{rows.map((one) => (
							<li key={one.id}>
								<span className="known-who"><b className="cut">{one.name}</b><span className="muted small cut">{[one.company, one.email, one.phone].filter(Boolean).join(' · ')}</span>
									<span className="muted small">{(one.reasons ?? []).map((reason) => t(reasonKey(reason))).join(', ')}</span></span>
								<Button onClick={() => { onOpen(); kind === 'contact' ? go.anywhere(`/contacts/${one.id}`) : go.search({ type: 'client', id: one.id, tab: undefined }); }} aria-label={t('duplicate.open', { name: one.name })}>{t('steps.open')}</Button>
							</li>
						))}
					</ul>
				</section>
			)}
		</div>
	);
}
