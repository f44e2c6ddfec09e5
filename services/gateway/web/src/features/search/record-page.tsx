/* A page of one record, whole: it waits in the page's shape, shows the record, says that there is none any more, or tries again. What
   was opened is remembered; one that went into another answers as that one, and is shown at its address. */
import type { UseQueryResult } from '@tanstack/react-query';
import { type ReactNode, useEffect } from 'react';
import { Problem } from '../../api/client';
import { problemText } from '../../app/problems';
import { useGo, useScope } from '../../app/scope';
import { type Key, useT } from '../../i18n';
import { Empty, Skeleton } from '../../ui/bits';
import { Button } from '../../ui/button';
import { useTitle } from '../../ui/page';
import { rememberRecord } from './recent';

interface Named { id: string; name: string; workspace_id: string }
interface Words { record: Key; gone: Key; gone_text: Key; to_list: Key }

export function RecordPage<R extends Named>({ id, found, type, list, words, heights, sub, children }: {
	id: string; found: Pick<UseQueryResult<R>, 'data' | 'error' | 'refetch'>; type: 'client' | 'contact'; list: string; words: Words; heights: readonly number[]; sub(record: R): Array<string | null>; children(record: R): ReactNode;
}) {
	const t = useT();
	const go = useGo();
	const { me } = useScope();
	const { data, error, refetch } = found;
	useEffect(() => {
		if (data)
			rememberRecord(me.user.id, { type, id: data.id, title: data.name, text: sub(data).filter(Boolean).join(' · '), workspace_id: data.workspace_id });
	}, [data, me]); // eslint-disable-line react-hooks/exhaustive-deps
	const other = data && data.id !== id && /^[0-9a-f-]{36}$/i.test(id) ? data.id : null;
	useEffect(() => {
		if (other)
			go.anywhere(`${list}/${other}`, true);
	}, [other, list, go]);
	useTitle(data?.name ?? t(words.record));
	const gone = error instanceof Problem && error.status === 404;
	if (data && !gone)
		return children(data);
	if (!error)
		return <div className="leads-page" aria-busy="true"><header className="page-head"><div className="page-title"><Skeleton w={220} h={24} /></div></header><div className="whole-wait">{heights.map((height, at) => <Skeleton key={at} h={height} style={{ borderRadius: 10 }} />)}</div></div>;
	return (
		<Empty icon={gone ? 'search' : 'alert'} title={t(gone ? words.gone : 'record.failed')}>
			<p>{gone ? t(words.gone_text) : problemText(error)}</p>
			{gone ? <Button onClick={() => go.anywhere(list)}>{t(words.to_list)}</Button> : <Button icon="refresh" onClick={() => void refetch()}>{t('error.retry')}</Button>}
		</Empty>
	);
}
