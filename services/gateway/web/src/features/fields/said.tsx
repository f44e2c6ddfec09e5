/* What a record holds under a field of the workspace's own, as a page shows it: a web address leads there, all else is text. Nothing: an empty text.
   Never a link to anything but the web. */
import type { ReactNode } from 'react';
import type { OwnField } from '../../api/boards';
import type { Language } from '../../api/types';
import type { Translate } from '../../i18n';
import type { Formats } from '../../lib/format';
import { ownText } from './text';

export function ownSaid(field: OwnField, value: unknown, language: Language, formats: Formats, t: Translate): ReactNode {
	if (field.kind === 'url' && typeof value === 'string' && /^https?:\/\//i.test(value))
		return <WebLink url={value} />;
	return ownText(field, value, language, formats, t);
}

export function WebLink({ url }: { url: string }) {
	return <a className="link" href={url} target="_blank" rel="noreferrer noopener">{url.replace(/^https?:\/\//i, '')}</a>;
}
