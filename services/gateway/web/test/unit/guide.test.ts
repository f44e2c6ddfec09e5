/* The guide: Markdown becomes safe HTML; both languages have the same pages with the same pictures and as many headings; every
   page's question mark has its page, every picture and every link is there. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { GUIDE, pageOf, pagesOf, pictureOf, sizeOf } from '../../tools/help.mjs';

const made = (markdown: string, more?: Parameters<typeof pageOf>[2]) => pageOf(markdown, 'en', more);
const read = (language: string, name: string) => made(readFileSync(join(GUIDE, language, `${name}.md`), 'utf8'));

describe('a page of the guide', () => {
	it('lets no HTML and no script address through', () => {
		const { html } = made('# T\n\n<script>alert(1)</script> <b onclick=x>b</b>\n\n[x](javascript:alert(1)) ![y](javascript:alert(1))');
		expect(html).not.toMatch(/<script|<b |href="javascript/);
	});
	it('has its title apart, headings to jump to, and words to find', () => {
		const page = made('# Title\n\n## The `N` key\n\nSome *words*\nhere.');
		expect([page.title, page.headings[0]?.id, page.text]).toEqual(['Title', 'the-n-key', 'The N key: Some words here.']);
		expect(page.html).toContain('<h2 id="the-n-key">');
	});
	it('leads to other pages within the app', () => expect(made('# T\n\n[Users](users.md#roles) [out](https://example.nl)').html).toContain('<a href="/help/users#roles">Users</a> <a href="https://example.nl" rel="noopener noreferrer">'));
	it('keeps the words of a link that leads nowhere', () => expect(made('# T\n\na [b c](gone.md) [d](there.md)', { pages: ['there'] }).html).toBe('<p>a b c <a href="/help/there">d</a></p>\n'));
	it('names pictures by their place', () => expect(['board.png', 'board-light.png', 'search-page-nl.png', 'x/board.webp'].map(pictureOf)).toEqual(['board', 'board', 'search-page', 'board']));
	it('wants a title', () => expect(() => made('no title')).toThrow());
});

describe('the guide', () => {
	const english = pagesOf('en');
	it('has the same pages in both languages', () => expect(pagesOf('nl')).toEqual(english));
	for (const name of english.filter((one) => pagesOf('nl').includes(one)))
		it(`says the same of ${name} in both`, () => {
			const [en, nl] = [read('en', name), read('nl', name)];
			expect(nl.headings.map((one) => one.level)).toEqual(en.headings.map((one) => one.level));
			expect(nl.pictures).toEqual(en.pictures);
			expect(nl.links).toEqual(en.links);
		});
});

function sources(folder: string): string[] {
	return readdirSync(folder).flatMap((name) => {
		const path = join(folder, name);
		return statSync(path).isDirectory() ? sources(path) : path.endsWith('.tsx') ? [path] : [];
	});
}

describe('nothing is missing:', () => {
	const asked = [...new Set(sources('src').flatMap((path) => [...readFileSync(path, 'utf8').matchAll(/\bhelp="([a-z-]+)"|page: '([a-z-]+)' \} as never|<Help(?:Link|More) page=(?:"([a-z-]+)"|\{[^}]*\? '([a-z-]+)' : '([a-z-]+)'\})/g)].flatMap((found) => found.slice(1).filter(Boolean))))];
	const listed = (JSON.parse(readFileSync(join(GUIDE, 'index.json'), 'utf8')) as Array<{ pages: string[] }>).flatMap((group) => group.pages);
	for (const language of ['en', 'nl']) {
		const pages = pagesOf(language);
		it(`every question mark has its page, ${language}`, () => expect(asked.filter((one) => !pages.includes(one))).toEqual([]));
		it(`every page is in the index, every page of the index is there, ${language}`, () => expect(pages).toEqual([...listed].sort()));
		it(`every link leads to a page, ${language}`, () => expect(pages.flatMap((name) => read(language, name).links.filter((one) => !pages.includes(one)).map((one) => `${name} → ${one}`))).toEqual([]));
		it(`every picture is there and small, ${language}`, () => {
			const named = [...new Set(pages.flatMap((name) => read(language, name).pictures))];
			const path = (name: string) => join(GUIDE, 'pictures', language, `${name}.webp`);
			expect(named.filter((name) => !existsSync(path(name)))).toEqual([]);
			for (const name of named) {
				expect(statSync(path(name)).size, name).toBeLessThan(60 * 1024);
				expect(sizeOf(readFileSync(path(name)))[0], name).toBeGreaterThan(300);
			}
			expect(readdirSync(join(GUIDE, 'pictures', language)).map((name) => name.replace('.webp', '')).filter((name) => !named.includes(name))).toEqual([]);
		});
	}
});
