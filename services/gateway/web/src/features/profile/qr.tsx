/* A QR code as one path: black on white in every theme, with the quiet zone of four modules that readers need. */
const QUIET = 4;

/* the dark runs of each row */
export function qrPath(rows: readonly string[]): string {
	return rows.map((row, y) => [...row.matchAll(/1+/g)].map((run) => `M${run.index + QUIET} ${y + QUIET}h${run[0].length}v1h-${run[0].length}z`).join('')).join('');
}

export function QrCode({ rows, label }: { rows: readonly string[]; label: string }) {
	const side = rows.length + 2 * QUIET;
	return (
		<svg className="qr" viewBox={`0 0 ${side} ${side}`} role="img" aria-label={label} shapeRendering="crispEdges">
			<path fill="#fff" d={`M0 0h${side}v${side}h-${side}z`} /><path fill="#000" d={qrPath(rows)} />
		</svg>
	);
}
