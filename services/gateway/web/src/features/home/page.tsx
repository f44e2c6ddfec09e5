/* Where a day begins: what is to be done, what is late, what rings today, who is new; and for a new workspace the first steps,
   which tick themselves. Counts nothing itself that a service counts. */
import { Link } from '@tanstack/react-router';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { api, query } from '../../api/client';
import { useLeads, useMembers } from '../../api/queries';
import type { Lead, Page } from '../../api/types';
import { maySettings } from '../../app/places';
import { useActions } from '../../app/actions';
import { useGo, useScope } from '../../app/scope';
import { sayValue, useT } from '../../i18n';
import { firstName } from '../../lib/format';
import { wallOf } from '../../lib/zone';
import { Skeleton, Tile } from '../../ui/bits';
import { Button, IconButton } from '../../ui/button';
import { Icon } from '../../ui/icons';
import { PageHead, Section, useTitle } from '../../ui/page';
import { ActivityList, useActivityDialog } from '../activities/list';
import { type Activity, useTasks } from '../activities/model';
import '../activities/activities.css';

const keepWorkspace = ((old: { workspace?: string }) => (old.workspace ? { workspace: old.workspace } : {})) as never;

function More({ to, children }: { to: string; children: React.ReactNode }) {
	return <Link to={to as never} search={keepWorkspace} className="btn btn-quiet">{children}</Link>;
}

export function HomePage() {
	const t = useT();
	const { me, reads, zone, workspace } = useScope();
	const { ask, dialog } = useActivityDialog();
	useTitle(t('nav.home'));
	const hour = Number(wallOf(Date.now(), zone).time.slice(0, 2));
	const today = wallOf(Date.now(), zone).day;
	const mine = useTasks('mine', reads, zone);
	const rows = useMemo(() => (mine.data?.pages ?? []).flatMap((page) => page.data), [mine.data]);
	const now = Date.now();
	const late = rows.filter((one) => one.due_at && Date.parse(one.due_at) < now);
	const rest = rows.filter((one) => !late.includes(one)).slice(0, 8);
	const rings = rows.filter((one) => one.remind_at && wallOf(one.remind_at, zone).day === today);
	const counts = mine.data?.pages[0]?.counts;
	const edit = (one: Activity) => ask({ mode: 'plan', kind: one.kind, about: one.about, workspace: me.workspaces.find((place) => place.id === one.workspace_id)?.slug ?? '', activity: one });
	const greeting = hour < 12 ? t('home.morning', { name: firstName(me.user.name) }) : hour < 18 ? t('home.afternoon', { name: firstName(me.user.name) }) : t('home.evening', { name: firstName(me.user.name) });
	const list = (label: string, some: Activity[], none: string) => (mine.isPending ? <Skeleton h={48} /> : some.length ? <ActivityList label={label} rows={some} onEdit={edit} /> : <p className="muted small">{none}</p>);
	return (
		<>
			<PageHead title={greeting} sub={counts ? t('home.sub', { count: counts.today, late: counts.overdue }) : workspace?.name} help="tasks" />
			<div className="page-body scroll">
				<FirstSteps key={workspace?.id ?? ''} />
				<div className="home">
					{late.length > 0 && <Section title={t('tasks.overdue')} actions={<More to="/tasks">{t('home.all_tasks')}</More>}>{list(t('tasks.overdue'), late.slice(0, 8), '')}</Section>}
					<Section title={t('home.tasks')} actions={<More to="/tasks">{t('home.all_tasks')}</More>}>{list(t('home.tasks'), rest, t('home.no_tasks'))}</Section>
					<Section title={t('home.reminders')} actions={<More to="/deals/calendar">{t('tab.calendar')}</More>}>{list(t('home.reminders'), rings, t('home.no_reminders'))}</Section>
					<NewLeads />
				</div>
			</div>
			{dialog}
		</>
	);
}

