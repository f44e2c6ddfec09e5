/* What Onboard begins with a new client: steps, each a linked record of its kind. */
import { useState } from 'react';
import { query } from '../../api/client';
import { queryClient } from '../../api/queries';
import { problemText } from '../../app/problems';
import { sayValue, useT } from '../../i18n';
import { Skeleton } from '../../ui/bits';
import { Button, IconButton } from '../../ui/button';
import { SelectField, TextField } from '../../ui/field';
import { Fault, Section } from '../../ui/page';
import { toast } from '../../ui/toast';
import { KINDS, LINKED, type LinkedKind } from '../linked/model';
import { type Step, useSteps } from '../linked/steps';
import { write } from './write';

export function OnboardingSteps({ workspace }: { workspace: string }) {
	const t = useT();
	const { steps, error } = useSteps(workspace);
	const [typed, setTyped] = useState<Step[] | null>(null);
	if (error)
		return <Fault>{problemText(error)}</Fault>;
	if (!steps)
		return <Skeleton h={140} style={{ borderRadius: 10 }} />;
	const rows = typed ?? steps;
	const set = (at: number, change: Partial<Step>) => setTyped(rows.map((one, i) => (i === at ? { ...one, ...change } : one)));
	const save = async () => {
		if (await write(() => queryClient.invalidateQueries({ queryKey: [...LINKED, 'steps'] }), 'PUT', `/api/crm/onboarding${query({ workspace })}`, { steps: rows.map(({ kind, title }) => ({ kind, title: title.trim() })) })) {
			setTyped(null);
			toast.ok(t('onboard.steps_saved'));
		}
	};
	return (
		<Section title={t('onboard.steps')} text={t('onboard.steps_text')} actions={<Button icon="plus" disabled={rows.length >= 20} onClick={() => setTyped([...rows, { kind: 'ticket', title: '' }])}>{t('onboard.step_add')}</Button>}>
			<form className="form form-wide" onSubmit={(event) => { event.preventDefault(); void save(); }}>
				{rows.map((one, at) => (
					<div key={at} className="seat">
						<SelectField label={t('linked.kind')} value={one.kind} onChange={(kind) => set(at, { kind: (kind ?? 'ticket') as LinkedKind })} choices={KINDS.map((value) => ({ value, label: sayValue('linked_kind', value) }))} empty={t('form.nothing_found')} />
						<TextField label={t('linked.name')} name={`step-${at}`} value={one.title} onChange={(title) => set(at, { title })} maxLength={300} />
						<IconButton icon="trash" label={t('onboard.step_remove', { name: one.title || String(at + 1) })} onClick={() => setTyped(rows.filter((_, i) => i !== at))} />
					</div>
				))}
				{typed && <div className="dialog-foot"><Button kind="quiet" onClick={() => setTyped(null)}>{t('common.cancel')}</Button><Button kind="primary" type="submit" disabled={rows.some((row) => !row.title.trim())}>{t('common.save')}</Button></div>}
			</form>
		</Section>
	);
}
