/* How the web app is built: hashed files under assets/, a manifest for the budget check, and in development a proxy to
   a gateway(GATEWAY=http://127.0.0.1:8080) or to the mock server of `npm run mock`.
   Nothing is inlined here: the Content-Security-Policy allows no inline script but the hashed one in index.html. */
import { readFileSync } from 'node:fs';
import { defineConfig } from 'vite';
import react from '@vitejs/plugin-react';
import { isFar } from './src/i18n/far.ts';
import { SHARED_STYLE } from './src/ui/own-style.ts';

/* The component library's stylesheet names fourteen palettes in ten shades and six uses, light and dark, and sizes of
   headings, shadows and layers; the app has its own. */
const UNUSED = /^\s*--mantine-(?:color-(?:pink|grape|violet|indigo|blue|cyan|teal|green|lime|yellow|orange)-|color-(?:red|gray|dark)-[a-z]|color-(?:red-[0-579]|gray-[789]|dark-[19]|anchor)|h[1-6]-|heading-|breakpoint-|shadow-|line-height-|radius-(?:xs|sm|md|lg|xl)|font-size-(?:xs|lg|xl)|spacing-(?:lg|xl)|z-index-|cursor-|primary-color-)[\w-]*:[^;]*;\n/gm;
const withoutPalettes = {
	name: 'without-palettes',
	enforce: 'pre' as const,
	transform: (code: string, id: string) => id.includes('/default-css-variables.css') ? { code: code.replace(UNUSED, ''), map: null } : null,
};

/* A catalogue in two parts: what the first page needs, and what the settings and the dashboard bring along. */
const catalogueParts = {
	name: 'catalogue-parts',
	enforce: 'pre' as const,
	resolveId: (id: string) => id.startsWith('words/') ? `${import.meta.dirname}/src/i18n/${id.slice(6)}.js` : null,
	load: (id: string) => {
		const [, file = '', part] = /^(.*\/i18n\/\w+)\.(near|far)\.js$/.exec(id) ?? [];
		return part ? `export default ${JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(readFileSync(`${file}.json`, 'utf8')) as Record<string, string>).filter(([key]) => isFar(key) === (part === 'far'))))};` : null;
	},
};

/* the letters of the first words are fetched beside the style that names them, not after it */
const fontFirst = {
	name: 'font-first',
	transformIndexHtml: { order: 'post' as const, handler: (_html: string, { bundle, path }: { bundle?: Record<string, unknown>; path: string }) => {
		if (path.includes('portal'))
			return []; /* a customer's page makes do with what their machine has */
		const font = Object.keys(bundle ?? {}).find((name) => /inter-latin-wght-normal.*\.woff2$/.test(name));
		return font ? [{ tag: 'link', attrs: { rel: 'preload', as: 'font', type: 'font/woff2', href: `/${font}`, crossorigin: '' }, injectTo: 'head' as const }] : [];
	} },
};

const gateway = process.env['GATEWAY'] ?? 'http://127.0.0.1:9110';

export default defineConfig({
	plugins: [catalogueParts, withoutPalettes, fontFirst, react()],
	build: {
		target: 'es2022',
		manifest: true,
		assetsInlineLimit: 0,
		modulePreload: { polyfill: false },
		chunkSizeWarningLimit: 900,
		/* what every page loads first is one file: small ones beside it would be packed apart, and worse */
		rolldownOptions: { input: { index: 'index.html', portal: 'portal.html' }, output: { codeSplitting: { groups: [{ name: 'style', test: SHARED_STYLE }, { name: 'frame', test: /node_modules\/(?:react|react-dom|scheduler|i18next|react-i18next|@tanstack\/[\w-]+)\/|src\/(?:ui\/(?:float|button|icons)|app\/(?:prefs|scope|problems)|api\/(?:client|queries|live)|i18n\/(?:index|words)|lib\/(?:format|money))\.tsx?$/ }] } } },
	},
	worker: { format: 'es' },
	server: { proxy: { '/api': gateway, '/guide': gateway } },
	test: { include: ['test/unit/**/*.test.ts'], environment: 'node', testTimeout: 30000 },
} as Parameters<typeof defineConfig>[0]);
