/* What rings, by kind: in the bell, and on the desktop of whichever browser was allowed to; and when it goes by mail. The browser is asked when somebody switches it on, never before. */
import { useScope } from '../../app/scope';
import { useT } from '../../i18n';
import { Button } from '../../ui/button';
import { Check, SelectField } from '../../ui/field';
import { Icon } from '../../ui/icons';
import { Section } from '../../ui/page';
import { mayChat } from '../chat/live';
import { askDesktop, useDesktopLeave } from './desktop';
import { PushPart } from './choices-push';
import { choose, chooseMail, type Choices, KIND_ICON, type MailWhen, NEWS_KINDS, type NewsKind } from './news';

export function useKindName(): (kind: NewsKind) => string {
	const t = useT();
	return (kind) => {
		switch (kind) {
		case 'lead': return t('news.kind_lead');
		case 'reminder': return t('news.kind_reminder');
		case 'mention': return t('news.kind_mention');
		case 'assigned': return t('news.kind_assigned');
		case 'message': return t('news.kind_message');
		case 'rule': return t('news.kind_rule');
		}
	};
}

/* the team's conversation is the team's */
export function useKinds(): readonly NewsKind[] {
	const { me } = useScope();
	return mayChat(me) ? NEWS_KINDS : NEWS_KINDS.filter((kind) => kind !== 'message');
}

export function ChoicesSection({ choices }: { choices: Choices }) {
	const t = useT();
	const nameOf = useKindName();
	const leave = useDesktopLeave();
	const kinds = useKinds();
	const wanted = kinds.some((kind) => choices[kind].desktop);
	const desktop = async (kind: NewsKind, on: boolean) => {
		if (!on || (await askDesktop()) === 'granted')
			choose(kind, 'desktop', on);
	};
	return (
		<Section title={t('news.choices')} text={t('news.choices_text')}>
			<table className="news-choices">
				<thead><tr><td /><th scope="col">{t('news.bell')}</th><th scope="col">{t('news.desktop')}</th></tr></thead>
				<tbody>
					{kinds.map((kind) => {
						const box = (label: string) => <span className="hidden-text">{t('news.choice', { kind: nameOf(kind), where: label })}</span>;
						return (
							<tr key={kind} data-choice={kind}>
								<th scope="row"><Icon name={KIND_ICON[kind]} size={16} />{nameOf(kind)}</th>
								<td><Check name={`${kind}-bell`} label={box(t('news.bell'))} checked={choices[kind].bell} onChange={(on) => choose(kind, 'bell', on)} /></td>
								<td><Check name={`${kind}-desktop`} label={box(t('news.desktop'))} checked={choices[kind].desktop} disabled={leave === 'none'} onChange={(on) => void desktop(kind, on)} /></td>
							</tr>
						);
					})}
				</tbody>
			</table>
			<div role="status" className="muted small">
				{leave === 'none' ? <p>{t('news.desktop_none')}</p>
					: leave === 'denied' ? <p>{t('news.desktop_denied')}</p>
						: wanted && leave === 'default' ? <><p>{t('news.desktop_ask')}</p><Button onClick={() => void askDesktop()}>{t('news.desktop_allow')}</Button></> : null}
			</div>
			<PushPart wanted={wanted} />
		</Section>
	);
}

/* by mail goes what one did not see in time; a conversation does not */
export function MailSection({ choices }: { choices: Choices }) {
	const t = useT();
	const nameOf = useKindName();
	const whens: Array<{ value: MailWhen; label: string }> = [
		{ value: 'now', label: t('news.mail_now') }, { value: 'digest', label: t('news.mail_digest') }, { value: 'never', label: t('news.mail_never') },
	];
	return (
		<Section title={t('news.mail')} text={t('news.mail_text')}>
			<div className="form">
				{NEWS_KINDS.map((kind) => {
					const { mail } = choices[kind];
					return mail && (
						<SelectField key={kind} name={`${kind}-mail`} label={nameOf(kind)} value={mail} choices={whens}
							onChange={(value) => { const when = whens.find((one) => one.value === value); if (when) chooseMail(kind, when.value); }} />
					);
				})}
			</div>
		</Section>
	);
}
