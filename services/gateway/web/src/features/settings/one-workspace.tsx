/* A page that is of one workspace: while several are looked at, a person first says which. Settings name those whose settings one may change, other pages all. */
import { Fragment, type ReactNode } from 'react';
import type { Workspace } from '../../api/types';
import { useGo, useScope } from '../../app/scope';
import { Tile } from '../../ui/bits';
import { Icon } from '../../ui/icons';
import { PageHead, useTitle } from '../../ui/page';
import { usePresetName } from '../place/preset';
import './preset.css';

export function OfOneWorkspace({ title, text, help, right = 'crm-settings', children }: { title: string; text: string; help: string; right?: string; children(workspace: Workspace): ReactNode }) {
	const go = useGo();
	const { me, workspace } = useScope();
	const nameOf = usePresetName();
	useTitle(title, workspace?.name ?? '');
	if (workspace)
		return <Fragment key={workspace.id}>{children(workspace)}</Fragment>;
	const mine = me.workspaces.filter((one) => me.agency.admin || one.permissions.includes(right));
	return (
		<>
			<PageHead title={title} sub={text} help={help} />
			<div className="page-body scroll page-narrow">
				<ul className="picks">
					{mine.map((one) => (
						<li key={one.id}><button type="button" className="pick" onClick={() => go.workspace(one.slug)}>
							<Tile name={one.name} size={32} /><span className="pick-text"><b className="cut">{one.name}</b><span className="muted small">{nameOf(one.preset)}</span></span><Icon name="right" />
						</button></li>
					))}
				</ul>
			</div>
		</>
	);
}
