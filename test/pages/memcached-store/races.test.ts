import test, { type ExecutionContext } from 'ava';
import { get, MemcachedNode } from '../../../src/memcached/index.ts';
import { parseServers } from '../../../src/memcached/options.ts';
import type { MemcachedStore } from '../../../src/pages/memcached-store/index.ts';
import { ItemNames } from '../../../src/pages/memcached-store/item-names.ts';
import { until } from '../../helpers/descriptors.ts';
import { html, keyOf, SITE, store, textOf } from '../stored-pages.ts';
import { startSteppingProcess, type SteppingProcess } from '../stopped-process.ts';
import { openStore, startServers } from './cluster.ts';

const PROGRAM = new URL('programs/stepping-process.ts', import.meta.url);

/** What of a landing is sent: the tags' indexes, the entry in the log, the page, the end in the log. */
const SENDINGS = 4;

interface Removal {
  readonly remove: (pages: MemcachedStore) => Promise<unknown>;
  /** What the log has of it. */
  readonly kind: string;
}

const REMOVALS: Readonly<Record<string, Removal>> = {
  delete: { remove: (pages) => pages.delete([keyOf('/a/b')]), kind: 'D' },
  deleteBelow: { remove: (pages) => pages.deleteBelow(keyOf('/a')), kind: 'B' },
  invalidate: { remove: (pages) => pages.invalidate(['other', 't']), kind: 'T' },
  clear: { remove: (pages) => pages.clear(), kind: 'C' },
};

async function prepare(
  t: ExecutionContext,
  deadlineMilliseconds: number,
): Promise<{ pages: MemcachedStore; other: SteppingProcess; log: () => Promise<string> }> {
  const servers = await startServers(t, 1);
  const pages = await openStore(t, servers, { deadlineMilliseconds });
  const other = await startSteppingProcess(PROGRAM);
  t.teardown(() => other.end());
  const names = servers.map(({ server }) => server);
  await other.open(names.join());
  const [server] = parseServers(names, 'servers');
  if (server === undefined) throw new Error('There is no server.');
  const node = new MemcachedNode(server, { deadlineMilliseconds: 60_000 });
  t.teardown(() => node.close());
  const name = new ItemNames('pages:', SITE).log;
  const log = async (): Promise<string> => {
    const [items] = await node.run(get([name]));
    return items.get(name)?.value.toString() ?? '';
  };
  return { pages, other, log };
}

for (const [name, { remove, kind }] of Object.entries(REMOVALS)) {
  test(`a page whose writer stands still for longer than the deadline, at any moment, is gone once it goes on after ${name}()`, async (t) => {
    const { pages, other } = await prepare(t, 3000);
    for (let sendings = 0; sendings < SENDINGS; sendings += 1) {
      const what = `stopped before sending ${sendings}`;
      const { isWhole } = await other.run('land', sendings, `old${sendings}`, async () => {
        await remove(pages);
        t.is(await textOf(pages, '/a/b'), undefined, what);
      });
      t.false(isWhole, what);
      t.is(await textOf(pages, '/a/b'), undefined, what);
      // Nothing that is left of it leads astray.
      t.true(await store(pages, '/a/b', html('after', ['t'])), what);
      t.is(((await pages.invalidate(['t'])) as unknown[]).length, 1, what);
    }
    const { isWhole, result } = await other.run('land', SENDINGS, 'new', async () => {});
    t.true(isWhole && result === true, 'there are no more moments');
  });

  test(`${name}() waits for a writer that stands still just as it lands, and then takes its page`, async (t) => {
    const { pages, other, log } = await prepare(t, 60_000);
    for (let sendings = 0; sendings < SENDINGS; sendings += 1) {
      const what = `stopped before sending ${sendings}`;
      let removal: Promise<unknown> = Promise.resolve();
      await other.run('land', sendings, `old${sendings}`, async () => {
        const before = (await log()).length;
        removal = remove(pages);
        await until(async () => (await log()).slice(before).includes(`${kind} `));
      });
      await removal;
      t.is(await textOf(pages, '/a/b'), undefined, what);
      t.true(await store(pages, '/a/b', html('after', ['t'])), what);
      await pages.delete([keyOf('/a/b')]);
    }
  });
}

test('a page that was published stays when the writer of an earlier one goes on', async (t) => {
  const { pages, other } = await prepare(t, 3000);
  for (let sendings = 0; sendings < SENDINGS; sendings += 1) {
    const what = `stopped before sending ${sendings}`;
    await other.run('land', sendings, `old${sendings}`, async () => {
      const pending = await pages.begin(keyOf('/a/b'), { fence: true });
      t.true(await pending?.land(html(`new${sendings}`, ['t'])), what);
      t.is(await textOf(pages, '/a/b'), `<h1>new${sendings}</h1>\n`, what);
    });
    const after = await textOf(pages, '/a/b');
    // A page that was stored over it was taken back: then there is none, and never the old one.
    t.true(after === undefined || after === `<h1>new${sendings}</h1>\n`, `${what}: ${after}`);
  }
});
