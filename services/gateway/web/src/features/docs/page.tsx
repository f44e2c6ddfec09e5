/* /api/docs: every address of the API and every event, from the documents that the running binary gives; each can be tried here,
   as whoever is logged in or with a key that is pasted and never kept. */
import { Link, useNavigate } from '@tanstack/react-router';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, useState } from 'react';
import { api } from '../../api/client';
import { keys } from '../../api/queries';
import type { Me } from '../../api/types';
import { problemText } from '../../app/problems';
import { setLanguage, setTheme, usePrefs } from '../../app/prefs';
import { useAppSearch } from '../../app/scope';
import { sayValue, useT } from '../../i18n';
import { fold, wordsOf } from '../../lib/marks';
import { Empty, Skeleton } from '../../ui/bits';
import { Button, IconButton } from '../../ui/button';
import { Copy } from '../../ui/copy';
import { TextArea, TextField } from '../../ui/field';
import { Icon } from '../../ui/icons';
import { useTitle } from '../../ui/page';
import { Segments } from '../../ui/table';
import { type AsyncApi, bodyOf, callOf, curlOf, type EventType, eventsOf, exampleOf, type OpenApi, type Operation, operationsOf, resolve, type Schema, typeOf } from './model';
import '../help/help.css';
import './docs.css';

interface Item { key: string; group: string; method: string; name: string; summary: string }

function useDocuments() {
	return useQuery({
		queryKey: ['documents'],
		queryFn: async () => {
			const [http, said] = await Promise.all([api<OpenApi>('GET', '/api/openapi.json'), api<AsyncApi>('GET', '/api/asyncapi.json')]);
			return { http, said, operations: operationsOf(http), events: eventsOf(said) };
		},
		staleTime: Infinity,
	});
}

export function DocsPage() {
	const t = useT();
	const navigate = useNavigate();
	const { op } = useAppSearch() as { op?: string };
	const { data, error, refetch } = useDocuments();
	const [apiKey, setApiKey] = useState('');
	const main = useRef<HTMLElement>(null);
	const operation = data?.operations.find((one) => one.key === op);
	const event = data?.events.find((one) => one.key === op);
	useTitle(operation?.key ?? event?.key ?? '', t('docs.title'));
	const choose = (key: string) => void navigate({ to: '/api/docs', search: { op: key } } as never).then(() => main.current?.focus());
	return (
		<div className="docs">
			<a className="skip" href="#main">{t('nav.skip')}</a>
			<DocsHead />
			{error && !data && <main id="main" className="lone"><Empty icon="alert" title={t('docs.failed')}><p>{problemText(error)}</p><Button icon="refresh" onClick={() => void refetch()}>{t('error.retry')}</Button></Empty></main>}
			{!data && !error && <main id="main" className="docs-body" aria-busy="true"><div className="docs-main">{[1, 2, 3, 4].map((at) => <Skeleton key={at} h={60} style={{ marginBottom: 12 }} />)}</div></main>}
			{data && (
				<div className="docs-body">
					<Contents operations={data.operations} events={data.events} here={op} choose={choose} />
					<main id="main" ref={main} className="docs-main guide scroll" tabIndex={-1}>
						{operation ? <OperationView key={operation.key} doc={data.http} operation={operation} apiKey={apiKey} setApiKey={setApiKey} />
							: event ? <EventView key={event.key} doc={data.said} event={event} />
								: <Intro count={data.operations.length} events={data.events.length} unknown={op} />}
					</main>
				</div>
			)}
		</div>
	);
}

function DocsHead() {
	const t = useT();
	const prefs = usePrefs();
	return (
		<header className="topbar">
			<Link to="/" search={{} as never} className="btn btn-quiet"><span className="brand-mark"><Icon name="stack" size={16} /></span><b>Leadwire</b></Link>
			<span className="muted wide-only">{t('docs.title')}</span>
			<div className="topbar-end">
				<Link to={'/help/$page' as never} params={{ page: 'api' } as never} className="btn btn-quiet"><Icon name="help" /><span className="wide-only">{t('nav.help')}</span><span className="hidden-text">{t('help.of', { page: t('docs.title') })}</span></Link>
				<IconButton icon={prefs.scheme === 'dark' ? 'sun' : 'moon'} label={prefs.scheme === 'dark' ? t('theme.to_light') : t('theme.to_dark')} onClick={() => setTheme(prefs.scheme === 'dark' ? 'light' : 'dark')} />
				<IconButton icon="language" label={t(prefs.language === 'nl' ? 'language.to_en' : 'language.to_nl')} onClick={() => setLanguage(prefs.language === 'nl' ? 'en' : 'nl')} />
			</div>
		</header>
	);
}

