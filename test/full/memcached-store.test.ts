import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { temporaryFolder } from '../helpers/folder.ts';
import type { Memcached } from '../helpers/memcached.ts';
import { openStore, startServers } from '../pages/memcached-store/cluster.ts';
import { html, keyOf, store, targetsIn } from '../pages/stored-pages.ts';

/** The built store; `npm run test:full` builds it first. */
const STORE = new URL('../../dist/pages/memcached-store/index.js', import.meta.url).href;

/** Starts a program that uses the store of the servers as `pages`. */
function startWriter(t: ExecutionContext, servers: readonly Memcached[], program: string): ChildProcess {
  const source = `
    import { readFileSync } from 'node:fs';
    import { setTimeout } from 'node:timers/promises';
    import { memcachedStore } from ${JSON.stringify(STORE)};
    const site = 'https://www.example.com';
    const servers = ${JSON.stringify(servers.map(({ server }) => server))};
    const pages = memcachedStore({ servers, ttlSeconds: 3600, deadlineMilliseconds: 60000 });
    await pages.open({ sites: [site], deadlineMilliseconds: 10000, environment: 'test', onWarning: (error) => { throw error; } });
    const page = (text, tags) => ({ body: Buffer.from('<h1>' + text + '</h1>\\n'), mediaType: 'text/html', tags });
    const begin = (target, fence = false) => pages.begin({ site, target }, { fence });
    ${program}
  `;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', source], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.teardown(async () => {
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'close');
  });
  return child;
}

const ROUNDS = 10_000;
/** Where all keys of the servers have to be listed again and again. */
const FEWER_ROUNDS = 1000;

for (const [title, isCleared, rounds] of [
  ['with', true, FEWER_ROUNDS],
  ['without', false, ROUNDS],
] as const)
  test.serial(
    `two processes publish and invalidate one URL in memcached ${rounds} times, ${title} a third that clears: never an old page`,
    async (t) => {
      t.timeout(600_000);
      const servers = await startServers(t, 2);
      const counter = join(await temporaryFolder(t), 'counter');
      const descriptor = openSync(counter, 'w+');
      const count = (value: number): void => void writeSync(descriptor, `${value}`.padStart(8, '0'), 0);
      count(0);
      const pages = await openStore(t, servers);
      startWriter(
        t,
        servers,
        `
        const publish = async (fence) => {
          for (;;) {
            const pending = await begin('/a', fence);
            const text = readFileSync(${JSON.stringify(counter)}, 'latin1');
            await setTimeout(Math.random() * 2);
            await pending?.land(page(text, ['t', 'u']));
          }
        };
        await Promise.all([publish(false), publish(false), publish(true)]);
      `,
      );
      if (isCleared) startWriter(t, servers, `for (;;) { await pages.clear(); await setTimeout(5); }`);
      const own = async (): Promise<void> => {
        const pending = await pages.begin(keyOf('/a'), { fence: false });
        const text = readFileSync(counter, 'latin1');
        await setTimeout(1);
        await pending?.land(html(text, ['t']));
      };
      let [seen, old, running]: [number, number, Promise<void>] = [0, 0, Promise.resolve()];
      const removals = [
        () => pages.invalidate(['t']),
        () => pages.delete([keyOf('/a')]),
        () => pages.invalidate(['another', 't']),
      ];
      for (let round = 1; round <= rounds; round += 1) {
        if (round % 8 === 0) {
          await running;
          running = own();
        }
        count(round);
        // It lists all keys.
        if (round % 50 === 0) await pages.deleteBelow(keyOf('/'));
        else await removals[round % removals.length]?.();
        // For what is begun or landing meanwhile to come forth.
        if (round % 4 === 0) await setTimeout(1);
        const page = await pages.read(keyOf('/a'));
        if (!page) continue;
        seen += 1;
        if (Number(/>(\d+)</.exec(page.body.toString())?.[1]) < round) old += 1;
      }
      await running;
      closeSync(descriptor);
      t.is(old, 0);
      t.true(seen > 10, `${seen} pages were seen`);
    },
  );

const KILLS = 50;

test.serial(
  `after a kill at ${KILLS} moments of publishing into memcached, tags still lead to all pages`,
  async (t) => {
    t.timeout(600_000);
    const servers = await startServers(t, 2);
    // Those that were killed just as they landed are waited for, for so long.
    const pages = await openStore(t, servers, { deadlineMilliseconds: 2000 });
    const program = `
    process.stdout.write('ready');
    for (let round = 0; ; round += 1) {
      const target = '/p/' + (round % 5);
      const pending = await begin(target, round % 2 === 0);
      await pending?.land(page((process.pid + ' ').repeat(300), ['all', 'p' + (round % 5)]));
      if (round % 4 === 1) await pages.invalidate(['p0']);
      if (round % 5 === 2) await pages.delete([{ site, target: '/p/1' }]);
      if (round % 7 === 3) await pages.deleteBelow({ site, target: '/p' });
      if (round % 11 === 5) await pages.clear();
    }
  `;
    let found = 0;
    for (let kill = 1; kill <= KILLS; kill += 1) {
      const child = startWriter(t, servers, program);
      if (child.stdout) await once(child.stdout, 'data');
      await setTimeout(Math.random() * 60);
      child.kill('SIGKILL');
      await once(child, 'close');
      const left = await targetsIn(pages);
      found += left.length;
      for (const target of left) {
        const text = (await pages.read(keyOf(target)))?.body.toString() ?? '';
        t.is(text, `<h1>${`${child.pid} `.repeat(300)}</h1>\n`, `kill ${kill}`);
      }
      t.true(await store(pages, '/p/new', html('new', ['all'])));
      await pages.invalidate(['all']);
      t.deepEqual(await targetsIn(pages), [], `kill ${kill}`);
    }
    t.true(found > 0, 'some were killed with pages in the store');
  },
);
