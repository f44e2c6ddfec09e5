/* A text as it was written, its mentions as links: hovered or focused one shows what it names, pressed it opens it. Whoever may not
   see a record reads its name and no more. */
import { Link } from '@tanstack/react-router';
import { lazy, type ReactNode, Suspense, useEffect, useId, useMemo, useRef, useState } from 'react';
import type { Id } from '../../api/types';
import { type AppSearch, useScope } from '../../app/scope';
import { Icon } from '../../ui/icons';
import { ICON, isGone, type Told, useMentioned, useTold } from './model';
import { type Mention, partsOf } from './tokens';
import './mentions.css';

const Card = lazy(() => import('./card').then((module) => ({ default: module.Card })));

const TYPE = { lead: 'lead', opportunity: 'prospect', account: 'client', contact: 'contact' } as const;

/* `mentions`: what the server said of them beside the text; of others it is asked */
export function MentionText({ text, mentions, workspaceId }: { text: string; mentions?: readonly Told[] | null | undefined; workspaceId: Id | null }) {
	const parts = useMemo(() => partsOf(text), [text]);
	return <>{parts.map((part, at): ReactNode => (part.mention
		? <MentionOne key={at} mention={part.mention} said={mentions?.find((one) => one.id === part.mention.id && one.kind === part.mention.kind)} workspaceId={workspaceId} />
		: part.text))}</>;
}

export function MentionOne({ mention: written, said, workspaceId }: { mention: Mention; said?: Told | undefined; workspaceId: Id | null }) {
	const { me, workspace } = useScope();
	const [wanted, setWanted] = useState(false);
	const { data } = useTold(written.kind, written.id, !said);
	const told = said ?? data;
	const { error } = useMentioned(written.kind, written.id, wanted);
	if (!told?.visible || isGone(error))
		return <>{`@${written.label}`}</>;
	const mention = { ...written, label: told.label || written.label };
	const slug = me.workspaces.find((one) => one.id === workspaceId)?.slug ?? null;
	/* a colleague leads to their deals; a record of another workspace than the one looked at opens there */
	const away = workspace !== null && workspace.id !== workspaceId && slug !== null;
	const record = mention.kind === 'user' ? null : { type: TYPE[mention.kind], id: mention.id };
	const search = !record ? { ...(slug ? { workspace: slug } : {}), owner: mention.id } : away ? { workspace: slug, ...record } : (old: AppSearch) => ({ ...old, ...record, tab: undefined, move: undefined, message: undefined });
	return <Pointed mention={mention} slug={slug} own={mention.id === me.user.id} onWanted={() => setWanted(true)} to={!record ? '/deals/table' : away ? '/deals/board' : '.'} search={search} />;
}

function Pointed({ mention, slug, own, to, search, onWanted }: { mention: Mention; slug: string | null; own: boolean; to: string; search: unknown; onWanted(): void }) {
	const id = useId();
	const [anchor, setAnchor] = useState<HTMLElement | null>(null);
	const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
	useEffect(() => () => clearTimeout(timer.current), []);
	const later = (act: () => void, ms: number) => {
		clearTimeout(timer.current);
		timer.current = setTimeout(act, ms);
	};
	const show = (element: HTMLElement) => {
		onWanted();
		setAnchor(element.isConnected ? element : null);
	};
	const hide = () => {
		clearTimeout(timer.current);
		setAnchor(null);
	};
	return (
		<>
			<Link to={to as never} search={search as never} className={own ? 'mention mention-own' : 'mention'} data-mention={mention.kind} aria-describedby={anchor ? id : undefined} data-mantine-stop-propagation={anchor ? 'true' : undefined}
				onMouseEnter={(event) => { const element = event.currentTarget; later(() => show(element), 300); }} onMouseLeave={() => later(hide, 200)}
				onFocus={(event) => { if (event.currentTarget.matches(':focus-visible')) show(event.currentTarget); }} onBlur={hide} onClick={hide}
				onKeyDown={(event) => {
					if (event.key !== 'Escape' || !anchor)
						return;
					event.stopPropagation();
					event.preventDefault();
					hide();
				}}><Icon name={ICON[mention.kind]} size={13} />{`@${mention.label}`}</Link>
			{anchor && <Suspense fallback={null}><Card id={id} anchor={anchor} mention={mention} slug={slug} onEnter={() => clearTimeout(timer.current)} onLeave={() => later(hide, 200)} /></Suspense>}
		</>
	);
}
