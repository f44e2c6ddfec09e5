/* What is done with a way in: looked at, changed, given another address, taken away. */
import { useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useRef, useState } from 'react';
import { api } from '../../api/client';
import { sayValue, useT } from '../../i18n';
import { Skeleton } from '../../ui/bits';
import { Button, IconButton } from '../../ui/button';
import { Confirm } from '../../ui/confirm';
import { Dialog } from '../../ui/dialog';
import { Check } from '../../ui/field';
import { Menu } from '../../ui/menu';
import { toast } from '../../ui/toast';
import { SetForm } from './label-fields';
import type { Source } from './source-model';
import { sourcePath, sourcesChanged } from './source-reads';
import { write } from './write';

const SourceDialog = lazy(() => import('./source-dialog').then((module) => ({ default: module.SourceDialog })));
const SourceLive = lazy(() => import('./source-live').then((module) => ({ default: module.SourceLive })));
const SourceTold = lazy(() => import('./source-told').then((module) => ({ default: module.SourceTold })));

export const nameOf = (one: Pick<Source, 'name' | 'kind'>): string => one.name ?? sayValue('source_kind', one.kind);

export function SourceActions({ one, slug }: { one: Source; slug: string }) {
	const t = useT();
	const [asked, setAsked] = useState<'watch' | 'edit' | 'rotate' | 'remove' | null>(null);
	const [opened, setOpened] = useState(false);
	const [serial, setSerial] = useState(0);
	const [busy, setBusy] = useState(false);
	const name = nameOf(one);
	const navigate = useNavigate();
	const go = (to: string, search: object = {}) => void navigate({ to: to as never, search: { workspace: slug, ...search } as never });
	const begin = (what: typeof asked) => { setAsked(what); setSerial((old) => old + 1); setOpened(true); };
	const close = () => setOpened(false);
	const remove = async () => {
		setBusy(true);
		if (await write(sourcesChanged, 'DELETE', sourcePath(one.id, slug))) {
			toast.ok(t('sources.removed', { name }), { label: t('common.undo'), hotkey: 'Z', run: () => void write(sourcesChanged, 'POST', sourcePath(one.id, slug, '/restore')) });
			close();
		}
		setBusy(false);
	};
	const label = t('sources.menu', { name });
	return (
		<>
			<Button icon="bolt" aria-label={t('sources.watch_label', { name })} onClick={() => begin('watch')}>{t('sources.watch')}</Button>
			<Menu label={label} align="end" width={240} target={<IconButton icon="dots" label={label} />} entries={[
				{ key: 'edit', icon: 'pencil', label: t('users.edit'), onSelect: () => begin('edit') },
				{ key: 'requests', icon: 'feed', label: t('sources.requests'), onSelect: () => go('/settings/requests', { source: one.id }) },
				{ key: 'mapping', icon: 'form', label: t('sources.mapping'), onSelect: () => go(`/settings/sources/${one.id}/mapping`) },
				{ key: 'rotate', icon: 'key', label: t('sources.rotate'), onSelect: () => begin('rotate') },
				{ key: 'remove', icon: 'trash', label: t('sources.remove'), onSelect: () => begin('remove') },
			]} />
			<Suspense fallback={null}>{asked === 'edit' && <SourceDialog key={serial} slug={slug} source={one} opened={opened} onClose={close} />}</Suspense>
			{asked === 'watch' && <Dialog opened={opened} onClose={close} title={t('sources.watch_of', { name })} closeLabel={t('common.close')} size={640}><Suspense fallback={<Skeleton h={120} />}><SourceLive source={one.id} slug={slug} hook={null} /></Suspense></Dialog>}
			{asked === 'rotate' && <Rotate key={serial} one={one} slug={slug} opened={opened} onClose={close} />}
			{asked === 'remove' && <Confirm opened={opened} onClose={close} title={t('sources.remove_sure', { name })} text={<p>{t('sources.remove_text')}</p>} yes={t('sources.remove')} onYes={() => void remove()} busy={busy} danger />}
		</>
	);
}

/* the old address stays good for a day, or ends at once */
function Rotate({ one, slug, opened, onClose }: { one: Source; slug: string; opened: boolean; onClose(): void }) {
	const t = useT();
	const [hook, setHook] = useState<string | null>(null);
	const [now, setNow] = useState(false);
	const made = useRef(false);
	const send = async () => {
		const reply = await api<{ hook: string }>('POST', sourcePath(one.id, slug, '/rotate'), { body: now ? { overlap: 0 } : {} });
		made.current = true;
		setHook(reply.hook);
		await sourcesChanged();
	};
	return (
		<Dialog opened={opened} onClose={onClose} title={t('sources.rotate_of', { name: nameOf(one) })} closeLabel={t('common.close')} size={640}>
			{hook ? <Suspense fallback={<Skeleton h={260} style={{ borderRadius: 8 }} />}><SourceTold one={{ ...one, hook }} slug={slug} text={t(now ? 'sources.rotated_now' : 'sources.rotated')} onClose={onClose} /></Suspense> : (
				<SetForm yes={t('sources.rotate')} check={() => ({})} send={send} onDone={() => { if (!made.current) onClose(); }}>
					{() => <>
						<p>{t('sources.rotate_text')}</p>
						<Check name="now" checked={now} onChange={setNow} label={t('sources.rotate_now')} hint={t('sources.rotate_now_hint')} />
					</>}
				</SetForm>
			)}
		</Dialog>
	);
}
