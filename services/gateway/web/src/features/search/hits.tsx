/* A row of something found or new: tile, name, what stands below it, where it is; the whole row is the link. */
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Tile } from '../../ui/bits';
import type { AppSearch } from '../../app/scope';
import type { RecordType } from './find';
import './hits.css';

export function RecordLink({ type, id, slug, className, more, children, onClick }: { type: RecordType; id: string; slug?: string | null; className?: string; /* where in it */ more?: AppSearch; children: ReactNode; onClick?(): void }) {
	/* a record of another workspace than the one looked at opens there */
	const search = slug ? { workspace: slug, type, id, ...more } : (old: AppSearch) => ({ ...old, type, id, tab: undefined, message: undefined, ...more });
	return <Link to={(slug ? '/deals/board' : '.') as never} search={search as never} className={className} {...(onClick ? { onClick } : {})}>{children}</Link>;
}

export function HitRow({ name, title, text, end, fresh }: { name: string; title: ReactNode; text?: ReactNode; end?: ReactNode; fresh?: ReactNode }) {
	return (
		<>
			<Tile name={name} size={28} />
			<span className="hit-text"><span className="hit-title cut">{title}</span>{text && <span className="hit-sub cut">{text}</span>}</span>
			{end && <span className="hit-end">{end}</span>}
			{fresh}
		</>
	);
}
