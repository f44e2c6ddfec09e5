/* Small parts without behaviour: letter tile, avatar, empty state, tabs, facts, key caps. */
import { type KeyboardEvent, type ReactNode, useEffect, useRef } from 'react';
import { hueOf, initials } from '../lib/format';
import { Icon, type IconName } from './icons';

export function Tile({ name, size }: { name: string; size?: number }) {
	return (
		<span className={`tile hue-${hueOf(name)}`} aria-hidden="true" style={size ? { width: size, height: size, fontSize: size * 0.46, borderRadius: size / 4 } : undefined}>
			{(/\p{L}|\d/u.exec(name)?.[0] ?? '?').toUpperCase()}
		</span>
	);
}

/* where somebody's picture is; its hash in the address lets a browser keep it for good */
export const photoOf = (user: { id: string; photo?: string | null }): string | null => user.photo ? `/api/users/${user.id}/photo?v=${user.photo}` : null;

export function Avatar({ name, big, title, photo }: { name: string; big?: boolean; title?: string; photo?: string | null | undefined }) {
	return (
		<span className={`avatar hue-${hueOf(name)}${big ? ' avatar-big' : ''}`} title={title ?? name}>
			{photo ? <img src={photo} alt="" /> : <span aria-hidden="true">{initials(name)}</span>}
		</span>
	);
}

export function Empty({ icon, title, children, level = 2 }: { icon: IconName; title: ReactNode; children?: ReactNode; level?: 2 | 3 }) {
	const Heading = level === 2 ? 'h2' : 'h3';
	return (
		<div className="empty">
			<span className="empty-icon"><Icon name={icon} size={24} /></span>
			{typeof title === 'string' ? <Heading>{title}</Heading> : title}
			{children}
		</div>
	);
}

export function Skeleton({ w, h, style }: { w?: number | string; h?: number | string; style?: React.CSSProperties }) {
	return <div className="skeleton" style={{ width: w ?? '100%', height: h ?? 14, ...style }} />;
}

export interface Tab { key: string; label: string; count?: number | undefined }

export function Tabs({ tabs, active, onSelect, label, idBase }: { tabs: Tab[]; active: string; onSelect(key: string): void; label: string; idBase: string }) {
	const list = useRef<HTMLDivElement>(null);
	/* on a phone the one that is shown may stand past the edge */
	useEffect(() => {
		const box = list.current, tab = box?.querySelector('[aria-selected=true]');
		if (box && tab)
			box.scrollLeft += Math.max(0, tab.getBoundingClientRect().right - box.getBoundingClientRect().right);
	}, [active]);
	const onKey = (event: KeyboardEvent) => {
		const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
		if (!step)
			return;
		event.preventDefault();
		const at = tabs.findIndex((tab) => tab.key === active);
		const next = tabs[(at + step + tabs.length) % tabs.length];
		if (!next)
			return;
		onSelect(next.key);
		list.current?.querySelector<HTMLElement>(`[data-tab="${next.key}"]`)?.focus();
	};
	return (
		<div className="tabs scroll" role="tablist" aria-label={label} ref={list} onKeyDown={onKey}>
			{tabs.map((tab) => (
				<button key={tab.key} type="button" role="tab" id={`${idBase}-tab-${tab.key}`} data-tab={tab.key} aria-selected={tab.key === active}
					aria-controls={tab.key === active ? `${idBase}-panel-${tab.key}` : undefined} tabIndex={tab.key === active ? 0 : -1} className="tab" onClick={() => onSelect(tab.key)}>
					{tab.label}{tab.count !== undefined && <span className="tab-count num">{tab.count}</span>}
				</button>
			))}
		</div>
	);
}

export function TabPanel({ idBase, tab, children, className }: { idBase: string; tab: string; children: ReactNode; className?: string }) {
	return <div role="tabpanel" id={`${idBase}-panel-${tab}`} aria-labelledby={`${idBase}-tab-${tab}`} className={className} tabIndex={0}>{children}</div>;
}

export function Facts({ rows }: { rows: Array<{ key: string; label: string; value: ReactNode }> }) {
	return (
		<dl className="facts">
			{rows.map((row) => <div key={row.key}><dt>{row.label}</dt><dd>{row.value}</dd></div>)}
		</dl>
	);
}
