/* One kind of what hangs on a company: its name, how many there are, a way to add one. Where who knows them does not answer, it says since
   when, and never shows an empty list for it. */
import type { ReactNode } from 'react';
import { useScope } from '../../app/scope';
import { useT } from '../../i18n';
import { Icon, type IconName } from '../../ui/icons';
import '../../ui/page.css';

export function Group({ icon, title, count, end, more, silent, fault, children }: {
	icon: IconName; title: string; count: number | undefined; end?: ReactNode; more?: ReactNode; silent?: { who: string; since: string | null } | null; fault?: string | null; children: ReactNode;
}) {
	const t = useT();
	const { formats } = useScope();
	return (
		<section className="section group" aria-label={title}>
			<div className="section-head"><h2><Icon name={icon} size={18} />{title}{count !== undefined && <span className="tab-count num">{formats.number(count)}</span>}{end && <span className="group-end num">{end}</span>}</h2>{more && <div className="section-actions">{more}</div>}</div>
			{silent && <p className="group-silent"><Icon name="offline" size={16} />{silent.since ? t('group.silent_since', { who: silent.who, at: formats.moment(silent.since) }) : t('group.silent', { who: silent.who })}</p>}
			{fault ? <p className="group-silent" role="alert"><Icon name="alert" size={16} />{fault}</p> : children}
		</section>
	);
}
