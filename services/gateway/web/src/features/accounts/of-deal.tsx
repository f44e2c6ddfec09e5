/* The people and the places of the company that a deal is about, as tabs of its panel. A deal without a company says how it gets one. */
import type { ReactNode } from 'react';
import type { Deal } from '../../api/types';
import { useScope } from '../../app/scope';
import { problemText } from '../../app/problems';
import { useT } from '../../i18n';
import { Empty, Skeleton } from '../../ui/bits';
import { Button } from '../../ui/button';
import { type Account, useAccount } from './model';
import { PeopleList, useContactForm } from './people-of';
import { PlaceList, usePlaceForm } from './places-of';
import './whole.css';

export type Part = 'people' | 'places';

/* `choose`: how a deal gets its company */
export function OfDeal({ deal, part, choose }: { deal: Deal; part: Part; choose: ReactNode }) {
	const t = useT();
	if (!deal.account_id)
		return <Empty icon={part === 'people' ? 'users' : 'pin'} title={t('account.none_of_deal')} level={3}><p>{t('account.none_of_deal_text')}</p>{choose}</Empty>;
	return <Known id={deal.account_id} workspace={deal.workspace_id} part={part} />;
}

function Known({ id, workspace, part }: { id: string; workspace: string; part: Part }) {
	const t = useT();
	const { data, error } = useAccount(id, workspace);
	if (error && !data)
		return <Empty icon="alert" title={t('record.failed')} level={3}><p>{problemText(error)}</p></Empty>;
	return data ? <Shown account={data} part={part} /> : <Skeleton h={72} />;
}

function Shown({ account, part }: { account: Account; part: Part }) {
	const t = useT();
	const { mayEdit } = useScope();
	const person = useContactForm(account);
	const place = usePlaceForm(account);
	const may = mayEdit(account.workspace_id);
	return (
		<section className="group" aria-label={t(part === 'people' ? 'account.contacts' : 'place.title')}>
			<div className="side-head"><h3>{account.name}</h3>{may && <Button icon="plus" onClick={part === 'people' ? person.add : place.add}>{t(part === 'people' ? 'account.add_contact' : 'place.add')}</Button>}</div>
			{part === 'people' ? <PeopleList account={account} first={account.primary_contact_id} onEdit={person.edit} /> : <PlaceList account={account} onEdit={place.edit} />}
			{person.form}
			{place.form}
		</section>
	);
}
