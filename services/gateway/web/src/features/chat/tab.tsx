/* The conversation about a record, in its panel: fetched when it is looked at. */
import { lazy, Suspense } from 'react';
import { useT } from '../../i18n';
import { Skeleton } from '../../ui/bits';
import type { Room } from './model';

const Thread = lazy(() => import('./thread').then((module) => ({ default: module.Thread })));

export function ChatTab({ room, message, label }: { room: Room; message: string | null; label: string }) {
	const t = useT();
	return <Suspense fallback={<Skeleton h={72} style={{ margin: 16, width: 'auto' }} />}><Thread key={room.id} room={room} message={message} label={t('chat.write_in', { room: label })} /></Suspense>;
}
