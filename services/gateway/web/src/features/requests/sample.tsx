/* One of the latest requests as names and values: a value becomes a field's by its menu, a branch is where the leads lie. Changes nothing itself. */
import { useId } from 'react';
import { sayValue, useT } from '../../i18n';
import { Button } from '../../ui/button';
import { Menu } from '../../ui/menu';
import { OWN, TOS } from './draft';
import { couldHold, leadsAt, leavesOf, readable, treeOf, type Value } from './tree';

export const fieldName = (to: string, own: string): string => (to === OWN ? own : sayValue('field', to));

/* `used`: the paths that rules have already */
export function Sample({ body, type, read, at, used, onValue, onAt, onRead }: {
	body: string; type: string | null; read: string; at: string; used: ReadonlySet<string>; onValue(path: string, to: string): void; onAt(path: string): void; onRead(read: string): void;
}) {
	const t = useT();
	const tree = treeOf(body, type, read);
	if (tree === undefined) {
		const ways = readable(body).filter((one) => one !== read);
		return (
			<div className="map-unread">
				<p>{t(body ? 'mapping.unread' : 'mapping.no_body')}</p>
				{ways.length > 0 && <p className="tags">{ways.map((one) => <Button key={one} icon="form" onClick={() => onRead(one)}>{t('mapping.read_as', { how: sayValue('mapping_read', one) })}</Button>)}</p>}
				<pre className="map-raw" translate="no" tabIndex={0} aria-label={t('requests.body')}>{body}</pre>
			</div>
		);
	}
	const leads = leadsAt(tree, at);
	if (!leads.length)
		return <div className="map-unread"><p>{t('mapping.at_nothing', { path: at })}</p><p><Button icon="x" onClick={() => onAt('')}>{t('mapping.at_clear')}</Button></p></div>;
	return <>{leads.slice(0, 5).map((root, nth) => <Names key={nth} title={leads.length > 1 ? t('mapping.lead_n', { number: nth + 1 }) : null} root={root} at={at} used={used} onValue={onValue} onAt={onAt} />)}</>;
}

function Names({ title, root, at, used, onValue, onAt }: { title: string | null; root: Value; at: string; used: ReadonlySet<string>; onValue(path: string, to: string): void; onAt(path: string): void }) {
	const t = useT();
	const id = useId();
	const leaves = leavesOf(root);
	return (
		<div className="map-names">
			{title && <h4 id={id}>{title}</h4>}
			<ul aria-label={title ?? t('mapping.values')}>
				{leaves.map((leaf) => (
					<li key={leaf.path} style={{ paddingLeft: leaf.depth * 14 }} data-path={leaf.path}>
						<span className="map-name" translate="no">{leaf.name}</span>
						{leaf.uses ? (
							<Menu label={t('mapping.becomes', { path: leaf.path })} width={220} entries={[
								{ key: 'label', kind: 'label', label: t('mapping.becomes', { path: leaf.path }) },
								...TOS.map((to) => ({ key: to, label: sayValue('field', to), onSelect: () => onValue(leaf.path, to) })),
								{ key: OWN, icon: 'plus', label: t('mapping.own'), onSelect: () => onValue(leaf.path, OWN) },
								...(!at && couldHold(leaf.value) ? [{ key: 'rule', kind: 'divider' as const }, { key: 'at', label: t('mapping.at_here'), onSelect: () => onAt(leaf.path) }] : []),
							]} target={<button type="button" className={`map-value${used.has(leaf.path) ? ' map-used' : ''}`} aria-label={t('mapping.use', { path: leaf.path, value: (leaf.text ?? '').slice(0, 80) })}><span className="cut" translate="no">{leaf.text === '' ? '""' : leaf.text}</span></button>} />
						) : leaf.text !== null ? <span className="map-value map-dead cut" translate="no">{leaf.text}</span>
							: !at && couldHold(leaf.value) && <button type="button" className="map-at" onClick={() => onAt(leaf.path)} aria-label={t('mapping.at_here_of', { path: leaf.path })}>{t('mapping.at_here')}</button>}
					</li>
				))}
			</ul>
			{!leaves.length && <p className="muted small">{t('mapping.no_values')}</p>}
		</div>
	);
}
