/* Requests that named no client of the agency: they lie in its home, and its administrators say whose each of them is. */
import { useState } from 'react';
import type { Id, Workspace } from '../../api/types';
import { useScope } from '../../app/scope';
import { useT } from '../../i18n';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { SelectField } from '../../ui/field';
import { Section } from '../../ui/page';
import type { Request } from './model';
import { useNobodys } from './reads';
import { ReplayTold, useReplay } from './replay';
import { Reason } from './shown';

/* nothing where nobody is asked, or nothing waits */
export function Nobodys({ workspace }: { workspace: Workspace }) {
	const t = useT();
	const { me, formats } = useScope();
	const { data = [] } = useNobodys(me.agency.admin);
	const [opened, setOpened] = useState(false);
	if (!data.length && !opened)
		return null;
	return (
		<>
			{data.length > 0 && <Section title={t('requests.nobody', { count: data.length, number: formats.number(data.length) })} text={t('requests.nobody_text')} actions={<Button icon="users" onClick={() => setOpened(true)}>{t('requests.nobody_say')}</Button>} />}
			{opened && <Dialog opened onClose={() => setOpened(false)} title={t('requests.nobody_say')} closeLabel={t('common.close')} size={640}><Say rows={data} first={workspace.slug} /></Dialog>}
		</>
	);
}

function Say({ rows, first }: { rows: readonly Request[]; first: string }) {
	const t = useT();
	const { workspaces, formats } = useScope();
	const [slug, setSlug] = useState(first);
	const [asked, setAsked] = useState<Id | null>(null);
	const going = useReplay(slug);
	const give = (id: Id) => {
		setAsked(id);
		void going.run({ ids: [id], home: true });
	};
	return (
		<div className="form form-wide">
			<SelectField label={t('requests.nobody_whose')} name="whose" value={slug} onChange={(next) => setSlug(next ?? first)} placeholder={t('form.choose')} empty={t('form.nothing_found')} choices={workspaces.map((one) => ({ value: one.slug, label: one.name }))} />
			{rows.length === 0 && <p className="muted">{t('requests.nobody_none')}</p>}
			<ul className="rows">{rows.map((one) => (
				<li key={one.id} data-nobody={one.id}>
					<span className="row-text"><b translate="no">{one.says ?? one.id}</b><span className="muted num"><Reason reason={one.reason} /> {formats.moment(one.at)}</span></span>
					<Button icon="plus" disabled={going.running} onClick={() => give(one.id)}>{t('requests.make')}</Button>
				</li>
			))}</ul>
			{asked && <ReplayTold of={going} one />}
		</div>
	);
}
