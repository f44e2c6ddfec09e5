/* Which square of a picture is kept. Everything in the picture's own pixels; never outside of it. */
export interface Size { width: number; height: number }
/* the middle of the square, and how far it is zoomed in: 1 is the largest square that fits */
export interface Crop { x: number; y: number; zoom: number }

export const ZOOM_MOST = 4;
export const PHOTO_SIDE = 512;

export function sideOf(size: Size, zoom: number): number { return Math.min(size.width, size.height) / zoom; }

export function middle(size: Size): Crop { return { x: size.width / 2, y: size.height / 2, zoom: 1 }; }

const between = (value: number, least: number, most: number) => Math.min(Math.max(value, least), most);

export function keepInside(size: Size, crop: Crop): Crop {
	const zoom = between(crop.zoom, 1, ZOOM_MOST);
	const half = sideOf(size, zoom) / 2;
	return { zoom, x: between(crop.x, half, size.width - half), y: between(crop.y, half, size.height - half) };
}

/* dragged by so many pixels of a view that is `view` wide: the picture follows the hand, the square goes the other way */
export function dragged(size: Size, crop: Crop, dx: number, dy: number, view: number): Crop {
	const scale = sideOf(size, crop.zoom) / view;
	return keepInside(size, { ...crop, x: crop.x - dx * scale, y: crop.y - dy * scale });
}
