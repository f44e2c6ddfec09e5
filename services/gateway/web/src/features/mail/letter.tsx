/* What came in, to be read: its sender's own words first and what they quote folded; on asking as it was laid out, in a frame that may do nothing; its files.
   Never loads anything from elsewhere before somebody asks for it. */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useScope } from '../../app/scope';
import { useT } from '../../i18n';
import { Button } from '../../ui/button';
import { Icon } from '../../ui/icons';
import { type MailOne, type MailRow, wordsOf } from './model';
import { MAILS } from './reads';
import '../templates/templates.css';

/* how many pictures its layout would load from elsewhere */
function useRemote(id: string, asked: boolean): number {
	return useQuery({
		queryKey: [...MAILS, 'remote', id], enabled: asked, staleTime: Infinity, retry: false,
		queryFn: async ({ signal }) => Number((await fetch(`/api/crm/mails/${id}/html`, { signal, credentials: 'same-origin' })).headers.get('CRM-Remote-Images')) || 0,
	}).data ?? 0;
}

export function Letter({ mail }: { mail: MailOne }) {
	const t = useT();
	const { own, quoted } = wordsOf(mail.text ?? '', mail.own ?? null);
	const [laid, setLaid] = useState(!mail.text && mail.html === true);
	const [images, setImages] = useState(false);
	const remote = useRemote(mail.id, laid && !images);
	return (
		<>
			{laid
				? <iframe className="mail-frame" sandbox="allow-popups allow-popups-to-escape-sandbox" referrerPolicy="no-referrer" title={t('mail.frame', { subject: mail.subject })} src={`/api/crm/mails/${mail.id}/html${images ? '?images=1' : ''}`} />
				: <>
					{own ? <p className="rich prewrap">{own}</p> : <p className="muted">{t('mail.no_text')}</p>}
					{quoted && <details className="mail-quoted"><summary>{t('mail.quoted')}</summary><p className="rich prewrap muted">{quoted}</p></details>}
				</>}
			{mail.html && <div className="tpl-chips">
				<Button kind="quiet" icon={laid ? 'note' : 'eye'} onClick={() => setLaid(!laid)}>{t(laid ? 'mail.as_text' : 'mail.as_sent')}</Button>
				{laid && !images && remote > 0 && <Button kind="quiet" icon="photo" onClick={() => setImages(true)}>{t('mail.load_pictures', { count: remote })}</Button>}
			</div>}
		</>
	);
}

export function MailFiles({ mail }: { mail: MailRow }) {
	const t = useT();
	const { formats } = useScope();
	return mail.files.length > 0 && (
		<ul className="tpl-chips" aria-label={t('deal.files')} style={{ marginTop: 8 }}>{mail.files.map((one) => (
			<li key={one.n}><a className="tpl-chip mail-file" href={`/api/crm/mails/${mail.id}/file?n=${one.n}`} download={one.name}><Icon name="clip" size={14} />{one.name} <span className="muted num">{formats.size(one.size)}</span></a></li>
		))}</ul>
	);
}
