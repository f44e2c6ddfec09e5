/* A request's body as a tree of names and values, and the path by which a rule finds each of them. Reads what the door reads, for whoever looks; pure. It must
   never name a path that finds something else. */
export type Value = string | number | boolean | null | Value[] | { [name: string]: Value };
type Branch = { [name: string]: Value };
/* what a stranger called __proto__ is a name like any other */
const branch = (): Branch => Object.create(null) as Branch;

export const isBranch = (value: Value | undefined): value is Branch => typeof value === 'object' && value !== null && !Array.isArray(value);

/* ---- bodies ---- */

function jsonOf(text: string): Value | undefined {
	try {
		const value = JSON.parse(text) as Value;
		return typeof value === 'object' && value !== null ? value : undefined;
	} catch {
		return undefined;
	}
}

/* a[b][] is a, b and a list */
function partsOf(name: string): string[] {
	const found = /^([^[]+)((?:\[[^\]]*\])+)$/.exec(name);
	return found?.[1] !== undefined && found[2] !== undefined ? [found[1], ...[...found[2].matchAll(/\[([^\]]*)\]/g)].map((one) => one[1] ?? '')] : [name];
}

function add(into: Branch, name: string, value: Value, list: boolean): void {
	const there = into[name];
	into[name] = there === undefined ? (list ? [value] : value) : Array.isArray(there) ? [...there, value] : [there, value];
}

function addPair(root: Branch, name: string, value: Value): void {
	const parts = partsOf(name);
	const list = parts.length > 1 && parts[parts.length - 1] === '';
	const names = list ? parts.slice(0, -1) : parts;
	let at = root;
	for (const part of names.slice(0, -1)) {
		const key = part === '' ? String(Object.keys(at).length) : part;
		const next = at[key] ?? (at[key] = branch());
		if (!isBranch(next))
			return add(root, name, value, false);
		at = next;
	}
	const last = names[names.length - 1] ?? name;
	return isBranch(at[last]) ? add(root, name, value, false) : add(at, last, value, list);
}

/* a[0], a[1] is a list */
function listed(value: Value): Value {
	if (!isBranch(value))
		return value;
	const names = Object.keys(value);
	const inside = Object.fromEntries(names.map((name) => [name, listed(value[name] ?? null)]));
	return names.length && names.every((name, at) => name === String(at)) ? Object.values(inside) : inside;
}

function treeOfPairs(pairs: Iterable<readonly [string, string]>): Value | undefined {
	const root = branch();
	for (const [name, value] of pairs)
		if (name)
			addPair(root, name, value);
	return Object.keys(root).length ? Object.fromEntries(Object.entries(root).map(([name, value]) => [name, listed(value)])) : undefined;
}

const formOf = (text: string): Value | undefined => (/^[^\s=&]+=/.test(text.trim()) ? treeOfPairs(new URLSearchParams(text.trim())) : undefined);

function multipartOf(text: string): Value | undefined {
	const border = /^\s*(--[^\r\n]+)/.exec(text)?.[1];
	if (!border)
		return undefined;
	return treeOfPairs(text.split(border).slice(1).flatMap((part) => {
		const [, head = '', body = ''] = /^\r?\n([\s\S]*?)\r?\n\r?\n([\s\S]*?)\r?\n?$/.exec(part) ?? [];
		const name = /\bname="([^"]*)"/i.exec(head)?.[1];
		return name && !/\bfilename=/i.test(head) ? [[name, body] as const] : [];
	}));
}

/* Where a line's value begins, with its name; a name is a few words, and no scheme of an address. Null: it begins no field. */
function lineName(line: string): { name: string; from: number } | null {
	const cut = line.slice(0, 61).search(/[:=\t]/);
	const words = line.slice(0, Math.max(cut, 0)).split(' ').filter(Boolean).length;
	return cut < 0 || !words || words > 4 || line.startsWith(':/', cut) ? null : { name: line.slice(0, cut).replace(/ +$/, ''), from: cut + 1 };
}

/* A name and a value a line; what begins no field belongs to the one before it, or is the message. */
function linesOf(text: string): Value | undefined {
	const pairs: Array<[string, string]> = [];
	let named = 0;
	for (const line of text.split(/\r?\n/)) {
		const found = lineName(line);
		const last = pairs[pairs.length - 1];
		if (found || (!last && line))
			pairs.push([found?.name ?? 'message', line.slice(found?.from ?? 0)]);
		else if (last)
			last[1] += `\n${line}`;
		named += found ? 1 : 0;
	}
	return named ? treeOfPairs(pairs.map(([name, value]) => [name, value.trim()] as const)) : undefined;
}

