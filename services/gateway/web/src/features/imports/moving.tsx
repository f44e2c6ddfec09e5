/* Moving in: the files of another system, what each of them and each of its columns is; and, once they were looked at, which stage and which person is
   meant by the names in them. What is said here is looked at by the server, row by row, before anything is written. */
import { useRef, useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { api, query } from '../../api/client';
import { useMembers } from '../../api/queries';
import type { Id } from '../../api/types';
import { useScope } from '../../app/scope';
import { labelOf, sayValue, useLanguage, useT } from '../../i18n';
import { Button } from '../../ui/button';
import { Fault, Section } from '../../ui/page';
import { Columns } from './mapping';
import { type Import, KINDS, mapFile, MOVING_FIELDS, type MovingFile, type MovingKind, nameKey, step, SYSTEMS, uploadAll, useStep } from './model';

export function Moving({ one }: { one: Import }) {
	const t = useT();
	const { me } = useScope();
	const { busy, fault, doing } = useStep();
	const [changed, setChanged] = useState<Record<Id, Array<string | null>>>({});
	const field = useRef<HTMLInputElement>(null);
	const files = one.files ?? [];
	const mappingOf = (file: MovingFile) => changed[file.id] ?? file.mapping;
	/* a file of which nothing is used lacks nothing */
	const lacks = (file: MovingFile) => (!file.kind || !mappingOf(file).some(Boolean) ? [] : MOVING_FIELDS[file.kind].filter((each) => each.must && !mappingOf(file).includes(each.key)).map((each) => each.key));
	const ready = files.every((file) => file.kind && !lacks(file).length) && files.some((file) => mappingOf(file).some(Boolean));
	const slug = me.workspaces.find((each) => each.id === one.workspace_id)?.slug ?? null;
	const first = files[0];
	return (
		<Section title={t('import.moving')} text={t('import.moving_files')}>
			{fault && <Fault>{fault}</Fault>}
			{first && (
				<label className="lw-field" style={{ display: 'grid', gap: 4, justifyItems: 'start' }}>{t('import.system')}
					<select className="lw-input" style={{ maxWidth: 280 }} value={one.system ?? ''} onChange={(event) => { const system = event.currentTarget.value; void doing(() => mapFile(one.id, { file_id: first.id, mapping: mappingOf(first), system })); }}>
						{!one.system && <option value="">{t('import.other_system')}</option>}
						{one.system && !SYSTEMS.some((name) => name === one.system) && <option value={one.system}>{sayValue('moving_system', one.system)}</option>}
						{SYSTEMS.map((name) => <option key={name} value={name}>{sayValue('moving_system', name)}</option>)}
						{one.system !== 'other' && one.system && <option value="other">{sayValue('moving_system', 'other')}</option>}
					</select>
				</label>
			)}
			{files.map((file) => (
				<OneFile key={file.id} file={file} mapping={mappingOf(file)} lacks={lacks(file)}
					onMap={(mapping) => setChanged((all) => ({ ...all, [file.id]: mapping }))}
					onKind={(kind) => void doing(async () => { await mapFile(one.id, { file_id: file.id, kind, mapping: [] }); setChanged(({ [file.id]: _, ...rest }) => rest); })} />
			))}
			<div className="dialog-foot" style={{ display: 'flex', flexWrap: 'wrap', gap: 8, marginTop: 16 }}>
				<input ref={field} type="file" hidden multiple accept=".csv,.tsv,.txt,text/csv" aria-label={t('import.add_files')}
					onChange={(event) => { const list = [...(event.currentTarget.files ?? [])]; event.currentTarget.value = ''; if (list.length) void doing(async () => { await uploadAll(list, slug, one.id); }); }} />
				<Button icon="plus" disabled={busy} onClick={() => field.current?.click()}>{t('import.add_files')}</Button>
				<Button disabled={busy} onClick={() => void doing(() => step(one.id, 'cancel'))}>{t('common.cancel')}</Button>
				<Button kind="primary" icon="check" disabled={busy || !ready} onClick={() => void doing(async () => {
					for (const file of files) {
						const mapping = changed[file.id];
						if (mapping)
							await mapFile(one.id, { file_id: file.id, mapping });
					}
					await step(one.id, 'check');
				})}>{t('import.check')}</Button>
			</div>
		</Section>
	);
}

function OneFile({ file, mapping, lacks, onMap, onKind }: { file: MovingFile; mapping: Array<string | null>; lacks: string[]; onMap: (mapping: Array<string | null>) => void; onKind: (kind: MovingKind) => void }) {
	const t = useT();
	const { formats } = useScope();
	const names = Array.from({ length: Math.max(file.columns?.length ?? 0, mapping.length) }, (_, at) => file.columns?.[at] || t('import.column', { n: at + 1 }));
	/* opened for who has something to say here; it does not close below their hands as soon as it is said */
	const [open] = useState(!file.kind || lacks.length > 0);
	const choose = (at: number, key: string) => onMap(names.map((_, each) => (each === at ? key || null : mapping[each] === key && key ? null : mapping[each] ?? null)));
	return (
		<details style={{ margin: '12px 0' }} open={open}>
			<summary style={{ minHeight: 44, cursor: 'pointer' }}>
				<b className="cut">{file.name ?? t('import.unnamed')}</b> <span className="muted">{t('import.file_rows', { kind: file.kind ? sayValue('moving_kind', file.kind) : t('import.which_kind'), count: file.rows, rows: formats.number(file.rows) })}</span>
			</summary>
			<label className="lw-field" style={{ display: 'grid', gap: 4, justifyItems: 'start', marginBottom: 12 }}>{t('import.what')}
				<select className="lw-input" style={{ maxWidth: 280 }} value={file.kind ?? ''} onChange={(event) => onKind(event.currentTarget.value as MovingKind)}>
					{!file.kind && <option value="">{t('import.which_kind')}</option>}
					{KINDS.map((kind) => <option key={kind} value={kind}>{sayValue('moving_kind', kind)}</option>)}
				</select>
			</label>
			{file.kind && <Columns names={names} rows={file.preview.slice(0, 3)} fields={MOVING_FIELDS[file.kind]} mapping={mapping} choose={choose} />}
			{lacks.length > 0 && <p className="lw-error" role="status">{t('import.missing', { fields: lacks.map((key) => sayValue('import_field', key)).join(', ') })}</p>}
		</details>
	);
}

interface Stage { id: Id; label: { en?: string; nl?: string }; key: string }

/* what the files call a stage or a person, and which it is here; `said` of these is not checked yet */
export function Names({ one, said, onSay }: { one: Import; said: Record<string, string>; onSay(key: string, target: string): void }) {
	const t = useT();
	const language = useLanguage();
	const { me } = useScope();
	const slug = me.workspaces.find((each) => each.id === one.workspace_id)?.slug ?? null;
	const { data: members } = useMembers(slug);
	const { data: boards } = useQuery({ queryKey: ['import', 'boards', slug], queryFn: ({ signal }) => api<{ data: Array<{ id: Id; kind?: string; label: Stage['label']; stages: Stage[] }> }>('GET', `/api/crm/pipelines${query({ workspace: slug })}`, { signal }) });
	return (
		<div style={{ marginBottom: 16 }}>
			<p className="muted">{t('import.names_text')}</p>
			<div className="two" style={{ marginTop: 8 }}>
				{(one.names ?? []).map((name) => (
					<label className="lw-field" style={{ display: 'grid', gridTemplateColumns: 'minmax(0, 1fr)', gap: 4 }} key={nameKey(name)}>{t(name.kind === 'stage' ? 'import.stage_is' : 'import.owner_is', { name: name.name })}
						<select className="lw-input" value={said[nameKey(name)] ?? name.target ?? ''} onChange={(event) => onSay(nameKey(name), event.currentTarget.value)}>
							<option value="">{t(name.kind === 'stage' ? 'import.no_stage' : 'import.nobody')}</option>
							{name.kind === 'owner' && members?.filter((member) => member.active || member.id === name.target).map((member) => <option key={member.id} value={member.id}>{member.name}</option>)}
							{name.kind === 'stage' && boards?.data.filter((board) => board.kind !== 'relationship').map((board) => (
								<optgroup key={board.id} label={labelOf(board.label, language, '')}>
									{board.stages.map((stage) => <option key={stage.id} value={stage.id}>{labelOf(stage.label, language, stage.key)}</option>)}
								</optgroup>
							))}
						</select>
					</label>
				))}
			</div>
		</div>
	);
}
