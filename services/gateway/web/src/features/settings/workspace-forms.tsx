/* The forms of a workspace: a new one, whose answer is the address for its leads; and what can be changed of one that stands. */
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { api, newKey, Problem } from '../../api/client';
import { useMembers } from '../../api/queries';
import { fieldFaults, problemText } from '../../app/problems';
import { useScope } from '../../app/scope';
import { useLanguage, useT } from '../../i18n';
import { browserZone, guessCountry, usualOf } from '../../lib/places';
import { slugFits, slugOf } from '../../lib/slug';
import { Skeleton } from '../../ui/bits';
import { Button } from '../../ui/button';
import { Copy } from '../../ui/copy';
import { Check, SelectField, TextField, useFocusWrong } from '../../ui/field';
import { Fault } from '../../ui/page';
import { toast } from '../../ui/toast';
import { type Place, PlaceFields } from '../place/fields';
import { type Preset, PresetField } from '../place/preset';
import type { Kept } from './workspaces';

interface Made { id: string; slug: string; hook: string | null }

/* what fails at a field the form shows; else at its head */
function faultsOf(reason: unknown): Record<string, string> {
	if (reason instanceof Problem && reason.code === 'slug_taken')
		return { slug: problemText(reason) };
	const fields = fieldFaults(reason);
	return Object.keys(fields).length ? fields : { form: problemText(reason) };
}

export function AddForm({ onClose, changed }: { onClose(): void; changed(): Promise<void> }) {
	const t = useT();
	const language = useLanguage();
	const { me, workspace } = useScope();
	const { data: presets, error } = useQuery({ queryKey: ['presets'], queryFn: async () => (await api<{ data: Preset[] }>('GET', '/api/presets')).data, staleTime: Infinity });
	const like = workspace ?? me.workspaces[0];
	const [name, setName] = useState('');
	const [slug, setSlug] = useState<string | null>(null);
	const [preset, setPreset] = useState(like?.preset ?? '');
	const [place, setPlace] = useState<Place>(() => {
		const country = like?.country ?? guessCountry(browserZone(), navigator.languages);
		return { country, language: like?.language ?? language, currency: like?.currency ?? usualOf(country)?.currency ?? 'EUR', timezone: like?.timezone ?? browserZone() };
	});
	const [faults, setFaults] = useState<Record<string, string>>({});
	const [busy, setBusy] = useState(false);
	const [made, setMade] = useState<Made | null>(null);
	const key = useRef(newKey());
	const form = useFocusWrong(faults);
	const short = slug ?? slugOf(name);
	const chosen = preset || presets?.[0]?.name || '';

	const submit = async (event: FormEvent) => {
		event.preventDefault();
		const found = { ...(name.trim() ? {} : { name: t('form.required') }), ...(short && !slugFits(short) ? { slug: t('problem.bad_slug') } : {}) };
		setFaults(found);
		if (Object.keys(found).length)
			return;
		setBusy(true);
		try {
			setMade(await api<Made>('POST', '/api/workspaces', { key: key.current, body: { name: name.trim(), ...(short ? { slug: short } : {}), preset: chosen, ...place } }));
			void changed();
		} catch (reason) {
			if (reason instanceof Problem && reason.status > 0)
				key.current = newKey(); /* refused: the next try is another one */
			setFaults(faultsOf(reason));
		}
		setBusy(false);
	};
	if (made)
		return <Added made={made} name={name.trim()} onClose={onClose} />;
	if (error)
		return <Fault>{problemText(error)}</Fault>;
	if (!presets)
		return <div className="form">{[1, 2, 3].map((row) => <Skeleton key={row} h={56} />)}</div>;
	return (
		<form ref={form} className="form form-wide" onSubmit={(event) => void submit(event)} noValidate>
			{faults['form'] && <Fault>{faults['form']}</Fault>}
			<div className="two">
				<TextField label={t('field.name')} name="name" value={name} onChange={setName} error={faults['name']} required autoFocus autoComplete="off" maxLength={200} />
				<TextField label={t('workspaces.slug')} name="slug" value={short} onChange={(text) => setSlug(text.trim() === '' ? null : text.trim().toLowerCase())} error={faults['slug']} autoComplete="off" maxLength={60} />
			</div>
			<PlaceFields value={place} onChange={setPlace} wrong={faults} />
			<PresetField presets={presets} value={chosen} onChange={setPreset} error={faults['preset']} />
			<div className="dialog-foot">
				<Button kind="quiet" onClick={onClose}>{t('common.cancel')}</Button>
				<Button kind="primary" type="submit" disabled={busy}>{t(busy ? 'setup.going' : 'workspaces.add')}</Button>
			</div>
		</form>
	);
}

