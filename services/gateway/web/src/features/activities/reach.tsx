/* How somebody is reached, wherever a number or an address stands: called, written to on WhatsApp, mailed. Whoever did that from here
   is asked whether to log it, and one tap does. */
import type { Id } from '../../api/types';
import { api, query } from '../../api/client';
import { problemText } from '../../app/problems';
import { useScope } from '../../app/scope';
import { say, sayValue, useT } from '../../i18n';
import { dialled, whatsappOf } from '../../lib/phone';
import { Icon } from '../../ui/icons';
import { toast } from '../../ui/toast';
import { useMailTo } from '../mail/ask';
import { type About, activitiesChanged, type Kind } from './model';

/* whom it is about, and where that is kept */
export interface Whom { about: About; workspaceId: Id; name: string }

/* of a record that has a name of its own */
export const whomOf = (kind: About['kind'], one: { id: Id; name: string; workspace_id: Id }): Whom => ({ about: { kind, id: one.id, title: one.name }, workspaceId: one.workspace_id, name: one.name });

async function log(kind: Kind, { about, name }: Whom, workspace: string): Promise<void> {
	try {
		const { id } = await api<{ id: Id }>('POST', `/api/crm/activities${query({ workspace })}`, { body: { kind, done: true, [`${about.kind}_id`]: about.id } });
		activitiesChanged(about);
		toast.ok(say('activity.logged', { kind: sayValue('kind', kind), name }), { label: say('common.undo'), hotkey: 'Z', run: () => {
			api('DELETE', `/api/crm/activities/${id}`).then(() => activitiesChanged(about), (fault) => toast.error(say('activity.failed'), problemText(fault)));
		} });
	} catch (fault) {
		toast.error(say('activity.failed'), problemText(fault));
	}
}

function useReach(whom: Whom) {
	const { me, mayEdit } = useScope();
	const place = me.workspaces.find((one) => one.id === whom.workspaceId);
	return {
		country: place?.country,
		/* it stays until it is answered: a call takes longer than a note is shown */
		ask: (kind: 'call' | 'whatsapp') => {
			if (mayEdit(whom.workspaceId))
				toast.ask(say(kind === 'call' ? 'activity.called' : 'activity.wrote', { name: whom.name }), { label: say('activity.log_it'), run: () => void log(kind, whom, place?.slug ?? '') });
		},
	};
}

/* a number in a line or a cell */
export function Phone({ phone, whom }: { phone: string; whom: Whom }) {
	const t = useT();
	const { country, ask } = useReach(whom);
	const whatsapp = whatsappOf(phone, country);
	return (
		<span className="reach">
			<a className="link num" href={`tel:${dialled(phone)}`} onClick={() => ask('call')}>{phone}</a>
			{whatsapp && <a className="reach-whatsapp" href={whatsapp} target="_blank" rel="noreferrer" title={t('deal.whatsapp')} aria-label={t('reach.whatsapp', { name: whom.name })} onClick={() => ask('whatsapp')}><Icon name="whatsapp" size={16} /></a>}
		</span>
	);
}

/* `whom`: a press writes here, about them, where the workspace sends mail itself */
export function Mail({ email, whom, children }: { email: string; whom?: Whom | undefined; children?: React.ReactNode }) {
	const mailTo = useMailTo(whom);
	return <span className="reach"><a className="link" {...mailTo(email)}>{children ?? email}</a></span>;
}

/* the head of a panel */
export function ReachButtons({ phone, email, whom }: { phone: string | null | undefined; email?: string | null | undefined; whom: Whom }) {
	const t = useT();
	const { country, ask } = useReach(whom);
	const mailTo = useMailTo(whom);
	const whatsapp = phone ? whatsappOf(phone, country) : null;
	return (
		<>
			{phone && <a className="btn" href={`tel:${dialled(phone)}`} aria-label={t('deal.call')} onClick={() => ask('call')}><Icon name="phone" /><span className="btn-text">{t('deal.call')}</span></a>}
			{whatsapp && <a className="btn" href={whatsapp} target="_blank" rel="noreferrer" aria-label={t('deal.whatsapp')} onClick={() => ask('whatsapp')}><Icon name="whatsapp" /><span className="btn-text">{t('deal.whatsapp')}</span></a>}
			{email && <a className="btn" {...mailTo(email)} aria-label={t('deal.mail')}><Icon name="mail" /><span className="btn-text">{t('deal.mail')}</span></a>}
		</>
	);
}
