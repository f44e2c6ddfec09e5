/* Which company: found by its words, chosen from a list; or none. Knows not what for. */
import { useState } from 'react';
import type { Id } from '../../api/types';
import { problemText } from '../../app/problems';
import { sayValue, useT } from '../../i18n';
import { Empty, Skeleton, Tile } from '../../ui/bits';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { Icon } from '../../ui/icons';
import { Find } from '../../ui/table';
import { useAccounts } from './model';
import '../search/hits.css';
import '../../ui/table.css';

export function AccountPick({ title, workspace, chosen, onChoose, onClose }: {
	title: string; workspace: string | null; chosen: Id | null; onChoose(account: { id: Id; name: string } | null): void; onClose(): void;
}) {
	const t = useT();
	const [opened, setOpened] = useState(true);
	const [q, setQ] = useState('');
	const { data, error, isPending } = useAccounts({ workspace, q: q || null, lifecycle: null, sort: 'name' });
	const found = (data?.pages[0]?.data ?? []).slice(0, 20);
	const close = () => {
		setOpened(false);
		setTimeout(onClose, 150);
	};
	const choose = (one: { id: Id; name: string } | null) => {
		if (!opened)
			return; /* pressed twice */
		onChoose(one);
		close();
	};
	return (
		<Dialog opened={opened} onClose={close} title={title} closeLabel={t('common.close')}>
			<div className="stack-form">
				<Find label={t('accounts.search')} clear={t('leads.clear')} value={q} onChange={setQ} first />
				{isPending && <Skeleton h={120} />}
				{error && !data && <p className="fault" role="alert">{problemText(error)}</p>}
				{data && !found.length && <Empty icon="search" title={t(q ? 'accounts.none_found' : 'accounts.empty')} level={3}><p>{t('account.pick_none')}</p></Empty>}
				<ul className="hits">{found.map((one) => (
					<li key={one.id}><button type="button" className="hit" aria-pressed={one.id === chosen} onClick={() => choose(one)}>
						<Tile name={one.name} /><span className="cut">{one.name}</span><span className="muted small">{sayValue('lifecycle', one.lifecycle)}</span>{one.id === chosen && <Icon name="check" />}
					</button></li>
				))}</ul>
				<div className="dialog-foot">
					{chosen && <Button kind="quiet" icon="x" onClick={() => choose(null)}>{t('account.pick_away')}</Button>}
					<Button onClick={close}>{t('common.cancel')}</Button>
				</div>
			</div>
		</Dialog>
	);
}
