/* Somebody asks what is known of them, or to be forgotten: found by name or address, given out as one archive, erased after their name was typed. The list
   says of every wish how far each service is, and never whose it was. */
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { api, query } from '../../api/client';
import { queryClient } from '../../api/queries';
import type { Workspace } from '../../api/types';
import { problemText } from '../../app/problems';
import { useScope } from '../../app/scope';
import { useT } from '../../i18n';
import { Empty, Skeleton } from '../../ui/bits';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { TextField } from '../../ui/field';
import { Icon } from '../../ui/icons';
import { Fault, PageHead, Section } from '../../ui/page';
import { toast } from '../../ui/toast';
import { OfOneWorkspace } from './one-workspace';
import './settings.css';

interface Found { id: string; name: string; email: string | null }
interface Known { known: boolean; contact: { name: string } | null; words: string[]; leads: number; activities: number; messages: number }
interface Part { frames: number | null; of: number | null; unread?: number | null; ended_at: string | null }
interface Wish { id: string; contact_id: string | null; number: number | null; asked_at: string; ended_at: string | null; services: Record<string, Part | null> }
/* whom it is about: a contact, or an address */
interface Who { contact_id?: string; email?: string; label: string }

export function PrivacyPage() {
	const t = useT();
	return <OfOneWorkspace title={t('settings.privacy')} text={t('privacy.choose')} help="privacy">{(workspace) => <Own workspace={workspace} />}</OfOneWorkspace>;
}

function Own({ workspace }: { workspace: Workspace }) {
	const t = useT();
	const [who, setWho] = useState<Who | null>(null);
	return (
		<>
			<PageHead title={t('settings.privacy')} sub={t('privacy.sub')} help="privacy" />
			<div className="page-body scroll"><div className="page-narrow">
				<Find slug={workspace.slug} who={who} choose={setWho} />
				{who && <Person key={who.contact_id ?? who.email} slug={workspace.slug} who={who} done={() => setWho(null)} />}
				<Wishes slug={workspace.slug} />
			</div></div>
		</>
	);
}

function Find({ slug, who, choose }: { slug: string; who: Who | null; choose(who: Who): void }) {
	const t = useT();
	const [typed, setTyped] = useState('');
	const asked = typed.trim();
	const { data } = useQuery({
		queryKey: ['privacy', 'find', slug, asked],
		queryFn: ({ signal }) => api<{ data: Found[] }>('GET', `/api/crm/contacts${query({ workspace: slug, q: asked, archived: 'all', limit: '6' })}`, { signal }),
		enabled: asked.length > 1,
	});
	const address = /^\S+@\S+\.\S+$/.test(asked) ? asked.toLowerCase() : null;
	const rows = asked.length > 1 ? (data?.data ?? []) : [];
	return (
		<Section title={t('privacy.find')} text={t('privacy.find_text')}>
			<TextField label={t('privacy.who')} name="person" value={typed} onChange={setTyped} autoComplete="off" maxLength={320} />
			{(rows.length > 0 || address) && (
				<ul className="picks">
					{rows.map((one) => (
						<li key={one.id}><button type="button" className="pick" aria-pressed={who?.contact_id === one.id} onClick={() => choose({ contact_id: one.id, label: one.name })}>
							<span className="pick-text"><b className="cut">{one.name}</b><span className="muted small">{one.email ?? ''}</span></span><Icon name="right" />
						</button></li>
					))}
					{address && !rows.some((one) => one.email === address) && (
						<li><button type="button" className="pick" aria-pressed={who?.email === address} onClick={() => choose({ email: address, label: address })}>
							<span className="pick-text"><b className="cut">{address}</b><span className="muted small">{t('privacy.by_address')}</span></span><Icon name="right" />
						</button></li>
					)}
				</ul>
			)}
			{asked.length > 1 && data && !rows.length && !address && <p className="muted">{t('privacy.nobody')}</p>}
		</Section>
	);
}

function Person({ slug, who, done }: { slug: string; who: Who; done(): void }) {
	const t = useT();
	const [asking, setAsking] = useState(false);
	const of = query({ workspace: slug, contact_id: who.contact_id, email: who.email });
	const { data, error } = useQuery({
		queryKey: ['privacy', 'person', of],
		queryFn: async ({ signal }) => (await api<{ data: Known }>('GET', `/api/crm/persons${of}`, { signal })).data,
	});
	return (
		<Section title={who.label} text={t('privacy.known')}>
			{error && <Fault>{problemText(error)}</Fault>}
			{!data && !error && <div aria-hidden="true"><Skeleton h={72} /></div>}
			{data && (
				<>
					<div className="confirm-text">
						<p data-known>{data.words.join(' · ')}</p>
						<p className="muted">{t('privacy.counts', { leads: data.leads, activities: data.activities, messages: data.messages })}</p>
					</div>
					<div className="section-actions">
						<a className="btn" href={`/api/crm/persons/export${of}`} download><Icon name="download" size={16} />{t('privacy.export')}</a>
						<Button className="btn-danger" kind="primary" icon="trash" onClick={() => setAsking(true)}>{t('privacy.erase')}</Button>
					</div>
				</>
			)}
			<EraseDialog key={String(asking)} opened={asking} onClose={() => setAsking(false)} slug={slug} who={who} name={data?.contact?.name ?? who.label} done={done} />
		</Section>
	);
}

