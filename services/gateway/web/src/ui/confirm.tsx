/* The question before something that cannot be taken back. */
import type { ReactNode } from 'react';
import { useT } from '../i18n';
import { Button } from './button';
import { Dialog } from './dialog';
import { Fault } from './page';

export function Confirm({ opened, onClose, title, text, yes, onYes, busy, fault, danger }: {
	opened: boolean; onClose(): void; title: string; text: ReactNode; yes: string; onYes(): void; busy?: boolean; fault?: string | null; danger?: boolean;
}) {
	const t = useT();
	return (
		<Dialog opened={opened} onClose={onClose} title={title} closeLabel={t('common.close')} size={440}>
			{fault && <Fault>{fault}</Fault>}
			<div className="confirm-text">{text}</div>
			<div className="dialog-foot">
				<Button onClick={onClose}>{t('common.cancel')}</Button>
				<Button kind="primary" className={danger ? 'btn-danger' : undefined} disabled={busy} onClick={onYes}>{yes}</Button>
			</div>
		</Dialog>
	);
}
