import test, { type ExecutionContext } from 'ava';
import { add, append, get, MemcachedNode, remove, set, stats } from '../../../src/memcached/index.ts';
import { parseServers } from '../../../src/memcached/options.ts';
import type { MemcachedStore } from '../../../src/pages/memcached-store/index.ts';
import { ItemNames, tagHash } from '../../../src/pages/memcached-store/item-names.ts';
import { newIndex, parseIndex, type TagIndex } from '../../../src/pages/memcached-store/tag-index.ts';
import { startMemcached } from '../../helpers/memcached.ts';
import { html, SITE, store, targetsIn } from '../stored-pages.ts';
import { openStore } from './cluster.ts';

const ITEMS = new ItemNames('pages:', SITE);

interface Prepared {
  readonly pages: MemcachedStore;
  readonly node: MemcachedNode;
  readonly index: (tag: string) => Promise<TagIndex | undefined>;
  /** Has the server throw something away, of somebody else's. */
  readonly evict: () => Promise<void>;
  readonly count: (name: string) => Promise<number>;
}

async function prepare(t: ExecutionContext): Promise<Prepared> {
  const memcached = await startMemcached(t, { parameters: ['-m', '16'] });
  const pages = await openStore(t, [memcached]);
  const [server] = parseServers([memcached.server], 'servers');
  if (server === undefined) throw new Error('There is no server.');
  const node = new MemcachedNode(server, { deadlineMilliseconds: 60_000 });
  t.teardown(() => node.close());
  const count = async (name: string): Promise<number> => Number((await node.run(stats()))[0].get(name));
  return {
    pages,
    node,
    count,
    async index(tag) {
      const name = ITEMS.tag(tagHash(tag));
      const item = (await node.run(get([name])))[0].get(name);
      return item && parseIndex(item.value);
    },
    async evict() {
      const before = await count('evictions');
      for (let index = 0; (await count('evictions')) === before; index += 1)
        await node.run(set(`others:${index}`, Buffer.alloc(100_000), { ttlSeconds: 0 }));
    },
  };
}

const removeIndex = (node: MemcachedNode, tag: string): Promise<unknown> =>
  node.run(remove(ITEMS.tag(tagHash(tag))));

test('a tag index that is lost among what the server throws away is noticed: what has the tag goes, and no other page', async (t) => {
  const { pages, node, index, evict } = await prepare(t);
  await store(pages, '/a', html('a', ['t']));
  await store(pages, '/b', html('b', ['u']));
  t.is((await index('t'))?.kind, 'whole');
  await evict();
  await removeIndex(node, 't');
  // A page that lands later begins an index that must not pass for all.
  await store(pages, '/c', html('c', ['t']));
  t.is((await index('t'))?.kind, 'part');
  t.deepEqual((await pages.invalidate(['t'])).map(({ target }) => target).toSorted(), ['/a', '/c']);
  t.deepEqual(await targetsIn(pages), ['/b']);
  // From here on it is known again who has it.
  t.is((await index('t'))?.kind, 'whole');
  await store(pages, '/d', html('d', ['t']));
  t.deepEqual([...((await index('t'))?.pages.keys() ?? [])], ['pages:www.example.com/d']);
});

test('a page whose record is lost goes with any tag that it may have, when an index is lost too', async (t) => {
  const { pages, node, evict } = await prepare(t);
  for (const target of ['/a', '/b']) await store(pages, target, html(target, ['t']));
  await evict();
  await removeIndex(node, 't');
  await node.run(remove(ITEMS.record('pages:www.example.com/a')));
  await pages.invalidate(['another']);
  const [found] = await node.run(get(['pages:www.example.com/a', 'pages:www.example.com/b']));
  t.deepEqual([...found.keys()], ['pages:www.example.com/b']);
});

test('an index that takes no more lists each page once; one of too many pages says that any page may have the tag', async (t) => {
  const { pages, node, index } = await prepare(t);
  const name = ITEMS.tag(tagHash('t'));
  await store(pages, '/a', html('a', ['t']));
  const { epoch = '' } = (await index('t')) ?? {};
  const fill = async (list: Iterable<readonly [string, number]>, filler: string): Promise<void> => {
    await node.run(remove(name), add(name, newIndex(epoch, 'whole', list), { ttlSeconds: 3600 }));
    while ((await node.run(append(name, Buffer.from(filler))))[0] === 'stored');
  };
  await fill([['pages:www.example.com/a', 0]], '0 pages:www.example.com/twice\n'.repeat(1000));
  await store(pages, '/b', html('b', ['t']));
  const listed = await index('t');
  t.is(listed?.kind, 'whole');
  t.deepEqual(
    [...(listed?.pages.keys() ?? [])].map((key) => key.slice(key.lastIndexOf('/'))),
    ['/a', '/twice', '/b'],
  );
  const many = Array.from({ length: 20_000 }, (_, number): [string, number] => [`pages:${number}`, 0]);
  await fill(many, '0 pages:www.example.com/twice\n'.repeat(1000));
  await store(pages, '/c', html('c', ['t']));
  t.is((await index('t'))?.kind, 'any');
  await store(pages, '/d', html('d', ['u']));
  t.deepEqual((await pages.invalidate(['t'])).map(({ target }) => target).toSorted(), ['/a', '/b', '/c']);
  t.deepEqual(await targetsIn(pages), ['/d']);
  t.is((await index('t'))?.kind, 'whole');
});

test('invalidate() of a tag of few pages asks about no others', async (t) => {
  const { pages, count } = await prepare(t);
  const targets = Array.from({ length: 1000 }, (_, number) => `/${number}`);
  await Promise.all(
    targets.map((target, number) => store(pages, target, html(target, [number < 10 ? 'few' : 'many']))),
  );
  const before = await count('cmd_get');
  t.is((await pages.invalidate(['few', 'nobody'])).length, 10);
  const asked = (await count('cmd_get')) - before;
  t.true(asked < 60, `${asked} items were asked for`);
  t.is((await targetsIn(pages)).length, 990);
});
