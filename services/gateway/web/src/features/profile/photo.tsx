/* One's picture: chosen, cut to a square, shrunk and drawn anew in the browser, so that nothing but its pixels leaves it: no place,
   no camera, no hour. */
import { type KeyboardEvent, type PointerEvent, useEffect, useRef, useState } from 'react';
import { api } from '../../api/client';
import { problemText } from '../../app/problems';
import { useScope } from '../../app/scope';
import { useT } from '../../i18n';
import { Avatar, photoOf } from '../../ui/bits';
import { Button } from '../../ui/button';
import { Confirm } from '../../ui/confirm';
import { Dialog } from '../../ui/dialog';
import { Fault, Section } from '../../ui/page';
import { toast } from '../../ui/toast';
import { dragged, keepInside, middle, PHOTO_SIDE, sideOf, ZOOM_MOST, type Crop } from './crop';
import { useMeChanged } from './me';

const VIEW = 280;

export function PhotoSection() {
	const t = useT();
	const { me } = useScope();
	const changed = useMeChanged();
	const input = useRef<HTMLInputElement>(null);
	const [picture, setPicture] = useState<ImageBitmap | null>(null);
	const [open, setOpen] = useState(false);
	const [removing, setRemoving] = useState(false);
	const [busy, setBusy] = useState(false);
	const [fault, setFault] = useState<string | null>(null);
	const choose = async (file: File | undefined) => {
		setFault(null);
		if (!file)
			return;
		try {
			setPicture(await createImageBitmap(file, { imageOrientation: 'from-image' }));
			setOpen(true);
		} catch {
			setFault(t('photo.not_image'));
		}
		if (input.current)
			input.current.value = ''; /* the same file again is a choice, too */
	};
	const remove = async () => {
		setBusy(true);
		try {
			await api('DELETE', '/api/me/photo');
			await changed();
			toast.ok(t('photo.removed'));
			setRemoving(false);
		} catch (reason) {
			setFault(problemText(reason));
			setRemoving(false);
		}
		setBusy(false);
	};
	return (
		<Section title={t('photo.title')} text={t('photo.text')}>
			{fault && <Fault>{fault}</Fault>}
			<div className="photo-row">
				<span className="photo-big"><Avatar name={me.user.name} photo={photoOf(me.user)} big /></span>
				<input ref={input} hidden type="file" accept="image/*" aria-label={t('photo.choose')} onChange={(event) => void choose(event.currentTarget.files?.[0])} />
				<Button icon="photo" onClick={() => input.current?.click()}>{t(me.user.photo ? 'photo.another' : 'photo.choose')}</Button>
				{me.user.photo && <Button kind="quiet" onClick={() => setRemoving(true)}>{t('photo.remove')}</Button>}
			</div>
			<Dialog opened={open && picture !== null} onClose={() => setOpen(false)} title={t('photo.crop')} closeLabel={t('common.close')} size={400}>
				{picture && <CropForm picture={picture} onClose={() => setOpen(false)} />}
			</Dialog>
			<Confirm opened={removing} onClose={() => setRemoving(false)} title={t('photo.remove')} text={<p>{t('photo.remove_text')}</p>} yes={t('photo.remove')} onYes={() => void remove()} busy={busy} danger />
		</Section>
	);
}

function draw(canvas: HTMLCanvasElement, picture: ImageBitmap, crop: Crop): void {
	const pen = canvas.getContext('2d');
	const side = sideOf(picture, crop.zoom);
	if (!pen)
		return;
	pen.fillStyle = '#fff'; /* what is transparent is paper */
	pen.fillRect(0, 0, canvas.width, canvas.height);
	pen.imageSmoothingQuality = 'high';
	pen.drawImage(picture, crop.x - side / 2, crop.y - side / 2, side, side, 0, 0, canvas.width, canvas.height);
}

function CropForm({ picture, onClose }: { picture: ImageBitmap; onClose(): void }) {
	const t = useT();
	const changed = useMeChanged();
	const canvas = useRef<HTMLCanvasElement>(null);
	const last = useRef<{ x: number; y: number } | null>(null);
	const [crop, setCrop] = useState(() => middle(picture));
	const [busy, setBusy] = useState(false);
	const [fault, setFault] = useState<string | null>(null);
	useEffect(() => {
		if (canvas.current)
			draw(canvas.current, picture, crop);
	}, [picture, crop]);

	const move = (event: PointerEvent) => {
		const from = last.current;
		if (!from)
			return;
		const width = canvas.current?.clientWidth ?? VIEW;
		setCrop((old) => dragged(picture, old, event.clientX - from.x, event.clientY - from.y, width));
		last.current = { x: event.clientX, y: event.clientY };
	};
	const onKey = (event: KeyboardEvent) => {
		const step = { ArrowLeft: [16, 0], ArrowRight: [-16, 0], ArrowUp: [0, 16], ArrowDown: [0, -16] }[event.key];
		if (!step)
			return;
		event.preventDefault();
		setCrop((old) => dragged(picture, old, step[0] ?? 0, step[1] ?? 0, VIEW));
	};
	const save = async () => {
		setBusy(true);
		setFault(null);
		try {
			const out = document.createElement('canvas');
			out.width = out.height = PHOTO_SIDE;
			draw(out, picture, crop);
			const bytes = await new Promise<Blob | null>((done) => out.toBlob(done, 'image/jpeg', 0.88));
			if (!bytes)
				throw new Error('no picture');
			await api('PUT', '/api/me/photo', { bytes });
			await changed();
			toast.ok(t('photo.saved'));
			onClose();
		} catch (reason) {
			setFault(problemText(reason));
			setBusy(false);
		}
	};
	return (
		<div className="form">
			{fault && <Fault>{fault}</Fault>}
			<p className="muted small" id="crop-how">{t('photo.crop_text')}</p>
			<canvas ref={canvas} className="crop" data-autofocus width={VIEW * 2} height={VIEW * 2} tabIndex={0} role="img" aria-label={t('photo.preview')} aria-describedby="crop-how" onKeyDown={onKey}
				onPointerDown={(event) => { event.currentTarget.setPointerCapture(event.pointerId); last.current = { x: event.clientX, y: event.clientY }; }}
				onPointerMove={move} onPointerUp={() => { last.current = null; }} onPointerCancel={() => { last.current = null; }} />
			<label className="zoom"><span className="lw-label">{t('photo.zoom')}</span>
				<input type="range" min={1} max={ZOOM_MOST} step={0.05} value={crop.zoom} onChange={(event) => { const zoom = Number(event.currentTarget.value); setCrop((old) => keepInside(picture, { ...old, zoom })); }} />
			</label>
			<div className="dialog-foot">
				<Button onClick={onClose}>{t('common.cancel')}</Button>
				<Button kind="primary" disabled={busy} onClick={() => void save()}>{t('photo.save')}</Button>
			</div>
		</div>
	);
}
