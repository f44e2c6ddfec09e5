/* The follow-up form under the timeline: a note, and with it where the deal stands now and what comes next. One command moves the
   deal, keeps the note and plans the next action. What is not sent is kept, also without a connection. */
import { type FormEvent, type KeyboardEvent, useEffect, useId, useRef, useState, useSyncExternalStore } from 'react';
import { useQuery } from '@tanstack/react-query';
import { api, newKey, Problem, query } from '../../api/client';
import type { Card, Label, Pipeline, Stage } from '../../api/types';
import { fieldFaults, problemText } from '../../app/problems';
import { useScope } from '../../app/scope';
import { labelOf, sayValue, useLanguage, useT } from '../../i18n';
import { addDays, instantOf, wallOf } from '../../lib/zone';
import { Button } from '../../ui/button';
import { Icon } from '../../ui/icons';
import { Menu, type MenuEntry } from '../../ui/menu';
import { keepFoot, toast } from '../../ui/toast';
import { nameAsked } from '../mentions/ambiguous';
import { MentionField, type MentionHandle } from '../mentions/field';
import { ACTIONS, activitiesChanged, iconOf, toneOf } from '../activities/model';
import { offerUndo } from './bulk';
import { blank, dropUnsent, keepUnsent, readUnsent, type Unsent } from './draft';
import { refresh, rememberOwn } from './move';
import { board } from './store';

function listenOnline(tell: () => void): () => void {
	addEventListener('online', tell);
	addEventListener('offline', tell);
	return () => {
		removeEventListener('online', tell);
		removeEventListener('offline', tell);
	};
}
export const useOnline = (): boolean => useSyncExternalStore(listenOnline, () => navigator.onLine);

interface Reason { key: string; label: Label }

function useReasons(workspace: string, enabled: boolean) {
	return useQuery({
		queryKey: ['catalogue', 'loss_reason', workspace],
		queryFn: async ({ signal }) => (await api<{ data: Reason[] }>('GET', `/api/crm/catalogues${query({ catalogue: 'loss_reason', workspace })}`, { signal })).data,
		enabled, staleTime: 60_000,
	});
}

export interface FollowUpProps {
	deal: Card;
	pipeline: Pipeline | null;
	/* the stage it begins with, by its key; the form then has the focus */
	asked: string | null;
	focus: boolean;
	onSaved(): void;
}

