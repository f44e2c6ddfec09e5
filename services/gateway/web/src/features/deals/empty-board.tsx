/* A board without deals says what to do next: make a lead by hand, or let a website post one. */
import { useActions } from '../../app/actions';
import { useScope } from '../../app/scope';
import { useT } from '../../i18n';
import { Empty } from '../../ui/bits';
import { Button, IconButton } from '../../ui/button';
import { toast } from '../../ui/toast';
import { HelpMore } from '../../ui/page';

/* intake listens one port above the gateway; behind a proxy both are one host */
function hookAddress(): string {
	const { protocol, hostname, port } = location;
	return `${protocol}//${hostname}${port ? `:${Number(port) + 1}` : ''}/hooks/`;
}

export function EmptyBoard() {
	const t = useT();
	const actions = useActions();
	const { slug, workspaces, mayEdit } = useScope();
	if (!workspaces.some((one) => mayEdit(one.id)))
		return <div className="empty-board"><Empty icon="inbox" title={t('empty.title')}><p>{t('empty.wait')}</p></Empty></div>;
	const key = `crmctl source add --workspace ${slug ?? 'SLUG'} --kind web_form`;
	const curl = `curl -X POST ${hookAddress()}KEY \\\n  -H 'Content-Type: application/json' \\\n  -d '{"name": "Piet de Vries", "email": "piet@example.nl"}'`;
	const copy = (text: string) => {
		navigator.clipboard?.writeText(text).then(() => toast.ok(t('common.copied'))).catch(() => undefined);
	};
	return (
		<div className="empty-board"><Empty icon="inbox" title={t('empty.title')}>
			<p>{t('empty.text')}</p>
			<Button kind="primary" icon="plus" hotkey="N" onClick={actions.newLead}>{t('lead.new')}</Button>
			<p className="empty-or">{t('empty.hook')}</p>
			{[key, curl].map((line) => (
				<div className="code" key={line}>
					<pre className="scroll" tabIndex={0} aria-label={t('empty.command')}><code>{line}</code></pre>
					<IconButton icon="copy" small label={t('common.copy')} onClick={() => copy(line)} />
				</div>
			))}
			<HelpMore page="hooks" />
		</Empty></div>
	);
}
