/* A secret, shown this once, and what verifies a message by it. Never kept anywhere. */
import { useId, useState } from 'react';
import { useT } from '../../i18n';
import { TabPanel, Tabs } from '../../ui/bits';
import { Button } from '../../ui/button';
import { Copy } from '../../ui/copy';
import { SNIPPETS } from './webhook-snippets';

export function SecretShown({ secret, text, onClose }: { secret: string; text: string; onClose(): void }) {
	const t = useT();
	const tabs = useId();
	const [language, setLanguage] = useState(SNIPPETS[0]?.key ?? '');
	const snippet = SNIPPETS.find((one) => one.key === language);
	return (
		<div className="form form-wide">
			<p>{text}</p>
			<Copy label={t('webhooks.secret')} text={secret} autoFocus />
			<p className="muted small">{t('webhooks.verify')}</p>
			<div>
				<Tabs idBase={tabs} label={t('webhooks.languages')} active={language} onSelect={setLanguage} tabs={SNIPPETS.map(({ key, name }) => ({ key, label: name }))} />
				<TabPanel idBase={tabs} tab={language} className="tab-room">{snippet && <Copy label={t('webhooks.verify_in', { name: snippet.name })} text={snippet.text} />}</TabPanel>
			</div>
			<div className="dialog-foot"><Button kind="primary" onClick={onClose}>{t('webhooks.kept')}</Button></div>
		</div>
	);
}
