/* What a customer sees by the link in their mail: a quote to accept or to decline, an invoice to pay. No log-in, no app around it, works by keyboard and on
   a phone. Opening it changes nothing: that it was seen is said by the first key, touch or turn of the wheel, since programs open every link. */
import { h, icon, svg, words } from './dom';
import { factsOf, linesOf, totalsOf } from './lines';
import { day, type Language, money, speak, spoken, t, toMinor } from './said';
import { accept, at, choose, decline, type Paper, type Party, pay, payment, read, Refused, see } from './talk';
import './portal.css';

const root = document.getElementById('page') as HTMLElement;
let paper: Paper | null = null;
/* what is typed outlives every new drawing */
const typed = { name: '', tick: false, reason: '', declining: false };
let busy = '';
let fault: { where: string; text: string } | null = null;
let waits = false;

const trouble = (reason: unknown): string => (reason instanceof Refused && reason.status ? reason.message || t('trouble') : t(reason instanceof Refused ? 'offline' : 'trouble'));

function kept(name: string, value?: string | null): string | null {
	try {
		if (value === null)
			sessionStorage.removeItem(name);
		else if (value !== undefined)
			sessionStorage.setItem(name, value);
		return sessionStorage.getItem(name);
	} catch {
		return null; /* a browser that keeps nothing still works */
	}
}

/* ---- its colours ---- */

/* a company's colour is any: what is written on it is black or white, whichever is easier to read */
function brand(colour: string | null | undefined): void {
	const found = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(colour ?? '');
	const style = document.documentElement.style;
	if (!found)
		return;
	const light = found.slice(1).map((part) => parseInt(part, 16) / 255).map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
		.reduce((sum, part, index) => sum + part * ([0.2126, 0.7152, 0.0722][index] ?? 0), 0);
	style.setProperty('--brand', found[0]);
	style.setProperty('--on-brand', 1.05 / (light + 0.05) >= 4.5 ? '#fff' : '#000');
}

/* ---- what is said of how it stands ---- */

function notice(tone: 'ok' | 'warn' | 'bad', sign: 'check' | 'clock' | 'x' | 'alert', title: string, text: string): HTMLElement {
	return h('div', { class: `notice notice-${tone}`, role: 'status', id: 'notice', tabindex: -1, 'data-tone': tone }, icon(sign), h('div', {}, h('b', {}, title), h('p', {}, text)));
}

const gone = (one: Paper): boolean => one.state === 'draft';
const late = (one: Paper): boolean => one.state === 'expired' || (one.state === 'sent' && one.expired === true);
const openOf = (one: Paper): bigint => (one.open ? toMinor(one.open) : 0n);

function standing(one: Paper): HTMLElement | null {
	const name = one.seller?.name ?? '';
	if (gone(one))
		return notice('warn', 'clock', t('revised'), t('revised_text', { name }));
	if (one.state === 'cancelled')
		return notice('bad', 'x', t('cancelled'), t('cancelled_text', { name }));
	if (one.kind === 'quote') {
		if (one.state === 'accepted')
			return notice('ok', 'check', t('accepted'), one.accepted_by ? t('accepted_by', { day: day(one.accepted_at), name: one.accepted_by }) : t('accepted_on', { day: day(one.accepted_at) }));
		if (one.state === 'declined')
			return notice('bad', 'x', t('declined'), `${t('declined_on', { day: day(one.declined_at) })} ${t('declined_text', { name })}`);
		return late(one) ? notice('warn', 'clock', t('expired'), t('expired_text', { day: day(one.due), name })) : null;
	}
	if (one.kind === 'credit_note')
		return notice('ok', 'check', t('credit_note'), t('credit_text'));
	if (one.state === 'paid' || openOf(one) <= 0n)
		return notice('ok', 'check', t('paid'), one.paid_at ? t('paid_on', { day: day(one.paid_at) }) : t('paid_all'));
	if (waits)
		return notice('warn', 'clock', t('pay_title'), t('pay_waits'));
	if (one.overdue)
		return notice('bad', 'alert', t('overdue'), t('overdue_text', { day: day(one.due) }));
	return one.received && toMinor(one.received) > 0n && one.open ? notice('ok', 'check', t('received'), t('part_paid', { amount: money(one.received), open: money(one.open) })) : null;
}

/* ---- a quote ---- */

