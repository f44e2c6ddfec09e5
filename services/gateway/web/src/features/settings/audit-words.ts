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
	/* a pipeline, a stage, a catalogue's value, a field, a template, a segment or what is sold, by its id or its key */
	set(idOrKey: string): string | null;
}

export interface Change { key: string; label: string; was?: string; is: string }

/* who it is about stands beside it; a session kept is nobody's business */
export const SILENT = new Set(['user_id', 'keep_id', 'step', 'agency_id', 'workspace_id', 'owner_id', 'apikey_id', 'team_id', 'source_id', 'slug', 'content', 'what', 'users', 'pipeline_id', 'stage_id', 'item_id', 'custom_field_id', 'rate_id', 'batch_id', 'about', 'key', 'import_id', 'profile', 'mail_account_id', 'version', 'template_id', 'segment_id', 'catalog_item_id', 'pay_provider_id', 'rule_id', 'hook_endpoint_id', 'hook_delivery_id']);
/* what a log-in came back with from its provider */
export const SILENT_OF: Record<string, string[]> = { mail_oauth_finish: ['state', 'code'] };
/* what a line is about, by what it names */
const NAMED = ['stage_id', 'item_id', 'custom_field_id', 'pipeline_id'];
/* the same, of which the log tells nothing else where it ends; one that nobody can name any more is left out */
const NAMED_IF_KNOWN = ['template_id', 'segment_id', 'catalog_item_id'];
/* a contract's words would fill the page */
const TEXT_MOST = 120;
const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

function word(key: string, value: unknown, words: AuditWords): string {
	const { t } = words;
	if (value === null || value === '' || value === undefined)
		return t('audit_value.none');
	if (typeof value === 'boolean')
		return t(value ? 'audit_value.yes' : 'audit_value.no');
	if (key === 'logo' || key === 'conditions' || key === 'steps' || key === 'body')
		return t('audit_value.hidden');
	if (key === 'prices' && Array.isArray(value))
		return value.filter(isObject).map((one) => priceWord(one, words)).join(', ') || t('audit_value.none');
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
	case 'since':
	case 'until':
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
	case 'unit': return sayValue('unit', text);
	case 'doc_kind': return sayValue('doc_kind', text);
	case 'pay_kind': return sayValue('pay_method', text);
	case 'of': return sayValue('segment_of', text);
	case 'price_mode': return t(text === 'gross' ? 'company.mode_gross' : 'company.mode_net');
	case 'deal_value': return t(text === 'gross' ? 'company.value_gross' : text === 'net' ? 'company.value_net' : 'company.value_leave');
	default: return text.length > TEXT_MOST ? `${text.slice(0, TEXT_MOST)}…` : text;
	}
}

function priceWord(one: Record<string, unknown>, { t, formats }: AuditWords): string {
	const price = formats.decimal(String(one['price'] ?? ''));
	return one['day'] ? t('items.from', { price, day: formats.date(String(one['day'])) }) : price;
}

/* what "kind" is a kind of */
const kindOf = (what: string): string => (what.startsWith('stage_') ? 'stage_kind' : what.startsWith('custom_field_') ? 'field_kind' : what.startsWith('series_') ? 'doc_kind' : what.startsWith('pay_provider_') ? 'pay_kind' : 'kind');

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
	if (line.what.startsWith('source_') && typeof was['name'] === 'string' && typeof asked['name'] !== 'string')
		return [{ key: 'of', label: sayValue('audit_field', 'source'), is: was['name'] }];
	const known = NAMED_IF_KNOWN.find((name) => id(name) && words.set(id(name)));
	if (known && !asked['name_nl'] && !asked['name_en'] && !asked['name'])
		return [{ key: 'of', label: sayValue('audit_field', known), is: words.set(id(known)) ?? '' }];
	const named = NAMED.find((name) => id(name));
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
		if (SILENT.has(key) || SILENT_OF[line.what]?.includes(key) || (value === '•••' && line.what !== 'user_update'))
			continue;
		const as = key === 'kind' ? kindOf(line.what) : key;
		const is = word(as, value, words);
		const was = key in before ? word(as, before[key], words) : undefined;
		if (was !== undefined && was === is && key !== 'role')
			continue;
		out.push({ key, label: sayValue('audit_field', as === 'active' && line.what.startsWith('pay_') ? 'pay_active' : key), is, ...(was === undefined || was === is ? {} : { was }) });
	}
	return [...subject(line, asked, words), ...out];
}
