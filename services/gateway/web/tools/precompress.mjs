/* Lays a .gz and a .br beside every file of dist/ that shrinks, so that the gateway never compresses while it serves.
   Never touches what is compressed already(woff2, png). */
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const TEXT = /\.(js|css|html|svg|json|txt|map)$/;
let files = 0;
const walk = (folder) => {
	for (const name of readdirSync(folder)) {
		const path = join(folder, name);
		if (statSync(path).isDirectory()) {
			walk(path);
			continue;
		}
		if (!TEXT.test(name) || name === 'csp.txt' || path.includes('.vite'))
			continue;
		const body = readFileSync(path);
		const br = brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });
		if (br.length >= body.length)
			continue;
		writeFileSync(path + '.gz', gzipSync(body, { level: 9 }));
		writeFileSync(path + '.br', br);
		files++;
	}
};
walk('dist');
console.log(`precompressed: ${files} files`);
