/* How a receiver verifies a message (Standard Webhooks, v1), in a few languages: with nothing but what each brings. Tested as they stand. */
export const SNIPPETS: ReadonlyArray<{ key: string; name: string; text: string }> = [
	{ key: 'node', name: 'Node.js', text: `import { createHmac, timingSafeEqual } from 'node:crypto';

export function verify(headers, body, secret) {  // body: the bytes as they came, not parsed
  const id = headers['webhook-id'], time = headers['webhook-timestamp'];
  if (!(Math.abs(Date.now() / 1000 - time) < 300)) return false;
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const want = createHmac('sha256', key).update(id + '.' + time + '.').update(body).digest();
  return (headers['webhook-signature'] ?? '').split(' ').some((one) => {
    const [version, value] = one.split(',');
    const have = Buffer.from(value ?? '', 'base64');
    return version === 'v1' && have.length === want.length && timingSafeEqual(have, want);
  });
}` },
	{ key: 'python', name: 'Python', text: `import base64, hashlib, hmac, time

def verify(headers, body, secret):  # body: the bytes as they came, not parsed
    id, at = headers['webhook-id'], headers['webhook-timestamp']
    if abs(time.time() - int(at)) >= 300:
        return False
    key = base64.b64decode(secret.removeprefix('whsec_'))
    mac = hmac.new(key, f'{id}.{at}.'.encode() + body, hashlib.sha256).digest()
    want = 'v1,' + base64.b64encode(mac).decode()
    return any(hmac.compare_digest(want, one) for one in headers['webhook-signature'].split(' '))` },
	{ key: 'php', name: 'PHP 7, 8', text: `// $headers: array_change_key_case(getallheaders()), $body: file_get_contents('php://input')
function verify(array $headers, string $body, string $secret): bool {
    $id = $headers['webhook-id']; $time = $headers['webhook-timestamp'];
    if (abs(time() - (int) $time) >= 300) return false;
    $key = base64_decode(preg_replace('/^whsec_/', '', $secret));
    $want = 'v1,' . base64_encode(hash_hmac('sha256', "$id.$time.$body", $key, true));
    foreach (explode(' ', $headers['webhook-signature']) as $one)
        if (hash_equals($want, $one)) return true;
    return false;
}` },
];