function Added({ made, name, onClose }: { made: Made; name: string; onClose(): void }) {
	const t = useT();
	const navigate = useNavigate();
	const said = useRef<HTMLParagraphElement>(null);
	useEffect(() => {
		said.current?.focus();
	}, []);
	return (
		<div className="form form-wide">
			<p ref={said} tabIndex={-1}><b>{t('workspaces.added', { name })}</b> {t(made.hook ? 'workspaces.added_text' : 'first.no_hook')}</p>
			{made.hook && <Copy label={t('first.hook')} text={made.hook} />}
			<div className="dialog-foot">
				<Button onClick={onClose}>{t('common.close')}</Button>
				<Button kind="primary" onClick={() => void navigate({ to: '/deals/board', search: { workspace: made.slug } } as never)}>{t('setup.to_board')}</Button>
			</div>
		</div>
	);
}

export function EditForm({ row, onClose, changed }: { row: Kept; onClose(): void; changed(): Promise<void> }) {
	const t = useT();
	const { me } = useScope();
	const { data: members } = useMembers(row.slug);
	const [name, setName] = useState(row.name);
	const [owner, setOwner] = useState(row.default_owner_id);
	const [adminOnly, setAdminOnly] = useState(row.admin_only);
	const [crm, setCrm] = useState(row.feature_crm);
	const [converts, setConverts] = useState(row.convert_on_won === 'automatic');
	const [faults, setFaults] = useState<Record<string, string>>({});
	const [busy, setBusy] = useState(false);
	const form = useFocusWrong(faults);
	const submit = async (event: FormEvent) => {
		event.preventDefault();
		if (!name.trim()) {
			setFaults({ name: t('form.required') });
			return;
		}
		const body = {
			...(name.trim() === row.name ? {} : { name: name.trim() }), ...(owner === row.default_owner_id ? {} : { default_owner_id: owner }),
			...(adminOnly === row.admin_only ? {} : { admin_only: adminOnly }), ...(crm === row.feature_crm ? {} : { feature_crm: crm }),
			...(converts === (row.convert_on_won === 'automatic') ? {} : { convert_on_won: converts ? 'automatic' : 'button' }),
		};
		setBusy(true);
		try {
			if (Object.keys(body).length) {
				await api('PUT', `/api/workspaces/${row.id}`, { body });
				await changed();
				toast.ok(t('deal.saved'));
			}
			onClose();
		} catch (reason) {
			setFaults(faultsOf(reason));
			setBusy(false);
		}
	};
	return (
		<form ref={form} className="form" onSubmit={(event) => void submit(event)} noValidate>
			{faults['form'] && <Fault>{faults['form']}</Fault>}
			<TextField label={t('field.name')} name="name" value={name} onChange={setName} error={faults['name']} required autoFocus autoComplete="off" maxLength={200} />
			<SelectField label={t('workspaces.owner')} value={owner} onChange={setOwner} clearable placeholder={t('deal.owner_none')} hint={t('workspaces.owner_text')} error={faults['default_owner_id']} empty={t('form.nothing_found')}
				choices={(members ?? []).filter((one) => one.active).map((one) => ({ value: one.id, label: one.name }))} />
			<Check label={t('workspaces.convert')} hint={t('workspaces.convert_text')} checked={converts} onChange={setConverts} />
			{me.agency.admin && <Check label={t('workspaces.admin_only')} hint={t('workspaces.admin_only_text')} checked={adminOnly} onChange={setAdminOnly} />}
			{me.agency.admin && <Check label={t('workspaces.crm')} hint={t('workspaces.crm_text')} checked={crm} onChange={setCrm} />}
			<div className="dialog-foot">
				<Button kind="quiet" onClick={onClose}>{t('common.cancel')}</Button>
				<Button kind="primary" type="submit" disabled={busy}>{t('common.save')}</Button>
			</div>
		</form>
	);
}