const mayAnswer = (one: Paper): boolean => one.kind === 'quote' && one.state === 'sent' && !late(one);
const said = (where: string): HTMLElement | null => (fault?.where === where ? h('p', { class: 'fault', role: 'alert', id: `fault-${where}` }, fault.text) : null);

async function act(where: string, run: () => Promise<Paper>, focus: string): Promise<void> {
	if (busy)
		return;
	busy = where;
	fault = null;
	draw();
	try {
		paper = await run();
	} catch (reason) {
		fault = { where, text: trouble(reason) };
		/* what they saw is no more what there is: they look at it once more */
		if (reason instanceof Refused && reason.status === 409) {
			paper = await read().catch(() => paper);
			if (paper && mayAnswer(paper))
				fault = { where, text: t('changed') };
		}
	}
	busy = '';
	draw();
	document.getElementById(fault ? `fault-${where}` : focus)?.scrollIntoView({ block: 'center' });
	document.getElementById(focus)?.focus({ preventScroll: true });
}

function acceptForm(one: Paper): HTMLElement {
	const wrong = (where: string, text: string, field: string) => {
		fault = { where, text };
		draw();
		document.getElementById(field)?.focus();
	};
	const submit = (event: Event) => {
		event.preventDefault();
		if (!typed.name.trim())
			return wrong('name', t('accept_name_wanted'), 'who');
		if (!typed.tick)
			return wrong('tick', t('accept_tick_wanted'), 'tick');
		void act('accept', () => accept(typed.name.trim(), one.version), 'notice');
	};
	return h('form', { class: 'panel', id: 'accept', novalidate: true, submit, 'aria-labelledby': 'accept-title' },
		h('h2', { id: 'accept-title' }, t('accept_title')),
		h('label', { for: 'who' }, t('accept_name')),
		h('input', { id: 'who', name: 'name', type: 'text', autocomplete: 'name', maxlength: 200, value: typed.name, 'aria-invalid': fault?.where === 'name' ? 'true' : null, 'aria-describedby': fault?.where === 'name' ? 'fault-name' : null, input: (event) => { typed.name = (event.target as HTMLInputElement).value; } }),
		said('name'),
		h('label', { class: 'tick' },
			h('input', { id: 'tick', type: 'checkbox', checked: typed.tick, 'aria-invalid': fault?.where === 'tick' ? 'true' : null, 'aria-describedby': fault?.where === 'tick' ? 'fault-tick' : null, change: (event) => { typed.tick = (event.target as HTMLInputElement).checked; } }),
			h('span', {}, t('accept_tick', { number: one.number ?? '', total: one.gross ? money(one.gross) : '' }))),
		said('tick'), said('accept'),
		h('div', { class: 'acts' },
			h('button', { class: 'button button-main', disabled: busy !== '' }, t(busy === 'accept' ? 'accepting' : 'accept')),
			!typed.declining && h('button', { class: 'button', type: 'button', id: 'decline', click: () => { typed.declining = true; draw(); document.getElementById('why')?.focus(); } }, t('decline'))),
		h('p', { class: 'note' }, t('accept_law')));
}

function declineForm(): HTMLElement | null {
	if (!typed.declining)
		return null;
	const back = () => { typed.declining = false; draw(); document.getElementById('decline')?.focus(); };
	return h('form', { class: 'panel', novalidate: true, 'aria-labelledby': 'decline-title', submit: (event) => { event.preventDefault(); void act('decline', () => decline(typed.reason.trim()), 'notice'); } },
		h('h2', { id: 'decline-title' }, t('decline_title')),
		h('label', { for: 'why' }, t('decline_why')),
		h('textarea', { id: 'why', name: 'reason', rows: 3, maxlength: 1000, input: (event) => { typed.reason = (event.target as HTMLTextAreaElement).value; } }, typed.reason),
		said('decline'),
		h('div', { class: 'acts' }, h('button', { class: 'button button-bad', disabled: busy !== '' }, t('decline_yes')), h('button', { class: 'button', type: 'button', click: back }, t('back'))));
}

