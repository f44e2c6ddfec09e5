/* A template being written: its text in both languages, chips that put a placeholder where one writes, and beside it what it becomes for a real deal.
   What is wrong with a placeholder is said by its line while one writes. Never saves what the server would not take. */
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { api, Problem, query } from '../../api/client';
import type { Workspace } from '../../api/types';
import { problemText } from '../../app/problems';
import { useLanguage, useT } from '../../i18n';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { Check, SelectField, TextArea, TextField } from '../../ui/field';
import { Fault } from '../../ui/page';
import { Segments } from '../../ui/table';
import { toast } from '../../ui/toast';
import { LANGUAGES, type Language, PLACES, type Template, WORD_OF, templateFaults, templatesChanged, useLook, useSomeDeals, type Written } from './model';

export function TemplateDialog({ workspace, template, opened, onClose }: { workspace: Workspace; template: Template | null; opened: boolean; onClose(): void }) {
	const t = useT();
	return (
		<Dialog opened={opened} onClose={onClose} title={t(template ? 'templates.edit' : 'templates.add')} closeLabel={t('common.close')} size={980}>
			{opened && <Form workspace={workspace} template={template} onDone={onClose} />}
		</Dialog>
	);
}

/* what was written, when nobody writes for a moment */
function useRested(written: Written): Written {
	const [rested, setRested] = useState(written);
	useEffect(() => {
		const timer = setTimeout(() => setRested(written), 300);
		return () => clearTimeout(timer);
	}, [written.subject, written.text]);
	return rested;
}

