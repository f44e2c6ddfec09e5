/* A document as the customer gets it: its PDF, made by the server of what was saved, shown beside what one writes. A new one is asked for when nobody writes
   for a moment; until it is there the last one stays. Shown from a blob typed here, so it can never act as a page of ours. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { Problem } from '../../api/client';
import type { Id } from '../../api/types';
import { problemText } from '../../app/problems';
import { useT } from '../../i18n';
import { Skeleton } from '../../ui/bits';
import { Button } from '../../ui/button';
import { Icon } from '../../ui/icons';
import './preview.css';

async function readPdf(id: Id, signal: AbortSignal): Promise<Blob> {
	let reply: Response;
	try {
		reply = await fetch(`/api/crm/documents/${id}/pdf`, { signal, credentials: 'same-origin', cache: 'no-cache' });
	} catch (fault) {
		if (signal.aborted)
			throw fault;
		throw new Problem(0, 'offline', '', '');
	}
	if (!reply.ok) {
		const said = await reply.json().catch(() => ({})) as { code?: string; title?: string; detail?: string };
		throw new Problem(reply.status, said.code ?? `http_${reply.status}`, said.title ?? '', said.detail ?? '');
	}
	return new Blob([await reply.arrayBuffer()], { type: 'application/pdf' });
}

const REST_MS = 900;
function useRested(version: number): number {
	const [rested, setRested] = useState(version);
	useEffect(() => {
		const timer = setTimeout(() => setRested(version), REST_MS);
		return () => clearTimeout(timer);
	}, [version]);
	return rested;
}

export function Preview({ id, version, title }: { id: Id; version: number; title: string }) {
	const t = useT();
	const rested = useRested(version);
	const { data, error, refetch, isPlaceholderData, isFetching } = useQuery({
		queryKey: ['document pdf', id, rested], queryFn: ({ signal }) => readPdf(id, signal), placeholderData: keepPreviousData, staleTime: Infinity, gcTime: 60_000,
		retry: (count, fault) => fault instanceof Problem && fault.status === 503 && count < 4, retryDelay: 1500,
	});
	const [url, setUrl] = useState<string | null>(null);
	useEffect(() => {
		if (!data)
			return undefined;
		const made = URL.createObjectURL(data);
		setUrl(made);
		return () => URL.revokeObjectURL(made);
	}, [data]);
	/* most phones show no PDF within a page */
	const shows = navigator.pdfViewerEnabled !== false;
	const old = version !== rested || isPlaceholderData || isFetching;
	return (
		<div className="doc-preview" aria-busy={old}>
			{error && !isFetching ? <div className="empty"><p role="alert">{t('doc.preview_failed')} {problemText(error)}</p><Button icon="refresh" onClick={() => void refetch()}>{t('error.retry')}</Button></div>
				: url && !shows ? <div className="empty"><p>{t('doc.preview_apart')}</p><a className="btn btn-primary" href={`/api/crm/documents/${id}/pdf`} target="_blank" rel="noopener noreferrer"><Icon name="pdf" />{t('doc.open_pdf')}</a></div>
				: url ? <iframe key={url} title={t('doc.preview_of', { name: title })} src={`${url}#toolbar=0&navpanes=0&view=FitH`} className={old ? 'doc-pdf doc-old' : 'doc-pdf'} />
					: <Skeleton h="100%" />}
		</div>
	);
}
