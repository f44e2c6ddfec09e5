/* A way in, made or changed. What is made is told here, once: its address, and what to paste. */
import { lazy, Suspense, useRef, useState } from 'react';
import { api, Problem, query } from '../../api/client';
import { useMembers } from '../../api/queries';
import { sayValue, useT } from '../../i18n';
import { Skeleton } from '../../ui/bits';
import { Dialog } from '../../ui/dialog';
import { Check, SelectField, TextField } from '../../ui/field';
import { toast } from '../../ui/toast';
import { type Faults, SetForm } from './label-fields';
import { asksFirst, isAddress, isCalled, isPage, originsOf, signsItself, type Source, SOURCE_KINDS, wholeOf } from './source-model';
import { sourcePath, sourcesChanged } from './source-reads';
import type { Told } from './source-told';
import '../money/money.css';

const SourceTold = lazy(() => import('./source-told').then((module) => ({ default: module.SourceTold })));

export function SourceDialog({ slug, source, opened, onClose }: { slug: string; source: Source | null; opened: boolean; onClose(): void }) {
	const t = useT();
	return <Dialog opened={opened} onClose={onClose} title={source ? t('sources.edit_of', { name: source.name ?? sayValue('source_kind', source.kind) }) : t('sources.add')} closeLabel={t('common.close')} size={640}><Form slug={slug} source={source} onClose={onClose} /></Dialog>;
}

const TEXTS = ['name', 'form_type', 'redirect', 'origins'] as const;
type Texts = Record<typeof TEXTS[number], string>;

/* what differs from what stands; an empty text is none */
const changedOf = (source: Source, texts: Texts): Partial<Texts> => Object.fromEntries(TEXTS.filter((name) => (source[name] ?? '') !== texts[name]).map((name) => [name, texts[name]]));
type Limits = Pick<Source, 'minimum_fill' | 'per_minute'>;
const limitsChanged = (source: Source, limits: Limits): Partial<Limits> => ({ ...(source.minimum_fill === limits.minimum_fill ? {} : { minimum_fill: limits.minimum_fill }), ...(source.per_minute === limits.per_minute ? {} : { per_minute: limits.per_minute }) });
const filled = (texts: Texts): Partial<Texts> => Object.fromEntries(TEXTS.filter((name) => texts[name]).map((name) => [name, texts[name]]));

