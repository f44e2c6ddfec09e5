/* What can be done to the picked cards at once: move, hand over, change a field, delete. Says how many there are and how far it is.
   Never asks what the board does not ask of one card, and asks it once. */
import { lazy, Suspense, useState } from 'react';
import { useMembers } from '../../api/queries';
import type { Card, Id } from '../../api/types';
import { useScope } from '../../app/scope';
import { labelOf, useLanguage, useT } from '../../i18n';
import { Avatar } from '../../ui/bits';
import { Button, IconButton } from '../../ui/button';
import { Menu } from '../../ui/menu';
import { toast } from '../../ui/toast';
import { type BulkAct, deleteDeals, type Outcome, type Portion, runBulk, runFitting, tellOutcome } from './bulk';
import { type Column, modeOf, type Plan, stageFor } from './columns';
import { executives } from './executives';
import { useMayHandOver } from './owner-menu';
import type { FilterValues } from './filters';
import { needsReason } from './follow-up-ask';
import { selection, usePickedCount } from './selection';
import { board } from './store';

const MoveDialog = lazy(() => import('./bulk-dialogs').then((module) => ({ default: module.MoveDialog })));
const EditDialog = lazy(() => import('./bulk-dialogs').then((module) => ({ default: module.EditDialog })));
const OwnerDialog = lazy(() => import('./bulk-dialogs').then((module) => ({ default: module.OwnerDialog })));
const DeleteDialog = lazy(() => import('./bulk-dialogs').then((module) => ({ default: module.DeleteDialog })));

const cardsPicked = (): Card[] => [...selection.all()].flatMap((id) => board.card(id) ?? []);
const workspacesOf = (cards: readonly Card[]) => [...new Set(cards.map((card) => card.workspace_id))];

function byWorkspace(cards: readonly Card[]): Portion[] {
	return workspacesOf(cards).map((workspace) => ({ workspace, cards: cards.filter((card) => card.workspace_id === workspace) }));
}

/* each to the stage of its own pipeline; those that have none there stay */
function byStage(plan: Plan, cards: readonly Card[], column: Column): Portion[] {
	const portions = new Map<Id, { workspace: Id; stage: Id; cards: Card[] }>();
	for (const card of cards) {
		const stage = stageFor(plan, card, column);
		if (!stage || stage === card.stage_id)
			continue;
		const portion = portions.get(stage) ?? { workspace: card.workspace_id, stage, cards: [] };
		portion.cards.push(card);
		portions.set(stage, portion);
	}
	return [...portions.values()];
}

type Ask = { kind: 'move'; column: Column; note: boolean; reason: boolean } | { kind: 'edit' } | { kind: 'delete' } | { kind: 'owner'; id: Id; name: string };

/* of a list that holds only a part of what fits its filter: how many do, and whether all of them are meant */
export interface All { count: number; more: boolean; filter: FilterValues; on: boolean; set(on: boolean): void }
const MOST = 5000;

export function BulkBar({ plan, cards, all }: { plan: Plan; cards?(): Card[]; all?: All }) {
	const count = usePickedCount();
	return count > 0 ? <Bar plan={plan} picked={count} cards={(cards ?? cardsPicked)()} all={all} /> : null;
}