function Contents({ operations, events, here, choose }: { operations: Operation[]; events: EventType[]; here: string | undefined; choose(key: string): void }) {
	const t = useT();
	const [kind, setKind] = useState<'requests' | 'events'>(() => events.some((one) => one.key === here) ? 'events' : 'requests');
	const [wanted, setWanted] = useState('');
	const items = useMemo<Item[]>(() => {
		const all: Item[] = kind === 'requests'
			? operations.map((one) => ({ key: one.key, group: sayValue('docs_group', one.group), method: one.method, name: one.path, summary: one.summary ?? '' }))
			: events.map((one) => ({ key: one.key, group: one.channel, method: '', name: one.key, summary: one.summary }));
		const words = wordsOf(wanted);
		return all.filter((one) => words.every((word) => fold(`${one.key} ${one.summary} ${one.group}`).includes(word)));
	}, [kind, operations, events, wanted, t]);
	const groups = [...new Set(items.map((one) => one.group))];
	return (
		<nav className="docs-nav scroll" aria-label={t('docs.contents')}>
			<Segments<'requests' | 'events'> label={t('docs.contents')} value={kind} onChange={setKind} choices={[{ value: 'requests', label: t('docs.requests') }, { value: 'events', label: t('docs.events') }]} />
			<div className="find"><Icon name="search" /><input type="search" className="lw-input find-input" aria-label={t('docs.filter')} placeholder={t('docs.filter')} value={wanted} onChange={(event) => setWanted(event.currentTarget.value)} /></div>
			{groups.map((group) => (
				<div key={group}>
					<div className="nav-group">{group}</div>
					<ul>
						{items.filter((one) => one.group === group).map((one) => (
							<li key={one.key}>
								<a href={`/api/docs?op=${encodeURIComponent(one.key)}`} className="nav-link docs-item" aria-current={one.key === here ? 'page' : undefined}
									onClick={(event) => { if (event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey) { event.preventDefault(); choose(one.key); } }}>
									{one.method && <span className={`docs-method docs-${one.method.toLowerCase()}`}>{one.method}</span>}<span className="cut" lang="en">{one.name.replace('/api/crm', '').replace('/api', '')}</span>
								</a>
							</li>
						))}
					</ul>
				</div>
			))}
			{!items.length && <p className="muted">{t('form.nothing_found')}</p>}
		</nav>
	);
}

function Intro({ count, events, unknown }: { count: number; events: number; unknown: string | undefined }) {
	const t = useT();
	const curl = `curl '${location.origin}/api/crm/deals?limit=5' \\\n  -H 'Authorization: Bearer lw_…'`;
	return (
		<>
			<h1>{t('docs.title')}</h1>
			{unknown && <p role="alert" className="fault"><Icon name="error" size={18} /><span>{t('docs.unknown', { name: unknown })}</span></p>}
			<p>{t('docs.intro', { count, events })}</p>
			<ul>
				<li>{t('docs.auth')}</li>
				<li>{t('docs.idempotent')}</li>
				<li>{t('docs.lists')}</li>
				<li>{t('docs.problems')}</li>
				<li>{t('docs.stream')}</li>
			</ul>
			<Copy text={curl} label={t('docs.curl')} />
			<p className="docs-try"><a className="btn" href="/api/openapi.json" target="_blank" rel="noreferrer"><Icon name="download" />OpenAPI 3.1</a><a className="btn" href="/api/asyncapi.json" target="_blank" rel="noreferrer"><Icon name="download" />AsyncAPI 3</a></p>
		</>
	);
}

