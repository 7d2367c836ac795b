import test from 'ava';
import { memcachedStore, type MemcachedStoreOptions } from '../../../src/pages/memcached-store/index.ts';
import { html, keyOf, store, textOf } from '../stored-pages.ts';
import { openStore, startServers } from './cluster.ts';

const SERVER = '127.0.0.1:11211';
const GOOD = { servers: [SERVER], ttlSeconds: 60 };

const WRONG: readonly (readonly [object, RegExp, ErrorConstructor?])[] = [
  [{ ttlSeconds: 60 }, /needs the option "servers"/],
  [{ servers: [SERVER] }, /needs the option "ttlSeconds"/],
  [{ ...GOOD, servers: SERVER }, /"servers" is a list .*, not "127\.0\.0\.1:11211"\./],
  [{ ...GOOD, servers: [] }, /"servers" is a list of servers such as "127\.0\.0\.1:11211", not an empty one/],
  [{ ...GOOD, servers: ['127.0.0.1'] }, /"servers" has "127\.0\.0\.1"\. Write a server as "HOST:PORT"/],
  [{ ...GOOD, servers: ['unix:/run/m.sock'] }, /Write a server as "HOST:PORT"/],
  [{ ...GOOD, servers: [`${SERVER} backup`] }, /Write a server as "HOST:PORT"/],
  [{ ...GOOD, servers: [{ host: 'a', port: 1 }] }, /"servers"/],
  [{ ...GOOD, servers: ['a:70000'] }, /whose port is not from 1 to 65535/, RangeError],
  [{ ...GOOD, servers: [`${SERVER} weight=0`] }, /whose weight is not from 1 to 1000/, RangeError],
  [{ ...GOOD, servers: [SERVER, `${SERVER} weight=2`] }, /names "127\.0\.0\.1:11211" twice/],
  [{ ...GOOD, ttlSeconds: 0 }, /"ttlSeconds" is a whole number of seconds from 1 to 2592000, not 0\./],
  [{ ...GOOD, ttlSeconds: 2_592_001 }, /"ttlSeconds" is a whole number of seconds from 1 to 2592000/],
  [{ ...GOOD, ttlSeconds: '60' }, /"ttlSeconds" is a whole number of seconds/],
  [{ ...GOOD, types: { urls: '/a', type: 'text/plain' } }, /"types" is a list of \{ urls, type \}/],
  [
    { ...GOOD, types: [{ urls: '/a', type: 'image/png' }] },
    /"types" is a list of \{ urls, type \} with patterns such as "\/feed\.xml" and one of the types text\/html, application\/json, /,
  ],
  [{ ...GOOD, types: [{ url: '/a', type: 'text/plain' }] }, /"types" is a list of \{ urls, type \}/],
  [{ ...GOOD, types: [{ urls: [], type: 'text/plain' }] }, /"types"/],
  [{ ...GOOD, types: [{ urls: 'feed.xml', type: 'text/plain' }] }, /"types"/],
  [{ ...GOOD, gzip: 'yes' }, /"gzip" is true or false/],
  [{ ...GOOD, keyPrefix: '' }, /"keyPrefix" is up to 40 letters, digits and \. _ : \/ -, not ""\./],
  [{ ...GOOD, keyPrefix: 'a b' }, /"keyPrefix" is up to 40 letters/],
  [{ ...GOOD, keyPrefix: 'a#' }, /"keyPrefix" is up to 40 letters/],
  [{ ...GOOD, keyPrefix: 'a\n' }, /"keyPrefix" is up to 40 letters/],
  [{ ...GOOD, maxItemBytes: 1023 }, /"maxItemBytes" is a whole number of bytes from 1024 on, not 1023\./],
  [
    { ...GOOD, deadlineMilliseconds: 0 },
    /"deadlineMilliseconds" is a whole number of milliseconds from 1 to 60000/,
  ],
  [{ ...GOOD, deadlineMilliseconds: Infinity }, /"deadlineMilliseconds" is a whole number/],
  [{ ...GOOD, owner: 1 }, /"owner" is/],
  [{ ...GOOD, owner: '' }, /"owner" is/],
  [{ ...GOOD, ttl: 60 }, /no option "ttl"/],
  [{ ...GOOD, TTLSeconds: 60 }, /no option "TTLSeconds"\. Did you mean "ttlSeconds"\?/],
];

for (const [options, message, kind] of WRONG)
  test(`memcachedStore() refuses ${JSON.stringify(options)}`, (t) => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    const error = t.throws(() => memcachedStore(options as MemcachedStoreOptions), { message });
    if (kind !== undefined) t.true(error instanceof kind);
  });

test('memcachedStore() tells the type of a page by its path, by the first that fits', (t) => {
  const pages = memcachedStore({
    ...GOOD,
    types: [
      { urls: ['/feed.xml', /^\/feeds\//], type: 'application/rss+xml' },
      { urls: '/:name.xml', type: 'application/xml' },
    ],
  });
  const typeOf = (target: string): string | undefined => pages.mediaTypeOf?.(keyOf(target));
  t.is(typeOf('/feed.xml?page=2'), 'application/rss+xml');
  t.is(typeOf('/feeds/a'), 'application/rss+xml');
  t.is(typeOf('/sitemap.xml'), 'application/xml');
  t.is(typeOf('/'), 'text/html');
});

test('memcachedStore() keeps pages, and what leads to them, for 30 days', async (t) => {
  const pages = await openStore(t, await startServers(t, 1), { ttlSeconds: 2_592_000 });
  t.true(await store(pages, '/a', html('a', ['tag'])));
  t.true(await store(pages, '/b', html('b', ['tag'])));
  t.is(await textOf(pages, '/a'), '<h1>a</h1>\n');
  t.is((await pages.invalidate(['tag'])).length, 2);
  t.true(await store(pages, '/a', html('new', ['tag'])));
  t.is((await pages.invalidate(['tag'])).length, 1);
});

test('memcachedStore() keeps no page longer than ttlSeconds', async (t) => {
  const pages = await openStore(t, await startServers(t, 1), { ttlSeconds: 1 });
  t.true(await store(pages, '/a', html('a', ['tag'])));
  while ((await textOf(pages, '/a')) !== undefined);
  for await (const page of pages.list()) t.fail(page.target);
  t.pass();
});
