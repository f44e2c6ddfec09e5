/* The button that makes a client of the company of a won deal. */
import { useState } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { api, Problem } from '../../api/client';
import { keys } from '../../api/queries';
import type { Deal } from '../../api/types';
import { problemText } from '../../app/problems';
import { useT } from '../../i18n';
import { Button } from '../../ui/button';
import { toast } from '../../ui/toast';

/* a won deal whose company is no client yet: where the workspace waits for somebody to say so, or the deal named none when it was won */
export function Convert({ deal }: { deal: Deal }) {
	const t = useT();
	const client = useQueryClient();
	const [busy, setBusy] = useState(false);
	const convert = async () => {
		setBusy(true);
		try {
			await api('POST', `/api/crm/deals/${deal.id}/convert`, { body: {} });
			toast.ok(t('deal.converting'));
		} catch (fault) {
			toast.error(t('deal.not_converted'), fault instanceof Problem && fault.fields.length ? t('deal.no_company') : problemText(fault));
		}
		setBusy(false);
		await Promise.all([client.invalidateQueries({ queryKey: keys.deal(deal.id) }), client.invalidateQueries({ queryKey: keys.timeline(deal.id) })]);
	};
	return <Button wide kind="primary" icon="building" className="panel-remind" disabled={busy} onClick={() => void convert()}>{t('deal.convert')}</Button>;
}
