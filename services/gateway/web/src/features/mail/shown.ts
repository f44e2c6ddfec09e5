/* What we wrote, for who reads it in the app: its pictures where they were put, its words without marks where only a line is shown. Knows no page. */
import { unmarked } from '../mentions/plain';
import type { MailRow } from './model';
import { pictureIn } from './pictures';

/* a mail's files, each with where its bytes are shown in place */
export const shownOf = (mail: Pick<MailRow, 'id' | 'files'>) => mail.files.map((one) => ({ ...one, url: `/api/crm/mails/${mail.id}/file?n=${one.n}&inline=1` }));

/* a line of our own words without their marks; a picture by what it shows */
export const plainLine = (line: string): string => unmarked(line.replace(/!\[([^\]\n]*)\]\([^()\n]*\)/g, '[$1]'));

/* a text in parts: words, and pictures of the files that go along; `text` of a picture is what it shows */
export function withPictures<F extends { name: string; type: string }>(text: string, files: readonly F[]): Array<{ text: string; file?: F }> {
	const parts: Array<{ text: string; file?: F }> = [];
	let rest = 0;
	for (let at = text.indexOf('!['); at >= 0; at = text.indexOf('![', at + 2)) {
		const end = text.indexOf(']', at + 2);
		const file = end < 0 || text.slice(at, end).includes('\n') ? undefined : files.find((one) => one.type.startsWith('image/') && text.startsWith(pictureIn(one), end));
		if (!file)
			continue;
		parts.push({ text: text.slice(rest, at) }, { text: text.slice(at + 2, end), file });
		rest = end + pictureIn(file).length;
	}
	return [...parts, { text: text.slice(rest) }].filter((one) => one.file || one.text.trim());
}
