/* The guide's pages as the build laid them out, read one at a time and kept. Never goes through the API: help is there for whoever
   is logged out, too. */
import { useQuery } from '@tanstack/react-query';
import { Problem } from '../../api/client';
import { useLanguage } from '../../i18n';
import { fold, wordsOf } from '../../lib/marks';

export interface GuideEntry { name: string; title: string; text: string }
export interface GuideGroup { title: string; pages: GuideEntry[] }
export interface GuidePage { title: string; html: string; headings: Array<{ id: string; text: string }> }

async function read<T>(path: string, signal: AbortSignal): Promise<T> {
	let reply: Response;
	try {
		reply = await fetch(path, { signal });
	} catch (fault) {
		if (signal.aborted)
			throw fault;
		throw new Problem(0, 'offline', '', '');
	}
	if (!reply.ok)
		throw new Problem(reply.status, `http_${reply.status}`, '', '');
	return (await reply.json()) as T;
}

export function useGuide() {
	const language = useLanguage();
	return useQuery({ queryKey: ['guide', language], queryFn: ({ signal }) => read<GuideGroup[]>(`/guide/${language}/index.json`, signal), staleTime: Infinity });
}

export function useGuidePage(name: string) {
	const language = useLanguage();
	return useQuery({ queryKey: ['guide', language, name], queryFn: ({ signal }) => read<GuidePage>(`/guide/${language}/${encodeURIComponent(name)}.json`, signal), staleTime: Infinity });
}

export interface GuideHit { page: GuideEntry; snippet: string }

/* pages that hold every word at a word's beginning; those that say it in their title first */
export function findIn(groups: readonly GuideGroup[], asked: string): GuideHit[] {
	const words = wordsOf(asked);
	if (!words.length)
		return [];
	const has = (text: string, word: string) => ` ${fold(text).replace(/[^\p{L}\p{N}]+/gu, ' ')}`.includes(` ${word}`);
	return groups.flatMap((group) => group.pages)
		.filter((page) => words.every((word) => has(page.title, word) || has(page.text, word)))
		.map((page) => ({ page, score: words.filter((word) => has(page.title, word)).length, snippet: snippetOf(page.text, words) }))
		.sort((a, b) => b.score - a.score);
}

function snippetOf(text: string, words: readonly string[]): string {
	const sentences = text.split(/(?<=[.!?:]) /);
	const found = sentences.findIndex((one) => words.some((word) => ` ${fold(one).replace(/[^\p{L}\p{N}]+/gu, ' ')}`.includes(` ${word}`)));
	const out = sentences.slice(Math.max(0, found), Math.max(0, found) + 2).join(' ');
	return out.length > 190 ? `${out.slice(0, out.lastIndexOf(' ', 185))} …` : out;
}