export function FollowUp({ deal, pipeline, asked, focus, onSaved }: FollowUpProps) {
	const t = useT();
	const language = useLanguage();
	const id = useId();
	const { me, zone } = useScope();
	const online = useOnline();
	const area = useRef<MentionHandle>(null);
	const [values, setValues] = useState<Unsent>(() => readUnsent(me.user.id, deal.id) ?? blank());
	const [kept, setKept] = useState(() => values.note !== '');
	const [faults, setFaults] = useState<Record<string, string>>({});
	const [busy, setBusy] = useState(false);
	/* on a phone the choices come with the first touch of the note */
	const [awake, setAwake] = useState(false);
	const stages = pipeline?.stages ?? [];
	const strict = pipeline?.move_mode === 'note_required';
	const stage = stages.find((one) => one.key === values.stage && one.id !== deal.stage_id) ?? null;
	const from = stages.find((one) => one.id === deal.stage_id);
	const workspace = me.workspaces.find((one) => one.id === deal.workspace_id)?.slug ?? '';
	const reasons = useReasons(workspace, stage?.kind === 'lost');
	/* a board of follow-ups plans only what belongs to a status; elsewhere an action is enough */
	const dated = values.kind !== null && (!strict || stage !== null);

	/* what stands there now, whatever was sent: text that is typed while a save is under way stays */
	const latest = useRef(values);
	latest.current = values;
	const set = (change: Partial<Unsent>) => {
		/* another text is another command */
		const next = { ...values, ...change, key: newKey(), waits: null };
		setValues(next);
		setFaults({});
		setKept(keepUnsent(me.user.id, deal.id, next));
	};
	const name = (one: Stage) => labelOf(one.label, language, one.key);

	useEffect(() => {
		if (asked !== null && stages.some((one) => one.key === asked))
			setValues((old) => ({ ...old, stage: asked, key: newKey() }));
		// eslint-disable-next-line react-hooks/exhaustive-deps
	}, [asked, pipeline?.id]);
	useEffect(() => {
		if (!focus)
			return undefined;
		/* after the panel's own first focus */
		const timer = setTimeout(() => area.current?.focus(), 60);
		return () => clearTimeout(timer);
	}, [focus, asked]);

	/* sent from where it waited */
	useEffect(() => {
		const sent = (event: Event) => {
			if (latest.current.key !== (event as CustomEvent<string>).detail)
				return;
			setValues(blank());
			setKept(false);
			setFaults({});
		};
		const refused = (event: Event) => {
			const { was, key } = (event as CustomEvent<{ was: string; key: string }>).detail;
			setValues((old) => (old.key === was ? { ...old, key, waits: null } : old));
		};
		addEventListener('lw:sent', sent);
		addEventListener('lw:refused', refused);
		return () => {
			removeEventListener('lw:sent', sent);
			removeEventListener('lw:refused', refused);
		};
	}, []);

	/* what sends it later is here before the connection goes */
	useEffect(() => { import('./outbox').catch(() => undefined); }, []);

	const send = async () => {
		const at = dated && values.day ? instantOf(values.day, values.time || '09:00', zone) : null;
		if (!values.note.trim()) {
			setFaults({ note: t('follow.note_needed') });
			area.current?.focus();
			return;
		}
		setBusy(true);
		rememberOwn(values.key);
		const body = {
			note: values.note.trim(),
			...(stage ? { stage: stage.key, version: deal.version } : {}),
			...(stage?.kind === 'lost' && values.reason ? { loss_reason: values.reason } : {}),
			...(values.kind ? { kind: values.kind } : {}), ...(at ? { at } : {}),
		};
		try {
			const { batch_id: batch } = await api<{ batch_id?: string }>('POST', `/api/crm/deals/${deal.id}/follow-up`, { key: values.key, body });
			if (latest.current.key === values.key) {
				dropUnsent(me.user.id, deal.id);
				setValues(blank());
				setKept(false);
				setAwake(false);
			}
			setFaults({});
			if (stage)
				await refresh(board, deal.id);
			activitiesChanged({ kind: 'deal', id: deal.id });
			if (stage)
				offerUndo(t('move.done', { title: deal.title, stage: name(stage) }), batch ? [{ id: batch, workspace: deal.workspace_id, deals: [deal.id] }] : [], () => t('move.undone', { title: deal.title, stage: from ? name(from) : '' }));
			else
				toast.ok(t('follow.saved'));
			if (area.current)
				onSaved(); /* the panel may be closed by now */
		} catch (fault) {
			/* what was refused is another command the next time; what nobody answered is the same one */
			const refused = fault instanceof Problem && fault.status > 0 && fault.status !== 504;
			const unheard = fault instanceof Problem && fault.status === 0 && latest.current.key === values.key;
			const now = unheard ? { ...values, waits: { title: deal.title, body } } : refused && latest.current.key === values.key ? { ...values, key: newKey(), waits: null } : latest.current;
			setValues(now);
			setKept(keepUnsent(me.user.id, deal.id, now));
			const named = fieldFaults(fault);
			/* what waits for a connection is no fault, and is said above the field */
			setFaults(now.waits ? {} : { note: Object.values(named)[0] ?? problemText(fault) });
			if (fault instanceof Problem && (fault.status === 409 || fault.status === 412))
				await refresh(board, deal.id);
			const asked = await nameAsked(fault, now.note);
			if (asked)
				area.current?.ask(asked);
		} finally {
			setBusy(false);
		}
	};
	const submit = (event: FormEvent) => {
		event.preventDefault();
		if (!busy)
			void send();
	};
	const onKey = (event: KeyboardEvent) => {
		if (event.key === 'Enter' && (event.ctrlKey || event.metaKey))
			submit(event);
	};
	const today = wallOf(Date.now(), zone).day;
	const choose = (kind: string | null) => set({ kind, ...(kind && !values.day ? { day: addDays(today, 1), time: '09:00' } : {}) });
	const none: MenuEntry = { key: 'none', label: t('follow.none'), icon: 'x' };
	const fault = faults['note'];
	return (
		<form ref={keepFoot} className="follow" data-awake={awake || values.note !== '' || stage !== null || undefined} onFocus={() => setAwake(true)} onSubmit={submit} onKeyDown={onKey} noValidate aria-label={t('follow.title')}>
			{(!online || values.waits) && <p className="follow-said" role="status"><Icon name="offline" size={14} />{t(values.waits ? 'follow.waits' : 'follow.offline')}</p>}
			<MentionField innerRef={area} className="follow-note" name="note" rows={2} maxLength={20000} value={values.note} workspace={workspace || null} placeholder={t('follow.hint')} label={t('note.label')} required
				invalid={Boolean(fault)} describedBy={fault ? `${id}-fault` : undefined} onChange={(note) => set({ note })} />
			{fault && <p className="lw-error" id={`${id}-fault`} role="alert">{fault}</p>}
			<div className="follow-bar">
				<Menu label={t('follow.stage')} width={250} entries={[none, ...stages.filter((one) => one.id !== deal.stage_id).map((one) => ({
					key: one.id, lead: <span className={`dot stage-${one.colour}`} />, label: name(one), checked: one.id === stage?.id,
				}))].map((entry) => ({ ...entry, onSelect: () => set({ stage: stages.find((one) => one.id === entry.key)?.key ?? null }) }))} target={(
					<Button className="follow-choice" data-chosen={stage ? 'stage' : undefined} aria-label={stage ? t('follow.stage_is', { stage: name(stage) }) : undefined}>
						{stage && <span className={`dot stage-${stage.colour}`} />}<span className="cut">{stage ? name(stage) : t('follow.stage')}</span><Icon name="selector" />
					</Button>
				)} />
				{stage?.kind === 'lost' && (reasons.data?.length ?? 0) > 0 && (
					<Menu label={t('field.loss_reason')} width={230} entries={(reasons.data ?? []).map((one) => ({ key: one.key, label: labelOf(one.label, language, one.key), checked: values.reason === one.key, onSelect: () => set({ reason: one.key }) }))} target={(
						<Button className="follow-choice"><span className="cut">{(() => { const found = reasons.data?.find((one) => one.key === values.reason); return found ? labelOf(found.label, language, found.key) : t('field.loss_reason'); })()}</span><Icon name="selector" /></Button>
					)} />
				)}
				<Menu label={t('follow.action')} width={220} entries={[{ ...none, onSelect: () => choose(null) }, ...ACTIONS.map((kind): MenuEntry => ({
					key: kind, lead: <span className={`kind ${toneOf(kind)}`}><Icon name={iconOf(kind)} size={14} /></span>, label: sayValue('kind', kind), checked: kind === values.kind, onSelect: () => choose(kind),
				}))]} target={(
					<Button className="follow-choice" data-chosen={values.kind ? 'action' : undefined} aria-label={values.kind ? t('follow.action_is', { action: sayValue('kind', values.kind) }) : undefined}>
						{values.kind && <span className={toneOf(values.kind)} style={{ color: 'var(--dot)' }}><Icon name={iconOf(values.kind)} size={14} /></span>}
						<span className="cut">{values.kind ? sayValue('kind', values.kind) : t('follow.action')}</span><Icon name="selector" />
					</Button>
				)} />
				{dated && <>
					<input type="date" name="day" className="lw-input" aria-label={t('follow.day')} value={values.day} onChange={(event) => set({ day: event.currentTarget.value })} />
					<input type="time" name="time" className="lw-input" aria-label={t('follow.time')} value={values.time} onChange={(event) => set({ time: event.currentTarget.value })} />
				</>}
				{kept && online && !values.waits && <span className="muted small follow-kept">{t('follow.kept')}</span>}
				<Button kind="primary" type="submit" disabled={busy} aria-keyshortcuts="Control+Enter">{t('common.save')}</Button>
			</div>
		</form>
	);
}
