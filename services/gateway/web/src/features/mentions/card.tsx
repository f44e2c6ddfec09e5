/* What a mention names, in a few lines beside it: for who hovers or focuses it. Takes no focus, offers nothing to press. */
import { useLayoutEffect, useRef } from 'react';
import { createPortal } from 'react-dom';
import { useSetPipelines } from '../../api/boards';
import { useMemberNames, useMembers } from '../../api/queries';
import type { Money } from '../../api/types';
import { problemText } from '../../app/problems';
import { useScope } from '../../app/scope';
import { labelOf, sayValue, useLanguage, useT } from '../../i18n';
import { Avatar, Facts, photoOf, Skeleton, Tile } from '../../ui/bits';
import { place } from '../../ui/float';
import { type Known, useMentioned } from './model';
import type { Mention } from './tokens';

type Row = { key: string; label: string; value: React.ReactNode };

export function Card({ id, anchor, mention, slug, onEnter, onLeave }: { id: string; anchor: HTMLElement; mention: Mention; slug: string | null; onEnter(): void; onLeave(): void }) {
	const box = useRef<HTMLDivElement>(null);
	useLayoutEffect(() => {
		const put = () => { if (box.current) place(anchor.getBoundingClientRect(), box.current, 'start', 6); };
		put();
		const watch = new ResizeObserver(put);
		if (box.current)
			watch.observe(box.current);
		return () => watch.disconnect();
	}, [anchor]);
	return createPortal(<div ref={box} id={id} role="tooltip" className="popover mention-card" onMouseEnter={onEnter} onMouseLeave={onLeave}>{mention.kind === 'user' ? <Person mention={mention} slug={slug} /> : <Thing mention={mention} slug={slug} />}</div>, document.body);
}

function Person({ mention, slug }: { mention: Mention; slug: string | null }) {
	const t = useT();
	const { data } = useMembers(slug);
	const who = data?.find((one) => one.id === mention.id);
	return <>
		<p className="mention-head"><Avatar name={who?.name ?? mention.label} photo={who ? photoOf(who) : null} big /><b className="cut">{who?.name ?? mention.label}</b></p>
		{who && <Facts rows={[{ key: 'role', label: t('users.role'), value: sayValue('role', who.role) }, { key: 'email', label: t('field.email'), value: who.email }]} />}
	</>;
}

function Thing({ mention, slug }: { mention: Mention; slug: string | null }) {
	const t = useT();
	const language = useLanguage();
	const { formats } = useScope();
	const names = useMemberNames(slug);
	const { data, error } = useMentioned(mention.kind, mention.id, true);
	const { data: pipelines } = useSetPipelines(mention.kind === 'opportunity' ? slug : null);
	if (error && !data)
		return <p className="muted">{problemText(error)}</p>;
	if (!data)
		return <div aria-busy="true"><Skeleton w={180} h={20} /><Skeleton w={140} style={{ marginTop: 10 }} /><Skeleton w={160} style={{ marginTop: 8 }} /></div>;
	const text = (name: keyof Known) => (typeof data[name] === 'string' && data[name] !== '' ? data[name] as string : null);
	const money = (name: string) => { const value = data[name] as Money | null | undefined; return value?.amount ? formats.money(value) : null; };
	const stage = pipelines?.flatMap((one) => one.stages).find((one) => one.id === text('stage_id'));
	const all: Array<[string, string, string | null]> = mention.kind === 'opportunity'
		? [['contact', t('field.contact'), text('contact_name')], ['company', t('field.company'), text('company')], ['stage', t('field.stage'), stage ? labelOf(stage.label, language, stage.key) : null], ['value', t('field.value'), money('value')]]
		: mention.kind === 'account'
			? [['kind', t('field.status'), text('lifecycle') && sayValue('lifecycle', text('lifecycle') ?? '')], ['industry', t('account.industry'), text('industry')], ['phone', t('field.phone'), text('phone')], ['city', t('account.city'), text('city')]]
			: [['company', t('field.company'), text('company')], ['email', t('field.email'), text('email')], ['phone', t('field.phone'), text('phone')], ['status', t('field.status'), mention.kind === 'lead' && text('status') ? sayValue('lead_status', text('status') ?? '') : null]];
	const owner = text('owner_id');
	const rows: Row[] = [...all, ['owner', t('field.owner'), owner ? names.get(owner) ?? null : null] as [string, string, string | null]].flatMap(([key, label, value]) => (value ? [{ key, label, value }] : []));
	const title = text('title') ?? text('name') ?? ([text('first_name'), text('last_name')].filter(Boolean).join(' ') || mention.label);
	return <>
		<p className="mention-head"><Tile name={text('company') ?? title} size={28} /><b className="cut">{title}</b>{typeof data.number === 'number' && <span className="muted num">{t('deal.number', { number: data.number })}</span>}</p>
		<Facts rows={rows} />
	</>;
}
