/* A calm line over a demo workspace: what is in it is made up. Whoever administers the agency takes all demos away from
   here, after a question that says exactly what goes. */
import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { api } from '../../api/client';
import { queryClient } from '../../api/queries';
import { problemText } from '../../app/problems';
import { useGo, type Scope } from '../../app/scope';
import { useT } from '../../i18n';
import { Skeleton, Tile } from '../../ui/bits';
import { Confirm } from '../../ui/confirm';
import { Icon } from '../../ui/icons';
import { toast } from '../../ui/toast';

interface Demo { data: Array<{ id: string; slug: string; name: string }>; users: number }

export function DemoBanner({ scope }: { scope: Scope }) {
	const t = useT();
	const [asked, setAsked] = useState(false);
	const [opened, setOpened] = useState(false);
	const demos = scope.workspaces.filter((one) => one.demo).length;
	const text = demos === scope.workspaces.length ? t('demo.all', { count: demos }) : t('demo.some', { count: demos });
	return (
		<div className="banner demo-banner" role="note">
			<Icon name="flask" size={18} /><span className="demo-text">{text}</span>
			{scope.me.agency.admin && <button type="button" className="btn" onClick={() => { setAsked(true); setOpened(true); }}>{t('demo.remove')}</button>}
			{asked && <Remove opened={opened} onClose={() => setOpened(false)} />}
		</div>
	);
}

function Remove({ opened, onClose }: { opened: boolean; onClose(): void }) {
	const t = useT();
	const go = useGo();
	const [busy, setBusy] = useState(false);
	const [fault, setFault] = useState<string | null>(null);
	const { data, error } = useQuery({ queryKey: ['demo'], queryFn: ({ signal }) => api<Demo>('GET', '/api/demo', { signal }), enabled: opened, staleTime: 0 });
	const remove = async () => {
		setBusy(true);
		setFault(null);
		try {
			await api('DELETE', '/api/demo?confirm=yes');
			onClose();
			toast.ok(t('demo.removed'));
			go.workspace(null);
			await queryClient.invalidateQueries();
		} catch (reason) {
			setFault(problemText(reason));
		}
		setBusy(false);
	};
	return (
		<Confirm opened={opened} onClose={onClose} title={t('demo.question')} yes={t('demo.yes')} onYes={() => void remove()} busy={busy || !data} danger fault={fault ?? (error ? problemText(error) : null)} text={
			data ? (
				<>
					<p>{t('demo.goes', { count: data.data.length })}</p>
					<ul className="demo-list">{data.data.map((one) => <li key={one.id}><Tile name={one.name} size={20} /><b className="cut">{one.name}</b></li>)}</ul>
					{data.users > 0 && <p>{t('demo.people', { count: data.users })}</p>}
					<p className="muted">{t('demo.stays')}</p>
				</>
			) : <Skeleton h={120} />
		} />
	);
}
