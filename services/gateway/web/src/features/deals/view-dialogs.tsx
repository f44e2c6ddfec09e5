/* A view to be kept under a name, or to be taken away. */
import { useState } from 'react';
import { queryClient } from '../../api/queries';
import { fieldFaults, problemText } from '../../app/problems';
import { useT } from '../../i18n';
import { Button } from '../../ui/button';
import { Confirm } from '../../ui/confirm';
import { Dialog } from '../../ui/dialog';
import { Fault } from '../../ui/page';
import { toast } from '../../ui/toast';
import { dropView, type View } from './kept';

export function DropView({ view, close }: { view: View; close(): void }) {
	const t = useT();
	const [opened, setOpened] = useState(true);
	const done = () => {
		setOpened(false);
		setTimeout(close, 200);
	};
	return (
		<Confirm opened={opened} onClose={done} danger title={t('views.drop', { name: view.name })} text={<p>{t(view.shared ? 'views.drop_shared' : 'views.drop_own')}</p>} yes={t('views.drop_yes')}
			onYes={() => {
				done();
				dropView(view).then(() => queryClient.invalidateQueries({ queryKey: ['views'] })).catch((fault: unknown) => toast.error(problemText(fault)));
			}} />
	);
}

export function SaveView({ close, share, keep }: { close(): void; share: boolean; keep(name: string, shared: boolean): Promise<unknown> }) {
	const t = useT();
	const [name, setName] = useState('');
	const [shared, setShared] = useState(false);
	const [fault, setFault] = useState<string | null>(null);
	const [opened, setOpened] = useState(true);
	const done = () => {
		setOpened(false);
		setTimeout(close, 200); /* the focus goes back first */
	};
	return (
		<Dialog opened={opened} onClose={done} title={t('views.save')} closeLabel={t('common.close')} size={440}>
			<form className="form" onSubmit={(event) => {
				event.preventDefault();
				if (!name.trim())
					return setFault(t('form.required'));
				keep(name.trim(), shared).then(() => {
					toast.ok(t('views.kept', { name: name.trim() }));
					done();
					return queryClient.invalidateQueries({ queryKey: ['views'] });
				}).catch((wrong: unknown) => setFault(fieldFaults(wrong)['name'] ?? problemText(wrong)));
				return undefined;
			}}>
				{fault && <Fault>{fault}</Fault>}
				<label className="filter-field"><span>{t('views.name')}</span><input className="lw-input" value={name} onChange={(event) => setName(event.currentTarget.value)} required aria-invalid={fault !== null} data-autofocus maxLength={100} /></label>
				{share && <label className="tick"><input type="checkbox" checked={shared} onChange={(event) => setShared(event.currentTarget.checked)} /><span>{t('views.share')}<small>{t('views.share_text')}</small></span></label>}
				<div className="dialog-foot"><Button onClick={done}>{t('common.cancel')}</Button><Button kind="primary" type="submit">{t('common.save')}</Button></div>
			</form>
		</Dialog>
	);
}