function Bar({ plan, picked, cards, all }: { plan: Plan; picked: number; cards: Card[]; all: All | undefined }) {
	const t = useT();
	const language = useLanguage();
	const { formats, workspaces, mayEdit } = useScope();
	const [ask, setAsk] = useState<Ask | null>(null);
	const [far, setFar] = useState<{ done: number; of: number } | null>(null);
	const whole = all?.on ? all : null;
	const count = whole ? whole.count : picked;
	const spaces = whole ? workspaces.filter((one) => mayEdit(one.id)).map((one) => one.id) : workspacesOf(cards);
	const { data: members } = useMembers(spaces.length === 1 ? (spaces[0] ?? null) : null);
	const mayHandOver = useMayHandOver(spaces[0]);

	const ended = (out: Outcome & { fault?: unknown }, title: (done: number) => string) => {
		setFar(null);
		if (!out.fault)
			selection.clear();
		tellOutcome(out, title(out.done));
	};
	const run = async (act: BulkAct, portions: () => Portion[], title: (done: number) => string, stage?: string) => {
		setAsk(null);
		if (whole) {
			setFar({ done: 0, of: whole.count });
			ended(await runFitting(act, { workspaces: spaces, filter: whole.filter, ...(stage ? { stage } : {}) }), title);
			return;
		}
		const parts = portions();
		const of = parts.reduce((sum, one) => sum + one.cards.length, 0);
		if (of === 0) {
			toast.ok(t('bulk.nothing'));
			return;
		}
		setFar({ done: 0, of });
		ended(await runBulk(act, parts, (done) => setFar({ done, of })), title);
	};
	const move = (column: Column, note?: string, reason?: string) =>
		void run({ action: 'move', ...(note ? { note } : {}), ...(reason ? { loss_reason: reason } : {}) }, () => byStage(plan, cards, column),
			(done) => t('bulk.moved', { count: done, stage: labelOf(column.label, language, column.key) }), column.key);
	/* whether a board of theirs lets no deal be lost without its reason */
	const wantsReason = async (column: Column) => {
		const boards = whole ? [...plan.pipelineOf.values()] : cards.flatMap((card) => plan.pipelineOf.get(card.stage_id) ?? []);
		const wanted = await Promise.all([...new Set(boards.filter((one) => one.stages.some((stage) => column.stageIds.includes(stage.id))).map((one) => one.id))].map(needsReason));
		return wanted.includes(true);
	};
	const moveTo = (column: Column) => {
		const note = whole ? [...plan.pipelineOf.values()].some((one) => one.move_mode === 'note_required') : cards.some((card) => modeOf(plan, card) === 'note_required');
		if (column.kind === 'lost')
			void wantsReason(column).then((reason) => setAsk({ kind: 'move', column, note, reason }));
		else if (whole || note)
			setAsk({ kind: 'move', column, note, reason: false });
		else
			move(column);
	};
	const give = (id: Id, name: string) => void run({ action: 'reassign', owner_id: id }, () => byWorkspace(cards), (done) => t('bulk.reassigned', { count: done, name }));
	const targets = whole ? plan.columns : plan.columns.filter((column) => cards.some((card) => stageFor(plan, card, column)));
	const number = formats.number(count);
	return (
		<div className="bulk-bar" role="toolbar" aria-label={t('bulk.label')} aria-busy={far !== null}>
			<span className="bulk-count num" role="status">{far ? t('bulk.far', { done: formats.number(far.done), of: formats.number(far.of) }) : whole ? t('bulk.all_picked', { number }) : t('bulk.picked', { count })}</span>
			{all && !whole && all.count > picked && (all.more || all.count > MOST ? <span className="muted small bulk-all">{t('bulk.all_many')}</span>
				: <Button kind="quiet" className="bulk-all" disabled={far !== null} onClick={() => all.set(true)}>{t('bulk.all', { number: formats.number(all.count) })}</Button>)}
			<Menu label={t('card.move_to')} entries={targets.map((to) => ({ key: to.id, lead: <span className={`dot stage-${to.colour}`} />, label: labelOf(to.label, language, to.key), onSelect: () => moveTo(to) }))}
				target={<Button icon="move" disabled={far !== null}><span>{t('card.move_to')}</span></Button>} />
			{spaces.length === 1 && members && mayHandOver && (
				<Menu label={t('bulk.owner')} entries={executives(members, null).map((member) => ({ key: member.id, lead: <Avatar name={member.name} />, label: member.name,
					onSelect: () => (whole ? setAsk({ kind: 'owner', id: member.id, name: member.name }) : give(member.id, member.name)) }))}
					target={<Button icon="user" disabled={far !== null}><span>{t('bulk.owner')}</span></Button>} />
			)}
			<Button icon="pencil" disabled={far !== null} onClick={() => setAsk({ kind: 'edit' })}><span>{t('common.edit')}</span></Button>
			<Button icon="archive" disabled={far !== null} onClick={() => setAsk({ kind: 'delete' })}><span>{t('trash.delete')}</span></Button>
			<IconButton icon="x" label={t('bulk.clear')} hint="Esc" onClick={() => selection.clear()} />
			<Suspense fallback={null}>
				{ask?.kind === 'move' && <MoveDialog column={ask.column} count={count} note={ask.note} reason={ask.reason} workspace={spaces[0] ?? null} onClose={() => setAsk(null)} onMove={(note, reason) => move(ask.column, note, reason)} />}
				{ask?.kind === 'owner' && <OwnerDialog count={count} name={ask.name} onClose={() => setAsk(null)} onYes={() => give(ask.id, ask.name)} />}
				{ask?.kind === 'edit' && <EditDialog count={count} workspace={spaces[0] ?? null} onClose={() => setAsk(null)}
					onSave={(fields) => void run({ action: 'edit', fields }, () => byWorkspace(cards), (done) => t('bulk.edited', { count: done }))} />}
				{ask?.kind === 'delete' && <DeleteDialog count={count} onClose={() => setAsk(null)} onYes={() => {
					if (whole)
						void run({ action: 'delete' }, () => [], (done) => t('bulk.deleted', { count: done }));
					else {
						setAsk(null);
						void deleteDeals(cards).then(() => selection.clear());
					}
				}} />}
			</Suspense>
		</div>
	);
}
