/* A room's messages, the newest at the foot, and the field below them. Live, paged upwards without a jump; what one wrote is there at
   once, and back in the field with the reason when it was refused. */
import { type KeyboardEvent, useCallback, useEffect, useId, useLayoutEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import { newKey, Problem } from '../../api/client';
import { useMemberNames, useMemberPhotos } from '../../api/queries';
import type { Id } from '../../api/types';
import { fieldFaults, problemText } from '../../app/problems';
import { useGo, useScope } from '../../app/scope';
import { useT } from '../../i18n';
import { Avatar, Empty, Skeleton } from '../../ui/bits';
import { Button, IconButton } from '../../ui/button';
import { copyText } from '../../ui/copy';
import { Menu } from '../../ui/menu';
import { keepFoot, toast } from '../../ui/toast';
import { nameAsked } from '../mentions/ambiguous';
import { MentionField, type MentionHandle } from '../mentions/field';
import { plainOf } from '../mentions/plain';
import { MentionText } from '../mentions/text';
import { onRoom } from './live';
import { changeMessage, inOrder, keepUnsent, leavingNow, markRead, type Message, onLeaving, readAnew, readNewest, readUnsent, removeMessage, type Room, sendMessage, useMessages } from './model';
import './chat.css';

export const MOST = 5000;
/* what one person says within this time stands under one name */
const TOGETHER_MS = 5 * 60_000;
const coarse = matchMedia('(pointer: coarse)');

interface Sending { text: string; key: string; at: string }

export function Thread({ room, message, label }: { room: Room; message: Id | null; label: string }) {
	const t = useT();
	const go = useGo();
	const { me, formats, mayEdit } = useScope();
	const workspaceId = me.workspaces.find((one) => one.slug === room.workspace)?.id ?? null;
	const may = room.kind === 'channel' || mayEdit(workspaceId ?? undefined);
	const [around, setAround] = useState<Id | null>(message);
	useEffect(() => { if (message) setAround(message); }, [message]);
	const { data, error, isPending, hasNextPage, fetchNextPage, isFetchingNextPage, refetch } = useMessages(room, around);
	const leaving = useSyncExternalStore(onLeaving, leavingNow);
	const all = useMemo(() => inOrder(data?.pages ?? []).filter((one) => !leaving.has(one.id)), [data, leaving]);
	const names = useMemberNames(room.workspace);
	const photos = useMemberPhotos(room.workspace);
	const nameOf = useCallback((id: Id | null) => (id && (names.get(id) ?? (id === me.user.id ? me.user.name : null))) || t('timeline.someone'), [names, me, t]);
	const [sending, setSending] = useState<Sending | null>(null);
	const [editing, setEditing] = useState<Id | null>(null);
	const [said, setSaid] = useState('');
	const [below, setBelow] = useState(false);
	const list = useRef<HTMLDivElement>(null);
	const foot = useRef<HTMLDivElement>(null);
	const composer = useRef<MentionHandle>(null);
	const newest = all[all.length - 1];
	const last = data?.pages[0]?.last ?? 0;
	/* among older ones: what comes in is not below what is shown */
	const apart = around !== null && newest !== undefined && newest.place < last;

	/* where one had got to when the room was opened */
	const [seen, setSeen] = useState<number | null>(null);
	const first = data?.pages[0];
	useEffect(() => { if (first && seen === null) setSeen(first.seen); }, [first, seen]);
	const fresh = seen === null ? null : all.find((one) => one.place > seen && one.author_id !== me.user.id && !one.removed_at)?.id ?? null;

	const known = useRef<number | null>(null);
	const loaded = data !== undefined;
	useEffect(() => {
		/* what came in from others is said, what was there before is not */
		if (newest && known.current !== null && newest.place > known.current && newest.author_id !== me.user.id && newest.text)
			setSaid(t('chat.came', { name: nameOf(newest.author_id), text: plainOf(newest.text).slice(0, 200) }));
		if (loaded)
			known.current = Math.max(known.current ?? 0, newest?.place ?? 0);
	}, [newest, loaded, me, nameOf, t]);

	useEffect(() => onRoom((id, changed) => { if (id === room.id && !changed) (around ? readAnew(room.id) : readNewest(room)).catch(() => undefined); }), [room, around]);

	/* whoever has the foot of it before them has seen it all */
	const [inSight, setInSight] = useState(true);
	const told = useRef(0);
	const newestId = newest?.id;
	const newestPlace = newest?.place ?? 0;
	const seenPlace = first?.seen ?? 0;
	useEffect(() => {
		const look = () => {
			if (!newestId || apart || !inSight || document.visibilityState !== 'visible' || newestPlace <= Math.max(told.current, seenPlace))
				return;
			told.current = newestPlace;
			markRead(room, newestId).catch(() => { told.current = 0; });
		};
		look();
		document.addEventListener('visibilitychange', look);
		return () => document.removeEventListener('visibilitychange', look);
	}, [room, newestId, newestPlace, seenPlace, apart, inSight]);
	useEffect(() => {
		if (!foot.current || !list.current)
			return undefined;
		const watch = new IntersectionObserver(([entry]) => {
			setInSight(entry?.isIntersecting ?? true);
			if (entry?.isIntersecting)
				setBelow(false);
		}, { root: list.current, rootMargin: '0px 0px 80px 0px' });
		watch.observe(foot.current);
		return () => watch.disconnect();
	}, [isPending, all.length === 0]);
	const looked = useRef(0);
	useEffect(() => {
		if (inSight)
			looked.current = newestPlace;
		else if (newestPlace > looked.current)
			setBelow(true);
	}, [inSight, newestPlace]);

	/* to the one that the address names */
	const shown = useRef<Id | null>(null);
	useLayoutEffect(() => {
		if (!message)
			shown.current = null; /* the same link leads there again */
		if (!message || shown.current === message || !data)
			return;
		const place = list.current?.querySelector<HTMLElement>(`[data-message="${message}"]`);
		if (!place && around !== message)
			return; /* it is read among its neighbours first */
		shown.current = message;
		if (!place) {
			toast.error(t('chat.gone'));
			setAround(null);
			return;
		}
		place.scrollIntoView({ block: 'center' });
		place.focus({ preventScroll: true });
	}, [message, around, data, t]);

	const top = useRef<HTMLDivElement>(null);
	useEffect(() => {
		if (!top.current || !hasNextPage)
			return undefined;
		const watch = new IntersectionObserver(([entry]) => { if (entry?.isIntersecting && !isFetchingNextPage) void fetchNextPage(); }, { root: list.current, rootMargin: '300px 0px 0px 0px' });
		watch.observe(top.current);
		return () => watch.disconnect();
	}, [hasNextPage, isFetchingNextPage, fetchNextPage, data]);

	const toNewest = () => {
		setAround(null);
		if (message)
			go.search({ message: undefined }, true);
		setBelow(false);
		requestAnimationFrame(() => { if (list.current) list.current.scrollTop = 0; composer.current?.focus(); });
	};
	const editLast = () => {
		const own = [...all].reverse().find((one) => one.author_id === me.user.id && one.text !== null);
		if (own)
			setEditing(own.id);
		return own !== undefined;
	};
	const days = useMemo(() => {
		const out: Array<{ key: string; at: string; messages: Message[] }> = [];
		for (const one of all) {
			const key = formats.dayKey(one.created_at);
			const day = out[out.length - 1];
			if (day?.key === key)
				day.messages.push(one);
			else
				out.push({ key, at: one.created_at, messages: [one] });
		}
		return out;
	}, [all, formats]);
	const today = formats.dayKey(new Date().toISOString());
	const yesterday = formats.dayKey(new Date(Date.now() - 86_400_000).toISOString());

	return (
		<div className="chat-thread">
			<span className="hidden-text" role="status" data-said="chat">{said}</span>
			<div className="chat-list scroll" ref={list} role="region" aria-label={t('chat.messages')} tabIndex={0}>
				<div className="chat-lines">
					{isPending && <div aria-busy="true">{[56, 76, 56].map((height, at) => <Skeleton key={at} h={height} style={{ margin: '0 0 12px', borderRadius: 10 }} />)}</div>}
					{error && !data && <Empty icon="alert" title={t('chat.failed')} level={3}><p>{problemText(error)}</p><Button icon="refresh" onClick={() => void refetch()}>{t('error.retry')}</Button></Empty>}
					{data && !all.length && !sending && <Empty icon="chat" title={t('chat.empty')} level={3}><p>{t('chat.empty_text')}</p></Empty>}
					{hasNextPage && <div ref={top} className="column-more"><Button kind="quiet" disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>{t(isFetchingNextPage ? 'common.loading' : 'chat.earlier')}</Button></div>}
					{days.map((day) => {
						const name = day.key === today ? t('timeline.today') : day.key === yesterday ? t('timeline.yesterday') : formats.date(day.at);
						return (
							<section key={day.key} aria-label={name}>
								<h3 className="chat-day"><span>{name}</span></h3>
								<ol>{day.messages.map((one, at) => {
									const before = day.messages[at - 1];
									const joined = before !== undefined && one.id !== fresh && before.author_id === one.author_id && !before.removed_at && !one.removed_at && Date.parse(one.created_at) - Date.parse(before.created_at) < TOGETHER_MS;
									return (
										<li key={one.id}>
											{one.id === fresh && <p className="chat-fresh"><span>{t('chat.fresh')}</span></p>}
											<Line room={room} one={one} joined={joined} marked={one.id === message} name={nameOf(one.author_id)} photo={photos.get(one.author_id ?? '')} may={may} editing={editing === one.id} onEdit={() => setEditing(one.id)}
												onDone={() => { setEditing(null); composer.current?.focus(); }} />
										</li>
									);
								})}</ol>
							</section>
						);
					})}
					{sending && !apart && <div className="chat-line chat-sending" aria-busy="true"><Avatar name={me.user.name} photo={photos.get(me.user.id)} big /><div className="chat-body"><p className="chat-who"><b>{me.user.name}</b></p><p className="chat-text prewrap"><MentionText text={sending.text} workspaceId={workspaceId} /></p></div></div>}
					<div ref={foot} className="chat-foot" />
				</div>
			</div>
			{(below || apart) && <div className="chat-jump"><Button icon="down" onClick={toNewest}>{t('chat.newest')}</Button></div>}
			{may && workspaceId && <Composer key={room.id} room={room} label={label} handle={composer} onSending={setSending} onUp={editLast} onSent={() => { setSeen(Number.MAX_SAFE_INTEGER); if (around) toNewest(); else if (list.current) list.current.scrollTop = 0; }} />}
		</div>
	);
}

function Line({ room, one, joined, marked, name, photo, may, editing, onEdit, onDone }: { room: Room; one: Message; joined: boolean; marked: boolean; name: string; photo: string | undefined; may: boolean; editing: boolean; onEdit(): void; onDone(): void }) {
	const t = useT();
	const { me, formats } = useScope();
	const own = one.author_id === me.user.id;
	const mayRemove = may && (own || me.agency.admin || me.workspaces.some((place) => place.id === one.workspace_id && place.permissions.includes('crm-settings')));
	const address = () => {
		const here = new URL(location.href);
		here.searchParams.set('message', one.id);
		return here.href;
	};
	return (
		<article className={`chat-line${joined ? ' chat-joined' : ''}${marked ? ' chat-marked' : ''}`} data-message={one.id} tabIndex={-1} aria-label={t('chat.of', { name, when: formats.moment(one.created_at) })}>
			{joined ? <span className="chat-gap" /> : <Avatar name={name} photo={photo} big />}
			<div className="chat-body">
				{!joined && <p className="chat-who"><b>{name}</b><time className="num" dateTime={one.created_at} title={formats.moment(one.created_at)}>{formats.time(one.created_at)}</time></p>}
				{one.text === null || one.removed_at ? <p className="muted"><em>{t('chat.removed')}</em></p>
					: editing ? <Edit room={room} one={one} onDone={onDone} />
						: <p className="chat-text prewrap"><MentionText text={one.text} mentions={one.mentions} workspaceId={one.workspace_id} />{one.edited_at && <span className="muted small" title={formats.moment(one.edited_at)}> {t('chat.edited')}</span>}</p>}
			</div>
			{one.text !== null && !one.removed_at && !editing && <span className="chat-menu"><Menu label={t('chat.menu', { name })} align="end" width={200} entries={[
				...(own && may ? [{ key: 'edit', icon: 'pencil' as const, label: t('common.edit'), onSelect: onEdit }] : []),
				{ key: 'link', icon: 'link', label: t('chat.link'), onSelect: () => void copyText(address()).then((done) => { if (done) toast.ok(t('common.copied')); }) },
				...(mayRemove ? [{ key: 'remove', icon: 'trash' as const, label: t('chat.remove'), onSelect: () => removeMessage(room, one) }] : []),
			]} target={<IconButton icon="dots" small label={t('chat.menu', { name })} />} /></span>}
		</article>
	);
}

function Edit({ room, one, onDone }: { room: Room; one: Message; onDone(): void }) {
	const t = useT();
	const id = useId();
	const [text, setText] = useState(one.text ?? '');
	const [fault, setFault] = useState<string | null>(null);
	const [busy, setBusy] = useState(false);
	const field = useRef<MentionHandle>(null);
	useEffect(() => {
		const area = field.current?.area;
		area?.focus();
		area?.setSelectionRange(area.value.length, area.value.length);
	}, []);
	const save = async () => {
		if (busy)
			return;
		if (text.trim() === one.text || !text.trim()) {
			onDone();
			return;
		}
		setBusy(true);
		try {
			await changeMessage(room, one, text.trim());
			onDone();
		} catch (reason) {
			setFault(Object.values(fieldFaults(reason))[0] ?? problemText(reason));
			const name = await nameAsked(reason, text);
			if (name)
				field.current?.ask(name);
		}
		setBusy(false);
	};
	return (
		<div className="chat-edit">
			<MentionField innerRef={field} value={text} onChange={(next) => { setText(next); setFault(null); }} workspace={room.workspace} label={t('chat.edit')} rows={1} maxLength={MOST} invalid={fault !== null} describedBy={fault ? `${id}-fault` : undefined} keepsEscape
				onKeyDown={(event) => {
					if (event.key === 'Escape') {
						event.preventDefault();
						event.stopPropagation();
						onDone();
					} else if (event.key === 'Enter' && !event.shiftKey && (!coarse.matches || event.ctrlKey)) {
						event.preventDefault();
						void save();
					}
				}} />
			{fault && <p className="lw-error" id={`${id}-fault`} role="alert">{fault}</p>}
			<p className="chat-edit-foot"><Button kind="quiet" onClick={onDone}>{t('common.cancel')}</Button><Button kind="primary" disabled={busy} onClick={() => void save()}>{t('common.save')}</Button></p>
		</div>
	);
}

function Composer({ room, label, handle, onSending, onSent, onUp }: { room: Room; label: string; handle: React.RefObject<MentionHandle | null>; onSending(one: Sending | null): void; onSent(): void; onUp(): boolean }) {
	const t = useT();
	const id = useId();
	const { me } = useScope();
	const [kept] = useState(() => readUnsent(me.user.id, room.id));
	const [text, setText] = useState(kept.text);
	const [fault, setFault] = useState<string | null>(null);
	const busy = useRef(false);
	const next = useRef(false); /* what was written while another one was on its way is to follow it */
	const key = useRef(kept.key);
	const latest = useRef(text);
	const keep = (what: string, by: string) => keepUnsent(me.user.id, room.id, { text: what, key: by });
	const set = (to: string) => {
		next.current = false;
		if (to !== latest.current)
			key.current = newKey(); /* another text is another message */
		latest.current = to;
		setText(to);
		keep(to, key.current);
	};
	const send = async () => {
		const wanted = latest.current.trim();
		if (!wanted)
			return;
		next.current = busy.current;
		if (busy.current)
			return;
		busy.current = true;
		const mine = key.current;
		setFault(null);
		set('');
		keep(wanted, mine); /* until it is there */
		onSending({ text: wanted, key: mine, at: new Date().toISOString() });
		onSent();
		try {
			await sendMessage(room, wanted, mine);
			keep(latest.current, key.current);
		} catch (reason) {
			next.current = false;
			/* back where it was written, before what was typed since */
			const more = latest.current !== '';
			set([wanted, latest.current].filter(Boolean).join('\n'));
			if (!more && (!(reason instanceof Problem) || reason.status === 0 || reason.status === 504)) {
				key.current = mine; /* perhaps it is there after all */
				keep(latest.current, mine);
			}
			setFault(Object.values(fieldFaults(reason))[0] ?? problemText(reason));
			const name = await nameAsked(reason, wanted);
			if (name)
				requestAnimationFrame(() => handle.current?.ask(name));
		}
		busy.current = false;
		onSending(null);
		if (next.current)
			await send();
	};
	const onKey = (event: KeyboardEvent<HTMLTextAreaElement>) => {
		if (event.key === 'Enter' && !event.shiftKey && (!coarse.matches || event.ctrlKey || event.metaKey)) {
			event.preventDefault();
			void send();
		} else if (event.key === 'ArrowUp' && latest.current === '' && onUp())
			event.preventDefault();
	};
	return (
		<form ref={keepFoot} className="chat-composer" onSubmit={(event) => { event.preventDefault(); void send(); }} noValidate>
			<div className="chat-write">
				<MentionField innerRef={handle} value={text} onChange={(next) => { set(next); setFault(null); }} workspace={room.workspace} label={label} name="message" placeholder={t('chat.write')} rows={1} maxLength={MOST} invalid={fault !== null} describedBy={fault ? `${id}-fault` : undefined} onKeyDown={onKey} />
				<IconButton icon="send" type="submit" label={t('chat.send')} hint="Enter" className="chat-send" disabled={!text.trim()} />
			</div>
			{fault && <p className="lw-error" id={`${id}-fault`} role="alert">{fault}</p>}
		</form>
	);
}