/* one choice at a time is on its way; what was chosen meanwhile goes after it */
let wanted: number[] | null = null, sent: number[] | null = null;
addEventListener('pagehide', () => {
	if (wanted && sent !== wanted)
		void choose(wanted).catch(() => undefined); /* the last press goes out with the page */
});
async function chooseLine(number: number, chosen: boolean): Promise<void> {
	if (!paper)
		return;
	paper.lines = (paper.lines ?? []).map((line, index) => (index + 1 === number ? { ...line, chosen } : line));
	const running = wanted !== null;
	wanted = (paper.lines ?? []).flatMap((line, index) => (line.optional && line.chosen !== false ? [index + 1] : []));
	if (running)
		return;
	document.getElementById('totals')?.classList.add('old');
	fault = null;
	for (sent = null; sent !== wanted;) {
		sent = wanted;
		try {
			const answer = await choose(sent);
			if (sent === wanted)
				paper = answer;
		} catch (reason) {
			fault = { where: 'choose', text: trouble(reason) };
			paper = await read().catch(() => paper);
			break;
		}
	}
	wanted = null;
	typed.tick = false; /* it was of another total */
	draw();
}

/* ---- an invoice ---- */

async function begin(): Promise<void> {
	busy = 'pay';
	fault = null;
	draw();
	try {
		const { id } = await pay();
		kept('attempt', id);
		for (let round = 0; round < 60; round++) {
			const { state, url } = await payment(id);
			if (url && /^https?:\/\//.test(url)) {
				location.assign(url);
				return;
			}
			if (/^(failed|canceled|cancelled|expired)$/.test(state))
				throw new Refused(502, state, t('pay_failed'));
			await new Promise((go) => setTimeout(go, 250));
		}
		throw new Refused(504, 'late', t('pay_failed'));
	} catch (reason) {
		kept('attempt', null);
		fault = { where: 'pay', text: reason instanceof Refused && reason.status === 0 ? t('offline') : reason instanceof Refused && reason.message ? reason.message : t('pay_failed') };
	}
	busy = '';
	draw();
}

/* back from the provider: it tells us by itself, mostly within a second */
async function awaitPayment(id: string): Promise<void> {
	waits = true;
	draw();
	for (let round = 0; round < 40 && paper && openOf(paper) > 0n; round++) {
		await new Promise((go) => setTimeout(go, round < 10 ? 500 : 3000));
		const state = await payment(id).then((one) => one.state, () => '');
		paper = await read().catch(() => paper);
		if (/^(failed|canceled|cancelled|expired)$/.test(state)) {
			fault = { where: 'pay', text: t('pay_not') };
			break;
		}
		draw();
	}
	kept('attempt', null);
	waits = false;
	draw();
}

async function copied(text: string, button: HTMLElement): Promise<void> {
	try {
		await navigator.clipboard.writeText(text);
	} catch {
		/* plain http: the old way */
		const area = h('textarea', { class: 'unseen' }, text);
		document.body.append(area);
		area.select();
		document.execCommand('copy');
		area.remove();
		button.focus();
	}
	button.textContent = t('copied');
	setTimeout(() => { button.textContent = t('copy'); }, 2000);
}

const inFours = (iban: string): string => iban.replace(/(.{4})(?=.)/g, '$1 ');

function transfer(one: Paper): HTMLElement | null {
	const { iban, bic, name } = one.seller ?? {};
	if (!iban || !one.open)
		return null;
	const row = (label: string, shown: string | null | undefined, text = shown) => shown && text ? h('div', {}, h('dt', {}, label), h('dd', {}, h('span', {}, shown), h('button', { class: 'button button-small', type: 'button', 'aria-label': t('copy_of', { what: label }), click: (event) => void copied(text, event.currentTarget as HTMLElement) }, t('copy')))) : null;
	return h('div', { class: 'transfer' },
		h('div', {},
			h('h3', {}, t('transfer')), h('p', { class: 'note' }, t('transfer_text')),
			h('dl', { class: 'bank' }, row(t('amount_to'), money(one.open), one.open.amount), row(t('account'), inFours(iban), iban), row(t('name'), name), row(t('bank'), bic), row(t('mention'), one.number))),
		one.epc?.rows?.length ? qr(one.epc.rows) : null);
}

const QUIET = 4;
function qr(rows: string[]): HTMLElement {
	const side = rows.length + 2 * QUIET;
	const path = rows.map((row, y) => [...row.matchAll(/1+/g)].map((run) => `M${run.index + QUIET} ${y + QUIET}h${run[0].length}v1h-${run[0].length}z`).join('')).join('');
	return h('figure', { class: 'qr' }, svg('svg', { viewBox: `0 0 ${side} ${side}`, role: 'img', 'aria-label': t('scan_label'), 'shape-rendering': 'crispEdges' }, svg('path', { fill: '#fff', d: `M0 0h${side}v${side}h-${side}z` }), svg('path', { fill: '#000', d: path })), h('figcaption', {}, t('scan')));
}

