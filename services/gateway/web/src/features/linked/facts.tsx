/* What other systems know of a company, a panel each: label, value, who says so and how old it is. A panel without a word says so; it never makes one up. */
import type { Money } from '../../api/types';
import { useScope } from '../../app/scope';
import { labelOf, sayValue, useLanguage, useT } from '../../i18n';
import { daysSince } from '../../lib/format';
import { Facts as FactRows } from '../../ui/bits';
import { type Fact, type Panel, useFacts, useLiveLinked, type Whose } from './model';

/* `always`: the panels stand there without a word, too */
export function FactPanels({ whose, panels, always }: { whose: Whose; panels: readonly Panel[]; always: boolean }) {
	const t = useT();
	const language = useLanguage();
	const { data } = useFacts(whose);
	useLiveLinked();
	if (!data)
		return null;
	return (
		<>
			{panels.map((panel) => {
				const facts = data.filter((one) => one.panel === panel);
				if (!facts.length && !always)
					return null;
				return (
					<details key={panel} className="fold" open={facts.length > 0} data-panel={panel}>
						<summary>{sayValue('fact_panel', panel)}</summary>
						{facts.length
							? <FactRows rows={facts.map((one) => ({ key: one.id, label: labelOf(one.label ?? {}, language, one.key), value: <Value one={one} /> }))} />
							: <p className="muted small">{t('facts.none')}</p>}
					</details>
				);
			})}
		</>
	);
}

const isMoney = (value: unknown): value is Money => typeof value === 'object' && value !== null && 'amount' in value;

function Value({ one }: { one: Fact }) {
	const t = useT();
	const { formats } = useScope();
	const { value } = one;
	const said = isMoney(value) ? formats.money(value) : typeof value === 'boolean' ? t(value ? 'facts.yes' : 'facts.no') : typeof value === 'number' ? formats.number(value) : value;
	return (
		<span>
			<b className="num">{said}{one.unit ? ` ${one.unit}` : ''}</b><br />
			<span className="muted small num" title={formats.moment(one.as_of)}>{one.system} · {t('age.days', { count: Math.max(0, daysSince(one.as_of, Date.now())) })}</span>
		</span>
	);
}
