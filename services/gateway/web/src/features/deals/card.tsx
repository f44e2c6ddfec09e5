/* One deal on the board: a link over the whole card, so that it opens in place, in a new tab, and by Enter. Draws
   itself again only when its own deal, mark or menu changes. */
import { memo, type MouseEvent, useEffect, useLayoutEffect, useRef } from 'react';
import { useMemberNames, useMemberPhotos } from '../../api/queries';
import type { Card, Id } from '../../api/types';
import { useGo, useScope, useWorkspaceName } from '../../app/scope';
import { labelOf, sayValue, useLanguage, useT } from '../../i18n';
import { daysSince } from '../../lib/format';
import { Avatar, Tile } from '../../ui/bits';
import { withDrag } from '../../ui/drag';
import { Icon } from '../../ui/icons';
import { Menu } from '../../ui/menu';
import type { BoardContext } from './column';
import { type Column, modeOf, stageFor, useCard, useMark } from './columns';
import { deleteDeals } from './bulk';
import { selection, usePicked } from './selection';
import { iconOf } from '../activities/model';
import { SourceTag } from './source';
import { byFinger } from './touch';
import { boardUi, setBoardUi, useBoardUi } from './ui-state';

interface Props { id: Id; top: number; row: number; size: number; column: Column; context: BoardContext; held: boolean; entry: boolean }

const STALE_DAYS = 14;

export const DealCard = memo(function DealCard({ id, top, row, size, column, context, held, entry }: Props) {
	const t = useT();
	const card = useCard(id);
	const mark = useMark(id);
	const go = useGo();
	const { slug, mayEdit } = useScope();
	const menu = useBoardUi((ui) => ui.menu === id);
	const dragged = useBoardUi((ui) => ui.dragging === id);
	const picked = usePicked(id);
	const taken = useBoardUi((ui) => ui.taken === id);
	const box = useRef<HTMLLIElement>(null);
	const link = useRef<HTMLAnchorElement>(null);
	const editable = card ? mayEdit(card.workspace_id) : false;
	const locked = card ? modeOf(context.plan, card) === 'locked' || !mayEdit(card.workspace_id) : true;
	const exists = card !== undefined;

	useEffect(() => {
		const element = box.current;
		if (!element || locked || !exists)
			return undefined;
		return withDrag(({ draggable }) => draggable({
			element,
			canDrag: () => !byFinger(),
			getInitialData: () => ({ id, deal: true }),
			onDragStart: () => setBoardUi({ dragging: id, menu: null, held: null }),
			onDrop: () => setBoardUi({ dragging: null, over: null }),
		}));
	}, [id, locked, exists]);

	/* a card that came here from another column takes the focus along, if it had it */
	useLayoutEffect(() => {
		const ui = boardUi();
		if (ui.focus === id && ui.focusLive && (document.activeElement === document.body || document.activeElement === null))
			link.current?.focus({ preventScroll: true });
	}, [id]);

	if (!card)
		return null;
	const href = `/deals/board?${slug ? `workspace=${encodeURIComponent(slug)}&` : ''}type=prospect&id=${slug && card.number ? card.number : card.id}`;
	const pick = (range: boolean) => {
		setBoardUi({ focus: id, focusLive: true });
		if (range)
			selection.range(context.ids.get(column.id) ?? [id], id);
		else
			selection.toggle(id);
	};
	const open = (event: MouseEvent) => {
		/* while cards are picked, a finger picks; Shift picks from the last one to here */
		if (editable && event.button === 0 && (event.shiftKey || (byFinger() && selection.all().size > 0))) {
			event.preventDefault();
			pick(event.shiftKey);
			return;
		}
		if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey)
			return;
		event.preventDefault();
		setBoardUi({ focus: id, focusLive: true });
		go.openDeal(slug && card.number ? String(card.number) : card.id);
	};
	const names = ['card', held && 'card-held', dragged && 'card-dragged', mark && 'card-marked', locked && 'card-locked', menu && 'card-open', picked && 'card-picked', taken && 'card-taken'].filter(Boolean).join(' ');
	return (
		<li ref={box} className={names} style={{ transform: `translateY(${top}px)` }} data-card={id} aria-setsize={size} aria-posinset={row + 1}>
			<a ref={link} className="card-link" href={href} draggable={false} onClick={open} tabIndex={entry ? 0 : -1} data-deal={card.number}
				aria-keyshortcuts={[locked ? 'Enter' : 'Enter Space M', editable && 'X'].filter(Boolean).join(' ')} aria-describedby={picked ? 'picked-text' : undefined}>
				<Face card={card} column={column} showWorkspace={context.showWorkspace} />
			</a>
			{mark && mark.who && <span className="card-who">{mark.who}</span>}
			{editable && (
				<button type="button" role="checkbox" className="card-pick" tabIndex={-1} aria-checked={picked} aria-label={t('bulk.pick', { title: card.title })}
					onClick={(event) => { event.stopPropagation(); pick(event.shiftKey); }}>{picked && <Icon name="check" size={14} />}</button>
			)}
			<CardMenu card={card} column={column} context={context} opened={menu} locked={locked} editable={editable} label={t('card.menu', { title: card.title })} />
		</li>
	);
});

