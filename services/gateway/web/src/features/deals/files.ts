/* Files on their way to a record, and away from it: each says how it went. */
import { api, query } from '../../api/client';
import { keys, queryClient } from '../../api/queries';
import type { FileEntry } from '../../api/types';
import { problemText } from '../../app/problems';
import { say } from '../../i18n';
import { toast } from '../../ui/toast';
import type { About } from '../activities/model';

export const ENDINGS = '.pdf,.png,.jpg,.jpeg,.webp,.gif,.docx,.xlsx,.csv,.txt,.ics,.vcf,.eml';
const MOST = 25 * 1024 * 1024;

/* a contact's list holds those of their deals as well: all that are looked at are read again */
export function filesChanged(about?: Pick<About, 'id'>): void {
	void queryClient.invalidateQueries({ queryKey: ['files'] });
	if (about)
		void queryClient.invalidateQueries({ queryKey: keys.timeline(about.id) });
}

/* one after the other: what refuses one lets the others go on */
export async function putFiles(files: readonly File[], about: Pick<About, 'kind' | 'id'>, workspace: string): Promise<void> {
	const put: string[] = [];
	for (const file of files)
		try {
			if (file.size > MOST)
				throw new Error(say('files.too_large'));
			await api('POST', `/api/crm/files${query({ workspace, [`${about.kind}_id`]: about.id, name: file.name })}`, { bytes: new Blob([file], { type: 'application/octet-stream' }) });
			put.push(file.name);
		} catch (fault) {
			toast.error(say('files.not_put', { name: file.name }), fault instanceof Error && fault.message === say('files.too_large') ? fault.message : problemText(fault));
		}
	if (put.length)
		toast.ok(put.length === 1 ? say('files.put', { name: put[0] ?? '' }) : say('files.put_many', { count: put.length }));
	filesChanged(about);
}

export async function removeFile(file: FileEntry): Promise<void> {
	try {
		await api('DELETE', `/api/crm/files/${file.id}`);
		filesChanged(file.about);
		toast.ok(say('files.removed', { name: file.name }), { label: say('common.undo'), hotkey: 'Z', run: () => {
			api('POST', `/api/crm/files/${file.id}/restore`, { body: {} }).then(() => filesChanged(file.about), (fault) => toast.error(say('activity.failed'), problemText(fault)));
		} });
	} catch (fault) {
		toast.error(say('activity.failed'), problemText(fault));
	}
}