function Form({ workspace, template, onDone }: { workspace: Workspace; template: Template | null; onDone(): void }) {
	const t = useT();
	const mine = useLanguage() === 'nl' ? 'nl' : 'en';
	const first = LANGUAGES.find((one) => one === mine && (!template || template[`text_${one}`])) ?? LANGUAGES.find((one) => template?.[`text_${one}`]) ?? mine;
	const [name, setName] = useState(template?.name ?? '');
	const [needed, setNeeded] = useState(template?.transactional ?? false);
	const [language, setLanguage] = useState<Language>(first);
	const [texts, setTexts] = useState<Record<Language, Written>>(() => ({ nl: { subject: template?.subject_nl ?? '', text: template?.text_nl ?? '' }, en: { subject: template?.subject_en ?? '', text: template?.text_en ?? '' } }));
	const [faults, setFaults] = useState<Record<string, string>>({});
	const [busy, setBusy] = useState(false);
	/* null after a conflict: that it is another by now was said, the next save is meant */
	const seen = useRef(template?.version ?? null);
	const into = useRef<'subject' | 'text'>('text');
	const form = useRef<HTMLFormElement>(null);
	const written = texts[language];
	const { data: deals } = useSomeDeals(workspace.slug);
	const [chosen, setChosen] = useState<string | null>(null);
	const deal = chosen ?? (deals ? deals[0]?.id ?? null : undefined);
	const look = useLook(workspace.slug, deal, language, useRested(written));
	const live = look.error ? templateFaults(look.error) : {};
	const write = (part: Partial<Written>) => setTexts({ ...texts, [language]: { ...written, ...part } });
	const labelOf = (name: string) => {
		const place = PLACES.find((one) => one === name);
		return place ? t(`template_place.${WORD_OF[place]}`) : name;
	};
	/* where the caret stood last */
	const put = (place: string) => {
		const field = form.current?.querySelector<HTMLInputElement | HTMLTextAreaElement>(`[name="${into.current}"]`);
		const old = written[into.current];
		const from = field?.selectionStart ?? old.length, until = field?.selectionEnd ?? old.length;
		const tag = `{{${place}}}`;
		write({ [into.current]: old.slice(0, from) + tag + old.slice(until) });
		requestAnimationFrame(() => { field?.focus(); field?.setSelectionRange(from + tag.length, from + tag.length); });
	};
	const check = (): Record<string, string> => {
		if (!name.trim())
			return { name: t('form.required') };
		for (const one of LANGUAGES) {
			const { subject, text } = texts[one];
			if (Boolean(subject.trim()) !== Boolean(text.trim())) {
				setLanguage(one);
				return { [`${subject.trim() ? 'text' : 'subject'}_${one}`]: t('templates.whole_language') };
			}
		}
		return LANGUAGES.some((one) => texts[one].text.trim()) ? {} : { [`text_${language}`]: t('templates.one_language') };
	};
	const submit = async (event: FormEvent) => {
		event.preventDefault();
		const found = check();
		setFaults(found);
		if (Object.keys(found).length)
			return;
		setBusy(true);
		const said = (text: string) => (text.trim() ? text : null);
		const body = { name: name.trim(), transactional: needed, subject_nl: said(texts.nl.subject), text_nl: said(texts.nl.text), subject_en: said(texts.en.subject), text_en: said(texts.en.text) };
		try {
			await (template ? api('PUT', `/api/crm/mail/templates/${template.id}`, { body: { ...body, ...(seen.current === null ? {} : { version: seen.current }) } }) : api('POST', `/api/crm/mail/templates${query({ workspace: workspace.slug })}`, { body }));
			await templatesChanged();
			toast.ok(t('templates.saved', { name: name.trim() }));
			onDone();
		} catch (reason) {
			const stale = reason instanceof Problem && reason.code === 'stale';
			if (stale)
				seen.current = null;
			const refused = templateFaults(reason);
			const other = LANGUAGES.find((one) => refused[`subject_${one}`] || refused[`text_${one}`]);
			if (other)
				setLanguage(other);
			setFaults(Object.keys(refused).length ? refused : { form: stale ? t('templates.stale') : problemText(reason) });
		}
		setBusy(false);
	};
	return (
		<form className="form form-wide" ref={form} onSubmit={(event) => void submit(event)} noValidate>
			{faults['form'] && <Fault>{faults['form']}</Fault>}
			<div className="two">
				<TextField label={t('templates.name')} name="name" value={name} onChange={setName} required autoFocus maxLength={120} autoComplete="off" error={faults['name']} />
				<div className="tpl-language"><Segments<Language> label={t('templates.language')} value={language} onChange={setLanguage} choices={LANGUAGES.map((one) => ({ value: one, label: t(`template_language.${one}`) }))} /></div>
			</div>
			<div className="tpl-both">
				<div className="tpl-write" onFocus={(event) => { const at = event.target.getAttribute('name'); if (at === 'subject' || at === 'text') into.current = at; }}>
					<TextField label={t('templates.subject')} name="subject" value={written.subject} onChange={(subject) => write({ subject })} maxLength={500} autoComplete="off" error={faults[`subject_${language}`] ?? live['subject']} />
					<TextArea label={t('templates.text')} name="text" value={written.text} onChange={(text) => write({ text })} rows={12} maxLength={20000} hint={t('templates.text_hint')} error={faults[`text_${language}`] ?? live['text']} />
					<div className="tpl-chips" role="group" aria-label={t('templates.named')}>
						{PLACES.map((place) => {
							const said = labelOf(place);
							return <button key={place} type="button" className="tpl-chip" aria-label={t('templates.chip', { name: said })} onClick={() => put(place)}>{said}</button>;
						})}
					</div>
				</div>
				<div className="tpl-look">
					{deals && !deals.length ? <p className="muted">{t('templates.look_no_deals')}</p> : <SelectField label={t('templates.look_for')} name="deal" value={deal ?? null} onChange={setChosen} choices={(deals ?? []).map((one) => ({ value: one.id, label: one.title }))} />}
					<article className="tpl-paper" aria-label={t('templates.look')}>
						{look.data && (written.subject || written.text) ? <><b>{look.data.subject}</b><p>{look.data.text}</p></> : !written.subject && !written.text && <span className="muted">{t('templates.look_none')}</span>}
					</article>
					{look.data && look.data.empty.length > 0 && <p className="muted small" role="status">{t('templates.look_empty', { names: look.data.empty.map((one) => labelOf(one)).join(', ') })}</p>}
				</div>
			</div>
			<Check label={t('templates.needed')} hint={t('templates.needed_hint')} checked={needed} onChange={setNeeded} name="transactional" />
			<div className="dialog-foot">
				<Button kind="quiet" onClick={onDone}>{t('common.cancel')}</Button>
				<Button kind="primary" type="submit" disabled={busy}>{t('common.save')}</Button>
			</div>
		</form>
	);
}
