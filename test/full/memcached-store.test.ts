import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { PageNode } from '../../src/pages/memcached-store/page-node.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import type { Memcached } from '../helpers/memcached.ts';
import { openStore, startServers } from '../pages/memcached-store/cluster.ts';
import { html, keyOf, store, targetsIn } from '../pages/stored-pages.ts';

/** The built store; `npm run test:full` builds it first. */
const STORE = new URL('../../dist/pages/memcached-store/index.js', import.meta.url).href;
const CLIENT = new URL('../../dist/memcached/index.js', import.meta.url).href;

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

const MOMENTS = 100;

test.serial(
  `after a kill at ${MOMENTS} moments of publishing into memcached, tags still lead to all pages`,
  async (t) => {
    t.timeout(600_000);
    // A writer that was killed just as it landed is not waited for long: no slow machine is a fault then.
    const patience = Object.getOwnPropertyDescriptor(PageNode.prototype, 'landingMilliseconds') ?? {};
    Object.defineProperty(PageNode.prototype, 'landingMilliseconds', { ...patience, get: () => 200 });
    t.teardown(() => void Object.defineProperty(PageNode.prototype, 'landingMilliseconds', patience));
    const servers = await startServers(t, 2);
    const pages = await openStore(t, servers);
    let found = 0;
    for (let moment = 1; moment <= MOMENTS; moment += 1) {
      const child = startWriter(
        t,
        servers,
        `
        const { MemcachedNode } = await import(${JSON.stringify(CLIENT)});
        const { run } = MemcachedNode.prototype;
        let left = ${moment};
        MemcachedNode.prototype.run = function (...commands) {
          left -= 1;
          if (left === 0) process.kill(process.pid, 'SIGKILL');
          return run.apply(this, commands);
        };
        for (let round = 0; ; round += 1) {
          const target = '/p/' + (round % 5);
          const pending = await begin(target, round % 2 === 0);
          await pending?.land(page((process.pid + ' ').repeat(300), ['all', 'p' + (round % 5)]));
          if (round % 4 === 1) await pages.invalidate(['p0']);
          if (round % 5 === 2) await pages.delete([{ site, target: '/p/1' }]);
          if (round % 7 === 3) await pages.deleteBelow({ site, target: '/p' });
          if (round % 11 === 5) await pages.clear();
        }
      `,
      );
      const [, signal]: unknown[] = await once(child, 'close');
      t.is(signal, 'SIGKILL', `moment ${moment}`);
      const left = await targetsIn(pages);
      found += left.length;
      for (const target of left) {
        const text = (await pages.read(keyOf(target)))?.body.toString() ?? '';
        t.is(text, `<h1>${`${child.pid} `.repeat(300)}</h1>\n`, `moment ${moment}`);
      }
      t.true(await store(pages, '/p/new', html('new', ['all'])));
      await pages.invalidate(['all']);
      t.deepEqual(await targetsIn(pages), [], `moment ${moment}`);
    }
    t.true(found > MOMENTS, `${found} pages`);
  },
);
