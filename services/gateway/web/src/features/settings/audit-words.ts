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
}

export interface Change { key: string; label: string; was?: string; is: string }

/* who it is about stands beside it; a session kept is nobody's business */
const SILENT = new Set(['user_id', 'keep_id', 'step', 'agency_id', 'workspace_id', 'owner_id', 'apikey_id', 'team_id', 'source_id', 'slug', 'content', 'what', 'users']);
const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

function word(key: string, value: unknown, words: AuditWords): string {
	const { t } = words;
	if (value === null || value === '' || value === undefined)
		return t('audit_value.none');
	if (typeof value === 'boolean')
		return t(value ? 'audit_value.yes' : 'audit_value.no');
	if (Array.isArray(value))
		return value.length ? value.map((one) => word(key, one, words)).join(', ') : t('audit_value.none');
	if (isObject(value))
		return labelOf(value as Label, words.language, '');
	const text = String(value);
	if (text === '•••')
		return t('audit_value.hidden');
	switch (key) {
	case 'role': return words.role(text);
	case 'scope': return sayValue('sees', text);
	case 'permissions': return sayValue('permission', text);
	case 'allowed_sections': return sayValue('section', text);
	case 'team_id': return words.team(text) ?? t('audit_value.gone');
	case 'to_id':
	case 'default_owner_id': return words.person(text) ?? t('audit_value.gone');
	case 'expires':
	case 'invite_expires': return words.formats.moment(text);
	case 'kind': return sayValue('audit_kind', sayValue('source', text));
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
		const is = word(key, value, words);
		const was = key in before ? word(key, before[key], words) : undefined;
		if (was !== undefined && was === is && key !== 'role')
			continue;
		out.push({ key, label: sayValue('audit_field', key), is, ...(was === undefined || was === is ? {} : { was }) });
	}
	return [...out, ...subject(line, asked, words)];
}