function Face({ card, column, showWorkspace }: { card: Card; column: Column; showWorkspace: boolean }) {
	const t = useT();
	const { formats, reads } = useScope();
	const workspaceName = useWorkspaceName();
	const names = useMemberNames(reads);
	const photos = useMemberPhotos(reads);
	const lead = card.company ?? card.contact_name;
	const owner = card.owner_id ? names.get(card.owner_id) : undefined;
	const days = daysSince(card.stage_since, Date.now());
	const stale = column.kind === 'open' && days > STALE_DAYS;
	return (
		<>
			<span className="card-top">
				{lead ? <Tile name={lead} /> : <span className="tile tile-none"><Icon name="user" size={13} /></span>}
				<span className="card-lead cut">{lead ?? t('card.no_contact')}</span>
				{card.company && card.contact_name && !card.title.includes(card.contact_name) && <span className="card-contact cut">{card.contact_name}</span>}
			</span>
			<span className="card-title cut" title={card.title}>{card.title}</span>
			<span className="card-value num">
				{card.value && <b>{formats.money(card.value)}</b>}
				{showWorkspace ? <span className="tag tag-workspace" title={workspaceName(card.workspace_id)}><Tile name={workspaceName(card.workspace_id)} size={16} /><span className="cut">{workspaceName(card.workspace_id)}</span></span>
					: card.tags?.length ? card.tags.slice(0, 2).map((tag) => <span key={tag.id} className="tag tag-source" title={tag.label}><span className={`dot stage-${tag.colour}`} /><span className="cut">{tag.label}</span></span>) : <SourceTag source={card.source} />}
			</span>
			<span className="card-foot num"><span className="card-facts">
				{card.next_at && column.kind === 'open' ? <NextChip at={card.next_at} kind={card.next_kind ?? 'other'} /> : card.close_date && column.kind === 'open' && <CloseChip date={card.close_date} />}
				{(stale || !(card.next_at || card.close_date) || column.kind !== 'open') && <span className={`card-fact${stale ? ' card-stale' : ''}`} title={t('card.days_in_stage', { count: days })}>
					<Icon name="clock" size={15} /><span aria-hidden="true">{t('card.days', { count: days })}</span><span className="hidden-text">{t('card.days_in_stage', { count: days })}</span>
				</span>}
				{column.kind === 'open' && (card.days_without_contact ?? 0) > 0 && <span className="card-fact" title={t('card.without_contact', { count: card.days_without_contact ?? 0 })}>
					<Icon name="chat" size={15} /><span aria-hidden="true">{t('card.days', { count: card.days_without_contact ?? 0 })}</span><span className="hidden-text">{t('card.without_contact', { count: card.days_without_contact ?? 0 })}</span>
				</span>}
				{(card.notes_count ?? 0) > 0 && <span className="card-fact" title={t('card.notes', { count: card.notes_count ?? 0 })}><Icon name="note" size={15} />{card.notes_count}<span className="hidden-text"> {t('card.notes', { count: card.notes_count ?? 0 })}</span></span>}
				{card.files > 0 && <span className="card-fact" title={t('card.files', { count: card.files })}><Icon name="clip" size={15} />{card.files}<span className="hidden-text">{t('card.files', { count: card.files })}</span></span>}
				</span><span className="card-owner">{owner && <Avatar name={owner} photo={photos.get(card.owner_id ?? '')} title={t('card.owner', { name: owner })} />}</span>
			</span>
		</>
	);
}

