/* What the columns of a file are: a choice above each of them, with the first ten rows below. Whoever goes on has every row looked at. */
import { useState } from 'react';
import { useScope } from '../../app/scope';
import { sayValue, useT } from '../../i18n';
import { Button } from '../../ui/button';
import { Check } from '../../ui/field';
import { Fault, Section } from '../../ui/page';
import { FIELDS, type Import, map, missingOf, step, useStep } from './model';

const DELIMITERS: Record<string, 'import.semicolon' | 'import.comma' | 'import.tab' | 'import.bar'> = { ';': 'import.semicolon', ',': 'import.comma', '\t': 'import.tab', '|': 'import.bar' };

/* what each column is, above the first rows; without a choice where the file says so itself. The file's own words are nobody's to translate */
export function Columns({ names, rows, fields, mapping, choose }: { names: string[]; rows: string[][]; fields: Array<{ key: string; must?: boolean }>; mapping: Array<string | null>; choose: ((at: number, key: string) => void) | null }) {
	const t = useT();
	return (
		<div className="table-box scroll" tabIndex={0} role="region" aria-label={t('import.preview')}>
			<table className="table">
				<caption className="hidden-text">{t('import.preview')}</caption>
				<thead>
					<tr>{names.map((name, at) => (!choose ? <th key={at} scope="col">{sayValue('import_field', mapping[at] ?? '')}</th> : (
						<th key={at} scope="col">
							<span translate="no" style={{ display: 'block', paddingTop: 6 }}>{name}</span>
							<select className="lw-input" style={{ margin: '4px 0 8px' }} aria-label={t('import.column_is', { name })} value={mapping[at] ?? ''} onChange={(event) => choose(at, event.currentTarget.value)}>
								<option value="">{t('import.skip_column')}</option>
								{fields.map((field) => <option key={field.key} value={field.key}>{sayValue('import_field', field.key)}{field.must ? ' *' : ''}</option>)}
							</select>
						</th>
					)))}</tr>
				</thead>
				<tbody translate="no">{rows.map((row, at) => <tr key={at}>{names.map((_, cell) => <td key={cell}><span className="cut">{row[cell] ?? ''}</span></td>)}</tr>)}</tbody>
			</table>
		</div>
	);
}

export function Mapping({ one }: { one: Import }) {
	const t = useT();
	const { formats } = useScope();
	const [mapping, setMapping] = useState<Array<string | null>>(one.mapping ?? []);
	const { busy, fault, doing } = useStep();
	const fields = FIELDS[one.profile];
	const rows = one.preview ?? [];
	const width = Math.max(one.columns?.length ?? 0, mapping.length, ...rows.map((row) => row.length));
	const columns = Array.from({ length: width }, (_, at) => one.columns?.[at] || t('import.column', { n: at + 1 }));
	const cards = one.format === 'vcard';
	const missing = cards ? [] : missingOf(one.profile, mapping);
	const choose = (at: number, key: string) => setMapping(columns.map((_, each) => (each === at ? key || null : mapping[each] === key && key ? null : mapping[each] ?? null)));

	const whole = columns.map((_, at) => mapping[at] ?? null);
	return (
		<Section title={t(cards ? 'import.cards' : 'import.columns')} text={t(cards ? 'import.cards_text' : 'import.columns_text')}>
			<p className="muted">{cards ? t('import.cards_found', { count: one.rows }) : t('import.found', { rows: formats.number(one.rows), delimiter: t(DELIMITERS[one.delimiter] ?? 'import.comma'), charset: one.charset === 'utf-8' ? 'UTF-8' : 'Windows-1252' })}</p>
			{!cards && <Check label={t('import.header')} checked={one.header} disabled={busy} onChange={(header) => void doing(() => map(one.id, whole, header))} />}
			{fault && <Fault>{fault}</Fault>}
			<Columns names={columns} rows={rows} fields={fields} mapping={mapping} choose={cards ? null : choose} />
			{missing.length > 0 && <p className="lw-error" role="status">{t('import.missing', { fields: missing.map((key) => sayValue('import_field', key)).join(', ') })}</p>}
			<div className="dialog-foot" style={{ display: 'flex', flexWrap: 'wrap', gap: 8, marginTop: 16 }}>
				<Button disabled={busy} onClick={() => void doing(() => step(one.id, 'cancel'))}>{t('common.cancel')}</Button>
				<Button kind="primary" icon="check" disabled={busy || missing.length > 0} onClick={() => void doing(async () => { if (!cards) await map(one.id, whole, one.header); await step(one.id, 'check'); })}>{t('import.check')}</Button>
			</div>
		</Section>
	);
}
