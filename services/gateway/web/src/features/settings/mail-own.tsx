/* What the product writes by itself: a deal that is won is told to its owner. One switch; what it says stands with it. */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, query } from '../../api/client';
import { queryClient } from '../../api/queries';
import type { Workspace } from '../../api/types';
import { problemText } from '../../app/problems';
import { useT } from '../../i18n';
import { Skeleton } from '../../ui/bits';
import { Button } from '../../ui/button';
import { Check } from '../../ui/field';
import { Fault, Section } from '../../ui/page';
import { toast } from '../../ui/toast';
import { write } from './write';

interface Own { won_mail: boolean }

export function OwnMail({ workspace }: { workspace: Workspace }) {
	const t = useT();
	const key = ['mail settings', workspace.id];
	const path = `/api/crm/mail/settings${query({ workspace: workspace.slug })}`;
	const { data, error, refetch } = useQuery({ queryKey: key, queryFn: ({ signal }) => api<Own>('GET', path, { signal }) });
	const [asked, setAsked] = useState<boolean | null>(null); /* what was clicked, until the server says so too */
	const set = async (won_mail: boolean) => {
		setAsked(won_mail);
		if (await write(() => queryClient.invalidateQueries({ queryKey: key }), 'PUT', path, { won_mail }))
			toast.ok(t(won_mail ? 'mail_set.won_on' : 'mail_set.won_off'));
		setAsked(null);
	};
	return (
		<Section title={t('mail_set.own')} text={t('mail_set.own_text')}>
			{!data && !error && <Skeleton h={44} />}
			{error && !data && <><Fault>{problemText(error)}</Fault><Button icon="refresh" onClick={() => void refetch()}>{t('error.retry')}</Button></>}
			{data && <Check label={t('mail_set.won')} hint={t('mail_set.won_hint')} name="won_mail" checked={asked ?? data.won_mail} onChange={(on) => void set(on)} />}
		</Section>
	);
}
