import test from 'ava';
import { MemcachedNode, Ring, set } from '../../src/memcached/index.ts';
import { parseServers } from '../../src/memcached/options.ts';
import fc, { SEED } from '../helpers/fast-check.ts';
import { startMemcached } from '../helpers/memcached.ts';
import { startNginx } from '../helpers/nginx.ts';
import { rawGet } from './raw-get.ts';

test('Ring gives each of 3,000 keys to the server where nginx looks for it', async (t) => {
  const [one, two, three] = await Promise.all(
    ['127.0.0.1', '127.0.0.2', '127.0.0.1'].map((host) => startMemcached(t, { host })),
  );
  const lines = [one!.server, `${two!.server} weight=3`, `${three!.server} weight=2`];
  const servers = parseServers(lines, 'servers');
  const nodes = new Map(
    servers.map((server) => [server, new MemcachedNode(server, { deadlineMilliseconds: 60_000 })]),
  );
  t.teardown(() => Promise.all([...nodes.values()].map((node) => node.close())));
  const ring = new Ring(servers);
  // What a request line can carry: everything but blanks and control characters stands in it as it is.
  const character = fc.oneof(
    fc.constantFrom('%20', '%', '"', "'", '$', '&', '{', '\\', ';', '=', '/', 'é', '€', '😀'),
    fc
      .string({ minLength: 1, maxLength: 4, unit: 'grapheme-ascii' })
      .map((text) => text.replaceAll(/[\s#]/g, '-')),
  );
  const targets = fc
    .sample(fc.array(character, { maxLength: 20 }), { seed: SEED, numRuns: 3000 })
    .map((parts, index) => `/${index}?${parts.join('')}`);
  const shares = new Map<string, number>();
  await Promise.all(
    targets.map(async (target) => {
      const key = `pages: ${target}`;
      const server = ring.serverOf(key);
      shares.set(server.name, (shares.get(server.name) ?? 0) + 1);
      const [stored] = await nodes.get(server)!.run(set(key, Buffer.from(key), { ttlSeconds: 100 }));
      if (stored !== 'stored') t.fail(`${key}: ${JSON.stringify(stored)}`);
    }),
  );
  t.deepEqual(
    servers.toSorted((a, b) => a.weight - b.weight).map(({ name }) => name),
    [...shares].toSorted((a, b) => a[1] - b[1]).map(([name]) => name),
  );
  const { port } = await startNginx(
    t,
    `keepalive_requests 4000;
     location / { set $memcached_key "pages: $request_uri"; memcached_next_upstream off; memcached_pass pages;
       memcached_connect_timeout 60s; memcached_read_timeout 60s; }`,
    `upstream pages { hash $memcached_key consistent; keepalive 4; ${lines.map((line) => `server ${line} max_fails=0;`).join(' ')} }`,
  );
  const bodies = await rawGet(port, targets);
  t.deepEqual(
    targets.filter((target, index) => bodies[index] !== `pages: ${target}`),
    [],
  );
});

test('Ring has each share in 160 points, the same in any order of the servers', (t) => {
  const servers = parseServers(['a:1', 'b:1 weight=2', '[::1]:1'], 'servers');
  const rings = [new Ring(servers), new Ring(servers.toReversed())];
  for (let index = 0; index < 1000; index += 1) {
    t.is(rings[0]!.serverOf(`${index}`).name, rings[1]!.serverOf(`${index}`).name);
  }
});
