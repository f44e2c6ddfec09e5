/* One of the segments as a filter of a list: a menu of those of its kind, kept in the address. Shown only where there are some. */
import { useAppSearch, useGo, useScope } from '../../app/scope';
import { useT } from '../../i18n';
import { Icon } from '../../ui/icons';
import { Menu } from '../../ui/menu';
import { type Of, useSegments } from './model';

export function SegmentFilter({ of }: { of: Of }) {
	const t = useT();
	const go = useGo();
	const { reads, formats } = useScope();
	const { segment } = useAppSearch();
	const { data } = useSegments(reads);
	const mine = (data ?? []).filter((one) => one.of === of);
	if (!mine.length && !segment)
		return null;
	const chosen = mine.find((one) => one.id === segment);
	const set = (id: string | undefined) => go.search({ segment: id }, true);
	return (
		<Menu label={t('segments.filter')} width={280} entries={[
			{ key: '', label: t('segments.any'), checked: !segment, onSelect: () => set(undefined) },
			...mine.map((one) => ({ key: one.id, label: `${one.name} (${formats.number(one.size)})`, checked: one.id === segment, onSelect: () => set(one.id) })),
		]} target={<button type="button" className={`btn filter${segment ? ' filter-on' : ''}`}><span className="cut">{chosen?.name ?? t('segments.filter')}</span><Icon name="down" size={14} /></button>} />
	);
}
