import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test, { type ExecutionContext } from 'ava';
import type { ExportReport } from '../../../src/site/index.ts';
import { temporaryFolder } from '../../helpers/folder.ts';
import { runProgram, type Ended } from '../../helpers/run-node.ts';
import { filesOf, kindsOf } from '../exported.ts';

const BIN = fileURLToPath(new URL('../../../dist/cli/bin.js', import.meta.url));
const SITE = new URL('../../../dist/site.js', import.meta.url).href;

/** Exports an app with two worker threads, by the built program: threads read no TypeScript. */
async function exportInThreads(
  t: ExecutionContext,
  app: string,
  ...flags: readonly string[]
): Promise<Ended & { readonly out: string }> {
  // A process and its two threads, each of which loads an app.
  t.timeout(300_000);
  const folder = await temporaryFolder(t, {
    'app.mjs': `
      import { threadId } from 'node:worker_threads';
      import express from ${JSON.stringify(import.meta.resolve('express'))};
      const app = express().disable('x-powered-by').set('env', 'test');
      ${app}
      export default app;`,
    'static-url.config.mjs': `
      import { route } from ${JSON.stringify(SITE)};
      export default {
        app: async () => (await import('./app.mjs')).default,
        site: {
          origin: 'https://www.example.com', out: 'out', deadlineSeconds: 250, concurrency: 1,
          routes: [route('/'), route('/page/:number', { params: Array.from({ length: 20 }, (_, index) => index) })],
        },
      };`,
  });
  const ended = await runProgram(process.execPath, [BIN, 'export', '--parallel', '2', ...flags], {
    cwd: folder,
  });
  return { ...ended, out: join(folder, 'out') };
}

/** The first page waits in its thread, so that another one has to render too. */
const PAGES = `
  const docs = express();
  docs.get('/:number', async (request, response) => {
    if (request.params.number === '0') await new Promise((resolve) => setTimeout(resolve, 500));
    response.send('<!doctype html><title>' + threadId + '</title><a href="/">home</a>' + (request.params.number === '7' ? '<a href="/gone">gone</a>' : ''));
  });
  app.use('/page', docs);
  app.get('/', (request, response) => {
    const links = Array.from({ length: 20 }, (_, index) => '<a href="/page/' + index + '">page</a>');
    response.send('<!doctype html><title>home</title>' + links.join(''));
  });`;

test('"parallel" renders in worker threads, each with an app of its own, and checks the site as a whole', async (t) => {
  const { code, stdout, stderr, out } = await exportInThreads(t, PAGES, '--json', '--no-strict');
  t.is(code, 0, stderr);
  const { pages, findings } = JSON.parse(stdout) as ExportReport;
  t.deepEqual(pages, { count: 21, rendered: 21 });
  t.deepEqual(kindsOf(findings), ['LINK_BROKEN page/7/index.html']);
  const files = await filesOf(out);
  t.is(Object.keys(files).length, 21);
  const threads = new Set<string>();
  for (const [name, text] of Object.entries(files))
    if (name.startsWith('page/')) threads.add(/<title>(\d+)/.exec(text)![1]!);
  t.false(threads.has('0'), 'not in the first thread');
  t.is(threads.size, 2);
});

test('"parallel": a page that fails brings the stack of its thread', async (t) => {
  const { code, stderr, out } = await exportInThreads(
    t,
    `app.get('/page/:number', function brokenView() { throw new Error('no such column'); }); ${PAGES}`,
  );
  t.is(code, 1);
  t.regex(stderr, /\/page\/\d+ answers 500, .*\n +Error: no such column\n +at brokenView \(file:.*app\.mjs/);
  await t.throwsAsync(filesOf(out), { code: 'ENOENT' });
});

const ENDS: readonly (readonly [what: string, code: string, message: RegExp, ...flags: string[]])[] = [
  [
    'ends the process',
    'process.exit(0);',
    /\/page\/3 answers 500, .*\n +Error: The app ended the process, with the code 0\.\n/,
  ],
  [
    'throws where nobody catches it',
    "setImmediate(function laterThrow() { throw new Error('boom'); });",
    /\/page\/3 cannot be rendered any more: the app threw where nobody catches it, .*\n +Error: boom\n +at .*laterThrow /,
  ],
  [
    'computes for ever',
    'for (;;);',
    /\/page\/3 took longer than 1000 ms, and its thread answers no more: does this page, or one beside it, compute for ever\?/,
    '--deadline',
    '1',
  ],
];

for (const [what, code, message, ...flags] of ENDS)
  test(`"parallel": a page with which the app ${what} is named, and the export ends`, async (t) => {
    const app = `app.get('/page/3', (request, response) => { ${code} }); ${PAGES}`;
    const ended = await exportInThreads(t, app, '--json', ...flags);
    t.is(ended.code, 1);
    t.is(ended.stdout, '');
    t.regex(ended.stderr, message);
    await t.throwsAsync(filesOf(ended.out), { code: 'ENOENT' });
  });

test('"parallel": an app that does not load in a thread is an error in words', async (t) => {
  const app = `if (threadId !== 0) throw new Error('no database'); ${PAGES}`;
  const { code, stderr } = await exportInThreads(t, app);
  t.is(code, 1);
  t.is(stderr, 'error: A worker thread cannot render: no database\n');
});
