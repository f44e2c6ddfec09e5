/* The files that came with the lead: images and PDFs open in place, everything downloads byte for byte.
   A PDF is shown from a blob that is typed here as a PDF, so no file can act as a page of ours. */
import { useEffect, useRef, useState } from 'react';
import { useFiles } from '../../api/queries';
import type { Card, FileEntry } from '../../api/types';
import { problemText } from '../../app/problems';
import { useScope } from '../../app/scope';
import { useT } from '../../i18n';
import { Empty, Skeleton } from '../../ui/bits';
import { Button, IconButton } from '../../ui/button';
import { Icon, type IconName } from '../../ui/icons';
import { HelpMore } from '../../ui/page';

const IMAGES = ['image/png', 'image/jpeg', 'image/gif', 'image/webp'];

function kindOf(file: FileEntry): 'image' | 'pdf' | 'other' {
	const type = file.type.split(';')[0]?.trim().toLowerCase() ?? '';
	return IMAGES.includes(type) ? 'image' : type === 'application/pdf' ? 'pdf' : 'other';
}

const ICONS: Record<'image' | 'pdf' | 'other', IconName> = { image: 'photo', pdf: 'pdf', other: 'file' };

export function FilesTab({ deal }: { deal: Card }) {
	const t = useT();
	const { formats } = useScope();
	const { data, error, isPending, refetch } = useFiles(deal.id);
	const [open, setOpen] = useState<string | null>(null);
	if (isPending)
		return <div className="files">{[1, 2].map((row) => <Skeleton key={row} h={56} style={{ borderRadius: 10, marginBottom: 8 }} />)}</div>;
	if (error && !data)
		return <Empty icon="alert" title={t('files.failed')} level={3}><p>{problemText(error)}</p><Button icon="refresh" onClick={() => void refetch()}>{t('error.retry')}</Button></Empty>;
	if (!data.length)
		return <Empty icon="clip" title={t('files.empty')} level={3}><p>{t('files.empty_text')}</p><HelpMore page="files" /></Empty>;
	return (
		<ul className="files">
			{data.map((file) => {
				const kind = kindOf(file);
				const shown = open === file.id;
				return (
					<li key={file.id} className="file">
						<div className="file-line">
							<span className={`file-icon file-${kind}`}>{kind === 'image' ? <img src={`/api/crm/files/${file.id}?inline=1`} alt="" loading="lazy" /> : <Icon name={ICONS[kind]} size={20} />}</span>
							<div className="file-text">
								{kind === 'other' ? <span className="file-name cut">{file.name}</span> : (
									<button type="button" className="file-name file-open cut" aria-expanded={shown} aria-label={t(shown ? 'files.hide' : 'files.show', { name: file.name })} onClick={() => setOpen(shown ? null : file.id)}>{file.name}</button>
								)}
								<span className="muted num small cut">{formats.size(file.size)} · {formats.moment(file.at)}</span>
							</div>
							{kind !== 'other' && <IconButton icon="eye" label={t(shown ? 'files.hide' : 'files.show', { name: file.name })} aria-expanded={shown} onClick={() => setOpen(shown ? null : file.id)} />}
							<a className="icon-btn" href={`/api/crm/files/${file.id}`} download={file.name} aria-label={t('files.download', { name: file.name })} title={t('files.download', { name: file.name })}><Icon name="download" size={18} /></a>
						</div>
						{shown && kind === 'image' && <Picture file={file} />}
						{shown && kind === 'pdf' && <Pdf file={file} />}
					</li>
				);
			})}
		</ul>
	);
}

function Picture({ file }: { file: FileEntry }) {
	const t = useT();
	const [broken, setBroken] = useState(false);
	return (
		<div className="preview">
			{broken ? <p className="preview-fault">{t('files.broken')}</p>
				: <img src={`/api/crm/files/${file.id}?inline=1`} alt={file.name} onError={() => setBroken(true)} />}
		</div>
	);
}

function Pdf({ file }: { file: FileEntry }) {
	const t = useT();
	const [state, setState] = useState<{ url: string } | 'loading' | 'failed'>('loading');
	const url = useRef<string | null>(null);
	const viewer = navigator.pdfViewerEnabled !== false;
	useEffect(() => {
		const stop = new AbortController();
		setState('loading');
		if (viewer)
			fetch(`/api/crm/files/${file.id}?inline=1`, { signal: stop.signal, credentials: 'same-origin' })
				.then((reply) => reply.ok ? reply.arrayBuffer() : Promise.reject(new Error(String(reply.status))))
				.then((bytes) => {
					url.current = URL.createObjectURL(new Blob([bytes], { type: 'application/pdf' }));
					setState({ url: url.current });
				})
				.catch(() => { if (!stop.signal.aborted) setState('failed'); });
		return () => {
			stop.abort();
			if (url.current)
				URL.revokeObjectURL(url.current);
			url.current = null;
		};
	}, [file.id, viewer]);
	if (!viewer || state === 'failed')
		return <div className="preview"><p className="preview-fault">{t(viewer ? 'files.broken' : 'files.no_viewer')}</p></div>;
	return (
		<div className="preview preview-pdf">
			{state === 'loading' ? <Skeleton h="100%" /> : <iframe src={`${state.url}#toolbar=1&view=FitH`} title={file.name} />}
		</div>
	);
}
