/* The tags of a record: those it has, and a menu of all the workspace has, ticked on and off; a new one is made there. */
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { api } from '../../api/client';
import { keys, queryClient } from '../../api/queries';
import type { Id } from '../../api/types';
import { problemText } from '../../app/problems';
import { useScope } from '../../app/scope';
import { useT } from '../../i18n';
import { Icon } from '../../ui/icons';
import { Menu } from '../../ui/menu';
import { toast } from '../../ui/toast';
import { type AboutKind, type Tag, TAGS, tagsOf, useTags } from './model';

const NewTag = lazy(() => import('./new-tag').then((module) => ({ default: module.NewTag })));

const PLURAL: Record<AboutKind, string> = { deal: 'deals', lead: 'leads', contact: 'contacts', account: 'accounts' };

export function TagChip({ tag }: { tag: Tag }) {
	return <span className="tag"><span className={`dot stage-${tag.colour}`} /><span className="cut">{tag.label}</span></span>;
}

export function TagsOf({ kind, id, workspaceId }: { kind: AboutKind; id: Id; workspaceId: Id }) {
	const t = useT();
	const { me, mayEdit } = useScope();
	const slug = me.workspaces.find((one) => one.id === workspaceId)?.slug ?? null;
	const { data: all } = useTags(slug);
	const [making, setMaking] = useState<boolean | null>(null);
	const address = `/api/crm/${PLURAL[kind]}/${id}/tags`;
	const { data } = useQuery({ queryKey: tagsOf(id), queryFn: async ({ signal }) => (await api<{ data: Tag[] }>('GET', address, { signal })).data });
	const have = data ?? [];
	const put = async (next: readonly Tag[]) => {
		queryClient.setQueryData(tagsOf(id), next);
		try {
			await api('PUT', address, { body: { tags: next.map((one) => one.id) } });
			void queryClient.invalidateQueries({ queryKey: keys.timeline(id) });
		} catch (fault) {
			toast.error(t('tags.failed'), problemText(fault));
		}
		void queryClient.invalidateQueries({ queryKey: tagsOf(id) });
	};
	const flip = (tag: Tag) => void put(have.some((one) => one.id === tag.id) ? have.filter((one) => one.id !== tag.id) : [...have, tag]);
	return (
		<div className="tags">
			{have.map((tag) => <TagChip key={tag.id} tag={tag} />)}
			{mayEdit(workspaceId) && <Menu label={t('tags.choose')} width={230} entries={[
				...(all ?? []).map((tag) => ({ key: tag.id, kind: 'box' as const, lead: <span className={`dot stage-${tag.colour}`} />, label: tag.label, checked: have.some((one) => one.id === tag.id), onSelect: () => flip(tag) })),
				...(all?.length ? [{ key: 'line', kind: 'divider' as const }] : []),
				{ key: 'new', icon: 'plus' as const, label: t('tags.new'), onSelect: () => setMaking(true) },
			]} target={<button type="button" className="owner-button"><span className="muted">{have.length ? <span className="hidden-text">{t('tags.choose')}</span> : t('tags.add')}</span><Icon name={have.length ? 'pencil' : 'plus'} size={14} /></button>} />}
			{making !== null && <Suspense fallback={null}><NewTag opened={making} workspace={slug} onClose={() => setMaking(false)} onMade={(tag) => {
				setMaking(false);
				void queryClient.invalidateQueries({ queryKey: TAGS });
				void put([...have, tag]);
			}} /></Suspense>}
		</div>
	);
}
