/* A line to be taken elsewhere: shown whole, taken by one press; where a browser gives no clipboard (plain http), the
   line is copied the old way, or selected so that the keys do it. */
import { useRef } from 'react';
import { useT } from '../i18n';
import { Button } from './button';
import { toast } from './toast';
import './page.css';

/* true: it is on the clipboard; the old way is for a page over plain http */
export async function copyText(text: string): Promise<boolean> {
	try {
		await navigator.clipboard.writeText(text);
		return true;
	} catch {
		const area = document.createElement('textarea');
		area.value = text;
		area.className = 'hidden-text';
		(document.querySelector('[role="dialog"]') ?? document.body).append(area);
		area.select();
		const done = document.execCommand('copy');
		area.remove();
		return done;
	}
}

export function Copy({ label, text, autoFocus }: { label: string; text: string; autoFocus?: boolean }) {
	const t = useT();
	const line = useRef<HTMLElement>(null);
	const select = () => {
		if (line.current)
			getSelection()?.selectAllChildren(line.current);
	};
	const copy = () => {
		void copyText(text).then((done) => (done ? toast.ok(t('common.copied')) : select()));
	};
	return (
		<div className="copy" role="group" aria-label={label}>
			<code ref={line} className="scroll" tabIndex={0}>{text}</code>
			<Button icon="copy" onClick={copy} autoFocus={autoFocus} data-autofocus={autoFocus || undefined}>{t('common.copy')}</Button>
		</div>
	);
}
