import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { temporaryFolder } from '../helpers/folder.ts';
import { filesOf } from '../site/exported.ts';
import { runMain, type Run } from './run-main.ts';

/** Runs `export` in a folder whose page links to nothing there is. */
async function runExport(
  t: ExecutionContext,
  site: string,
  ...flags: readonly string[]
): Promise<Run & { readonly cwd: string }> {
  const cwd = await temporaryFolder(t, {
    'static-url.config.mjs': `
      import { route } from ${JSON.stringify(new URL('../../src/site/index.ts', import.meta.url).href)};
      const app = (request, response) => {
        response.setHeader('Content-Type', 'text/html');
        response.end('<!doctype html>\\n<a href="/gone">gone</a>');
      };
      export default {
        app: () => app,
        site: { origin: 'https://www.example.com', out: 'out', routes: [route('/')], ${site} },
      };`,
  });
  return { ...(await runMain(['export', ...flags], { cwd })), cwd };
}

for (const [flag, value, message] of [
  ['--concurrency', '0', '--concurrency is a whole number of pages from 1 to 1024, not 0.'],
  ['--exclude', 'admin', '--exclude has the pattern "admin". Write it from the root on: "/admin".'],
  ['--parallel', '257', '--parallel is a whole number of threads from 0 to 256, not 257.'],
] as const)
  test(`export ${flag} ${value} is wrong usage, and told as the flag that it is`, async (t) => {
    t.like(await runExport(t, '', flag, value), { code: 2, out: '', error: `error: ${message}\n` });
  });

test('export tells a mistake in the configuration as one there', async (t) => {
  const { code, error } = await runExport(t, 'concurrency: 0');
  t.is(code, 2);
  t.regex(error, /^error: static-url\.config\.mjs: "concurrency" in "site" is a whole number of pages/);
});

test('export --json prints what was found, and nothing else, and ends with 1', async (t) => {
  const { code, out, error } = await runExport(t, '', '--json');
  t.is(code, 1);
  t.like(JSON.parse(out), { findings: [{ kind: 'LINK_BROKEN', file: 'index.html', line: 2 }] });
  t.regex(error, /^error: The export found 1 fault; the site is as it was\./);
});

test('export --no-strict exports in spite of what was found, whatever the configuration says', async (t) => {
  for (const site of ['', 'strict: true']) {
    const { code, error, cwd } = await runExport(t, site, '--no-strict');
    t.is(code, 0, error);
    t.deepEqual(Object.keys(await filesOf(join(cwd, 'out'))), ['index.html']);
  }
});
