/* What stands where a page could not: not found, or a fault with the way on. */
import { useT } from '../i18n';
import { Empty } from '../ui/bits';
import { Button } from '../ui/button';
import { problemText } from './problems';

export function NotFound() {
	const t = useT();
	return (
		<main className="lone"><Empty icon="search" title={t('error.not_found')}>
			<p>{t('error.not_found_text')}</p>
			<a className="btn btn-primary" href="/">{t('error.home')}</a>
		</Empty></main>
	);
}

/* a page inside the frame fails alone: the menu, the search and the stream stay */
export function PageFault({ error, reset }: { error: unknown; reset?: () => void }) {
	const t = useT();
	return (
		<Empty icon="alert" title={t('error.title')}>
			<p>{problemText(error)}</p>
			<Button kind="primary" icon="refresh" onClick={() => reset?.()}>{t('error.retry')}</Button>
		</Empty>
	);
}

export function ErrorPage({ error, reset }: { error: unknown; reset?: () => void }) {
	const t = useT();
	return (
		<main className="lone"><Empty icon="alert" title={t('error.title')}>
			<p>{problemText(error)}</p>
			<Button kind="primary" icon="refresh" onClick={() => { reset?.(); location.reload(); }}>{t('error.retry')}</Button>
		</Empty></main>
	);
}
