/* What other systems, and people by hand, hang on a company: a group a kind with how many, what they are worth and the newest; who is silent says since
   when. A new one is there without a word from the reader. */
import { lazy, Suspense, useState } from 'react';
import type { Id } from '../../api/types';
import { problemText } from '../../app/problems';
import { useScope } from '../../app/scope';
import { sayValue, useT } from '../../i18n';
import { Skeleton } from '../../ui/bits';
import { Button } from '../../ui/button';
import { Group } from '../accounts/group';
import { LinkedRow } from './list';
import { type Linked, type LinkedKind, linkedIcon, piecesKey, removeLinked, useLinked, useLiveLinked, useOverview } from './model';

const LinkedDialog = lazy(() => import('./dialog').then((module) => ({ default: module.LinkedDialog })));

export function LinkedGroups({ account, may }: { account: { id: Id; workspace_id: Id }; may: boolean }) {
	const t = useT();
	const { me, formats } = useScope();
	const { data, error } = useOverview(account.id);
	const [asked, setAsked] = useState<{ one: Linked | null } | null>(null);
	const [open, setOpen] = useState(false);
	const [whole, setWhole] = useState<ReadonlySet<string>>(new Set());
	useLiveLinked();
	const whose = { kind: 'account' as const, id: account.id };
	const workspace = me.workspaces.find((one) => one.id === account.workspace_id)?.slug ?? '';
	const begin = (one: Linked | null) => { setAsked({ one }); setOpen(true); };
	const groups = (data?.groups ?? []).filter((one) => one.kind !== 'contact' && one.kind !== 'deal');
	return (
		<>
			{groups.map((group) => (
				<Group key={group.kind} icon={linkedIcon(group.kind)} title={sayValue('linked_kinds', group.kind)} count={group.count}
					end={[...group.total.map((sum) => formats.money(sum)), ...(group.pieces && !group.total.length ? [t(piecesKey(group.kind), { count: group.pieces })] : [])].join(' + ') || undefined}
					silent={group.unavailable_since ? { who: group.sources.filter((one) => one.unavailable_since).map((one) => one.system ?? one.service).join(', '), since: group.unavailable_since } : null}>
					{whole.has(group.kind)
						? <All whose={whose} kind={group.kind as LinkedKind} may={may} begin={begin} />
						: group.count === 0 ? !group.unavailable_since && <p className="muted">{t('facts.none')}</p> : (
							<ul className="rows acts">{(group.newest as Linked[]).map((one) => <LinkedRow key={one.id} one={one} may={may} onEdit={() => begin(one)} onRemove={() => void removeLinked(one, whose)} />)}</ul>
						)}
					{group.count > group.newest.length && !whole.has(group.kind) && <Button kind="quiet" onClick={() => setWhole((old) => new Set([...old, group.kind]))}>{t('linked.all', { count: group.count })}</Button>}
				</Group>
			))}
			<Group icon="link" title={t('linked.title')} count={undefined} more={may && <Button icon="plus" data-adds="linked" onClick={() => begin(null)}>{t('linked.add')}</Button>} fault={error && !data ? problemText(error) : null}>
				{!data ? <Skeleton h={44} /> : <p className="muted">{t(groups.length ? 'linked.more' : 'linked.none')}</p>}
			</Group>
			{asked && <Suspense fallback={null}><LinkedDialog opened={open} one={asked.one} whose={whose} workspace={workspace} onClose={() => setOpen(false)} /></Suspense>}
		</>
	);
}

function All({ whose, kind, may, begin }: { whose: { kind: 'account'; id: Id }; kind: LinkedKind; may: boolean; begin(one: Linked): void }) {
	const t = useT();
	const { data, hasNextPage, fetchNextPage } = useLinked(whose, [kind]);
	const rows = (data?.pages ?? []).flatMap((page) => page.data);
	return (
		<>
			{!data && <Skeleton h={44} />}
			<ul className="rows acts">{rows.map((one) => <LinkedRow key={one.id} one={one} may={may} onEdit={() => begin(one)} onRemove={() => void removeLinked(one, whose)} />)}</ul>
			{hasNextPage && <Button kind="quiet" onClick={() => void fetchNextPage()}>{t('common.more')}</Button>}
		</>
	);
}
