/* A line to be taken elsewhere: shown whole, taken by one press; where a browser gives no clipboard (plain http), the
   line is selected so that the keys do it. */
import { useRef } from 'react';
import { useT } from '../i18n';
import { Button } from './button';
import { toast } from './toast';
import './page.css';

export function Copy({ label, text, autoFocus }: { label: string; text: string; autoFocus?: boolean }) {
	const t = useT();
	const line = useRef<HTMLElement>(null);
	const select = () => {
		if (line.current)
			getSelection()?.selectAllChildren(line.current);
	};
	const copy = () => {
		if (navigator.clipboard)
			navigator.clipboard.writeText(text).then(() => toast.ok(t('common.copied')), select);
		else
			select();
	};
	return (
		<div className="copy" role="group" aria-label={label}>
			<code ref={line} className="scroll" tabIndex={0}>{text}</code>
			<Button icon="copy" onClick={copy} data-autofocus={autoFocus || undefined}>{t('common.copy')}</Button>
		</div>
	);
}
