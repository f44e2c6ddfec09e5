/* What is begun with a new client: the workspace's own list, or the usual one in the reader's language. */
import { useQuery } from '@tanstack/react-query';
import { api, query } from '../../api/client';
import { useT } from '../../i18n';
import { LINKED, type LinkedKind } from './model';

export interface Step { kind: LinkedKind; title: string }

export function useSteps(workspace: string): { steps: Step[] | null; error: Error | null } {
	const t = useT();
	const { data, error } = useQuery({
		queryKey: [...LINKED, 'steps', workspace],
		queryFn: ({ signal }) => api<{ steps: Step[] | null }>('GET', `/api/crm/onboarding${query({ workspace })}`, { signal }),
	});
	return { error: data ? null : error, steps: data ? data.steps ?? [{ kind: 'ticket', title: t('onboard.welcome') }, { kind: 'project', title: t('onboard.project') }] : null };
}
