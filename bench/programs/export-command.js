// Exports an Express app by "static-url export": node export-command.js <order>. Prints what it took.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const [text] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'static-url-bench-'));
const programs = import.meta.resolve('.');
writeFileSync(
  join(folder, 'static-url.config.mjs'),
  `import { readPages } from '${programs}site-pages.js';
const order = JSON.parse(process.env.BENCH_SITE);
const { route } = await import('${import.meta.resolve('static-url/site')}');
export default {
  app: async () => (await import('${programs}site-app.js')).default,
  site: {
    routes: [route('/notes/:slug', { params: readPages(order).slugs })],
    out: order.out,
    origin: 'https://www.example.com',
    trailingSlash: 'always',
    concurrency: order.concurrency,
  },
};`,
);
try {
  const bin = fileURLToPath(new URL('dist/cli/bin.js', import.meta.resolve('static-url/package.json')));
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ['--import', `${programs}peak-memory.js`, bin, 'export', '--json'],
    { cwd: folder, env: { ...process.env, BENCH_SITE: text }, encoding: 'utf8', maxBuffer: 1e9 },
  );
  if (status !== 0) throw new Error(stderr);
  const { seconds, pages } = JSON.parse(stdout);
  const [, peak] = /^peak (\d+)$/m.exec(stderr) ?? [];
  console.log(
    JSON.stringify({ milliseconds: seconds * 1000, rendered: pages.rendered, peakBytes: Number(peak) }),
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
