/* The start: the language's words, then the pages. */
import { RouterProvider } from '@tanstack/react-router';
import { createRoot } from 'react-dom/client';
import { router } from './app/router';
import { currentPrefs } from './app/prefs';
import { startLanguage } from './i18n';

void startLanguage(currentPrefs().language).then(() => {
	const place = document.getElementById('root');
	if (place)
		createRoot(place).render(<RouterProvider router={router} />);
});

/* the app begins without a connection, too: tools/worker.mjs */
if (import.meta.env.PROD && 'serviceWorker' in navigator)
	addEventListener('load', () => { navigator.serviceWorker.register('/sw.js').catch(() => undefined); });

/* a chunk of an older build is gone after an update: the page is read anew once; without a connection, or when that did not help,
   whoever asked for the chunk hears that it did not come */
addEventListener('vite:preloadError', (event) => {
	if (!navigator.onLine || sessionStorage.getItem('lw.reloaded'))
		return;
	event.preventDefault();
	sessionStorage.setItem('lw.reloaded', '1');
	location.reload();
});
