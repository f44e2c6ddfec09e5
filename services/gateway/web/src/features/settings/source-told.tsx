/* An address, told this once: where it is pasted, what is pasted with it, and whether anything comes by it. Never kept anywhere. */
import { useId, useState } from 'react';
import type { Id } from '../../api/types';
import { sayValue, useT } from '../../i18n';
import { TabPanel, Tabs } from '../../ui/bits';
import { Button } from '../../ui/button';
import { Copy } from '../../ui/copy';
import { SourceLive } from './source-live';
import { canTry } from './source-model';
import { snippetsOf } from './source-snippets';

export interface Told { id: Id; kind: string; signs: boolean; origins: string | null; form_type: string | null; minimum_fill: number | null; hook: string }

export function SourceTold({ one, slug, text, onClose }: { one: Told; slug: string; text: string; onClose(): void }) {
	const t = useT();
	const tabs = useId();
	const snippets = snippetsOf(one, one.hook, {
		name: t('field.name'), email: t('field.email'), phone: t('field.phone'), message: t('field.message'), send: t('sources.send'), form: one.form_type ?? t('sources.form'), person: t('first.name'), secret: t('sources.the_secret'),
	});
	const [language, setLanguage] = useState(snippets[0]?.key ?? '');
	const snippet = snippets.find((each) => each.key === language);
	return (
		<div className="form form-wide" data-told={one.id}>
			<p>{text}</p>
			<Copy label={t('sources.address')} text={one.hook} autoFocus />
			<p className="muted">{sayValue('source_paste', one.kind)}</p>
			{snippets.length > 1 && <div>
				<Tabs idBase={tabs} label={t('sources.snippets')} active={language} onSelect={setLanguage} tabs={snippets.map(({ key, name }) => ({ key, label: name }))} />
				<TabPanel idBase={tabs} tab={language} className="tab-room">{snippet && <Copy label={t('sources.snippet_in', { name: snippet.name })} text={snippet.text} />}</TabPanel>
			</div>}
			{snippets.length === 1 && snippet && <Copy label={t('sources.snippet_in', { name: snippet.name })} text={snippet.text} />}
			<SourceLive source={one.id} slug={slug} hook={canTry(one) ? one.hook : null} />
			<div className="dialog-foot"><Button kind="primary" onClick={onClose}>{t('sources.kept')}</Button></div>
		</div>
	);
}
