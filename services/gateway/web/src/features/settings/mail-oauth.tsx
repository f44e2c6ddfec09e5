/* Where a provider leads back to after somebody said yes, or no: the code goes to the server at once, and what became of it is shown.
   The code stands in the address only until then. */
import { useQuery } from '@tanstack/react-query';
import { Link, Navigate, useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { api } from '../../api/client';
import { queryClient } from '../../api/queries';
import { problemText } from '../../app/problems';
import { useScope } from '../../app/scope';
import { sayValue, useT } from '../../i18n';
import { Empty, Skeleton } from '../../ui/bits';
import { Button } from '../../ui/button';
import { PageHead, useTitle } from '../../ui/page';
import { useLogin } from './mail-login';
import type { MailAccount } from './mail-model';

const ROW = { display: 'flex', flexWrap: 'wrap', gap: 8, justifyContent: 'center', alignItems: 'center' } as const;

/* "<account>.<token>", as the server made it */
const accountOf = (state: string): string => /^[0-9a-f-]{36}(?=\.)/.exec(state)?.[0] ?? '';

export function MailOauth() {
	const t = useT();
	const navigate = useNavigate();
	const [back] = useState(() => new URLSearchParams(location.search));
	const id = accountOf(back.get('state') ?? '');
	const [fault, setFault] = useState<string | null>(null);
	const [sent, setSent] = useState(false);
	const begun = useRef(false);
	useTitle(t('mail_set.oauth_title'));
	const code = back.get('code');
	useEffect(() => {
		if (begun.current || !id || !code)
			return;
		begun.current = true;
		void (async () => {
			try {
				await api('POST', `/api/crm/mail/accounts/${id}/oauth/finish`, { body: { state: back.get('state'), code } });
				setSent(true);
			} catch (reason) {
				setFault(problemText(reason));
			}
			void queryClient.invalidateQueries({ queryKey: ['mail accounts'] });
			void navigate({ to: '.', search: {}, replace: true } as never);
		})();
	}, [id, code, back, navigate]);
	if (!id)
		return <Navigate to={'/settings/mail' as never} replace />;
	return (
		<>
			<PageHead title={t('mail_set.oauth_title')} help="mail-settings" />
			<div className="page-body scroll page-narrow">
				<Told id={id} sent={sent} fault={fault ?? (code ? null : t(back.get('error') === 'access_denied' ? 'mail_set.oauth_denied' : 'mail_set.oauth_not_given', { words: back.get('error_description') ?? back.get('error') ?? '' }))} />
			</div>
		</>
	);
}

function Told({ id, sent, fault }: { id: string; sent: boolean; fault: string | null }) {
	const t = useT();
	const { me } = useScope();
	const login = useLogin();
	/* until it is known: a provider answers within seconds */
	const { data } = useQuery<MailAccount>({ queryKey: ['mail accounts', 'one', id], enabled: sent || fault !== null, refetchInterval: (query) => (sent && (query.state.data?.oauth_state ?? 'asked') === 'asked' ? 1000 : false), queryFn: ({ signal }) => api<MailAccount>('GET', `/api/crm/mail/accounts/${id}`, { signal }) });
	const slug = me.workspaces.find((one) => one.id === data?.workspace_id)?.slug;
	const state = data?.oauth_state ?? 'asked';
	const home = <Link className="btn btn-primary" to={'/settings/mail' as never} search={(slug ? { workspace: slug } : {}) as never}>{t('mail_set.oauth_home')}</Link>;
	const again = <Button icon="key" onClick={() => void login({ id })}>{t('mail_set.oauth_again')}</Button>;
	if (fault !== null)
		return <Empty icon="alert" title={t('mail_set.oauth_failed')}><p role="alert">{fault}</p><div style={ROW}>{again}{home}</div></Empty>;
	if (!data || state === 'asked')
		return (
			<Empty icon="key" title={t('mail_set.oauth_asking')}>
				<div role="status" data-oauth={state}>{data?.oauth_error ? <p>{t('mail_set.oauth_trying', { words: data.oauth_error })}</p> : <Skeleton h={20} w={200} />}</div>
				{data?.oauth_error && home}
			</Empty>
		);
	if (state === 'works')
		return <Empty icon="check" title={t('mail_set.oauth_done', { name: data.name })}><p role="status" data-oauth="works">{t('mail_set.oauth_done_text')}</p>{home}</Empty>;
	return <Empty icon="alert" title={t('mail_set.oauth_failed')}><p role="alert" data-oauth={state}>{sayValue('mail_login_state', state)}{data.oauth_error && <span className="muted">{t('mail_set.provider_said', { words: data.oauth_error })}</span>}</p><div style={ROW}>{again}{home}</div></Empty>;
}