function Fields({ doc, schema, label }: { doc: object; schema: Schema; label: string }) {
	const t = useT();
	const at = resolve(doc, schema);
	const rows = Object.entries(at.properties ?? {});
	if (!rows.length)
		return <p className="muted" lang="en">{at.description ?? typeOf(doc, at)}</p>;
	return (
		<div className="guide-wide scroll" tabIndex={0} role="region" aria-label={label}>
			<table className="docs-table">
				<caption className="hidden-text">{label}</caption>
				<thead><tr><th scope="col">{t('docs.field')}</th><th scope="col">{t('docs.type')}</th><th scope="col">{t('docs.what')}</th></tr></thead>
				<tbody>
					{rows.map(([name, value]) => {
						const field = resolve(doc, value);
						return (
							<tr key={name}>
								<th scope="row"><code>{name}</code>{at.required?.includes(name) && <span className="tag tag-accent">{t('docs.required')}</span>}</th>
								<td><code>{typeOf(doc, value)}</code></td>
								<td lang="en">{value.description ?? field.description}{field.enum && <span className="docs-enum">{field.enum.filter((one) => one !== null).map((one) => <code key={String(one)}>{String(one)}</code>)}</span>}</td>
							</tr>
						);
					})}
				</tbody>
			</table>
		</div>
	);
}

interface Reply { status: number; ms: number; text: string; headers: string }

function OperationView({ doc, operation, apiKey, setApiKey }: { doc: OpenApi; operation: Operation; apiKey: string; setApiKey(key: string): void }) {
	const t = useT();
	const schema = operation.requestBody ? Object.values(operation.requestBody.content)[0]?.schema : undefined;
	const [values, setValues] = useState<Record<string, string>>({});
	const [body, setBody] = useState(() => schema ? bodyOf(doc, schema) : '');
	const [reply, setReply] = useState<Reply | null>(null);
	const [busy, setBusy] = useState(false);
	const [fault, setFault] = useState('');
	const stop = useRef<AbortController | null>(null);
	useEffect(() => () => stop.current?.abort(), []);
	const { data: me } = useQuery({ queryKey: [...keys.me, 'docs'], queryFn: () => api<Me>('GET', '/api/me').catch(() => null), staleTime: 60_000 });
	const call = callOf(operation, location.origin, values, body, apiKey);
	const missing = operation.parameters.find((one) => one.in === 'path' && !values[`path ${one.name}`]?.trim());
	const send = async () => {
		setFault('');
		if (missing) {
			setFault(t('docs.missing', { name: missing.name }));
			return;
		}
		stop.current?.abort();
		const control = new AbortController();
		stop.current = control;
		setBusy(true);
		const began = performance.now();
		try {
			const answer = await fetch(call.url, { method: call.method, headers: call.headers, body: call.body, credentials: apiKey ? 'omit' : 'same-origin', signal: control.signal, cache: 'no-store' });
			setReply(await read(answer, began, control, setReply));
		} catch {
			if (!control.signal.aborted)
				setFault(t('problem.offline'));
		}
		if (stop.current === control)
			setBusy(false);
	};
	const curl = curlOf(call);
	return (
		<>
			<h1 className="docs-name"><span className={`docs-method docs-${operation.method.toLowerCase()}`}>{operation.method}</span> <code>{operation.path}</code></h1>
			<p lang="en">{operation.summary}</p>
			<p className="muted">{operation['x-permission'] && operation['x-permission'] !== 'public' ? <>{t('docs.permission')} <code>{operation['x-permission']}</code></> : t('docs.public')}</p>

			<h2>{t('docs.parameters')}</h2>
			{operation.parameters.length === 0 && <p className="muted">{t('docs.no_parameters')}</p>}
			<div className="docs-params">
				{operation.parameters.map((one) => (
					<div key={`${one.in} ${one.name}`} lang="en">
						<TextField label={one.name} name={one.name} value={values[`${one.in} ${one.name}`] ?? ''} onChange={(value) => setValues((old) => ({ ...old, [`${one.in} ${one.name}`]: value }))} required={one.in === 'path'} autoComplete="off" />
						<p className="muted small"><span className="tag">{one.in}</span> <code>{one.schema ? typeOf(doc, one.schema) : 'string'}</code> <span lang="en">{one.description}</span></p>
					</div>
				))}
			</div>

			{schema && <>
				<h2>{t('docs.body')}</h2>
				<Fields doc={doc} schema={schema} label={t('docs.body')} />
				<div className="docs-edit"><TextArea label={t('docs.body_example')} value={body} onChange={setBody} rows={Math.min(14, body.split('\n').length + 1)} /></div>
			</>}

			<h2>{t('docs.try')}</h2>
			<div className="docs-try">
				<TextField label={t('docs.key')} value={apiKey} onChange={setApiKey} type="password" autoComplete="off" placeholder="lw_…" hint={me ? t('docs.key_hint', { name: me.user.name }) : t('docs.key_hint_out')} />
				<Button kind="primary" icon="arrow" onClick={() => void send()} disabled={busy && !operation.path.endsWith('/stream')}>{t(busy ? 'docs.sending' : 'docs.send')}</Button>
				{busy && operation.path.endsWith('/stream') && <Button onClick={() => { stop.current?.abort(); setBusy(false); }}>{t('docs.stop')}</Button>}
			</div>
			{operation.method !== 'GET' && <p className="muted small"><Icon name="alert" size={14} /> {t('docs.real')}</p>}
			{fault && <p role="alert" className="fault"><Icon name="error" size={18} /><span>{fault}</span></p>}
			<div role="status">
				{reply && <p className="docs-status"><span className={`tag ${reply.status < 300 ? 'tag-ok' : reply.status < 500 ? 'tag-warn' : 'tag-danger'}`}>{reply.status}</span> <span className="muted num">{t('docs.took', { ms: reply.ms })}</span></p>}
			</div>
			{reply?.headers && <pre className="scroll" tabIndex={0} role="region" aria-label={t('docs.headers')}><code>{reply.headers}</code></pre>}
			{reply && <pre className="scroll" tabIndex={0} role="region" aria-label={t('docs.answer')}><code>{reply.text || '—'}</code></pre>}
			<Copy text={curl} label={t('docs.curl')} />

			<h2>{t('docs.answers')}</h2>
			{Object.entries(operation.responses ?? {}).map(([status, raw]) => {
				const answer = resolve(doc, raw);
				const type = Object.keys(answer.content ?? {})[0];
				const shape = type ? answer.content?.[type]?.schema : undefined;
				const known = shape && Object.keys(resolve(doc, shape)).length > 0;
				return (
					<section key={status} className="docs-answer">
						<p><span className="tag">{status === 'default' ? '4xx 5xx' : status}</span> <span lang="en">{answer.description}</span> {type && <code>{type}</code>}</p>
						{known && <Fields doc={doc} schema={shape} label={`${t('docs.answers')} ${status}`} />}
					</section>
				);
			})}
		</>
	);
}

