/* What somebody pastes into a site, a terminal or a script so that it sends leads to an address. Tested as they stand. */
import { isPage } from './source-model';

/* the words of an example, in the reader's language */
export interface SnippetWords { name: string; email: string; phone: string; message: string; send: string; form: string; person: string; secret: string }
export interface Snippet { key: string; name: string; text: string }

const inHtml = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
const inShell = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/* the time when the page was opened, signed: for a source that says how long a person takes */
const STAMP = `
<script>
  for (const form of document.querySelectorAll('form[action*="/hooks/"]'))
    fetch(form.action + '?stamp').then((answer) => answer.ok ? answer.text() : '').then((stamp) => form.elements._stamp.value = stamp);
</script>`;

const htmlForm = (hook: string, stamped: boolean, words: SnippetWords): string => `<form action="${inHtml(hook)}" method="post" enctype="multipart/form-data">
  <label>${inHtml(words.name)} <input name="name" autocomplete="name" required></label>
  <label>${inHtml(words.email)} <input name="email" type="email" autocomplete="email"></label>
  <label>${inHtml(words.phone)} <input name="phone" type="tel" autocomplete="tel"></label>
  <label>${inHtml(words.message)} <textarea name="message"></textarea></label>
  <input name="website" tabindex="-1" autocomplete="off" aria-hidden="true" style="position:absolute;left:-9999px">
  <input name="form_type" type="hidden" value="${inHtml(words.form)}">
${stamped ? '  <input name="_stamp" type="hidden">\n' : ''}  <button>${inHtml(words.send)}</button>
</form>${stamped ? STAMP : ''}`;

const example = (words: SnippetWords): string => JSON.stringify({ name: words.person, email: 'piet@example.com', form_type: words.form });

const browser = (hook: string, words: SnippetWords): string => `await fetch(${JSON.stringify(hook)}, {
  method: 'POST',
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify(${example(words)}),
});`;

const terminal = (hook: string, words: SnippetWords): string => `curl -X POST ${inShell(hook)} \\
  -H 'Content-Type: application/json' \\
  -d ${inShell(example(words))}`;

/* signed, as an address with a secret wants it */
const signedTerminal = (hook: string, words: SnippetWords): string => `body=${inShell(example(words))}
sign=$(printf %s "$body" | openssl dgst -sha256 -hmac ${inShell(words.secret)} | sed 's/.* //')
curl -X POST ${inShell(hook)} \\
  -H 'Content-Type: application/json' \\
  -H "X-Signature-256: sha256=$sign" \\
  -d "$body"`;

const appsScript = (hook: string, signs: boolean, words: SnippetWords): string => `const HOOK = ${JSON.stringify(hook)};
const SECRET = ${JSON.stringify(signs ? words.secret : '')};

function tell(event) {
  const form = FormApp.getActiveForm(), response = event.response, namedValues = {};
  for (const one of response.getItemResponses())
    namedValues[one.getItem().getTitle()] = [].concat(one.getResponse()).map(String);
  const body = JSON.stringify({
    formId: form.getId(), formTitle: form.getTitle(), responseId: response.getId(),
    timestamp: response.getTimestamp().toISOString(), respondentEmail: response.getRespondentEmail(), namedValues,
  });
  const headers = {};
  if (SECRET)
    headers['X-Signature-256'] = 'sha256=' + Utilities.computeHmacSha256Signature(body, SECRET, Utilities.Charset.UTF_8)
      .map((byte) => (byte & 255).toString(16).padStart(2, '0')).join('');
  UrlFetchApp.fetch(HOOK, { method: 'post', contentType: 'application/json', payload: body, headers });
}`;

/* none: who sends needs nothing but the address */
export function snippetsOf(one: { kind: string; signs: boolean; minimum_fill: number | null }, hook: string, words: SnippetWords): Snippet[] {
	if (one.kind === 'google_forms')
		return [{ key: 'script', name: 'Apps Script', text: appsScript(hook, one.signs, words) }];
	if (!isPage(one.kind))
		return [];
	if (one.signs) /* a page would show its secret to everybody */
		return [{ key: 'curl', name: 'curl', text: signedTerminal(hook, words) }];
	const form = { key: 'html', name: 'HTML', text: htmlForm(hook, one.minimum_fill !== null, words) };
	if (one.minimum_fill !== null) /* nothing but a page has a stamp */
		return [form];
	const rest = [{ key: 'fetch', name: 'fetch', text: browser(hook, words) }, { key: 'curl', name: 'curl', text: terminal(hook, words) }];
	return one.kind === 'generic' ? [...rest, form] : [form, ...rest];
}
