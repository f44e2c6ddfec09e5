/* What stands on a document that is with the customer: its lines and what they come to, to be read and no more. */
import { useScope } from '../../app/scope';
import { sayValue, useT } from '../../i18n';
import { decimalOf, digitsOf, isItem } from '../../lib/totals';
import type { Doc, DocGroup, Line, Party } from './model';
import { useShown } from './parts';
import type { Money } from '../../api/types';

export function PartyLines({ party }: { party: Party | null }) {
	if (!party)
		return <span className="muted">—</span>;
	const lines = [party.name, party.attention, party.street, party.street2, [party.postcode, party.city].filter(Boolean).join('  '), party.country && party.country !== 'NL' ? party.country : null].filter(Boolean);
	return <address className="doc-party">{lines.map((line, at) => <span key={at}>{at === 0 ? <b>{line}</b> : line}</span>)}{party.email && <span>{party.email}</span>}{party.vat_id && <span className="muted num">{party.vat_id}</span>}</address>;
}

const minor = (value: number | string | null | undefined, currency: string): Money => ({ amount: decimalOf(BigInt(value ?? 0), digitsOf(currency)), currency });
/* a group's amount is exact decimal text, or a count of minor units */
const groupMoney = (value: number | string, currency: string): Money => (typeof value === 'string' ? { amount: value, currency } : minor(value, currency));

export function TaxName({ group }: { group: Pick<DocGroup, 'category' | 'rate'> }) {
	const t = useT();
	const shown = useShown();
	return <>{group.category === 'standard' ? t('doc.vat_rate', { rate: shown(group.rate, 0) }) : t(`tax.${group.category}`)}</>;
}

/* rows of what it comes to; the last is what is to be paid */
export function Sums({ rows }: { rows: Array<{ key: string; label: React.ReactNode; value: string; strong?: boolean }> }) {
	return <dl className="doc-sums">{rows.map((row) => <div key={row.key} className={row.strong ? 'doc-sum-strong' : undefined} data-sum={row.key}><dt>{row.label}</dt><dd className="num">{row.value}</dd></div>)}</dl>;
}

export function Paper({ doc }: { doc: Doc }) {
	const t = useT();
	const { formats } = useScope();
	const shown = useShown();
	const some = (money: Money | null) => money && /[1-9]/.test(money.amount);
	const figures = (line: Line) => [`${shown(line.quantity ?? '1', 0)} ${sayValue('unit', line.unit ?? 'piece')}`, `${shown(line.price ?? '0', 2)}`, ...(line.discount && /[1-9]/.test(line.discount) ? [`− ${shown(line.discount, 0)} %`] : []), line.category && line.category !== 'standard' ? t(`doc_tax.${line.category}`) : `${shown(line.rate ?? '0', 0)} %`];
	return (
		<div className="doc-paper">
			<div className="doc-to"><div><h2 className="doc-label">{t('doc.for')}</h2><PartyLines party={doc.buyer} /></div>
				<Sums rows={[
					...(doc.issued ? [{ key: 'issued', label: t('doc.issued'), value: formats.date(doc.issued) }] : []),
					...(doc.due ? [{ key: 'due', label: t(doc.kind === 'quote' ? 'doc.valid_until' : 'doc.due'), value: formats.date(doc.due) }] : []),
					...(doc.supplied ? [{ key: 'supplied', label: t('doc.supplied'), value: formats.date(doc.supplied) }] : []),
					...(doc.buyer_reference ? [{ key: 'buyer_reference', label: t('doc.buyer_reference'), value: doc.buyer_reference }] : []),
					...(doc.order_reference ? [{ key: 'order_reference', label: t('doc.order_reference'), value: doc.order_reference }] : []),
				]} />
			</div>
			{doc.intro && <p className="prewrap doc-said">{doc.intro}</p>}
			<ul className="doc-read" aria-label={t('doc.lines')}>
				{doc.lines.map((line, at) => (isItem(line) ? (
					<li key={at} className={line.optional && line.chosen === false ? 'doc-out' : undefined}>
						<span className="doc-read-name"><b>{line.name}</b>{line.optional && <span className="tag">{t(line.chosen === false ? 'doc.optional_out' : 'doc.optional_in')}</span>}{line.description && <span className="prewrap muted">{line.description}</span>}<span className="muted num small">{figures(line).join(' · ')}</span></span>
						<span className="num">{formats.money(minor(line.net, doc.currency))}</span>
					</li>
				) : <li key={at} className={line.kind === 'section' ? 'doc-read-section' : 'prewrap'}>{line.name}</li>))}
			</ul>
			<Sums rows={[
				...(some(doc.net) && doc.groups.length ? [{ key: 'net', label: t('doc.net'), value: formats.money(doc.net) }] : []),
				...doc.groups.map((group) => ({ key: `${group.category}${group.rate}`, label: <TaxName group={group} />, value: formats.money(groupMoney(group.tax, doc.currency)) })),
				{ key: 'gross', label: t('doc.total'), value: formats.money(doc.gross), strong: true },
				...(doc.vat_euro ? [{ key: 'vat_euro', label: t('doc.vat_euro', { rate: doc.rate ?? '', currency: doc.currency }), value: formats.money(doc.vat_euro) }] : []),
				...(doc.prepaid && some(doc.prepaid) ? [{ key: 'prepaid', label: t('doc.prepaid'), value: `− ${formats.money(doc.prepaid)}` }] : []),
				...(doc.received && some(doc.received) ? [{ key: 'received', label: t('doc.received'), value: `− ${formats.money(doc.received)}` }] : []),
				...(doc.credited && some(doc.credited) ? [{ key: 'credited', label: t('doc.credited'), value: `− ${formats.money(doc.credited)}` }] : []),
				...(doc.kind === 'invoice' && doc.open && (some(doc.received) || some(doc.credited) || some(doc.prepaid)) ? [{ key: 'open', label: t('doc.open'), value: formats.money(doc.open), strong: true }] : []),
			]} />
			{doc.notes && <p className="prewrap doc-said">{doc.notes}</p>}
		</div>
	);
}
