import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import test from 'ava';
import { openAssets } from '../../src/assets.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { placeDelta } from '../helpers/place-delta.ts';
import { ENTRY, runProgram, TYPESCRIPT } from '../helpers/run-node.ts';
import { YEAR } from './serve-assets.ts';

const CSS = 'main { color: teal }\n'.repeat(100);
const EARLIER = '0123456789abcdef';

/** Asks while the process may open no more files, and again when it may. */
const PROGRAM = `
  import { closeSync, openSync } from 'node:fs';
  import { Agent, createServer, get } from 'node:http';
  import { openAssets } from ${JSON.stringify(ENTRY)};
  const [, folder, asking] = process.argv;
  const open = async () => openAssets({ prefix: '/static/', roots: folder + '/public', releases: folder + '/releases' });
  const [streamed, inMemory] = [await open(), await open()];
  const handlers = {
    streamed: streamed.handler({ deltas: true, memoryBudgetBytes: 0 }),
    inMemory: inMemory.handler({ deltas: true }),
  };
  const server = createServer((request, response) => {
    const next = (error) => response.writeHead(error ? 599 : 204).end();
    handlers[request.headers.handler](request, response, request.url === '/page' ? next : undefined);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const ask = (handler, path, more = {}) =>
    new Promise((resolve, reject) => {
      const headers = { handler, 'accept-encoding': 'br', ...more };
      get({ agent, host: '127.0.0.1', port, path, headers }, (response) => {
        const { 'cache-control': control, 'content-encoding': encoding = 'none' } = response.headers;
        response.resume().on('end', () => resolve([response.statusCode, control, encoding]));
      }).on('error', reject);
    });
  const askAll = async () => ({
    copy: await ask('streamed', streamed.url('app.css')),
    earlier: await ask('inMemory', '/static/${EARLIER}/app.css'),
    delta: await ask('streamed', streamed.url('app.css'), JSON.parse(asking)),
    deltaOfMemory: await ask('inMemory', inMemory.url('app.css'), JSON.parse(asking)),
  });
  const before = await askAll();
  const held = [];
  try {
    for (;;) held.push(openSync('/dev/null'));
  } catch {}
  let prepared;
  try {
    streamed.handler();
  } catch (error) {
    prepared = error.code;
  }
  const without = await askAll();
  // As if watched files had changed.
  streamed.replace({ ...streamed.index });
  const renewed = { asset: await ask('streamed', streamed.url('app.css')), page: await ask('streamed', '/page') };
  held.forEach((descriptor) => closeSync(descriptor));
  console.log(JSON.stringify({ before, prepared, without, renewed, with: await askAll() }));
  agent.destroy();
  server.close();
`;

test('handler() answers with a 500 while too many files are open, and later as ever', async (t) => {
  const folder = await temporaryFolder(t, {
    'public/app.css': CSS,
    'public/app.css.br': brotliCompressSync(CSS),
    [`releases/${EARLIER}/app.css`]: CSS,
    [`releases/${EARLIER}/app.css.br`]: brotliCompressSync(CSS),
  });
  const assets = await openAssets({ prefix: '/static/', roots: join(folder, 'public') });
  const [, , fingerprint = ''] = assets.url('app.css').split('/');
  const { asking } = await placeDelta(join(folder, 'releases', fingerprint), 'app.css', `${CSS}/**/`, CSS);
  const node = [
    process.execPath,
    '--import',
    TYPESCRIPT,
    '--input-type=module',
    '--eval',
    PROGRAM,
    folder,
    JSON.stringify(asking),
  ];
  const { stdout, stderr } = await runProgram('sh', ['-c', 'ulimit -n 200; exec "$@"', 'sh', ...node], {
    cwd: join(folder, 'public'),
  });
  t.is(stderr, '');
  const refused = [500, 'no-store', 'none'];
  const [sent, difference] = ['br', 'dcz'].map((encoding) => [200, YEAR, encoding]);
  const ever = { copy: sent, earlier: sent, delta: difference, deltaOfMemory: difference };
  t.deepEqual(JSON.parse(stdout), {
    before: ever,
    prepared: 'EMFILE',
    without: { copy: refused, earlier: refused, delta: refused, deltaOfMemory: difference },
    renewed: { asset: refused, page: [204, null, 'none'] },
    with: ever,
  });
});
