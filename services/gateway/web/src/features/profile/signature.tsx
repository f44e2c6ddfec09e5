/* What stands under the mails that one writes: text with the marks of a mail, shown as it will look. */
import { type FormEvent, lazy, Suspense, useId, useRef, useState } from 'react';
import { api } from '../../api/client';
import { fieldFaults, problemText } from '../../app/problems';
import { useScope } from '../../app/scope';
import { useT } from '../../i18n';
import { Button } from '../../ui/button';
import { Framed } from '../../ui/field';
import { Section } from '../../ui/page';
import { toast } from '../../ui/toast';
import type { MentionHandle } from '../mentions/field';
import { toolKey } from '../mentions/tool-key';
import '../mail/mail.css';

const TextTools = lazy(() => import('../mentions/tools').then((module) => ({ default: module.TextTools })));
const RichText = lazy(() => import('../mentions/rich').then((module) => ({ default: module.RichText })));

const MOST = 2000;

export function SignatureSection({ changed }: { changed(): Promise<void> }) {
	const t = useT();
	const id = useId();
	const { me } = useScope();
	const kept = me.user.signature ?? '';
	const [text, setText] = useState(kept);
	const [wrong, setWrong] = useState<string | undefined>();
	const [busy, setBusy] = useState(false);
	const area = useRef<HTMLTextAreaElement>(null);
	const field = useRef<MentionHandle>({ focus: () => area.current?.focus(), get area() { return area.current; }, ask: () => false });
	const submit = async (event: FormEvent) => {
		event.preventDefault();
		setBusy(true);
		try {
			await api('PUT', '/api/me', { body: { signature: text.trim() || null } });
			setWrong(undefined);
			await changed();
			toast.ok(t(text.trim() ? 'profile.signature_saved' : 'profile.signature_gone'));
		} catch (reason) {
			setWrong(fieldFaults(reason)['signature'] ?? problemText(reason));
		}
		setBusy(false);
	};
	return (
		<Section title={t('profile.signature')} text={t('profile.signature_text')}>
			<form className="form" onSubmit={(event) => void submit(event)} noValidate data-part="signature">
				<Framed id={id} label={t('profile.signature_label')} error={wrong}>
					<Suspense fallback={<div className="rich-tools" />}><TextTools field={field} without="heading" /></Suspense>
					<textarea ref={area} id={id} name="signature" className="lw-input mail-text" rows={5} maxLength={MOST} value={text} aria-invalid={wrong ? true : undefined} aria-describedby={wrong ? `${id}-error` : undefined}
						data-error={wrong ? true : undefined} onChange={(event) => setText(event.currentTarget.value)} onKeyDown={(event) => toolKey(event, field)} />
				</Framed>
				{text.trim() && <div><span className="lw-label">{t('profile.signature_look')}</span><Suspense fallback={null}><RichText text={text} workspaceId={null} /></Suspense></div>}
				<div className="form-foot"><Button kind="primary" type="submit" disabled={busy || text.trim() === kept.trim()}>{t('common.save')}</Button></div>
			</form>
		</Section>
	);
}
