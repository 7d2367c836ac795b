import { createHash } from 'node:crypto';
import { join } from 'node:path';
import test from 'ava';
import { getStaticUrlNow } from '../../src/index.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { ENTRY, runForValue, runNode, runProgram, TYPESCRIPT } from '../helpers/run-node.ts';

const WARNING = /STATIC_URL_WORKERS_DISAGREE/g;

const CALL_TWICE = "console.log(JSON.stringify([api.getStaticUrlNow('/a/'), api.getStaticUrlNow('/b/')]))";

/** A time of ISO 8601 as the 16 digits that a version has. */
const digits = (iso: string): string => iso.replaceAll(/\D/g, '').slice(0, 16);

test('getStaticUrlNow() has the SHA-256 of the time of its call, in nanoseconds, cut to 16 digits', (t) => {
  const before = Date.now();
  const url = getStaticUrlNow('/static/');
  const after = Date.now();
  const possible: string[] = [];
  for (let time = before; time <= after; time += 1) {
    const digest = createHash('sha256').update(`${time}000000`).digest('hex');
    possible.push(`/static/${digest.slice(0, 16)}/`);
  }
  t.true(possible.includes(url), `${url} is none of ${possible.join()}`);
});

test('getStaticUrlNow() differs between two calls in different milliseconds', (t) => {
  const urls = new Set<string>();
  for (let call = 0; call < 20; call += 1) {
    urls.add(getStaticUrlNow('/static/'));
    const time = Date.now();
    while (Date.now() === time);
  }
  t.is(urls.size, 20);
});

test('getStaticUrlNow() with hash: false is the readable time in UTC, whatever the time zone', async (t) => {
  const [before, url, after] = await runForValue<[string, string, string]>(
    `const now = () => new Date().toISOString();
     console.log(JSON.stringify([now(), api.getStaticUrlNow('/static/', { hash: false }), now()]))`,
    { env: { TZ: 'Pacific/Kiritimati' } },
  );
  t.regex(url, /^\/static\/[0-9]{16}\/$/);
  const version = url.slice(8, -1);
  t.true(digits(before) <= version && version <= digits(after), `${before} ${version} ${after}`);
});

test('getStaticUrlNow() keeps silent in a process of its own', async (t) => {
  const env = { NODE_APP_INSTANCE: undefined, instances: undefined };
  t.is((await runNode(CALL_TWICE, { env })).stderr, '');
});

test('getStaticUrlNow() warns once where a process manager numbers its instances', async (t) => {
  const { code, stderr } = await runNode(CALL_TWICE, { env: { NODE_APP_INSTANCE: '0', instances: '4' } });
  t.is(code, 0);
  t.is(stderr.match(WARNING)?.length, 1, stderr);
  t.regex(stderr, /getStaticUrlFile\(\)/);
});

test('getStaticUrlNow() keeps silent where a process manager has one instance only', async (t) => {
  t.is((await runNode(CALL_TWICE, { env: { NODE_APP_INSTANCE: '0', instances: '1' } })).stderr, '');
});

test('getStaticUrlNow() warns once in each cluster worker, whose URLs disagree, and not in the primary', async (t) => {
  const program = `
    import cluster from 'node:cluster';
    import { getStaticUrlNow } from ${JSON.stringify(ENTRY)};
    const urls = [getStaticUrlNow('/static/'), getStaticUrlNow('/static/')];
    if (cluster.isPrimary) {
      console.log(urls[1]);
      // One after the other, so that their starts are in different milliseconds.
      const start = (left) => left > 0 && cluster.fork().on('exit', () => start(left - 1));
      start(2);
    } else {
      console.log(urls[1]);
      process.disconnect();
    }`;
  const folder = await temporaryFolder(t, { 'app.mjs': program });
  const { code, stdout, stderr } = await runProgram(
    process.execPath,
    ['--import', TYPESCRIPT, join(folder, 'app.mjs')],
    {
      env: { NODE_APP_INSTANCE: undefined, instances: undefined },
    },
  );
  t.is(code, 0, stderr);
  t.is(new Set(stdout.trim().split('\n')).size, 3, stdout);
  t.is(stderr.match(WARNING)?.length, 2, stderr);
});