/* a text within quotes that is itself JSON is that */
function jsonInside(text: string): Value | undefined {
	try {
		const value = JSON.parse(text) as Value;
		return typeof value === 'string' ? jsonOf(value) : jsonOf(text);
	} catch {
		return undefined;
	}
}

const READERS: Record<string, (text: string) => Value | undefined> = { json: jsonInside, form: (text) => multipartOf(text) ?? formOf(text), lines: linesOf };

/* As the rules say that it is read; without such a rule as its type says. Undefined: it cannot be read so. */
export function treeOf(body: string, type: string | null, read: string): Value | undefined {
	const kind = read || (/json/i.test(type ?? '') ? 'json' : /form/i.test(type ?? '') ? 'form' : '');
	return kind ? READERS[kind]?.(body) : jsonOf(body) ?? multipartOf(body) ?? formOf(body);
}

/* ways in which it could be read */
export const readable = (body: string): string[] => Object.keys(READERS).filter((kind) => READERS[kind]?.(body) !== undefined);

/* ---- paths ---- */

function named(inside: Value, name: string): Value | undefined {
	if (isBranch(inside))
		return Object.hasOwn(inside, name) ? inside[name] : undefined;
	if (!Array.isArray(inside))
		return undefined;
	if (/^\d{1,5}$/.test(name))
		return inside[Number(name)];
	return inside.find((one): one is Branch => isBranch(one) && (typeof one['name'] === 'string' ? one['name'] : one['label']) === name)?.['value'];
}

/* As a rule finds it: the longest name that is there goes first, for a name may have dots in it. */
export function valueAt(inside: Value, path: string): Value | undefined {
	for (let n = path.length; n; n--) {
		if (n < path.length && path[n] !== '.')
			continue;
		const value = named(inside, path.slice(0, n));
		const found = value === undefined || n === path.length ? value : valueAt(value, path.slice(n + 1));
		if (found !== undefined)
			return found;
	}
	return undefined;
}

/* Where the leads are: one, or a list of them. A text that is itself JSON is opened on the way. */
export function leadsAt(tree: Value, at: string): Value[] {
	const opened = (value: Value | undefined): Value | undefined => (typeof value === 'string' ? jsonOf(value) ?? value : value);
	let found: Value | undefined = opened(tree);
	if (at) {
		const whole = found === undefined ? undefined : opened(valueAt(found, at));
		for (const part of whole === undefined ? at.split('.') : [])
			found = found === undefined ? undefined : opened(named(found, part));
		found = whole ?? found;
	}
	return found === undefined ? [] : Array.isArray(found) && found.every(isBranch) && !isNamed(found) ? found : [found];
}

/* a list of fields, each with its name and its value */
const isNamed = (list: Value[]): boolean => list.length > 0 && list.every((one) => isBranch(one) && 'value' in one && (typeof one['name'] === 'string' || typeof one['label'] === 'string'));

export interface Leaf { path: string; name: string; depth: number; text: string | null; value: Value; uses: boolean }

const textOf = (value: Value): string | null => (value === null || typeof value === 'object' ? null : String(value));
const MOST = 400;

/* Every name in it, in its order, with the path that finds it; `uses`: a rule can take it. */
export function leavesOf(root: Value): Leaf[] {
	const out: Leaf[] = [];
	const walk = (inside: Value, before: string, depth: number) => {
		const items: Array<[string, Value]> = Array.isArray(inside) ? inside.map((one, at) => {
			const name = isBranch(one) && 'value' in one ? (typeof one['name'] === 'string' ? one['name'] : one['label']) : undefined;
			return typeof name === 'string' && name && !/^\d{1,5}$/.test(name) && isBranch(one) && named(inside, name) === one['value'] ? [name, one['value'] ?? null] : [String(at), one];
		}) : isBranch(inside) ? Object.entries(inside) : [];
		for (const [name, value] of items) {
			if (out.length >= MOST)
				return;
			const path = before ? `${before}.${name}` : name;
			const list = Array.isArray(value) && value.length > 0 && value.every((one) => typeof one !== 'object');
			out.push({ path, name, depth, value, text: list ? value.map(String).join(', ') : textOf(value), uses: valueAt(root, path) === value && (list || textOf(value) !== null) });
			if (!list)
				walk(value, path, depth + 1);
		}
	};
	walk(root, '', 0);
	return out;
}

/* whether the leads could lie in it: something with names in it, a list of such, or a text that is that */
export const couldHold = (value: Value): boolean => (typeof value === 'string' ? /^\s*[[{]/.test(value) && jsonOf(value) !== undefined : Array.isArray(value) ? value.some(isBranch) && !isNamed(value) : isBranch(value));
