/* What goes under a mail, as it will stand there; this once it can be left out. */
import { useT } from '../../i18n';
import { Check } from '../../ui/field';
import { RichText } from '../mentions/rich';

export function Signature({ text, bare, onChange }: { text: string; bare: boolean; onChange(bare: boolean): void }) {
	const t = useT();
	return (
		<div data-part="signature">
			<Check label={t('mail.signature')} name="signature" checked={!bare} onChange={(on) => onChange(!on)} />
			{!bare && <div className="muted small"><RichText text={text} workspaceId={null} /></div>}
		</div>
	);
}
