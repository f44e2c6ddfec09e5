/* The number of what is new before the page's title, as `(3) Deals · …`. Pages set their title themselves and know nothing of it. */
import { useEffect } from 'react';

const bare = (title: string) => title.replace(/^\(\d+\+?\) /, '');

export function titleWith(title: string, mark: string): string {
	return mark ? `(${mark}) ${bare(title)}` : bare(title);
}

export function useTitleMark(mark: string): void {
	useEffect(() => {
		const put = () => {
			const wanted = titleWith(document.title, mark);
			if (document.title !== wanted)
				document.title = wanted;
		};
		put();
		const place = document.querySelector('title');
		if (!place)
			return undefined;
		const watch = new MutationObserver(put);
		watch.observe(place, { childList: true });
		return () => {
			watch.disconnect();
			document.title = bare(document.title);
		};
	}, [mark]);
}
