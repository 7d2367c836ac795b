import { join } from 'node:path';
import test from 'ava';
import { writeFiles } from '../helpers/folder.ts';
import { runProgram, type Ended } from '../helpers/run-node.ts';
import { BIN, createSite, SITE } from './pages-site.ts';

/** Runs a command of pages in a process of its own. */
function runPages(cwd: string, argv: readonly string[], env: Record<string, string> = {}): Promise<Ended> {
  return runProgram(process.execPath, [BIN, 'pages', ...argv], { cwd, env });
}

const HOME = "app.get('/', (request, response) => response.send('<p>home'));";
const PUBLISHED = `{"results":[{"url":"${SITE}/","result":"published"}]}\n`;

test('a command of pages ends although the app holds its process and keeps its output busy', async (t) => {
  const cwd = await createSite(t, 'built', {
    routes: `
      setInterval(() => console.log('busy'), 1);
      new BroadcastChannel('held').onmessage = () => {};
      ${HOME}`,
  });
  const { code, stdout } = await runPages(cwd, ['publish', '/']);
  t.deepEqual({ code, stdout }, { code: 0, stdout: '1 page published.\n' });
});

test('a command of pages writes all of its output before its process ends', async (t) => {
  const cwd = await createSite(t, 'built');
  const urls = Array.from({ length: 5000 }, (_, index) => `/a/${index}`);
  const { code, stdout } = await runPages(cwd, ['publish', ...urls, '--json']);
  t.is(code, 1);
  const { results } = JSON.parse(stdout) as { results: unknown[] };
  t.is(results.length, urls.length);
});

test('what an app prints goes to standard error, so that --json is data alone', async (t) => {
  const cwd = await createSite(t, 'built', {
    files: { 'early.mjs': "import { stdout } from 'node:process'; console.log('early'); export { stdout };" },
    routes: `
      import { writeSync } from 'node:fs';
      import { stdout } from './early.mjs';
      console.log('loaded');
      app.get('/', (request, response) => {
        console.log('asked');
        process.stdout.write('written\\n');
        stdout.write('held\\n');
        writeSync(process.stdout.fd, 'logged\\n');
        response.send('<p>home');
      });`,
  });
  const { stdout, stderr } = await runPages(cwd, ['publish', '/', '--json']);
  t.is(stdout, PUBLISHED);
  for (const word of ['early', 'loaded', 'asked', 'written', 'held', 'logged'])
    t.true(stderr.includes(`${word}\n`), word);
});

/** Apps that listen when they are imported, each in its way. */
const LISTENING: Readonly<Record<string, string>> = {
  'an Express app': 'app.listen(0);',
  'an Express app on a port that is taken': 'app.listen(1);',
  'a server of node:http': "import { createServer } from 'node:http'; createServer(app).listen(0);",
  'a server that is waited for': `import { createServer } from 'node:http'; import { once } from 'node:events';
    const server = createServer(app).listen(0); await once(server, 'listening');`,
  'a server of node:http2': "import { createServer } from 'node:http2'; createServer(app).listen(0);",
  'an app that listens a little later':
    "setTimeout(() => app.listen(0), 50); app.get('/', (request, response) => setTimeout(() => response.send('a'), 5000).unref());",
  'a primary of a cluster': `import cluster from 'node:cluster';
    if (cluster.isPrimary) { cluster.fork(); cluster.on('exit', () => cluster.fork()); }`,
};

for (const [kind, routes] of Object.entries(LISTENING)) {
  test(`${kind} is named as the fault`, async (t) => {
    const cwd = await createSite(t, 'built', { routes });
    const { code, stdout, stderr } = await runPages(cwd, ['publish', '/', '--json']);
    t.is(code, 1);
    t.is(stdout, '');
    const place = join(cwd, 'app.mjs').replaceAll(/[.\\]/g, String.raw`\$&`);
    t.regex(
      stderr,
      new RegExp(
        `^error: The app listens in ${place}:\\d+:\\d+ when it is imported, .* call listen\\(\\) in another .*\\n$`,
      ),
    );
  });
}

test('an app that the configuration imports at once, and that listens, is named as the fault', async (t) => {
  const cwd = await createSite(t, 'built');
  await writeFiles(cwd, {
    'static-url.config.mjs':
      "import { createServer } from 'node:http'; createServer().listen(0); export default {};",
  });
  t.regex(
    (await runPages(cwd, ['list'])).stderr,
    /^error: The app listens in .*static-url\.config\.mjs:1:\d+ when/,
  );
});

test('an app that throws when it is imported is an error with its cause and its place', async (t) => {
  const cwd = await createSite(t, 'built', {
    files: {
      'settings.mjs': "export function read() {\n  throw new TypeError('DATABASE_URL is not set');\n}\n",
    },
    routes: "import { read } from './settings.mjs'; read();",
  });
  const run = (): Promise<Ended> => runPages(cwd, ['publish', '/']);
  t.deepEqual(await run(), {
    code: 1,
    stdout: '',
    stderr: `error: Cannot load the app of static-url.config.mjs in ${join(cwd, 'settings.mjs')}:2:9: DATABASE_URL is not set\n`,
  });
  await writeFiles(cwd, { 'settings.mjs': 'export function read() { let 1; }' });
  t.regex(
    (await run()).stderr,
    /^error: Cannot load the app of .*\. "node --check <file>" shows where, file by file\.\n$/,
  );
  await writeFiles(cwd, { 'settings.mjs': "import './gone.mjs';" });
  t.regex((await run()).stderr, /^error: Cannot load the app of .*gone\.mjs.*settings\.mjs\n$/);
});

test('an app that ends the process does not make a command look done', async (t) => {
  const cwd = await createSite(t, 'built', { routes: 'process.exit(0);' });
  t.deepEqual(await runPages(cwd, ['publish', '/']), {
    code: 1,
    stdout: '',
    stderr: 'error: The configuration, or the app, ended the process before the command was done.\n',
  });
});

test('a command with another NODE_ENV than the writers of the store refuses, and says what to do', async (t) => {
  const cwd = await createSite(t, 'built', { routes: HOME });
  t.is((await runPages(cwd, ['publish', '/'], { NODE_ENV: 'production' })).code, 0);
  for (const argv of [
    ['publish', '/'],
    ['list'],
    ['clear'],
    ['invalidate', 'a'],
    ['delete', '/'],
    ['why', '/'],
    ['verify', '/'],
  ]) {
    const { code, stdout, stderr } = await runPages(cwd, argv, { NODE_ENV: 'development' });
    t.deepEqual({ code, stdout }, { code: 1, stdout: '' });
    t.regex(
      stderr,
      /^error: .* NODE_ENV=production, .* NODE_ENV=development\. Run it with the same NODE_ENV, /,
    );
  }
});
