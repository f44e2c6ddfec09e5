/* Writes dist/sw.js: the service worker that lets the app begin without a connection, and shows news that a push service brings though no page is open. It keeps
   the app's own files and nothing else, never an answer of the API, a file of somebody's, a calendar: what is kept here stays on a telephone after a log-out. */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';

const manifest = JSON.parse(readFileSync('dist/.vite/manifest.json', 'utf8'));
const files = new Set(['/', '/favicon.svg']);
const reach = (key) => {
	const one = manifest[key];
	if (files.has(`/${one.file}`))
		return;
	files.add(`/${one.file}`);
	for (const style of one.css ?? [])
		files.add(`/${style}`);
	for (const next of one.imports ?? [])
		reach(next);
};
/* what every page begins with, in both languages, and the pages of the day */
const first = /(en|nl)\.(near|far)\.js$|features\/(deals\/(board|table|panel|follow-up)|calendar\/page|tasks\/page|home\/page)\.tsx$/;
for (const [key, one] of Object.entries(manifest)) {
	if (key === 'index.html' || first.test(key))
		reach(key);
	if ((one.file.endsWith('.css') && !/portal/.test(one.file)) || /inter-latin-wght-normal.*\.woff2$/.test(one.file))
		files.add(`/${one.file}`);
}
for (const one of Object.values(manifest))
	for (const asset of one.assets ?? [])
		if (/-latin-wght-normal.*\.woff2$/.test(asset) && !/ext/.test(asset))
			files.add(`/${asset}`);
const list = [...files].sort();
const version = createHash('sha256').update(readFileSync('dist/index.html')).update(JSON.stringify(list)).digest('hex').slice(0, 12);

writeFileSync('dist/sw.js', `/* Written by tools/worker.mjs: the app's own files, kept to begin without a connection. Never data. */
const CACHE = 'shell-${version}';
const FILES = ${JSON.stringify(list)};
addEventListener('install', (event) => event.waitUntil((async () => {
	const cache = await caches.open(CACHE);
	await cache.addAll(FILES.map((file) => new Request(file, { credentials: 'omit' })));
	await skipWaiting();
})()));
addEventListener('activate', (event) => event.waitUntil((async () => {
	for (const name of await caches.keys())
		if (name !== CACHE)
			await caches.delete(name);
	await clients.claim();
})()));
/* news: in the words that the page chose for it; whoever looks at the page sees it there */
addEventListener('push', (event) => event.waitUntil((async () => {
	let said = {};
	try {
		said = event.data.json();
	} catch {}
	const open = await clients.matchAll({ type: 'window', includeUncontrolled: true });
	if (said.title && !open.some((one) => one.focused))
		await registration.showNotification(said.title, { body: said.body, tag: said.tag, icon: '/icons/icon-192.png', data: { url: said.url } });
})()));
/* the page that is open goes there itself: it may hold what somebody is writing */
addEventListener('notificationclick', (event) => event.waitUntil((async () => {
	const url = new URL(event.notification.data?.url ?? '/notifications', location.origin);
	event.notification.close();
	if (url.origin !== location.origin)
		return;
	const [open] = await clients.matchAll({ type: 'window' });
	if (!open)
		return void await clients.openWindow(url.href);
	open.postMessage({ kind: 'open', url: url.pathname + url.search });
	await open.focus();
})()));
addEventListener('fetch', (event) => {
	const { request } = event;
	const url = new URL(request.url);
	if (request.method !== 'GET' || url.origin !== location.origin || /^\\/(api|calendar|hooks|portal|guide)\\//.test(url.pathname))
		return;
	if (request.mode === 'navigate')
		event.respondWith(fetch(request).catch(async () => (await caches.match('/')) ?? Response.error()));
	else if (url.pathname.startsWith('/assets/'))
		event.respondWith((async () => {
			const kept = await caches.match(request, { ignoreVary: true });
			if (kept)
				return kept;
			const fresh = await fetch(request);
			if (fresh.ok && /\\.(js|css|woff2)$/.test(url.pathname))
				await caches.open(CACHE).then((cache) => cache.put(request, fresh.clone())).catch(() => undefined);
			return fresh;
		})());
});
`);
console.log(`service worker: ${list.length} files, ${version}`);
