/* Charts: a bar beside each line of a table, and columns by month. The table says all that a chart shows, in words; the
   drawing itself is hidden from who cannot see it. Lengths are the only place where an amount is a floating number. */
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Money } from '../../api/types';

const least = 2;
const share = (value: number, most: number) => (value > 0 && most > 0 ? Math.max(least, (value / most) * 100) : 0);
export const lengthOf = (sums: readonly Money[], currency: string): number => Number(sums.find((one) => one.currency === currency)?.amount ?? 0);

export interface Bar { value: number; colour: string }
/* `to`: the list of the deals that the line counts */
export interface Line { key: string; label: ReactNode; bars: Bar[]; cells: string[]; to?: string | null }

function Led({ to, children }: { to: string | null | undefined; children: ReactNode }) {
	if (!to)
		return children;
	const [path, search] = to.split('?');
	return <Link className="link dash-led" to={path as never} search={Object.fromEntries(new URLSearchParams(search)) as never}>{children}</Link>;
}

/* `stacked`: the bars of a line stand in one row, else under each other */
export function BarTable({ label, heads, lines, stacked }: { label: string; heads: string[]; lines: Line[]; stacked?: boolean }) {
	const most = Math.max(0, ...lines.map((line) => (stacked ? line.bars.reduce((sum, bar) => sum + bar.value, 0) : Math.max(0, ...line.bars.map((bar) => bar.value)))));
	return (
		<div className="dash-table scroll" tabIndex={0} role="region" aria-label={label}>
			<table className="table">
				<thead><tr>{heads.map((head, at) => <th key={head} scope="col" className={at > 0 ? 'right' : undefined}>{head}</th>)}</tr></thead>
				<tbody>{lines.map((line) => (
					<tr key={line.key}>
						<th scope="row"><Led to={line.to}>{line.label}</Led>
							<svg className="dash-bar" aria-hidden="true" viewBox={`0 0 100 ${stacked ? 6 : line.bars.length * 6}`} preserveAspectRatio="none" style={{ height: stacked ? 6 : line.bars.length * 6 }}>
								{line.bars.map((bar, at) => {
									const before = stacked ? line.bars.slice(0, at).reduce((sum, one) => sum + share(one.value, most), 0) : 0;
									return <rect key={bar.colour} x={before} y={stacked ? 0 : at * 6} width={Math.min(share(bar.value, most), 100 - before)} height={5} fill={`var(--stage-${bar.colour})`} />;
								})}
							</svg>
						</th>
						{line.cells.map((cell, at) => <td key={heads[at + 1]} className="right num">{cell}</td>)}
					</tr>
				))}</tbody>
			</table>
		</div>
	);
}

const W = 720, H = 200, FOOT = 24, TOP = 20;

export function Columns({ months, legend }: { months: Array<{ key: string; label: string; whole: number; part: number; said: string }>; legend: [string, string] }) {
	const most = Math.max(1, ...months.map((one) => one.whole));
	const step = W / Math.max(months.length, 6);
	const height = (value: number) => (value / most) * (H - FOOT - TOP);
	return (
		<div aria-hidden="true">
			<p className="dash-legend small muted"><i style={{ background: 'var(--stage-blue)' }} />{legend[0]} <i style={{ background: 'var(--stage-green)' }} />{legend[1]}</p>
			<svg viewBox={`0 0 ${W} ${H}`} className="dash-columns">
				{[0, 0.5, 1].map((line) => <line key={line} x1={0} x2={W} y1={H - FOOT - height(most * line)} y2={H - FOOT - height(most * line)} stroke="var(--line)" />)}
				{months.map((one, at) => (
					<g key={one.key}>
						<rect x={at * step + step * 0.2} y={H - FOOT - height(one.whole)} width={step * 0.3} height={height(one.whole)} rx={3} fill="var(--stage-blue)" />
						<rect x={at * step + step * 0.52} y={H - FOOT - height(one.part)} width={step * 0.3} height={height(one.part)} rx={3} fill="var(--stage-green)" />
						<text x={at * step + step / 2} y={H - 7} textAnchor="middle" fontSize={12} fill="var(--text-2)">{one.label}</text>
						<text x={at * step + step / 2} y={H - FOOT - height(one.whole) - 6} textAnchor="middle" fontSize={11.5} fill="var(--text-2)">{one.said}</text>
					</g>
				))}
			</svg>
		</div>
	);
}
