/* The steps of switching the second factor on or off and of new recovery codes: password, QR code, first code, codes shown once.
   Every step that could let another one in asks for the password; no secret is kept on this side. */
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { api } from '../../api/client';
import { fieldFaults, problemText } from '../../app/problems';
import { useScope } from '../../app/scope';
import { useT } from '../../i18n';
import { Button } from '../../ui/button';
import { Copy, copyText } from '../../ui/copy';
import { Check, TextField } from '../../ui/field';
import { Fault } from '../../ui/page';
import { toast } from '../../ui/toast';
import { QrCode } from './qr';

export type What = 'on' | 'codes' | 'off';
interface Begun { secret: string; otpauth: string; qr: string[] }
type Step = { kind: 'password' } | { kind: 'scan'; begun: Begun } | { kind: 'kept'; codes: string[] };

export function Steps({ what, onClose, changed }: { what: What; onClose(): void; changed(): Promise<void> }) {
	const t = useT();
	const [step, setStep] = useState<Step>({ kind: 'password' });
	const known = async (password: string) => {
		if (what === 'on') {
			setStep({ kind: 'scan', begun: await api<Begun>('POST', '/api/me/totp', { body: { password } }) });
		} else if (what === 'codes') {
			setStep({ kind: 'kept', codes: (await api<{ recovery_codes: string[] }>('POST', '/api/me/totp/recovery', { body: { password } })).recovery_codes });
			void changed();
		} else {
			await api('POST', '/api/me/totp/off', { body: { password } });
			onClose();
			toast.ok(t('totp.was_off'));
			void changed();
		}
	};
	const confirm = async (code: string) => {
		setStep({ kind: 'kept', codes: (await api<{ recovery_codes: string[] }>('POST', '/api/me/totp/confirm', { body: { code } })).recovery_codes });
		void changed();
	};
	switch (step.kind) {
	case 'password':
		return (
			<Ask key="password" name="password" label={t('totp.your_password')} type="password" autoComplete="current-password" yes={t(what === 'off' ? 'totp.switch_off' : 'totp.go_on')} danger={what === 'off'} onSend={known} onClose={onClose}>
				<p>{t(what === 'on' ? 'totp.on_text' : what === 'codes' ? 'totp.codes_text' : 'totp.off_text')}</p>
			</Ask>
		);
	case 'scan':
		return (
			<Ask key="code" name="code" label={t('session.code')} numeric autoComplete="one-time-code" yes={t('totp.switch_on')} onSend={confirm} onClose={onClose}>
				<p>{t('totp.scan')}</p>
				<div className="scan"><QrCode rows={step.begun.qr} label={t('totp.qr')} /><div><p className="muted small">{t('totp.type')}</p><Copy label={t('totp.secret')} text={step.begun.secret} /></div></div>
			</Ask>
		);
	case 'kept':
		return <Codes codes={step.codes} onClose={onClose} />;
	}
}

/* one question of the way, with the reason at the field where it was not right */
function Ask({ name, label, type, numeric, autoComplete, yes, danger, onSend, onClose, children }: {
	name: 'password' | 'code'; label: string; type?: string; numeric?: boolean; autoComplete: string; yes: string; danger?: boolean; onSend(value: string): Promise<void>; onClose(): void; children: ReactNode;
}) {
	const t = useT();
	const [value, setValue] = useState('');
	const [busy, setBusy] = useState(false);
	const [wrong, setWrong] = useState<string | undefined>();
	const [fault, setFault] = useState<string | null>(null);
	const form = useRef<HTMLFormElement>(null);
	const focus = () => form.current?.querySelector('input')?.select();
	useEffect(focus, []);
	const submit = async (event: FormEvent) => {
		event.preventDefault();
		setFault(null);
		if (!value.trim()) {
			setWrong(t('form.required'));
			focus();
			return;
		}
		setWrong(undefined);
		setBusy(true);
		try {
			await onSend(name === 'code' ? value.replaceAll(' ', '') : value);
		} catch (reason) {
			const field = fieldFaults(reason)[name];
			setBusy(false);
			setWrong(field);
			setFault(field ? null : problemText(reason));
			setTimeout(focus, 0);
		}
	};
	return (
		<form ref={form} className="form" onSubmit={(event) => void submit(event)} noValidate>
			{children}
			{fault && <Fault>{fault}</Fault>}
			<TextField label={label} name={name} value={value} onChange={setValue} error={wrong} autoComplete={autoComplete} autoFocus {...(type ? { type } : {})} {...(numeric ? { inputMode: 'numeric' as const, maxLength: 7 } : {})} />
			<div className="dialog-foot">
				<Button onClick={onClose}>{t('common.cancel')}</Button>
				<Button kind="primary" type="submit" className={danger ? 'btn-danger' : undefined} disabled={busy}>{yes}</Button>
			</div>
		</form>
	);
}

function Codes({ codes, onClose }: { codes: string[]; onClose(): void }) {
	const t = useT();
	const { me } = useScope();
	const [kept, setKept] = useState(false);
	const title = useRef<HTMLParagraphElement>(null);
	const text = `${t('totp.file', { email: me.user.email, origin: location.origin })}\n\n${codes.join('\n')}\n`;
	useEffect(() => {
		title.current?.focus();
	}, []);
	const download = () => {
		const url = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
		const link = document.createElement('a');
		link.href = url;
		link.download = 'leadwire-recovery-codes.txt';
		link.click();
		setTimeout(() => URL.revokeObjectURL(url), 10_000);
	};
	const print = () => {
		document.body.classList.add('print-codes');
		addEventListener('afterprint', () => document.body.classList.remove('print-codes'), { once: true });
		window.print();
	};
	const copy = () => void copyText(text).then((done) => done && toast.ok(t('common.copied')));
	return (
		<div className="form">
			<p ref={title} tabIndex={-1}>{t('totp.codes_kept')}</p>
			<ul className="codes num">{codes.map((code) => <li key={code}><code>{code}</code></li>)}</ul>
			<div className="photo-row">
				<Button icon="copy" onClick={copy}>{t('common.copy')}</Button>
				<Button icon="download" onClick={download}>{t('totp.download')}</Button>
				<Button icon="print" onClick={print}>{t('totp.print')}</Button>
			</div>
			<Check label={t('totp.have_kept')} checked={kept} onChange={setKept} />
			<div className="dialog-foot"><Button kind="primary" disabled={!kept} onClick={onClose}>{t('totp.done')}</Button></div>
		</div>
	);
}
