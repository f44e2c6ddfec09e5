/* What an @ found, in a list at the cursor. The field keeps the focus and walks the list; a mouse or a finger chooses directly. */
import { useEffect, useLayoutEffect, useMemo, useRef } from 'react';
import { createPortal } from 'react-dom';
import { type Key, useT } from '../../i18n';
import { wordsOf } from '../../lib/marks';
import { Tile } from '../../ui/bits';
import { Icon } from '../../ui/icons';
import { Marked } from '../../ui/marked';
import { type Candidate, ICON } from './model';
import type { MentionKind } from './tokens';

const GROUP: Record<MentionKind, Key> = { user: 'workspaces.people', lead: 'nav.leads', opportunity: 'search.deals', account: 'tab.accounts', contact: 'tab.contacts' };

export function Picker({ id, found, active, q, back, area, onActive, onChoose }: {
	id: string; found: readonly Candidate[]; active: number; q: string; back: React.RefObject<HTMLDivElement | null>; area: React.RefObject<HTMLTextAreaElement | null>; onActive(at: number): void; onChoose(one: Candidate): void;
}) {
	const t = useT();
	const box = useRef<HTMLDivElement>(null);
	const words = useMemo(() => wordsOf(q), [q]);
	useLayoutEffect(() => {
		const put = () => {
			const field = area.current?.getBoundingClientRect();
			const mark = back.current?.querySelector('[data-at]')?.getBoundingClientRect();
			if (!box.current || !field)
				return;
			const { width, height } = box.current.getBoundingClientRect();
			const bottom = visualViewport?.height ?? innerHeight; /* a phone's keyboard takes its part */
			const line = Math.min(Math.max(mark?.bottom ?? field.bottom, field.top), field.bottom);
			/* over the whole field where its first line is meant */
			const from = Math.min(mark?.top ?? field.top, line);
			const above = (from - field.top < 28 ? field.top : from) - height - 6;
			box.current.style.left = `${Math.max(8, Math.min(mark?.left ?? field.left, innerWidth - width - 8))}px`;
			box.current.style.top = `${line + height + 14 <= bottom ? line + 6 : Math.max(8, above)}px`;
		};
		put();
		addEventListener('resize', put);
		visualViewport?.addEventListener('resize', put);
		return () => {
			removeEventListener('resize', put);
			visualViewport?.removeEventListener('resize', put);
		};
	}, [found, area, back]);
	useEffect(() => { box.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' }); }, [active, found]);
	useEffect(() => {
		/* the dialog around holds all scrolling but its own */
		const own = (event: Event) => event.stopPropagation();
		const place = box.current;
		for (const what of ['wheel', 'touchmove'])
			place?.addEventListener(what, own, { passive: true });
		return () => { for (const what of ['wheel', 'touchmove']) place?.removeEventListener(what, own); };
	}, []);
	return createPortal(
		<div ref={box} id={id} role="listbox" aria-label={t('mention.suggestions')} className="menu scroll mf-menu" onMouseDown={(event) => event.preventDefault()}>
			{found.map((one, index) => (
				<div key={`${one.kind}${one.id}`} role="presentation">
					{one.kind !== found[index - 1]?.kind && <div className="menu-label" role="presentation">{t(GROUP[one.kind])}</div>}
					<div role="option" id={`${id}-${index}`} aria-selected={index === active} className="menu-item" onMouseMove={() => onActive(index)} onClick={() => onChoose(one)}>
						{one.kind === 'user' ? <Tile name={one.label} size={24} /> : <Icon name={ICON[one.kind]} size={18} />}
						<span className="row-text"><span className="cut"><Marked text={one.label} words={words} /></span>{one.detail && <span className="muted small cut">{one.detail}</span>}</span>
						{one.number !== null && <span className="muted num small">{t('deal.number', { number: one.number })}</span>}
					</div>
				</div>
			))}
		</div>, document.body);
}
