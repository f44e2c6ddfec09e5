/* A write that has no form to say its refusal in: it is said in a toast, and what the write makes stale is read again either way. */
import { api } from '../../api/client';
import { problemText } from '../../app/problems';
import { toast } from '../../ui/toast';

export async function write(changed: () => Promise<void>, method: string, path: string, body?: unknown): Promise<boolean> {
	try {
		await api(method, path, body === undefined ? {} : { body });
		return true;
	} catch (reason) {
		toast.error(problemText(reason));
		return false;
	} finally {
		await changed();
	}
}
