import { randomBytes } from 'node:crypto';
import { isPlainObject } from '../../core/text.ts';
import { get, set } from '../../memcached/index.ts';
import type { Cluster } from './cluster.ts';

const DAY_SECONDS = 24 * 60 * 60;

/** The counts that the processes of a store keep: an item each, for a day. */
export class ProcessCounts {
  readonly #name = `${process.pid}-${randomBytes(6).toString('hex')}`;

  async save(cluster: Cluster, counts: Readonly<Record<string, number>>): Promise<void> {
    const name = cluster.items.counts + this.#name;
    const value = Buffer.from(JSON.stringify(counts));
    await cluster.memberOf(name).node.memcached.run(set(name, value, { ttlSeconds: DAY_SECONDS }));
  }

  async sums({ items, members }: Cluster): Promise<Record<string, number>> {
    const sums = new Map<string, number>();
    for (const { node } of members) {
      for await (const name of node.memcached.keys(items.counts)) {
        const [found] = await node.memcached.run(get([name]));
        for (const [key, count] of Object.entries(parse(found.get(name)?.value)))
          if (typeof count === 'number') sums.set(key, (sums.get(key) ?? 0) + count);
      }
    }
    return Object.fromEntries(sums);
  }
}

function parse(bytes: Buffer | undefined): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(bytes?.toString() ?? '');
    return isPlainObject(value) ? value : {};
  } catch {
    return {};
  }
}
