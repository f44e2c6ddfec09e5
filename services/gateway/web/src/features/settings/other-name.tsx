/* A name as the other of the two languages has it, and marked as that language. */
import type { Label } from '../../api/types';
import { useLanguage } from '../../i18n';

export function OtherName({ label }: { label: Label }) {
	const other = useLanguage() === 'nl' ? 'en' : 'nl';
	return <span lang={other}>{label[other]}</span>;
}