const SHOWN = ['crm-position', 'etag', 'retry-after', 'location', 'x-request-id', 'content-type'];
const MOST = 60_000;

const pretty = (text: string): string => {
	try {
		return JSON.stringify(JSON.parse(text), null, 2);
	} catch {
		return text;
	}
};

/* a stream is shown as it comes, until it is stopped */
async function read(answer: Response, began: number, control: AbortController, show: (reply: Reply) => void): Promise<Reply> {
	const reply = (text: string): Reply => ({
		status: answer.status, ms: Math.round(performance.now() - began), text: text.slice(0, MOST),
		headers: SHOWN.flatMap((name) => answer.headers.has(name) ? [`${name}: ${answer.headers.get(name) ?? ''}`] : []).join('\n'),
	});
	const type = answer.headers.get('Content-Type') ?? '';
	if (!type.startsWith('text/event-stream') || !answer.body)
		return reply(/json|text/.test(type) ? pretty(await answer.text()) : `${(await answer.blob()).size} bytes`);
	const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
	let text = '';
	while (!control.signal.aborted) {
		const { done, value } = await reader.read().catch(() => ({ done: true as const, value: undefined }));
		if (done)
			break;
		text = (text + value).slice(-MOST);
		show(reply(text));
	}
	return reply(text);
}

function EventView({ doc, event }: { doc: AsyncApi; event: EventType }) {
	const t = useT();
	const example = JSON.stringify(exampleOf(doc, { allOf: [event.envelope, { type: 'object', properties: { source: { const: event.channel }, type: { const: event.key }, data: event.data } }] }), null, 2);
	return (
		<>
			<h1 className="docs-name"><span className="docs-method docs-event">{t('docs.event')}</span> <code>{event.key}</code></h1>
			<p lang="en">{event.summary}</p>
			<p className="muted">{t('docs.channel')} <code>{event.address}</code></p>
			<h2>{t('docs.data')}</h2>
			<Fields doc={doc} schema={event.data} label={t('docs.data')} />
			<h2>{t('docs.example')}</h2>
			<pre className="scroll" tabIndex={0} role="region" aria-label={t('docs.example')}><code>{example}</code></pre>
		</>
	);
}