function payPanel(one: Paper): HTMLElement | null {
	if (one.kind !== 'invoice' || one.state === 'cancelled' || gone(one) || !one.open || openOf(one) <= 0n)
		return null;
	return h('section', { class: 'panel', id: 'pay', 'aria-labelledby': 'pay-title' },
		h('h2', { id: 'pay-title' }, t('pay_title')),
		one.pay && h('button', { class: 'button button-main button-wide', type: 'button', disabled: busy !== '', click: () => void begin() }, t(busy === 'pay' ? 'pay_begun' : 'pay_now', { amount: money(one.open) })),
		said('pay'),
		transfer(one));
}

/* ---- the page ---- */

function address(label: string, party: Party | null | undefined): HTMLElement | null {
	if (!party?.name && !party?.attention)
		return null;
	const lines = [party.attention && t('attention', { name: party.attention }), party.street, party.street2, [party.postcode, party.city].filter(Boolean).join('  '), party.country && party.country !== 'NL' ? new Intl.DisplayNames([spoken()], { type: 'region' }).of(party.country) : ''];
	return h('div', {}, h('h2', {}, label), h('address', {}, h('b', {}, party.name ?? ''), ...lines.filter(Boolean).map((line) => h('span', {}, line as string))));
}

function languages(): HTMLElement {
	const one = (language: Language, name: string) => h('button', { type: 'button', class: 'language', lang: language, 'aria-pressed': String(spoken() === language), id: `language-${language}`, click: () => { speak(language); kept('language', language); draw(); } }, name);
	return h('div', { class: 'languages', role: 'group', 'aria-label': t('language') }, one('nl', 'Nederlands'), one('en', 'English'));
}

function head(one: Paper): HTMLElement {
	const name = one.seller?.name ?? '';
	const word = () => h('b', { class: 'seller' }, name);
	const logo = one.logo ? h('img', { class: 'logo', src: at('/logo'), alt: name, error: (event) => (event.target as HTMLElement).replaceWith(word()) }) : null;
	return h('header', { class: 'top' }, logo ?? word(), languages());
}

function foot(one: Paper): HTMLElement {
	const from = one.seller ?? {};
	const lines = [[from.name, from.street, [from.postcode, from.city].filter(Boolean).join('  ')], [from.kvk && t('kvk', { number: from.kvk }), from.vat_id && t('vat_id', { number: from.vat_id }), from.website]].map((line) => line.filter(Boolean).join(' · ')).filter(Boolean);
	return h('footer', {},
		from.email || from.phone ? h('p', { class: 'ask' }, `${t('questions')} `, from.email && h('a', { href: `mailto:${from.email}?subject=${encodeURIComponent(one.number ?? '')}` }, t('mail', { name: from.name ?? from.email })), from.email && from.phone ? ' · ' : '', from.phone && h('a', { href: `tel:${from.phone.replace(/[^\d+]/g, '')}` }, from.phone)) : null,
		...lines.map((line) => h('p', {}, line)),
		words(one.footer, 'note'));
}

function files(one: Paper): HTMLElement {
	const link = (href: string, text: string) => h('a', { class: 'button', href, download: true }, icon('file'), text);
	return h('nav', { class: 'files', 'aria-label': t('files') }, link(at('/pdf?download=1'), t('pdf')), one.kind === 'quote' || one.ubl === false ? null : link(at('/ubl'), t('ubl')));
}

