/* The buttons beside a page's title, as the workspace's preset names them. The last one that makes a record is the
   primary one and answers to N; what leads to a page that is not there is not shown. */
import { useT } from '../i18n';
import { Button, IconButton } from '../ui/button';
import { useActions } from './actions';
import { headerOf, maySettings, type Page } from './places';
import { useGo, useScope } from './scope';

export function HeadButtons({ here }: { here: Page }) {
	const t = useT();
	const go = useGo();
	const scope = useScope();
	const actions = useActions();
	const buttons = headerOf(scope.workspaces, here, { make: scope.mayEdit(scope.workspace?.id), settings: maySettings(scope) });
	return (
		<div className="page-actions wide-only">
			{buttons.map(({ key, act, icon, label, small }) => act === 'lead'
				? <Button key={key} kind="primary" icon={icon} hotkey="N" onClick={actions.newLead}>{t(label)}</Button>
				: small ? <IconButton key={key} icon={icon} label={t(label)} onClick={() => go.page(act)} />
					: <Button key={key} icon={icon} onClick={() => go.page(act)}>{t(label)}</Button>)}
		</div>
	);
}
