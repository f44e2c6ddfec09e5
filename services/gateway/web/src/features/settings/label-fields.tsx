/* A name in both languages, the reader's own first; and what the server found wrong with a form, by field. */
import { type FormEvent, type ReactNode, useState } from 'react';
import { fieldFaults, problemText } from '../../app/problems';
import type { Label } from '../../api/types';
import { useLanguage, useT } from '../../i18n';
import { Button } from '../../ui/button';
import { TextField } from '../../ui/field';
import { Fault } from '../../ui/page';

export type Faults = Record<string, string>;
export interface BothNames { en: string; nl: string }

export const namesOf = (label?: Label): BothNames => ({ en: label?.en ?? '', nl: label?.nl ?? '' });
export const trimmed = (names: BothNames): BothNames => ({ en: names.en.trim(), nl: names.nl.trim() });
export const lacking = (names: BothNames, text: string): Faults => ({ ...(names.en.trim() ? {} : { en: text }), ...(names.nl.trim() ? {} : { nl: text }) });

export function LabelFields({ value, onChange, faults, focus = true }: { value: BothNames; onChange(value: BothNames): void; faults: Faults; focus?: boolean }) {
	const t = useT();
	const mine = useLanguage();
	const order = mine === 'nl' ? ['nl', 'en'] as const : ['en', 'nl'] as const;
	return (
		<div className="two">
			{order.map((language, at) => (
				<TextField key={language} name={`label_${language}`} label={t(language === 'en' ? 'label.en' : 'label.nl')} value={value[language]} onChange={(text) => onChange({ ...value, [language]: text })}
					error={faults[language] ?? (at === 0 ? faults['label'] : undefined)} required autoFocus={focus && at === 0} maxLength={100} autoComplete="off" />
			))}
		</div>
	);
}

/* what no field of these forms can say is said above them; a key is made of the name */
const SHOWN = new Set(['en', 'nl', 'label', 'kind', 'probability', 'country', 'phone_code', 'cost', 'choices', 'currency', 'day', 'rate', 'name', 'form_type', 'title', 'status', 'amount', 'url', 'assignee', 'excerpt', 'email', 'from_name', 'from_email', 'host', 'port', 'tls', 'login', 'secret', 'reply_domain', 'per_minute', 'event_key', 'oauth_client', 'oauth_secret', 'oauth_tenant', 'oauth_authorize_url', 'oauth_token_url', 'oauth_scope', 'hook_secret', 'next_on', 'since', 'until']);
function placed(named: Faults, text: string): Faults {
	const { key, ...rest } = named;
	const lost = Object.entries(rest).filter(([name]) => !SHOWN.has(name)).map(([, fault]) => fault);
	const out = { ...rest, ...(key ? { label: key } : {}), form: lost.join(' ') };
	return Object.keys(named).length ? out : { form: text };
}

/* a dialog's form: asks what is wrong before it sends, and shows what the server refused */
export function SetForm({ children, check, send, onDone, yes }: { children(faults: Faults): ReactNode; check(): Faults; send(): Promise<unknown>; onDone(): void; yes: string }) {
	const t = useT();
	const [faults, setFaults] = useState<Faults>({});
	const [busy, setBusy] = useState(false);
	const submit = async (event: FormEvent) => {
		event.preventDefault();
		const found = check();
		setFaults(found);
		if (Object.keys(found).length)
			return;
		setBusy(true);
		try {
			await send();
			onDone();
		} catch (reason) {
			setFaults(placed(fieldFaults(reason), problemText(reason)));
		}
		setBusy(false);
	};
	return (
		<form className="form form-wide" onSubmit={(event) => void submit(event)} noValidate>
			{faults['form'] && <Fault>{faults['form']}</Fault>}
			{children(faults)}
			<div className="dialog-foot">
				<Button kind="quiet" onClick={onDone}>{t('common.cancel')}</Button>
				<Button kind="primary" type="submit" disabled={busy}>{yes}</Button>
			</div>
		</form>
	);
}