function Form({ slug, source, onClose }: { slug: string; source: Source | null; onClose(): void }) {
	const t = useT();
	const [kind, setKind] = useState<string>(source?.kind ?? SOURCE_KINDS[0]);
	const [texts, setTexts] = useState<Texts>({ name: source?.name ?? '', form_type: source?.form_type ?? '', redirect: source?.redirect ?? '', origins: source?.origins ?? '' });
	const [owner, setOwner] = useState(source?.owner_id ?? null);
	const [secret, setSecret] = useState('');
	const [unsigned, setUnsigned] = useState(false);
	const [token, setToken] = useState('');
	const [access, setAccess] = useState('');
	const [fill, setFill] = useState(String(source?.minimum_fill ?? ''));
	const [rate, setRate] = useState(String(source?.per_minute ?? ''));
	const [told, setTold] = useState<Told | null>(null);
	const stays = useRef(false); /* what was made is shown before the dialog goes */
	const seen = useRef(source?.version); /* somebody else may have changed it meanwhile: saving once more is then meant */
	const set = (name: keyof Texts) => (text: string) => setTexts((old) => ({ ...old, [name]: text }));
	const check = (): Faults => ({
		...(texts.name.trim() ? {} : { name: t('form.required') }),
		...(!isPage(kind) || !texts.redirect.trim() || isAddress(texts.redirect) ? {} : { redirect: t('webhooks.url_wrong') }),
		...(!isPage(kind) || originsOf(texts.origins) !== null ? {} : { origins: t('sources.origins_wrong') }),
		...(!isPage(kind) || wholeOf(fill, 0, 600) !== undefined ? {} : { minimum_fill: t('sources.fill_wrong') }),
		...(wholeOf(rate, 1, 6000) !== undefined ? {} : { per_minute: t('sources.rate_wrong') }),
	});
	const send = async () => {
		const clean: Texts = { name: texts.name.trim(), form_type: texts.form_type.trim(), redirect: isPage(kind) ? texts.redirect.trim() : '', origins: isPage(kind) ? originsOf(texts.origins) ?? '' : '' };
		const limits = { minimum_fill: isPage(kind) ? wholeOf(fill, 0, 600) ?? null : null, per_minute: wholeOf(rate, 1, 6000) ?? null };
		const secrets = { ...(secret ? { secret } : unsigned ? { secret: '' } : {}), ...(asksFirst(kind) && token ? { verify_token: token } : {}), ...(isCalled(kind) && access ? { access_token: access } : {}) };
		if (source)
			await change(source, { ...changedOf(source, clean), ...secrets, ...(owner === source.owner_id ? {} : { owner_id: owner }), ...limitsChanged(source, limits) });
		else {
			const { id, hook } = await api<{ id: string; hook: string }>('POST', `/api/sources${query({ workspace: slug })}`, { body: { kind, ...filled(clean), ...secrets, ...(owner ? { owner_id: owner } : {}), ...Object.fromEntries(Object.entries(limits).filter(([, value]) => value !== null)) } });
			stays.current = true;
			setTold({ id, hook, kind, signs: secret !== '', origins: clean.origins || null, form_type: clean.form_type || null, minimum_fill: limits.minimum_fill });
		}
		await sourcesChanged();
	};
	const change = async (one: Source, body: object) => {
		if (!Object.keys(body).length)
			return;
		try {
			await api('PUT', sourcePath(one.id, slug), { body: { ...body, version: seen.current } });
			toast.ok(t('sources.saved', { name: texts.name.trim() }));
		} catch (reason) {
			if (reason instanceof Problem && reason.code === 'source_changed')
				seen.current = (await api<Source>('GET', sourcePath(one.id, slug))).version;
			throw reason;
		}
	};
	if (told)
		return <Suspense fallback={<Skeleton h={260} style={{ borderRadius: 8 }} />}><SourceTold one={told} slug={slug} text={t('sources.once')} onClose={onClose} /></Suspense>;
	return (
		<SetForm yes={t(source ? 'common.save' : 'sources.make')} check={check} send={send} onDone={() => { if (!stays.current) onClose(); }}>
			{(faults) => <>
				{!source && <SelectField label={t('sources.kind')} name="kind" value={kind} onChange={(next) => { if (next) setKind(next); }} choices={SOURCE_KINDS.map((one) => ({ value: one, label: sayValue('source_kind', one) }))} empty={t('form.nothing_found')} required />}
				<TextField label={t('sources.name')} name="name" value={texts.name} onChange={set('name')} error={faults['name']} hint={t('sources.name_hint')} maxLength={200} required autoFocus autoComplete="off" />
				{signsItself(kind) && <Secret kind={kind} source={source} secret={secret} onSecret={setSecret} unsigned={unsigned} onUnsigned={setUnsigned} fault={faults['secret']} />}
				{asksFirst(kind) && <TextField label={t('sources.token')} name="verify_token" value={token} onChange={setToken} error={faults['verify_token']} hint={t(source?.asks ? 'sources.token_stays' : 'sources.token_hint')} maxLength={200} autoComplete="off" />}
				{isCalled(kind) && <TextField label={t('sources.access')} name="access_token" type="password" value={access} onChange={setAccess} error={faults['access_token']} hint={t(source?.calls ? 'sources.token_stays' : 'sources.access_hint')} maxLength={1000} autoComplete="off" />}
				<details className="company-more"><summary>{t('sources.more')}</summary>
					<div className="form">
						<TextField label={t('sources.form_type')} name="form_type" value={texts.form_type} onChange={set('form_type')} error={faults['form_type']} hint={t('sources.form_type_hint')} maxLength={200} autoComplete="off" />
						<Owner slug={slug} value={owner} onChange={setOwner} fault={faults['owner_id']} />
						{isPage(kind) && <>
							<TextField label={t('sources.redirect')} name="redirect" type="url" value={texts.redirect} onChange={set('redirect')} error={faults['redirect']} hint={t('sources.redirect_hint')} placeholder="https://" maxLength={2000} autoComplete="off" />
							<TextField label={t('sources.origins')} name="origins" value={texts.origins} onChange={set('origins')} error={faults['origins']} hint={t('sources.origins_hint')} placeholder="https://www.example.com" maxLength={2000} autoComplete="off" />
							<TextField label={t('sources.fill')} name="minimum_fill" value={fill} onChange={setFill} error={faults['minimum_fill']} hint={t('sources.fill_hint')} inputMode="numeric" maxLength={3} autoComplete="off" />
						</>}
						<TextField label={t('sources.rate')} name="per_minute" value={rate} onChange={setRate} error={faults['per_minute']} hint={t('sources.rate_hint')} inputMode="numeric" maxLength={4} autoComplete="off" />
						{!signsItself(kind) && <Secret kind={kind} source={source} secret={secret} onSecret={setSecret} unsigned={unsigned} onUnsigned={setUnsigned} fault={faults['secret']} />}
					</div>
				</details>
			</>}
		</SetForm>
	);
}

/* one that is there is never shown: another one takes its place, or none */
function Secret({ kind, source, secret, onSecret, unsigned, onUnsigned, fault }: { kind: string; source: Source | null; secret: string; onSecret(text: string): void; unsigned: boolean; onUnsigned(on: boolean): void; fault: string | undefined }) {
	const t = useT();
	return (
		<>
			<TextField label={t('sources.secret')} name="secret" type="password" value={secret} onChange={onSecret} error={fault} maxLength={200} autoComplete="new-password"
				hint={source?.signs ? t('sources.secret_stays') : signsItself(kind) ? t('sources.secret_hint', { who: sayValue('source_kind', kind) }) : t('sources.secret_own')} />
			{source?.signs && !secret && <Check name="unsigned" checked={unsigned} onChange={onUnsigned} label={t('sources.unsigned')} hint={t('sources.unsigned_hint')} />}
		</>
	);
}

function Owner({ slug, value, onChange, fault }: { slug: string; value: string | null; onChange(id: string | null): void; fault: string | undefined }) {
	const t = useT();
	const { data: members = [] } = useMembers(slug);
	const choices = members.filter((one) => one.active || one.id === value).map((one) => ({ value: one.id, label: one.name }));
	return <SelectField label={t('sources.owner')} name="owner_id" value={value} onChange={onChange} choices={choices} error={fault} clearable placeholder={t('sources.owner_none')} empty={t('form.nothing_found')} />;
}
