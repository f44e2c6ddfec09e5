/* How a quote or an invoice comes to be: asked for once, whatever is pressed twice, and where its page then is. */
import { api, query } from '../../api/client';
import type { Id } from '../../api/types';
import { docsChanged } from './model';

/* `of` names its deal, contact or account, and what is known of it already */
export async function makeDoc(kind: 'quote' | 'invoice', workspace: string | null, of: Record<string, unknown>, key: string): Promise<string> {
	const { id } = await api<{ id: Id }>('POST', `/api/crm/${kind}s${query({ workspace })}`, { body: of, key });
	void docsChanged();
	return `/${kind}s/${id}`;
}
