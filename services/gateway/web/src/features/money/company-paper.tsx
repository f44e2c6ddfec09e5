/* The head and the foot of an invoice as they will look, out of what stands in the form at that moment. A picture: the PDF itself is drawn by the server. */
import { useState } from 'react';
import { useScope } from '../../app/scope';
import { useT } from '../../i18n';
import { ibanShown } from '../billing/checks';
import './money.css';

export interface OnPaper { name: string; street: string; street2: string; postcode: string; city: string; email: string; phone: string; website: string; kvk: string; vat_id: string; iban: string; bic: string; colour: string; due_days: string }

/* as a sheet of paper: white in the dark, too */
export function Paper({ draft, logo }: { draft: OnPaper; logo: string | null }) {
	const t = useT();
	const { formats } = useScope();
	const [today] = useState(() => Date.now());
	const [broken, setBroken] = useState<string | null>(null);
	const colour = /^#[0-9a-f]{6}$/i.test(draft.colour.trim()) ? draft.colour.trim() : '#3b5bdb';
	const days = /^\d{1,3}$/.test(draft.due_days) ? Number(draft.due_days) : 30;
	const year = new Date(today).getFullYear();
	const numbers = [draft.kvk && t('company.paper_kvk', { number: draft.kvk }), draft.vat_id && t('company.paper_vat', { number: draft.vat_id }), draft.iban && ibanShown(draft.iban), draft.bic].filter(Boolean);
	return (
		<aside className="paper-side" aria-label={t('company.paper')}>
			<div className="paper" style={{ '--paper-accent': colour } as React.CSSProperties}>
				<div className="paper-top">
					{logo && broken !== logo ? <img src={logo} alt="" onError={() => setBroken(logo)} /> : <b className="paper-name">{draft.name || t('company.paper_name')}</b>}
					<address>
						{logo && broken !== logo && draft.name && <b>{draft.name}</b>}
						{[draft.street, draft.street2, [draft.postcode, draft.city].filter(Boolean).join('  '), draft.phone, draft.email, draft.website].filter(Boolean).map((line, at) => <span key={at}>{line}</span>)}
					</address>
				</div>
				<p className="paper-title">{t('doc_kind.invoice')}</p>
				<dl className="paper-facts">
					<div><dt>{t('company.paper_number')}</dt><dd>{`INV-${year}-001`}</dd></div>
					<div><dt>{t('company.paper_day')}</dt><dd>{formats.date(new Date(today).toISOString())}</dd></div>
					<div><dt>{t('company.paper_due')}</dt><dd>{formats.date(new Date(today + days * 86_400_000).toISOString())}</dd></div>
				</dl>
				<div className="paper-lines" aria-hidden="true"><i /><i /><i /></div>
				<p className="paper-foot">{numbers.length ? numbers.join('  ·  ') : t('company.paper_none')}</p>
			</div>
			<p className="muted small">{t('company.paper_text')}</p>
		</aside>
	);
}
