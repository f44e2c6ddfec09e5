/* A name that was typed and that several have: which one of the text it is, so that the picker can be opened over it. */
import { Problem } from '../../api/client';
import { api } from '../../api/client';
import { draftOf, type MentionKind } from './tokens';
import type { Told } from './model';

export async function nameAsked(fault: unknown, stored: string): Promise<string | null> {
	const refused = fault instanceof Problem ? fault.fields.find((one) => one.code === 'mention_ambiguous') : undefined;
	const [one] = refused?.detail.match(/\w+:[0-9a-f-]{36}/) ?? [];
	if (!one)
		return null;
	const kind = one.split(':')[0] as MentionKind;
	const { data } = await api<{ data: Told[] }>('GET', `/api/crm/mentions?of=${one}`).catch(() => ({ data: [] as Told[] }));
	const name = data[0]?.label;
	const { text } = draftOf(stored);
	const at = name ? text.toLowerCase().indexOf(`@${kind}:${name}`.toLowerCase()) : -1;
	return name && at >= 0 ? text.slice(at, at + kind.length + name.length + 2) : null;
}
