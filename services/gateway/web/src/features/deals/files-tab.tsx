/* The files of a record, those that people put there and those that came with a lead: images and PDFs open in place, everything
   downloads byte for byte. One is added by choosing or dropping it, and taken away with a way back.
   A PDF is shown from a blob that is typed here as a PDF, so no file can act as a page of ours. */
import { useEffect, useRef, useState } from 'react';
import { useFiles, useMemberNames } from '../../api/queries';
import type { Card, FileEntry, Id } from '../../api/types';
import { problemText } from '../../app/problems';
import { useScope } from '../../app/scope';
import { useT } from '../../i18n';
import { Empty, Skeleton } from '../../ui/bits';
import { Button, IconButton } from '../../ui/button';
import type { AboutKind } from '../activities/model';
import { ENDINGS, putFiles, removeFile } from './files';
import { Icon, type IconName } from '../../ui/icons';
import { HelpMore } from '../../ui/page';

const IMAGES = ['image/png', 'image/jpeg', 'image/gif', 'image/webp'];

function kindOf(file: FileEntry): 'image' | 'pdf' | 'other' {
	const type = file.type.split(';')[0]?.trim().toLowerCase() ?? '';
	return IMAGES.includes(type) ? 'image' : type === 'application/pdf' ? 'pdf' : 'other';
}

const ICONS: Record<'image' | 'pdf' | 'other', IconName> = { image: 'photo', pdf: 'pdf', other: 'file' };

export function FilesTab({ deal }: { deal: Card }) {
	return <Files of="deal" id={deal.id} workspaceId={deal.workspace_id} />;
}

/* the way in for a file: a button, and the place around it takes what is dropped */
export function useAddFiles(of: AboutKind, id: Id, workspaceId: Id) {
	const t = useT();
	const { me, mayEdit } = useScope();
	const field = useRef<HTMLInputElement>(null);
	const [waits, setWaits] = useState(0);
	const [over, setOver] = useState(false);
	const may = mayEdit(workspaceId);
	const put = async (files: FileList | null) => {
		if (!files?.length)
			return;
		setWaits((n) => n + files.length);
		await putFiles([...files], { kind: of, id }, me.workspaces.find((one) => one.id === workspaceId)?.slug ?? '');
		setWaits((n) => n - files.length);
	};
	return {
		drop: may ? {
			onDragOver: (event: React.DragEvent) => { if (event.dataTransfer.types.includes('Files')) { event.preventDefault(); setOver(true); } },
			onDragLeave: () => setOver(false),
			onDrop: (event: React.DragEvent) => { event.preventDefault(); setOver(false); void put(event.dataTransfer.files); },
		} : {},
		over,
		button: may && (
			<>
				<input ref={field} type="file" multiple hidden accept={ENDINGS} onChange={(event) => { void put(event.currentTarget.files); event.currentTarget.value = ''; }} aria-label={t('files.add')} />
				<Button icon="clip" disabled={waits > 0} onClick={() => field.current?.click()}>{t(waits ? 'files.sending' : 'files.add')}</Button>
			</>
		),
	};
}

export function Files({ of, id, workspaceId }: { of: AboutKind; id: Id; workspaceId: Id }) {
	const { drop, over, button } = useAddFiles(of, id, workspaceId);
	return <div {...drop} className={over ? 'files-tab files-over' : 'files-tab'}><FileRows of={of} id={id} workspaceId={workspaceId} />{button && <div className="files-add">{button}</div>}</div>;
}

function FileRows({ of, id, workspaceId }: { of: AboutKind; id: Id; workspaceId: Id }) {
	const t = useT();
	const { formats, me, mayEdit } = useScope();
	const names = useMemberNames(me.workspaces.find((one) => one.id === workspaceId)?.slug ?? null);
	const { data, error, isPending, refetch } = useFiles(id, of);
	const [open, setOpen] = useState<string | null>(null);
	const by = (file: FileEntry) => (file.about ? names.get(file.by ?? '') : t('files.by_form'));
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
								<span className="muted num small cut">{[formats.size(file.size), formats.moment(file.at), by(file)].filter(Boolean).join(' · ')}</span>
							</div>
							{kind !== 'other' && <IconButton icon="eye" label={t(shown ? 'files.hide' : 'files.show', { name: file.name })} aria-expanded={shown} onClick={() => setOpen(shown ? null : file.id)} />}
							<a className="icon-btn" href={`/api/crm/files/${file.id}`} download={file.name} aria-label={t('files.download', { name: file.name })} title={t('files.download', { name: file.name })}><Icon name="download" size={18} /></a>
							{file.about && mayEdit(workspaceId) && <IconButton icon="trash" label={t('files.remove', { name: file.name })} onClick={() => void removeFile(file)} />}
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
