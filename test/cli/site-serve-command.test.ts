import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test, { type ExecutionContext } from 'ava';
import { temporaryFolder } from '../helpers/folder.ts';
import { listen } from '../helpers/listen.ts';
import { request } from '../helpers/request.ts';
import { runMain } from './run-main.ts';

const BIN = fileURLToPath(new URL('../../dist/cli/bin.js', import.meta.url));

const CONFIG = `export default {
  prefix: '/project/static/',
  app: () => { throw new Error('The preview needs no app.'); },
  site: {
    origin: 'https://user.example.com/project/',
    out: 'public',
    routes: [],
    trailingSlash: 'always',
    redirects: [{ from: '/old', to: '/about/' }],
    headers: [{ path: '/*', headers: { 'X-Frame-Options': 'DENY' } }],
  },
};`;

const FILES = {
  'static-url.config.mjs': CONFIG,
  'public/index.html': 'home',
  'public/about/index.html': 'about',
  'public/404.html': 'not found',
  'public/static/0123456789abcdef/a.css': 'a {}',
};

/** Starts the command, and waits for the line that says where it serves. */
async function start(t: ExecutionContext, cwd: string, ...flags: string[]) {
  const child = spawn(process.execPath, [BIN, 'site', 'serve', '--port', '0', ...flags], {
    cwd,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const closed = once(child, 'close');
  t.teardown(async () => {
    child.kill('SIGKILL');
    await closed;
  });
  let out = '';
  child.stdout.setEncoding('utf8');
  for await (const piece of child.stdout.iterator({ destroyOnReturn: false })) {
    out += String(piece);
    if (out.includes('\n')) break;
  }
  return { out, url: /http:\S+/.exec(out)?.[0] ?? '', child, closed };
}

test('site serve shows the folder of the configuration, and ends well on Ctrl+C', async (t) => {
  const cwd = await temporaryFolder(t, FILES);
  const { out, url, child, closed } = await start(t, cwd);
  const { port } = new URL(url);
  t.is(out, `Serving ${JSON.stringify(join(cwd, 'public'))} at http://127.0.0.1:${port}/project/\n`);
  const home = await request(url, '/project/');
  t.is(home.body.toString(), 'home');
  t.is(home.headers['x-frame-options'], 'DENY');
  t.is((await request(url, '/project/about')).headers.location, '/project/about/');
  t.is((await request(url, '/project/old')).headers.location, '/project/about/');
  t.is((await request(url, '/about/')).status, 404);
  const asset = await request(url, '/project/static/0123456789abcdef/a.css');
  t.is(asset.headers['cache-control'], 'public, max-age=31536000, immutable');
  child.kill('SIGINT');
  t.deepEqual(await closed, [0, null]);
});

test('site serve shows a folder without any configuration', async (t) => {
  const cwd = await temporaryFolder(t, { 'dist/about/index.html': 'about' });
  const { url } = await start(t, cwd, 'dist');
  t.is((await request(url, '/about')).body.toString(), 'about');
  t.is((await request(url, '/nothing')).status, 404);
});

test('site serve says what to do about a folder, a port or a flag that will not do', async (t) => {
  const cwd = await temporaryFolder(t, { 'dist/index.html': 'home', file: '' });
  const { port } = await listen(t, (_, response) => response.end());
  const cases: readonly (readonly [argv: string[], code: number, error: string])[] = [
    [[], 2, 'Which folder is the site in? Name it, or set "out" of "site" in static-url.config.js.'],
    [
      ['nothing'],
      1,
      `There is no folder ${JSON.stringify(join(cwd, 'nothing'))}. Write the site with "static-url export" first.`,
    ],
    [
      ['file'],
      1,
      `There is no folder ${JSON.stringify(join(cwd, 'file'))}. Write the site with "static-url export" first.`,
    ],
    [
      ['dist', '--port', String(port)],
      1,
      `The port ${port} of 127.0.0.1 is taken. Choose another one with --port.`,
    ],
    [['dist', '--port', '99999'], 2, '--port is a port from 0 to 65535, not 99999.'],
    [
      ['dist', '--origin', 'example'],
      2,
      '--origin is an origin such as "https://www.example.com", perhaps with a path, without query and password, not "example".',
    ],
  ];
  for (const [argv, code, message] of cases)
    t.deepEqual(await runMain(['site', 'serve', ...argv], { cwd }), {
      code,
      out: '',
      error: `error: ${message}\n`,
    });
});
