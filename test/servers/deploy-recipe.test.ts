import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import test from 'ava';
import { staticLocation } from '../../src/nginx.ts';
import { markCurrent, unmark } from '../../src/version/marker.ts';
import { startDownload } from '../helpers/download.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { startNginx } from '../helpers/nginx.ts';
import { request } from '../helpers/request.ts';
import { CURRENT, UNKNOWN } from '../helpers/site.ts';

/** More than the system's buffers of a connection hold. */
const BIG_BYTES = 64 * 1024 * 1024;

/** The line of the documented deploy that brings the files. */
async function copyCommand(): Promise<string> {
  const page = await readFile(new URL('../../docs/static-url.md', import.meta.url), 'utf8');
  const [command] = /^cp -r .* build\/\. public\//m.exec(page) ?? [];
  if (command === undefined) throw new Error('The page has no such line.');
  return command;
}

test('a download that is under way during the documented deploy ends with the bytes that it began with', async (t) => {
  const [old, fresh] = ['a', 'b'].map((letter) => Buffer.alloc(BIG_BYTES, letter)) as [Buffer, Buffer];
  const folder = await temporaryFolder(t, {
    'public/big.js': old,
    'build/big.js': fresh,
    [`current/${CURRENT}`]: '',
  });
  const current = join(folder, 'current');
  const { url } = await startNginx(
    t,
    staticLocation({ prefix: '/static/', root: join(folder, 'public'), current }),
  );
  const download = await startDownload(url, `/static/${CURRENT}/big.js`);
  t.is(download.headers['cache-control'], 'public, max-age=31536000, immutable');
  unmark(current);
  await promisify(execFile)('sh', ['-c', await copyCommand()], { cwd: folder });
  markCurrent(current, UNKNOWN);
  const { isComplete, body } = await download.read();
  t.true(isComplete);
  t.true(body.equals(old));
  t.true((await request(url, `/static/${UNKNOWN}/big.js`)).body.equals(fresh));
});