/* on a phone the way to what there is to do stays in sight */
function bar(one: Paper): HTMLElement | null {
	const to = mayAnswer(one) ? { id: 'accept', word: t('accept_way'), sum: one.gross } : payPanel(one) ? { id: 'pay', word: t('pay_title'), sum: one.open } : null;
	if (!to?.sum)
		return null;
	return h('div', { class: 'bar', id: 'bar' }, h('span', {}, h('small', {}, t(mayAnswer(one) ? 'total' : 'to_pay')), h('b', {}, money(to.sum))),
		h('a', { class: 'button button-main', href: `#${to.id}`, click: (event) => { event.preventDefault(); const place = document.getElementById(to.id); place?.scrollIntoView({ behavior: matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth', block: 'start' }); place?.querySelector<HTMLElement>('input, button')?.focus({ preventScroll: true }); } }, to.word));
}

function draw(): void {
	if (!paper)
		return;
	const one = paper;
	const held = document.activeElement?.id;
	const range = document.activeElement instanceof HTMLInputElement && document.activeElement.type === 'text' || document.activeElement instanceof HTMLTextAreaElement ? [document.activeElement.selectionStart, document.activeElement.selectionEnd] as const : null;
	document.title = [t(one.kind), one.number, one.seller?.name].filter(Boolean).join(' · ');
	const sum = one.kind === 'invoice' && one.open ? one.open : one.gross;
	const tall = scrollY;
	root.replaceChildren(
		head(one),
		h('main', { class: 'sheet' },
			standing(one),
			h('div', { class: 'title' },
				h('div', {}, h('h1', {}, [t(one.kind), one.number].filter(Boolean).join(' ')), one.title && h('p', { class: 'subject' }, one.title)),
				sum && !gone(one) ? h('p', { class: 'sum' }, h('small', {}, t(one.kind === 'invoice' ? 'to_pay' : 'total')), h('b', {}, money(sum)), one.kind === 'invoice' ? null : h('small', {}, t('total_with'))) : null),
			...(gone(one) ? [] : [
				h('div', { class: 'who' }, address(t('to'), one.buyer), address(t('from'), one.seller), factsOf(one)),
				words(one.intro, 'intro'),
				linesOf(one, mayAnswer(one) ? (number, chosen) => void chooseLine(number, chosen) : null),
				said('choose'),
				totalsOf(one),
				words(one.notes, 'notes'), words(one.terms, 'note'),
				mayAnswer(one) ? acceptForm(one) : null, mayAnswer(one) ? declineForm() : null,
				payPanel(one),
				files(one),
			])),
		foot(one),
		...[bar(one)].filter((each): each is HTMLElement => each !== null));
	scrollTo(0, tall);
	watchBar();
	const back = held ? document.getElementById(held) : null;
	if (back) {
		back.focus({ preventScroll: true });
		if (range && (back instanceof HTMLInputElement || back instanceof HTMLTextAreaElement))
			back.setSelectionRange(range[0], range[1]);
	}
}

/* the bar goes where what it leads to is in sight */
let watch: IntersectionObserver | null = null;
function watchBar(): void {
	watch?.disconnect();
	const place = document.getElementById('accept') ?? document.getElementById('pay');
	const box = document.getElementById('bar');
	if (!place || !box)
		return;
	watch = new IntersectionObserver(([entry]) => { box.hidden = entry?.isIntersecting ?? false; });
	watch.observe(place);
}

function nothing(title: string, text: string, again: boolean): void {
	document.title = title;
	root.replaceChildren(h('main', { class: 'sheet lost' }, languages(), h('h1', {}, title), h('p', {}, text), again ? h('button', { class: 'button button-main', type: 'button', click: () => void start() }, t('again')) : null));
}

/* programs open every link, and read every page: a hand is what says that somebody looks */
function tellSeen(): void {
	const signs = ['pointerdown', 'keydown', 'wheel', 'touchstart'] as const;
	const first = () => {
		for (const sign of signs)
			removeEventListener(sign, first);
		if (paper && !gone(paper))
			see().catch(() => undefined); /* it is seen, told or not */
	};
	for (const sign of signs)
		addEventListener(sign, first, { passive: true });
}

async function start(): Promise<void> {
	const language = kept('language');
	speak(language === 'nl' || language === 'en' ? language : /^nl/i.test(navigator.language) ? 'nl' : 'en');
	try {
		paper = await read();
	} catch (reason) {
		const lost = reason instanceof Refused && (reason.status === 404 || reason.status === 410);
		nothing(lost ? t('void_title') : t('loading'), lost ? t('void_text') : trouble(reason), !lost);
		return;
	}
	if (!language)
		speak(paper.language === 'en' ? 'en' : 'nl');
	brand(paper.colour);
	draw();
	/* a provider leads back with the attempt in the address */
	const attempt = new URLSearchParams(location.search).get('paid') ?? kept('attempt');
	if (location.search)
		history.replaceState(null, '', location.pathname);
	if (attempt && paper.kind === 'invoice' && openOf(paper) > 0n)
		void awaitPayment(attempt);
}

tellSeen();
void start();
