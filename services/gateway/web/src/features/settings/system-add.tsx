/* A system is connected: what it is called; then the address it pushes to, once, and an example to copy. */
import { useRef, useState } from 'react';
import { api, query } from '../../api/client';
import { queryClient } from '../../api/queries';
import { useT } from '../../i18n';
import { Button } from '../../ui/button';
import { Copy } from '../../ui/copy';
import { Dialog } from '../../ui/dialog';
import { TextField } from '../../ui/field';
import { LINKED } from '../linked/model';
import { SetForm } from './label-fields';

export function SystemAdd({ opened, workspace, onClose }: { opened: boolean; workspace: string; onClose(): void }) {
	const t = useT();
	return <Dialog opened={opened} onClose={onClose} title={t('systems.add')} closeLabel={t('common.close')} size={600}>{opened && <Add workspace={workspace} onClose={onClose} />}</Dialog>;
}

const EXAMPLE = (hook: string) => `curl -X POST ${hook} \\
  -H 'Content-Type: application/json' \\
  -d '{"kind": "order", "external_id": "1001", "account": "Acme Ltd",
       "title": "Order 1001", "status": "paid",
       "amount": {"amount": "120.00", "currency": "EUR"},
       "updated_at": "${new Date().toISOString().slice(0, 19)}Z"}'`;

function Add({ workspace, onClose }: { workspace: string; onClose(): void }) {
	const t = useT();
	const [name, setName] = useState('');
	const [system, setSystem] = useState('');
	const [hook, setHook] = useState<string | null>(null);
	const made = useRef(false); /* what was made is shown before the dialog goes */
	const send = async () => {
		setHook((await api<{ hook: string }>('POST', `/api/sources${query({ workspace })}`, { body: { kind: 'records', name: name.trim(), form_type: system.trim().toLowerCase() } })).hook);
		made.current = true;
		await queryClient.invalidateQueries({ queryKey: [...LINKED, 'sources'] });
	};
	if (hook)
		return (
			<div className="form form-wide">
				<p>{t('systems.once')}</p>
				<Copy label={t('systems.address')} text={hook} autoFocus />
				<p className="muted small">{t('systems.example')}</p>
				<Copy label={t('systems.example')} text={EXAMPLE(hook)} />
				<div className="dialog-foot"><Button kind="primary" onClick={onClose}>{t('users.link_done')}</Button></div>
			</div>
		);
	return (
		<SetForm yes={t('systems.make')} check={() => ({ ...(name.trim() ? {} : { name: t('form.required') }), ...(/^[a-z0-9 _.-]{1,60}$/i.test(system.trim()) ? {} : { form_type: t('systems.system_wrong') }) })} send={send} onDone={() => { if (!made.current) onClose(); }}>
			{(faults) => <>
				<TextField label={t('systems.name')} name="name" value={name} onChange={setName} error={faults['name']} maxLength={200} required autoFocus />
				<TextField label={t('systems.system')} name="form_type" value={system} onChange={setSystem} error={faults['form_type']} hint={t('systems.system_hint')} maxLength={60} required />
			</>}
		</SetForm>
	);
}
