/* A row of something found or new: tile, name, what stands below it, where it is; the whole row is the link. */
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Tile } from '../../ui/bits';
import type { AppSearch } from '../../app/scope';
import { pageOf, type HitType } from './find';
import './hits.css';

export function RecordLink({ type, id, slug, className, more, whole, children, onClick }: { type: HitType; id: string; slug?: string | null; className?: string; /* where in it */ more?: AppSearch; /* to its page, where it has one, and not to the small view over this one */ whole?: boolean; children: ReactNode; onClick?(): void }) {
	const page = whole ? pageOf(type, id) : null;
	if (page)
		return <Link to={page as never} search={((old: AppSearch) => (slug ? { workspace: slug } : old.workspace ? { workspace: old.workspace } : {})) as never} className={className} {...(onClick ? { onClick } : {})}>{children}</Link>;
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
