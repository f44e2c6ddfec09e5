/* The linked records of an account, a contact or a deal: by kind, the latest first, each leading out to the system that keeps it; added, changed and
   taken away by hand with a way back. Never invents what no system said. */
import { lazy, Suspense, useState } from 'react';
import { problemText } from '../../app/problems';
import { useScope } from '../../app/scope';
import { sayValue, useT } from '../../i18n';
import { Empty, Skeleton } from '../../ui/bits';
import { Button, IconButton } from '../../ui/button';
import { Icon } from '../../ui/icons';
import { Menu, type MenuEntry } from '../../ui/menu';
import { type Linked, type LinkedKind, linkedIcon, piecesKey, removeLinked, useLinked, useLiveLinked, type Whose } from './model';
import '../activities/activities.css';
import '../deals/panel.css';

const LinkedDialog = lazy(() => import('./dialog').then((module) => ({ default: module.LinkedDialog })));

/* `kinds`: these alone, as a tab of a page shows them; `title`: above them */
export function LinkedOf({ whose, workspaceId, kinds, title, level = 3 }: { whose: Whose; workspaceId: string; kinds?: readonly LinkedKind[]; title?: string; level?: 2 | 3 }) {
	const t = useT();
	const { me, mayEdit, formats } = useScope();
	const { data, error, isPending, hasNextPage, fetchNextPage, refetch } = useLinked(whose, kinds);
	const [asked, setAsked] = useState<{ one: Linked | null } | null>(null);
	const [open, setOpen] = useState(false);
	useLiveLinked();
	const rows = (data?.pages ?? []).flatMap((page) => page.data);
	const groups = (data?.pages[0]?.groups ?? []).filter((one) => !kinds || kinds.includes(one.kind));
	const may = mayEdit(workspaceId);
	const workspace = me.workspaces.find((one) => one.id === workspaceId)?.slug ?? '';
	const begin = (one: Linked | null) => { setAsked({ one }); setOpen(true); };
	const name = title ?? t('linked.title');
	const Head = `h${level}` as 'h2' | 'h3';
	const Group = `h${level + 1}` as 'h3' | 'h4';
	return (
		<section aria-label={name}>
			<div className="side-head">
				<Head>{name}</Head>
				{may && <Button icon="plus" onClick={() => begin(null)}>{t('linked.add')}</Button>}
			</div>
			{isPending && <Skeleton h={48} />}
			{error && !data && <Empty icon="alert" title={t('linked.not_read')} level={3}><p>{problemText(error)}</p><Button icon="refresh" onClick={() => void refetch()}>{t('error.retry')}</Button></Empty>}
			{data && !rows.length && <p className="muted">{t('linked.none')}</p>}
			{groups.filter((group) => rows.some((one) => one.kind === group.kind)).map((group) => (
				<section key={group.kind} aria-label={sayValue('linked_kinds', group.kind)}>
					<Group className="timeline-day">{sayValue('linked_kinds', group.kind)} <span className="tab-count num">{group.count}</span>{group.total.map((sum) => <span key={sum.currency} className="num muted"> {formats.money(sum)}</span>)}</Group>
					<ul className="rows acts">{rows.filter((one) => one.kind === group.kind).map((one) => <LinkedRow key={one.id} one={one} may={may} onEdit={() => begin(one)} onRemove={() => void removeLinked(one, whose)} />)}</ul>
				</section>
			))}
			{hasNextPage && <Button kind="quiet" onClick={() => void fetchNextPage()}>{t('common.more')}</Button>}
			{asked && <Suspense fallback={null}><LinkedDialog opened={open} one={asked.one} whose={whose} workspace={workspace} kinds={kinds} onClose={() => setOpen(false)} /></Suspense>}
		</section>
	);
}

/* its system, what it is worth, how many are in it, since when and whose it is there: what is known of it */
function useLinkedLine(): (one: Linked) => string {
	const t = useT();
	const { formats } = useScope();
	return (one) => [
		one.system === 'manual' ? null : one.system, one.amount ? formats.money(one.amount) : null, one.count === null ? null : t(piecesKey(one.kind), { count: one.count }),
		one.occurred_at ? formats.date(one.occurred_at) : null, one.assignee,
	].filter(Boolean).join(' · ');
}

export function LinkedRow({ one, may, onEdit, onRemove }: { one: Linked; may: boolean; onEdit(): void; onRemove(): void }) {
	const t = useT();
	const line = useLinkedLine()(one);
	const entries: MenuEntry[] = [
		{ key: 'edit', icon: 'pencil', label: t('linked.edit'), onSelect: onEdit },
		{ key: 'remove', icon: 'trash', label: t('linked.remove'), onSelect: onRemove },
	];
	return (
		<li className="act" data-linked={one.id}>
			<span className="row-icon"><Icon name={linkedIcon(one.kind)} size={18} /></span>
			<div className="row-text">
				<b>{one.url ? <a className="link file-open" style={{ display: 'inline-flex', alignItems: 'center', gap: 4 }} href={one.url} target="_blank" rel="noreferrer noopener">{one.title}<Icon name="external" size={13} /></a> : <span>{one.title}</span>}
					{one.status && <span className="tag tag-accent">{one.status}</span>}</b>
				{line && <span className="muted num">{line}</span>}
				{one.excerpt && <span className="muted">{one.excerpt}</span>}
			</div>
			{may && <Menu label={t('linked.menu', { name: one.title })} align="end" width={210} entries={entries} target={<IconButton icon="dots" label={t('linked.menu', { name: one.title })} />} />}
		</li>
	);
}
