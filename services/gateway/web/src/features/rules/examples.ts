/* Rules to begin from. What they say is plain: each can be saved as it stands, and changed. */
import type { Body } from '../../api/rules';

export const EXAMPLES: Readonly<Record<'quote_quiet' | 'big_deal' | 'overdue', (t: (key: 'rule_example.quote_quiet' | 'rule_example.big_deal' | 'rule_example.overdue') => string, currency: string) => Body>> = {
	quote_quiet: (t) => ({
		when: { event: 'quote.sent', after: { days: 3 } },
		if: { all: [{ fact: 'document.state', op: 'is', value: ['sent'] }, { fact: 'deal.outcome', op: 'is', value: ['open'] }] },
		then: [{ do: 'activity_add', with: { kind: 'call', subject: t('rule_example.quote_quiet'), deal_id: { fact: 'event.deal_id' }, due_at: { in: { days: 1 } } } }],
	}),
	/* a deal of a request is worth nothing yet when it is made; once said is enough */
	big_deal: (t, currency) => ({
		when: { event: 'deal.updated' },
		if: { all: [{ fact: 'deal.value', op: 'more', value: { amount: '10000', currency } }, { fact: 'history.matches', op: 'is', value: 0 }] },
		then: [{ do: 'notice_ring', with: { title: t('rule_example.big_deal'), deal_id: { fact: 'event.deal_id' } } }],
	}),
	overdue: (t) => ({
		when: { event: 'invoice.overdue' },
		if: { all: [{ fact: 'event.deal_id', op: 'filled' }] },
		then: [{ do: 'activity_add', with: { kind: 'task', subject: t('rule_example.overdue'), deal_id: { fact: 'event.deal_id' }, due_at: { in: { days: 1 } } } }],
	}),
};
export type Example = keyof typeof EXAMPLES;
export const isExample = (text: string | undefined): text is Example => text !== undefined && text in EXAMPLES;
