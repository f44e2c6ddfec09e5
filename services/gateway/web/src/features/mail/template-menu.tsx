/* A template, filled in for the record that is written about, in one of its languages: it becomes the text of the form. */
import { useState } from 'react';
import { api, query } from '../../api/client';
import { problemText } from '../../app/problems';
import { useLanguage, useT } from '../../i18n';
import { Button } from '../../ui/button';
import { Menu, type MenuEntry } from '../../ui/menu';
import { toast } from '../../ui/toast';
import { LANGUAGES, type Language, type Look, type Template, useTemplates } from '../templates/model';
import type { Draft, MailAsk } from './ask';

export function Templates({ asked, draft, workspace, onTake }: { asked: MailAsk; draft: Draft; workspace: string; onTake(part: Partial<Draft>, empty: string[]): void }) {
	const t = useT();
	const mine = useLanguage();
	const { data: templates } = useTemplates(workspace);
	const [busy, setBusy] = useState(false);
	const { about } = asked;
	const person = about.kind === 'contact' ? about.id : draft.to.find((one) => one.contact_id)?.contact_id;
	const whose = about.kind === 'deal' ? { deal_id: about.id } : person ? { contact_id: person } : {};
	const take = async (one: Template, language: Language) => {
		setBusy(true);
		try {
			const look = await api<Look>('POST', `/api/crm/mail/templates/preview${query({ workspace })}`, { body: { subject: one[`subject_${language}`] ?? '', text: one[`text_${language}`] ?? '', language, ...whose } });
			const before = { subject: draft.subject, text: draft.text, template: draft.template, news: draft.news };
			/* an answer keeps what it answers */
			onTake({ text: look.text, template: one.id, news: !one.transactional, ...(draft.reply ? {} : { subject: look.subject }) }, look.empty);
			if (before.text.trim())
				toast.ok(t('mail.template_taken', { name: one.name }), { label: t('common.undo'), hotkey: 'Z', run: () => onTake(before, []) });
		} catch (fault) {
			toast.error(t('mail.template_failed'), problemText(fault));
		}
		setBusy(false);
	};
	if (!templates?.length)
		return null;
	const order = mine === 'nl' ? LANGUAGES : [...LANGUAGES].reverse();
	const entries = templates.flatMap((one): MenuEntry[] => {
		const there = order.filter((language) => one[`text_${language}`]);
		return there.map((language) => ({ key: `${one.id} ${language}`, icon: 'mail', label: one.name, checked: draft.template === one.id, onSelect: () => void take(one, language), ...(there.length > 1 || language !== mine ? { end: t(`template_language.${language}`) } : {}) }));
	});
	return <Menu label={t('mail.template')} width={300} entries={entries} target={<Button kind="quiet" icon="note" disabled={busy}>{t('mail.template')}</Button>} />;
}
