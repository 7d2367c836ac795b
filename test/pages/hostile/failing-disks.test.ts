import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { temporaryFolder } from '../../helpers/folder.ts';
import { WATCH_FILE_OPERATIONS } from '../../helpers/file-operations.ts';
import { DROP_PRIVILEGES } from '../../helpers/permissions.ts';
import { runForValue } from '../../helpers/run-node.ts';

/** What a site in a process of its own saw: for each visit what was said, how publishing ended, and what was warned. */
interface Report {
  readonly visits: readonly string[];
  readonly publish: readonly string[];
  readonly invalidate: string;
  readonly warnings: readonly string[];
  readonly refused: readonly string[];
}

const program = (folder: string, atStart: string, afterPublish: string): string => `
  ${WATCH_FILE_OPERATIONS}
  const { default: express } = await import(${JSON.stringify(import.meta.resolve('express'))});
  const { createPages, fileStore } = await import(${JSON.stringify(new URL('../../../src/pages.ts', import.meta.url).href)});
  const { pageCache } = await import(${JSON.stringify(new URL('../../../src/express.ts', import.meta.url).href)});
  const warnings = [];
  const refused = [];
  process.on('warning', ({ code, message }) => warnings.push(code + (message.includes(${JSON.stringify(folder)}) ? '' : message)));
  ${atStart}
  const app = express();
  const server = app.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const url = 'http://127.0.0.1:' + server.address().port;
  const pages = createPages({ sites: [url], urls: ['/:page'], store: fileStore({ folder: ${JSON.stringify(folder)} }), app, sweepSeconds: 0 });
  pages.on('refused', ({ code }) => refused.push(code));
  app.use(pageCache(pages));
  app.get('/:page', ({ params: { page } }, response) => response.send('<p>' + page));
  const visits = [];
  const visit = async (path) => {
    const answer = await fetch(url + path);
    visits.push(answer.status + ' ' + answer.headers.get('cache-status') + ' ' + await answer.text());
  };
  await visit('/a');
  ${afterPublish}
  await visit('/a');
  await visit('/b');
  await visit('/c');
  const { results } = await pages.publish('/a', '/d').catch((error) => ({ results: [error] }));
  const publish = results.map(({ url, result, code }) => [url?.slice(-2), result, code].join(' '));
  const invalidate = await pages.invalidate({ tags: ['x'] }).then(() => 'resolved', ({ code }) => code);
  await pages.close();
  server.closeAllConnections();
  server.close();
  process.stdout.write(JSON.stringify({ visits, publish, invalidate, warnings, refused }));
`;

test('a site over a folder that it may not write says so once and goes on without stored pages', async (t) => {
  const folder = await temporaryFolder(t);
  await mkdir(join(folder, 'store'), { mode: 0o555 });
  await chmod(folder, 0o755);
  const report = await runForValue<Report>(
    `const before = () => {}; const after = () => {};
    ${program(join(folder, 'store'), DROP_PRIVILEGES, '')}`,
  );
  t.deepEqual(report, {
    visits: ['a', 'a', 'b', 'c'].map(failed),
    publish: ['/a kept STORE_FAILED', '/d kept STORE_FAILED'],
    // There is nothing that could be old.
    invalidate: 'resolved',
    warnings: ['FILE_UNWRITABLE'],
    refused: ['STORE_FAILED', 'STORE_FAILED', 'STORE_FAILED', 'STORE_FAILED', 'STORE_FAILED'],
  });
});

test('a site whose folder becomes read-only goes on with the pages that it has, and says so once', async (t) => {
  const parent = await temporaryFolder(t);
  await chmod(parent, 0o755);
  const folder = join(parent, 'store');
  const report = await runForValue<Report>(
    `const before = () => {}; const after = () => {};
    ${program(
      folder,
      `const setModes = (mode) => {
        for (const name of ['', ...fs.readdirSync(${JSON.stringify(folder)}, { recursive: true })]) {
          const path = ${JSON.stringify(folder)} + '/' + name;
          if (fs.statSync(path).isDirectory()) fs.chmodSync(path, mode);
        }
      };
      // Else who made the folders could not remove them.
      if (process.getuid() !== 0) process.on('exit', () => setModes(0o755));`,
      `setModes(0o555); ${DROP_PRIVILEGES}`,
    )}`,
  );
  t.deepEqual(report, filledUp('FILE_UNWRITABLE'));
});

test('a site whose disk fills up goes on with the pages that it has, and says so once', async (t) => {
  const folder = join(await temporaryFolder(t), 'store');
  const report = await runForValue<Report>(
    `let isFull = false;
    const after = () => {};
    const before = (name) => {
      // Removing needs no room.
      if (!isFull || name === 'rm' || name === 'unlink' || name === 'rmdir') return;
      throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC', syscall: name, errno: -28 });
    };
    ${program(
      folder,
      `const opening = fs.openSync;
      fs.openSync = (path, flags = 'r', ...others) => {
        if (flags !== 'r') before('open');
        return opening(path, flags, ...others);
      };
      syncBuiltinESMExports();`,
      'isFull = true;',
    )}`,
  );
  t.deepEqual(report, filledUp('DISK_FULL'));
});

/** What a site reports whose store could be written for one page. */
function filledUp(code: string): Report {
  return {
    visits: [
      '200 static-url; fwd=uri-miss; stored <p>a',
      '200 static-url; hit <p>a',
      failed('b'),
      failed('c'),
    ],
    publish: ['/a kept STORE_FAILED', '/d kept STORE_FAILED'],
    invalidate: code,
    warnings: [code],
    refused: ['STORE_FAILED', 'STORE_FAILED', 'STORE_FAILED', 'STORE_FAILED'],
  };
}

function failed(page: string): string {
  return `200 static-url; fwd=uri-miss; detail=STORE_FAILED <p>${page}`;
}
