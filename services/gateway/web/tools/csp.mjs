/* Writes dist/csp.txt: the Content-Security-Policy the gateway sends with the web app, with the hash of the one inline
   script(theme and language before the first paint). Never allows another inline script, eval or a foreign origin. */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';

const html = readFileSync('dist/index.html', 'utf8');
const hashes = [...html.matchAll(/<script>([\s\S]*?)<\/script>/g)]
	.map(([, text]) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`);
if (hashes.length !== 1)
	throw new Error(`index.html should hold one inline script, it holds ${hashes.length}`);

const policy = [
	"default-src 'self'",
	`script-src 'self' ${hashes.join(' ')}`,
	"style-src 'self' 'unsafe-inline'",	/* the component library sets style attributes */
	"img-src 'self' data: blob:",
	"frame-src 'self' blob:",		/* a PDF is shown from a blob of our own */
	"worker-src 'self'",
	"connect-src 'self'",
	"font-src 'self'",
	"base-uri 'none'",
	"form-action 'self'",
	"frame-ancestors 'self'",
].join('; ');
/* a customer's page has no script, no style and no picture but its own files, and is in nobody's frame */
if (/<script>|<style|\sstyle=/.test(readFileSync('dist/portal.html', 'utf8')))
	throw new Error('portal.html holds a script or a style of its own');
writeFileSync('dist/csp.txt', policy + '\n');
console.log(`csp: ${hashes[0]}`);
