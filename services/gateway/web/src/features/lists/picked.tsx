/* Rows of a list that are picked for one action on all of them: the boxes, and which they are. Of one page; never of one that is not in it. */
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { Id } from '../../api/types';
import { useT } from '../../i18n';
import { Icon } from '../../ui/icons';

export interface Picked { ids: ReadonlySet<Id>; toggle(id: Id, range: boolean): void; all(): void; clear(): void }

/* `rows` in their order: a range goes from the last one that was picked to this one; what left the list is picked no more; Escape lets
   go of all, unless something that is open above takes it */
export function usePicked(rows: readonly { id: Id }[]): Picked {
	const [chosen, setChosen] = useState<ReadonlySet<Id>>(new Set());
	const anchor = useRef<Id | null>(null);
	const order = useMemo(() => rows.map((row) => row.id), [rows]);
	const ids = useMemo(() => new Set(order.filter((id) => chosen.has(id))), [order, chosen]);
	const toggle = useCallback((id: Id, range: boolean) => {
		const from = anchor.current === null ? -1 : order.indexOf(anchor.current);
		const to = order.indexOf(id);
		anchor.current = id;
		setChosen((old) => {
			const next = new Set(old);
			if (range && from >= 0)
				order.slice(Math.min(from, to), Math.max(from, to) + 1).forEach((one) => next.add(one));
			else if (!next.delete(id))
				next.add(id);
			return next;
		});
	}, [order]);
	const all = useCallback(() => setChosen(new Set(order)), [order]);
	const clear = useCallback(() => { anchor.current = null; setChosen(new Set()); }, []);
	const some = ids.size > 0;
	useEffect(() => {
		if (!some)
			return undefined;
		const onKey = (event: KeyboardEvent) => { if (event.key === 'Escape' && !event.defaultPrevented && !document.querySelector('[role=dialog], [role=menu]')) clear(); };
		addEventListener('keydown', onKey);
		return () => removeEventListener('keydown', onKey);
	}, [some, clear]);
	return useMemo(() => ({ ids, toggle, all, clear }), [ids, toggle, all, clear]);
}

export function PickOne({ picked, id, title }: { picked: Picked; id: Id; title: string }) {
	const t = useT();
	const on = picked.ids.has(id);
	return <button type="button" role="checkbox" className="row-pick" aria-checked={on} aria-label={t('bulk.pick', { title })} onClick={(event) => picked.toggle(id, event.shiftKey)}>{on && <Icon name="check" size={14} />}</button>;
}

export function PickAll({ picked, of }: { picked: Picked; of: number }) {
	const t = useT();
	const count = picked.ids.size;
	const whole = count > 0 && count === of;
	return <button type="button" role="checkbox" className="row-pick" aria-checked={whole ? true : count > 0 ? 'mixed' : false} aria-label={t('bulk.loaded')} onClick={() => (whole ? picked.clear() : picked.all())}>{count > 0 && <Icon name={whole ? 'check' : 'minus'} size={14} />}</button>;
}