function NewLeads() {
	const t = useT();
	const go = useGo();
	const { reads, formats } = useScope();
	const { data, isPending } = useLeads({ workspace: reads, status: 'New', q: null });
	const leads = (data?.pages[0]?.data ?? []).slice(0, 6);
	return (
		<Section title={t('home.leads')} actions={<More to="/leads">{t('home.all_leads')}</More>}>
			{isPending ? <Skeleton h={48} /> : leads.length ? <ul className="rows">{leads.map((lead) => (
				<li key={lead.id}>
					<Tile name={lead.company ?? lead.name} size={28} />
					<div className="row-text"><b><button type="button" className="act-open" onClick={() => { if (lead.deal_id) go.openDeal(lead.deal_id); else go.search({ type: 'lead', id: lead.id }); }}>{lead.name}</button></b>
						<span className="muted">{[lead.company, lead.source && sayValue('source', lead.source), formats.moment(lead.created_at)].filter(Boolean).join(' · ')}</span></div>
				</li>
			))}</ul> : <p className="muted small">{t('home.no_leads')}</p>}
		</Section>
	);
}

const dismissed = (workspace: string) => {
	try {
		return localStorage.getItem(`lw.steps.${workspace}`) === 'off';
	} catch {
		return false;
	}
};

/* of one workspace, for whoever may set it up; a step is there when its page is */
function FirstSteps() {
	const t = useT();
	const { workspace, may, zone } = useScope();
	const scope = useScope();
	const actions = useActions();
	const slug = workspace?.slug ?? null;
	const [off, setOff] = useState(() => dismissed(workspace?.id ?? ''));
	const asked = workspace !== null && !off && maySettings(scope);
	const leads = useQuery({ queryKey: ['steps', slug], queryFn: ({ signal }) => api<Page<Lead>>('GET', `/api/crm/leads${query({ workspace: slug, limit: 1 })}`, { signal }), enabled: asked });
	const { data: members } = useMembers(slug);
	const tasks = useTasks('mine', slug, zone);
	const done = useTasks('done', slug, zone);
	if (!asked || !leads.data || !members || !tasks.data)
		return null;
	const some = (pages: { data: typeof tasks.data | undefined }) => (pages.data?.pages[0]?.data.length ?? 0) > 0;
	const steps = [
		{ key: 'lead', done: leads.data.data.length > 0, title: t('steps.lead'), text: t('steps.lead_text'), act: <Button onClick={actions.newLead}>{t('lead.new')}</Button> },
		...(may('crm-users') ? [{ key: 'people', done: members.filter((one) => one.active).length > 1, title: t('steps.people'), text: t('steps.people_text'), act: <Link className="btn" to={'/settings/users' as never} search={keepWorkspace}>{t('steps.open')}</Link> }] : []),
		{ key: 'plan', done: some(tasks) || some(done), title: t('steps.plan'), text: t('steps.plan_text'), act: <Link className="btn" to="/deals/board" search={keepWorkspace}>{t('steps.open')}</Link> },
	];
	const left = steps.filter((one) => !one.done).length;
	if (left === 0)
		return null;
	const dismiss = () => {
		try {
			localStorage.setItem(`lw.steps.${workspace.id}`, 'off');
		} catch {
			/* it comes back with the next visit */
		}
		setOff(true);
		document.getElementById('main')?.focus({ preventScroll: true });
	};
	return (
		<Section title={t('steps.title')} text={t('steps.left', { count: left })} actions={<IconButton icon="x" label={t('steps.dismiss')} onClick={dismiss} />}>
			<ol className="rows">{steps.map((one) => (
				<li key={one.key} data-step={one.key} data-done={one.done}>
					<span className={`kind ${one.done ? 'stage-green' : 'stage-grey'}`}><Icon name={one.done ? 'check' : 'right'} size={15} /></span>
					<div className="row-text"><b>{one.title}{one.done && <span className="hidden-text"> · {t('tasks.done')}</span>}</b><span className="muted">{one.text}</span></div>
					{!one.done && one.act}
				</li>
			))}</ol>
		</Section>
	);
}
