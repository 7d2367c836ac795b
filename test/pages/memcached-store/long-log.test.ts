import test from 'ava';
import { append, MemcachedNode } from '../../../src/memcached/index.ts';
import { parseServers } from '../../../src/memcached/options.ts';
import { html, keyOf, store, textOf } from '../stored-pages.ts';
import { openStore, startServers } from './cluster.ts';

test('a log that takes no more is cut by whoever invalidates, and pages land again', async (t) => {
  const servers = await startServers(t, 1);
  const pages = await openStore(t, servers);
  t.true(await store(pages, '/a', html('a', ['t'])));
  const [server] = parseServers(
    servers.map((each) => each.server),
    'servers',
  );
  if (server === undefined) throw new Error('No server was started.');
  const node = new MemcachedNode(server, { deadlineMilliseconds: 60_000 });
  t.teardown(() => node.close());
  for await (const name of node.keys('pages:#'))
    if (name.endsWith(':log'))
      for (const count of [1000, 1]) {
        let reply: unknown = 'stored';
        const lines = Buffer.from('T 0000000000000000 0000000000000000\n'.repeat(count));
        while (reply === 'stored') [reply] = await node.run(append(name, lines));
      }
  t.is((await pages.invalidate(['t'])).length, 1);
  t.is(await textOf(pages, '/a'), undefined);
  t.true(await store(pages, '/a', html('b', ['t'])));
});

test('more pages and tags are removed at once than one entry of the log names', async (t) => {
  const pages = await openStore(t, await startServers(t, 1));
  t.true(await store(pages, '/p/1199', html('a')));
  const keys = Array.from({ length: 1200 }, (_, index) => keyOf(`/p/${index}`));
  t.is((await pages.delete(keys)).length, 1);
  t.true(await store(pages, '/q', html('a', ['t1199'])));
  t.is((await pages.invalidate(Array.from({ length: 1200 }, (_, index) => `t${index}`))).length, 1);
});
