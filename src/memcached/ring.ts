import { crc32 } from 'node:zlib';
import type { MemcachedServer } from './servers.ts';

/** How many points each share of a server's weight has. */
const POINTS = 160;

interface Point {
  readonly hash: number;
  readonly server: MemcachedServer;
}

/** Gives each key to one server, as nginx does by `hash … consistent` (ngx_http_upstream_hash_module.c). */
export class Ring {
  readonly #points: readonly Point[];

  constructor(servers: readonly MemcachedServer[]) {
    const points = servers.flatMap(pointsOf).toSorted((one, other) => one.hash - other.hash);
    this.#points = points.filter(({ hash }, index) => hash !== points[index - 1]?.hash);
  }

  /** The server whose point is the first at or behind the key's; behind the last point, the ring begins anew. */
  serverOf(key: string): MemcachedServer {
    const hash = crc32(key);
    let [from, to] = [0, this.#points.length];
    while (from < to) {
      const middle = (from + to) >> 1;
      if ((this.#points[middle]?.hash ?? 0) < hash) from = middle + 1;
      else to = middle;
    }
    const point = this.#points[from % this.#points.length];
    if (point === undefined) throw new RangeError('A ring needs at least one server.');
    return point.server;
  }
}

function pointsOf(server: MemcachedServer): readonly Point[] {
  const colon = server.name.lastIndexOf(':');
  const base = crc32(`${server.name.slice(0, colon)}\0${server.name.slice(colon + 1)}`);
  const previous = Buffer.alloc(4);
  return Array.from({ length: POINTS * server.weight }, () => {
    const hash = crc32(previous, base);
    previous.writeUInt32LE(hash);
    return { hash, server };
  });
}