/* red overdue, green today, grey later: the colour never stands alone, the words for it are in the title and for screen readers */
function CloseChip({ date }: { date: string }) {
	const t = useT();
	const { formats } = useScope();
	const today = formats.dayKey(new Date().toISOString());
	const due = date.slice(0, 10);
	const words = due < today ? t('card.close_overdue') : due === today ? t('card.close_today') : t('card.close_later');
	return (
		<span className={`tag${due < today ? ' tag-danger' : due === today ? ' tag-ok' : ''}`} title={`${words}: ${formats.date(due)}`}>
			<Icon name={due < today ? 'alert' : 'calendar'} size={14} /><span className="hidden-text">{words} </span>{formats.day(due)}
		</span>
	);
}

/* what comes next: red when it is late, green today, grey later, with the icon of what it is */
function NextChip({ at, kind }: { at: string; kind: string }) {
	const t = useT();
	const { formats } = useScope();
	const late = Date.parse(at) < Date.now();
	const today = formats.dayKey(at) === formats.dayKey(new Date().toISOString());
	const words = t(late ? 'card.next_late' : today ? 'card.next_today' : 'card.next_later', { kind: sayValue('kind', kind) });
	return (
		<span className={`tag${late ? ' tag-danger' : today ? ' tag-ok' : ''}`} data-next={kind} title={`${words}: ${formats.moment(at)}`}>
			<Icon name={iconOf(kind)} size={14} /><span className="hidden-text">{words} </span>{today ? formats.time(at) : formats.day(at)}
		</span>
	);
}

function CardMenu({ card, column, context, opened, locked, editable, label }: { card: Card; column: Column; context: BoardContext; opened: boolean; locked: boolean; editable: boolean; label: string }) {
	const t = useT();
	const language = useLanguage();
	const go = useGo();
	const target = (
		<button type="button" className="card-menu" tabIndex={-1} aria-label={label} aria-haspopup="menu" aria-expanded={opened}
			onClick={(event) => { event.stopPropagation(); setBoardUi({ menu: opened ? null : card.id }); }}>
			<Icon name="dots" size={18} />
		</button>
	);
	/* one menu for the whole board: only the card that opened it has one */
	if (!opened)
		return target;
	const close = (next: boolean) => {
		if (next)
			return;
		setBoardUi({ menu: null });
		/* the button gave the menu; the card is what had the focus */
		document.querySelector<HTMLElement>(`[data-card="${card.id}"] .card-link`)?.focus({ preventScroll: true });
	};
	return (
		<Menu label={label} opened onChange={close} align="end" target={target} entries={[
			{ key: 'open', icon: 'external', label: t('card.open'), onSelect: () => go.openDeal(card.id) },
			...(locked ? [] : [
				{ key: 'line', kind: 'divider' as const },
				{ key: 'to', kind: 'label' as const, label: t('card.move_to') },
				...context.plan.columns.filter((to) => stageFor(context.plan, card, to)).map((to) => ({
					key: to.id, lead: <span className={`dot stage-${to.colour}`} />, label: labelOf(to.label, language, to.key),
					checked: to.id === column.id, onSelect: () => context.move(card, to),
				})),
			]),
			...(editable ? [
				{ key: 'line2', kind: 'divider' as const },
				{ key: 'pick', icon: 'check' as const, label: t('bulk.select'), end: <kbd aria-hidden="true">X</kbd>, onSelect: () => { selection.toggle(card.id); } },
				{ key: 'delete', icon: 'archive' as const, label: t('trash.delete'), onSelect: () => void deleteDeals([card]) },
			] : []),
		]} />
	);
}
