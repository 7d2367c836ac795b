import type { ExecutionContext } from 'ava';
import { get, MemcachedNode } from '../../../src/memcached/index.ts';
import { parseServers } from '../../../src/memcached/options.ts';
import type { MemcachedStore } from '../../../src/pages/memcached-store/index.ts';
import { ItemNames } from '../../../src/pages/memcached-store/item-names.ts';
import { keyOf, SITE } from '../stored-pages.ts';
import { startSteppingProcess, type SteppingProcess } from '../stopped-process.ts';
import { openStore, startServers } from './cluster.ts';

const PROGRAM = new URL('programs/stepping-process.ts', import.meta.url);

/** What of a landing is sent: the tags' indexes, the entry in the log, the page, the end in the log. */
export const SENDINGS = 4;
/** From here on the log says that a page lands. */
export const LANDS = 2;

export interface Removal {
  readonly remove: (pages: MemcachedStore) => Promise<unknown>;
  /** What the log has of it. */
  readonly kind: string;
}

export const REMOVALS: Readonly<Record<string, Removal>> = {
  delete: { remove: (pages) => pages.delete([keyOf('/a/b')]), kind: 'D' },
  deleteBelow: { remove: (pages) => pages.deleteBelow(keyOf('/a')), kind: 'B' },
  invalidate: { remove: (pages) => pages.invalidate(['other', 't']), kind: 'T' },
  clear: { remove: (pages) => pages.clear(), kind: 'C' },
};

/** A store on one server, another process that can be stopped, and the text of the log. */
export async function prepareRace(
  t: ExecutionContext,
): Promise<{ pages: MemcachedStore; other: SteppingProcess; log: () => Promise<string> }> {
  const servers = await startServers(t, 1);
  const pages = await openStore(t, servers);
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
