/* Where a lead came from, as a tag: an icon and the word of the catalogue. */
import { sayValue, useT } from '../../i18n';
import { Icon, type IconName } from '../../ui/icons';

const ICONS: Record<string, IconName> = {
	web_form: 'form', form: 'form', web: 'world', chat: 'chat', whatsapp: 'whatsapp', manual: 'manual', referral: 'referral', event: 'event', import: 'import', api: 'api', email: 'mail', phone: 'phone',
};

export const SOURCES = ['manual', 'phone', 'email', 'web_form', 'chat', 'whatsapp', 'referral', 'event'] as const;

export function SourceTag({ source }: { source: string | null }) {
	useT(); /* draws again when the language changes */
	if (!source)
		return null;
	return <span className="tag tag-source"><Icon name={ICONS[source] ?? 'bolt'} size={13} /><span className="cut">{sayValue('source', source)}</span></span>;
}