function EraseDialog({ opened, onClose, slug, who, name, done }: { opened: boolean; onClose(): void; slug: string; who: Who; name: string; done(): void }) {
	const t = useT();
	const [typed, setTyped] = useState('');
	const [wrong, setWrong] = useState('');
	const [fault, setFault] = useState<string | null>(null);
	const [busy, setBusy] = useState(false);
	const erase = async () => {
		if (typed.trim() !== name) {
			setWrong(t('privacy.type_wrong'));
			return;
		}
		setBusy(true);
		try {
			await api('POST', `/api/crm/erasures${query({ workspace: slug })}`, { body: who.contact_id ? { contact_id: who.contact_id } : { email: who.email } });
			toast.ok(t('privacy.begun'));
			onClose();
			done();
			await queryClient.invalidateQueries();
		} catch (reason) {
			setFault(problemText(reason));
		}
		setBusy(false);
	};
	return (
		<Dialog opened={opened} onClose={onClose} title={t('privacy.erase_title', { name })} closeLabel={t('common.close')} size={520}>
			{fault && <Fault>{fault}</Fault>}
			<div className="confirm-text">
				<p>{t('privacy.takes')}</p>
				<ul><li>{t('privacy.takes_person')}</li><li>{t('privacy.takes_texts')}</li><li>{t('privacy.takes_files')}</li><li>{t('privacy.takes_past')}</li></ul>
				<p>{t('privacy.stays')}</p>
				<p><b>{t('privacy.never_back')}</b></p>
			</div>
			<form className="form" onSubmit={(event) => { event.preventDefault(); void erase(); }}>
				<TextField label={t('privacy.type', { name })} name="confirm" value={typed} onChange={(next) => { setTyped(next); setWrong(''); }} error={wrong || null} autoComplete="off" autoFocus />
				<div className="dialog-foot">
					<Button onClick={onClose}>{t('common.cancel')}</Button>
					<Button kind="primary" className="btn-danger" type="submit" disabled={busy}>{t('privacy.erase_now')}</Button>
				</div>
			</form>
		</Dialog>
	);
}

function Wishes({ slug }: { slug: string }) {
	const t = useT();
	const { formats } = useScope();
	const { data, error, refetch } = useQuery({
		queryKey: ['privacy', 'wishes', slug],
		queryFn: async ({ signal }) => (await api<{ data: Wish[] }>('GET', `/api/crm/erasures${query({ workspace: slug })}`, { signal })).data,
		refetchInterval: (one) => one.state.data?.some((wish) => !wish.ended_at) ? 1500 : false,
	});
	/* what was found before is not there any more */
	const over = data?.filter((wish) => wish.ended_at).length;
	useEffect(() => {
		if (over)
			void queryClient.invalidateQueries({ queryKey: ['privacy', 'find'] });
	}, [over]);
	const sayOf = (wish: Wish) => {
		const parts = Object.entries(wish.services);
		const unread = parts.reduce((sum, [, part]) => sum + (part?.unread ?? 0), 0);
		if (unread)
			return t('privacy.unread', { count: unread });
		return t('privacy.progress', { over: parts.filter(([, part]) => part?.ended_at).length, of: parts.length });
	};
	return (
		<Section title={t('privacy.wishes')} text={t('privacy.wishes_text')}>
			{error && !data && <Empty icon="alert" title={t('privacy.failed')}><p>{problemText(error)}</p><Button icon="refresh" onClick={() => void refetch()}>{t('error.retry')}</Button></Empty>}
			{!data && !error && <div aria-hidden="true"><Skeleton h={48} /></div>}
			{data && !data.length && <p className="muted">{t('privacy.none')}</p>}
			{data && data.length > 0 && (
				<ul className="rows">
					{data.map((wish) => (
						<li key={wish.id} data-wish={wish.ended_at ? 'over' : 'under way'}>
							<Icon name={wish.ended_at ? 'check' : 'refresh'} size={18} />
							<span className="two-lines"><b>{wish.number ? t('privacy.contact', { number: wish.number }) : t('privacy.address')}</b><small>{t('privacy.asked', { when: formats.moment(wish.asked_at) })}</small></span>
							<span className="muted small" role="status">{wish.ended_at ? t('privacy.over', { when: formats.moment(wish.ended_at) }) : sayOf(wish)}</span>
						</li>
					))}
				</ul>
			)}
		</Section>
	);
}
