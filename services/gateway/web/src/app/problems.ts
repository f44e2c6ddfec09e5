/* Says a fault in the user's language: the server's own words where it sent any, else ours for its code or status.
   Never shows a stack, a code or an English library message. */
import i18next from 'i18next';
import { Problem } from '../api/client';
import { say, sayValue } from '../i18n';

export function problemText(fault: unknown): string {
	if (!(fault instanceof Problem))
		return say('problem.unknown');
	if (fault.status === 0)
		return say('problem.offline');
	if (fault.status === 429)
		return say('problem.too_many', { count: fault.retryAfter ?? 30 });
	if (i18next.exists(`problem.${fault.code}`))
		return sayValue('problem', fault.code);
	if (fault.detail || fault.title)
		return fault.detail || fault.title;
	if (fault.status === 403)
		return say('problem.forbidden');
	if (fault.status === 404)
		return say('problem.not_found');
	if (fault.status >= 500)
		return say('problem.server');
	return say('problem.unknown');
}

/* what is wrong with the fields of a form: the last part of each pointer with its reason in words */
export function fieldFaults(fault: unknown): Record<string, string> {
	if (!(fault instanceof Problem))
		return {};
	return Object.fromEntries(fault.fields.map((one) => [
		one.pointer.replace(/^.*\//, ''),
		i18next.exists(`problem.${one.code}`) ? i18next.t(`problem.${one.code}`) : one.detail || say('problem.field'),
	]));
}
