/* What an audit line's fields say in words: ids become names, yes and no are said, what did not change is left out. */
import type { Id, Label, Language } from '../../api/types';
import { labelOf, sayValue, type Translate } from '../../i18n';
import type { Formats } from '../../lib/format';
import type { AuditLine } from './people';

export interface AuditWords {
	t: Translate;
	language: Language;
	formats: Formats;
	role(key: string): string;
	person(id: Id): string | null;
	team(id: Id): string | null;
	apiKey(id: Id): string | null;
	workspace(id: Id): string;
	/* a pipeline, a stage, a catalogue's value or a field, by its id or its key */
	set(idOrKey: string): string | null;
}

export interface Change { key: string; label: string; was?: string; is: string }

/* who it is about stands beside it; a session kept is nobody's business */
const SILENT = new Set(['user_id', 'keep_id', 'step', 'agency_id', 'workspace_id', 'owner_id', 'apikey_id', 'team_id', 'source_id', 'slug', 'content', 'what', 'users', 'pipeline_id', 'stage_id', 'item_id', 'custom_field_id', 'rate_id', 'batch_id', 'about', 'key', 'import_id', 'profile', 'mail_account_id', 'version']);
const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

function word(key: string, value: unknown, words: AuditWords): string {
	const { t } = words;
	if (value === null || value === '' || value === undefined)
		return t('audit_value.none');
	if (typeof value === 'boolean')
		return t(value ? 'audit_value.yes' : 'audit_value.no');
	if (Array.isArray(value))
		return value.length ? value.map((one) => word(key, one, words)).join(', ') : t('audit_value.none');
	if (isObject(value)) {
		if (typeof value['amount'] === 'string' && typeof value['currency'] === 'string')
			return words.formats.money({ amount: value['amount'], currency: value['currency'] });
		/* of a choice only what people call it */
		return labelOf((isObject(value['label']) ? value['label'] : value) as Label, words.language, '');
	}
	const text = String(value);
	if (text === '•••')
		return t('audit_value.hidden');
	switch (key) {
	case 'role': return words.role(text);
	case 'scope': return sayValue('sees', text);
	case 'permissions': return sayValue('permission', text);
	case 'allowed_sections': return sayValue('section', text);
	case 'team_id': return words.team(text) ?? t('audit_value.gone');
	case 'convert_on_won': return t(text === 'automatic' ? 'audit_value.yes' : 'audit_value.no');
	case 'to_id':
	case 'default_owner_id': return words.person(text) ?? t('audit_value.gone');
	case 'expires':
	case 'invite_expires': return words.formats.moment(text);
	case 'kind': return sayValue('audit_kind', sayValue('source', text));
	case 'stage_kind': return sayValue('stage_kind', text);
	case 'field_kind': return sayValue('field_kind', text);
	case 'colour': return sayValue('colour', text);
	case 'catalogue': return sayValue('catalogue', text);
	case 'move_mode': return sayValue('move_mode', text);
	case 'probability': return `${text}%`;
	case 'pipeline':
	case 'move_to': return words.set(text) ?? words.t('audit_value.gone');
	case 'day': return words.formats.date(text);
	case 'language': return text === 'nl' ? 'Nederlands' : 'English';
	default: return text;
	}
}

/* the log names a key and a team by their id alone where they end */
function subject(line: AuditLine, asked: Record<string, unknown>, words: AuditWords): Change[] {
	const id = (name: string) => typeof asked[name] === 'string' ? asked[name] : '';
	if (line.what === 'apikey_revoke')
		return [{ key: 'name', label: sayValue('audit_field', 'apikey'), is: words.apiKey(id('apikey_id')) ?? words.t('audit_value.gone') }];
	if (line.what === 'team_drop')
		return [{ key: 'name', label: sayValue('audit_field', 'team_id'), is: words.team(id('team_id')) ?? words.t('audit_value.gone') }];
	const was = line.detail?.before ?? {};
	if (line.what === 'rate_update' || line.what === 'rate_remove')
		return [{ key: 'of', label: sayValue('audit_field', 'rate_id'), is: typeof was['day'] === 'string' ? `${String(was['currency'])}, ${words.formats.date(was['day'])}` : words.t('audit_value.gone') },
			...(line.what === 'rate_remove' && was['rate'] ? [{ key: 'rate', label: sayValue('audit_field', 'rate'), is: String(was['rate']) }] : [])];
	if (line.what.startsWith('mail_') && typeof was['name'] === 'string' && typeof asked['name'] !== 'string')
		return [{ key: 'of', label: sayValue('audit_field', 'mail_account'), is: was['name'] }];
	const named = ['stage_id', 'item_id', 'custom_field_id', 'pipeline_id'].find((name) => id(name));
	/* one just made is named by what was asked */
	if (named && !isObject(asked['label']))
		return [{ key: 'name', label: sayValue('audit_field', named), is: words.set(id(named)) ?? words.t('audit_value.gone') }];
	if (line.what === 'member_set' && 'team_id' in asked && asked['team_id'])
		return [{ key: 'team_id', label: sayValue('audit_field', 'team_id'), is: word('team_id', asked['team_id'], words) }];
	return [];
}

export function changesOf(line: AuditLine, words: AuditWords): Change[] {
	const asked = line.detail?.asked ?? {};
	const before = line.detail?.before ?? {};
	const out: Change[] = [];
	for (const [key, value] of Object.entries(asked)) {
		if (SILENT.has(key) || (value === '•••' && line.what !== 'user_update'))
			continue;
		const as = key !== 'kind' ? key : line.what.startsWith('stage_') ? 'stage_kind' : line.what.startsWith('custom_field_') ? 'field_kind' : key;
		const is = word(as, value, words);
		const was = key in before ? word(as, before[key], words) : undefined;
		if (was !== undefined && was === is && key !== 'role')
			continue;
		out.push({ key, label: sayValue('audit_field', key), is, ...(was === undefined || was === is ? {} : { was }) });
	}
	return [...subject(line, asked, words), ...out];
}
