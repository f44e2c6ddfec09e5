/* Lets somebody in: a new person gets a link to choose a password, somebody of the agency gets a place in this workspace too. */
import { type FormEvent, useRef, useState } from 'react';
import { api, newKey, query } from '../../api/client';
import type { Language } from '../../api/types';
import { fieldFaults, problemText } from '../../app/problems';
import { useScope } from '../../app/scope';
import { useLanguage, useT } from '../../i18n';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { Check, SelectField, TextField, useFocusWrong } from '../../ui/field';
import { Fault } from '../../ui/page';
import { Segments } from '../../ui/table';
import { toast } from '../../ui/toast';
import { type Place, PlaceFields, SectionFields } from './access-fields';
import { LinkShown } from './link-shown';
import { type Link, peopleChanged, seatsOf, useManaged, usePeople } from './people';

export function InviteDialog({ opened, onClose }: { opened: boolean; onClose(): void }) {
	const t = useT();
	return <Dialog opened={opened} onClose={onClose} title={t('users.invite')} closeLabel={t('common.close')} size={560}><InviteForm onClose={onClose} /></Dialog>;
}

type Faults = Partial<Record<'email' | 'person' | 'workspace' | 'role' | 'form', string>>;

function InviteForm({ onClose }: { onClose(): void }) {
	const t = useT();
	const language = useLanguage();
	const { me, workspace } = useScope();
	const managed = useManaged();
	const { data: people } = usePeople();
	const [way, setWay] = useState<'new' | 'known'>('new');
	const [email, setEmail] = useState('');
	const [name, setName] = useState('');
	const [known, setKnown] = useState<string | null>(null);
	const [at, setAt] = useState<string | null>(workspace?.id ?? (managed.length === 1 ? (managed[0]?.id ?? null) : null));
	const [place, setPlace] = useState<Place>({ role: 'sales', team: null });
	const [words, setWords] = useState<Language>((workspace?.language as Language | undefined) ?? language);
	const [sections, setSections] = useState(['crm']);
	const [admin, setAdmin] = useState(false);
	const [faults, setFaults] = useState<Faults>({});
	const [busy, setBusy] = useState(false);
	const [made, setMade] = useState<{ name: string; link: Link; unmailed: boolean } | null>(null);
	const key = useRef(newKey());
	const form = useFocusWrong(faults);
	const others = (people ?? []).filter((one) => !one.disabled && !one.agency_admin && at !== null && !seatsOf(one, at).length);

	const invite = async (mail: boolean) => {
		const seat = at ? { role: place.role, ...(place.team ? { team_id: place.team } : {}) } : {};
		const body = { email: email.trim(), name: name.trim() || email.trim(), language: words, allowed_sections: sections, ...seat, ...(admin ? { agency_admin: true } : {}), mail };
		const reply = await api<{ id: string; existing: boolean; mailed: boolean; invite: Link | null }>('POST', `/api/users${query({ workspace: at })}`, { key: key.current, body });
		/* sent twice, the first answer had the link: a new one takes its place */
		const link = reply.invite ?? (reply.existing || reply.mailed ? null : (await api<{ invite: Link }>('POST', `/api/users/${reply.id}/invite`, { body: {} })).invite);
		await peopleChanged();
		if (link) {
			setMade({ name: body.name, link, unmailed: mail });
			return;
		}
		toast.ok(reply.mailed ? t('users.mailed', { email: body.email }) : t('users.let_in', { name: people?.find((one) => one.id === reply.id)?.name ?? body.email }));
		onClose();
	};
	const letIn = async () => {
		await api('PUT', `/api/users/${known ?? ''}/member${query({ workspace: at })}`, { body: { role: place.role, team_id: place.team, active: true } });
		await peopleChanged();
		toast.ok(t('users.let_in', { name: people?.find((one) => one.id === known)?.name ?? '' }));
		onClose();
	};
	const submit = async (event: FormEvent, mail: boolean) => {
		event.preventDefault();
		const found: Faults = {
			...(at || (admin && way === 'new') ? {} : { workspace: t('form.required') }),
			...(way === 'new' && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email.trim()) ? { email: t(email.trim() ? 'form.email' : 'form.required') } : {}),
			...(way === 'known' && !known ? { person: t('form.required') } : {}),
		};
		setFaults(found);
		if (Object.keys(found).length)
			return;
		setBusy(true);
		try {
			await (way === 'new' ? invite(mail) : letIn());
		} catch (reason) {
			const named = fieldFaults(reason);
			key.current = newKey();
			setFaults(Object.keys(named).length ? named : { form: problemText(reason) });
		}
		setBusy(false);
	};
	if (made)
		return <LinkShown name={made.name} link={made.link} unmailed={made.unmailed} onClose={onClose} />;
	return (
		<form ref={form} className="form" onSubmit={(event) => void submit(event, true)} noValidate>
			{faults.form && <Fault>{faults.form}</Fault>}
			{others.length > 0 && <Segments<'new' | 'known'> label={t('users.who')} value={way} onChange={setWay} choices={[{ value: 'new', label: t('users.somebody_new') }, { value: 'known', label: t('users.somebody_known', { firm: me.agency.name }) }]} />}
			{!workspace && (managed.length > 1 || admin) && (
				<SelectField label={t('field.workspace')} value={at} onChange={(next) => { setAt(next); setPlace({ ...place, team: null }); }} error={faults.workspace} required={!admin} clearable={admin} placeholder={t(admin ? 'users.no_workspace' : 'form.choose')}
					choices={managed.map((one) => ({ value: one.id, label: one.name }))} empty={t('form.nothing_found')} />
			)}
			{way === 'new' ? (
				<div className="two">
					<TextField label={t('field.email')} name="email" type="email" value={email} onChange={setEmail} error={faults.email} required autoFocus autoComplete="off" maxLength={254} />
					<TextField label={t('field.name')} name="name" value={name} onChange={setName} autoComplete="off" maxLength={200} />
				</div>
			) : (
				<SelectField label={t('users.person')} value={known} onChange={setKnown} error={faults.person} required placeholder={t('form.choose')} choices={others.map((one) => ({ value: one.id, label: `${one.name} (${one.email})` }))} empty={t('form.nothing_found')} />
			)}
			{at && <PlaceFields workspace={at} place={place} onChange={setPlace} error={faults.role} />}
			{way === 'new' && (
				<>
					<SelectField label={t('users.language')} value={words} onChange={(next) => setWords(next === 'nl' ? 'nl' : 'en')} choices={[{ value: 'nl', label: 'Nederlands' }, { value: 'en', label: 'English' }]} />
					<SectionFields sections={sections} onChange={setSections} />
					{me.agency.admin && <Check label={t('users.is_admin')} hint={t('users.admin_hint', { firm: me.agency.name })} checked={admin} onChange={setAdmin} />}
				</>
			)}
			<div className="dialog-foot">
				<Button kind="quiet" onClick={onClose}>{t('common.cancel')}</Button>
				{way === 'new' && <Button disabled={busy} onClick={(event) => void submit(event, false)}>{t('users.make_link')}</Button>}
				<Button kind="primary" type="submit" icon={way === 'new' ? 'mail' : undefined} disabled={busy}>{t(way === 'new' ? 'users.by_mail' : 'users.let_in_do')}</Button>
			</div>
		</form>
	);
}
