/* Turns docs/guide/<language>/*.md into what the help pages show: dist/guide/<language>/<page>.json, one page each, and index.json
   with every page's words for the search box. Raw HTML in a page stays text; a picture that is not there is left out and told. */
import MarkdownIt from 'markdown-it';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const GUIDE = fileURLToPath(new URL('../../../../docs/guide/', import.meta.url));
export const LANGUAGES = ['en', 'nl'];

/* A page names a picture by the place it shows: board.png, or as the browser tests wrote it, board-light.png */
export const pictureOf = (source) => source.replace(/^.*\//, '').replace(/(-(light|nl))?\.(png|webp)$/, '');
const slug = (text) => text.toLowerCase().normalize('NFD').replace(/[\u0300-\u036f]/g, '').replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '');

/* width and height stand in the head of a WebP file, lossy or extended */
export function sizeOf(bytes) {
	const kind = bytes.toString('latin1', 12, 16);
	if (kind === 'VP8 ')
		return [bytes.readUInt16LE(26) & 0x3fff, bytes.readUInt16LE(28) & 0x3fff];
	if (kind === 'VP8X')
		return [bytes.readUIntLE(24, 3) + 1, bytes.readUIntLE(27, 3) + 1];
	const packed = bytes.readUInt32LE(21);
	return [(packed & 0x3fff) + 1, ((packed >> 14) & 0x3fff) + 1];
}

function textOf(tokens) {
	return tokens.map((token) => token.type === 'inline' ? textOf(token.children) : token.type === 'softbreak' ? ' ' : /^(text|code_inline|fence|code_block)$/.test(token.type) ? token.content : '').join('');
}

const closes = new Set(['paragraph_close', 'td_close', 'th_close']);
const plain = (tokens) => tokens.map((token) => token.type === 'inline' ? textOf(token.children) : token.type === 'fence' ? `${token.content} ` : token.type === 'heading_close' ? ': ' : closes.has(token.type) ? ' ' : '').join('').replace(/\s+/g, ' ').trim();

/* one page: its title, its HTML without the title, its headings, its words, the pictures and pages it names */
export function pageOf(markdown, language, { pictures = (name) => `/guide/pictures/${language}/${name}.webp`, size = () => null, pages = null } = {}) {
	const md = new MarkdownIt({ html: false, typographer: false, linkify: false });
	const named = [];
	const links = [];
	const headings = [];
	md.renderer.rules.image = (tokens, at, options, env, self) => {
		const name = pictureOf(tokens[at].attrGet('src') ?? '');
		named.push(name);
		const known = size(name);
		if (known === undefined)
			return '';
		const text = md.utils.escapeHtml(self.renderInlineAsText(tokens[at].children, options, env));
		return `<img src="${md.utils.escapeHtml(pictures(name))}" alt="${text}" loading="lazy" decoding="async"${known ? ` width="${known[0]}" height="${known[1]}"` : ''}>`;
	};
	md.renderer.rules.table_open = () => '<div class="guide-wide scroll" tabindex="0"><table>';
	md.renderer.rules.table_close = () => '</table></div>';
	md.renderer.rules.fence = md.renderer.rules.code_block = (tokens, at) => `<pre class="scroll" tabindex="0"><code>${md.utils.escapeHtml(tokens[at].content.trimEnd())}</code></pre>`;
	const tokens = md.parse(markdown, {});
	if (tokens[0]?.type !== 'heading_open' || tokens[0].tag !== 'h1')
		throw new Error('a page begins with # and its title');
	const title = textOf([tokens[1]]);
	const body = tokens.slice(3);
	for (const [at, token] of body.entries()) {
		if (token.type === 'heading_open') {
			const text = textOf([body[at + 1]]);
			token.attrSet('id', slug(text));
			headings.push({ level: Number(token.tag[1]), id: slug(text), text });
		}
		for (const [where, child] of [...(token.children ?? []).entries()].reverse())
			if (child.type === 'link_open') {
				const to = child.attrGet('href') ?? '';
				const page = /^(?:\.\/)?([a-z0-9-]+)(?:\.md)?(#.*)?$/.exec(to);
				if (page && pages && !pages.includes(page[1])) {
					/* a page that is not written yet: its name stays, the link does not */
					token.children.splice(token.children.findIndex((one, at) => at > where && one.type === 'link_close'), 1);
					token.children.splice(where, 1);
				} else if (page) {
					links.push(page[1]);
					child.attrSet('href', `/help/${page[1]}${page[2] ?? ''}`);
				} else if (/^https?:/.test(to))
					child.attrSet('rel', 'noopener noreferrer');
			}
	}
	return { title, html: md.renderer.render(body, md.options, {}), headings, text: plain(body), pictures: named, links };
}

export function pagesOf(language) {
	return readdirSync(join(GUIDE, language)).filter((name) => name.endsWith('.md')).map((name) => name.slice(0, -3)).sort();
}

export function build(out) {
	const groups = JSON.parse(readFileSync(join(GUIDE, 'index.json'), 'utf8'));
	let pages = 0;
	const missing = new Set();
	for (const language of LANGUAGES) {
		const folder = join(out, 'guide', language);
		const from = join(GUIDE, 'pictures', language);
		const to = join(out, 'guide', 'pictures', language);
		mkdirSync(folder, { recursive: true });
		mkdirSync(to, { recursive: true });
		const size = (name) => {
			const path = join(from, `${name}.webp`);
			if (!existsSync(path)) {
				missing.add(`${language}/${name}`);
				return undefined;
			}
			copyFileSync(path, join(to, `${name}.webp`));
			return sizeOf(readFileSync(path));
		};
		const there = pagesOf(language);
		const listed = groups.flatMap((group) => group.pages);
		const made = new Map(there.map((name) => [name, pageOf(readFileSync(join(GUIDE, language, `${name}.md`), 'utf8'), language, { size, pages: there })]));
		for (const [name, { title, html, headings }] of made)
			writeFileSync(join(folder, `${name}.json`), JSON.stringify({ title, html, headings: headings.filter((one) => one.level === 2) }));
		const entry = (name) => made.has(name) ? [{ name, title: made.get(name).title, text: made.get(name).text }] : [];
		const rest = there.filter((name) => !listed.includes(name));
		writeFileSync(join(folder, 'index.json'), JSON.stringify([...groups.map((group) => ({ title: group[language], pages: group.pages.flatMap(entry) })), { title: '…', pages: rest.flatMap(entry) }]
			.filter((group) => group.pages.length)));
		pages += made.size;
	}
	console.log(`help: ${pages} pages${missing.size ? `, pictures not made yet: ${[...missing].sort().join(' ')}` : ''}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url))
	build('dist');
