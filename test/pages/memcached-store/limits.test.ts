import { randomBytes } from 'node:crypto';
import test, { type ExecutionContext } from 'ava';
import { MemcachedNode, set } from '../../../src/memcached/index.ts';
import { parseServers } from '../../../src/memcached/servers.ts';
import type { NewPage } from '../../../src/pages/store.ts';
import { PageTooLargeError } from '../../../src/pages/store.ts';
import { startMemcached, type Memcached } from '../../helpers/memcached.ts';
import { html, keyOf, store, targetsIn, textOf } from '../stored-pages.ts';
import { openStore, startServers } from './cluster.ts';

/** A page that gzip cannot make shorter. */
function noise(bytes: number, tags: readonly string[] = []): NewPage {
  return { body: randomBytes(bytes), mediaType: 'text/plain', tags };
}

/** Has somebody else fill a server until it takes nothing more, of whatever length. */
async function fill(t: ExecutionContext, { server }: Memcached): Promise<void> {
  const [parsed] = parseServers([server], 'servers');
  if (parsed === undefined) throw new Error('A server is needed.');
  const node = new MemcachedNode(parsed, { deadlineMilliseconds: 60_000 });
  t.teardown(() => node.close());
  let number = 0;
  for (let length = 500_000; length >= 1; length = Math.floor(length / 1.1)) {
    const value = Buffer.alloc(length);
    for (let isFull = false; !isFull;) {
      const commands = Array.from({ length: 20 }, () =>
        set(`filler:${(number += 1)}`, value, { ttlSeconds: 0 }),
      );
      isFull = (await node.run(...commands)).some((stored) => stored !== 'stored');
    }
  }
}

test('a page over maxItemBytes, as it is kept, is refused as too large', async (t) => {
  const pages = await openStore(t, await startServers(t, 1), { maxItemBytes: 10_000 });
  await t.throwsAsync(store(pages, '/a', noise(10_000)), {
    instanceOf: PageTooLargeError,
    message:
      /^The page has 10 kB, and an item of memcached at most 10 kB\. Let memcached take longer ones \(-I 4m\) and set "maxItemBytes"\.$/,
  });
  t.is(await textOf(pages, '/a'), undefined);
  const long = html('a'.repeat(100_000));
  t.true(await store(pages, '/a', long));
  t.is(await textOf(pages, '/a'), long.body.toString());
});

test('a page over what the server takes is refused as too large, and the older one is gone', async (t) => {
  const server = await startMemcached(t, { parameters: ['-I', '128k', '-o', 'slab_chunk_max=32768'] });
  const pages = await openStore(t, [server]);
  t.true(await store(pages, '/a', html('old', ['all'])));
  await t.throwsAsync(store(pages, '/a', noise(200_000, ['all'])), {
    instanceOf: PageTooLargeError,
    message: /"SERVER_ERROR object too large for cache"\. Set "maxItemBytes" to what it takes \(-I\)/,
  });
  t.is(await textOf(pages, '/a'), undefined);
  t.deepEqual(await targetsIn(pages), []);
  t.true(await store(pages, '/a', html('new')));
});

test('a server whose items are too short for the log of its pages is named when the store is opened', async (t) => {
  const server = await startMemcached(t, { parameters: ['-I', '16k', '-o', 'slab_chunk_max=8192'] });
  await t.throwsAsync(openStore(t, [server]), {
    code: 'STORE_UNREACHABLE',
    message: /takes items of at most 16 kB \(-I\), and pages need 131 kB\.$/,
  });
});

test('a server that is full and throws nothing away (-M) fails what is stored, and removes what is to be removed', async (t) => {
  const server = await startMemcached(t, { parameters: ['-M', '-m', '2'] });
  // So long it waits before it removes what its log could not tell of.
  const pages = await openStore(t, [server], { gzip: false, deadlineMilliseconds: 1000 });
  for (let number = 0; number < 20; number += 1)
    t.true(await store(pages, `/${number}`, noise(20_000, ['all'])));
  await fill(t, server);
  await t.throwsAsync(store(pages, '/a', noise(20_000)), { message: /Give it more memory \(-m\)/ });
  await t.throwsAsync(pages.invalidate(['all']), {
    code: 'STORE_UNREACHABLE',
    message: /Give it more memory/,
  });
  t.deepEqual(await targetsIn(pages), []);
});

test('more pages are removed at once than fit into an item', async (t) => {
  const pages = await openStore(t, await startServers(t, 1));
  t.true(await store(pages, '/59999', html('a')));
  const all = Array.from({ length: 60_000 }, (_, index) => keyOf(`/${index}`));
  t.deepEqual(await pages.delete(all), [keyOf('/59999')]);
});

test('a server that throws away at once what it is given never gives an outdated page', async (t) => {
  const server = await startMemcached(t, { parameters: ['-m', '2'] });
  const pages = await openStore(t, [server], { gzip: false });
  let stored = 0;
  for (let round = 0; round < 40; round += 1) {
    for (let number = 0; number < 5; number += 1)
      stored += Number(await store(pages, `/${number}`, noise(50_000, ['all'])).catch(() => false));
    await pages.invalidate(['all']);
    t.deepEqual(await targetsIn(pages), []);
  }
  t.true(stored > 0);
});
