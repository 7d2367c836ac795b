import { join } from 'node:path';
import test from 'ava';
import { StaticUrlError } from '../../src/index.ts';
import { siteServer, type SiteServerOptions } from '../../src/nginx.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { startNginx } from '../helpers/nginx.ts';
import { ask, checkHost } from '../site/hosting/check-host.ts';
import { HEADERS, PREFIX, REDIRECTS, siteFolder, SITES } from '../site/hosting/host-rows.ts';

for (const site of SITES) {
  test(`siteServer() answers as every host: ${site.title}`, async (t) => {
    const root = await siteFolder(t);
    const socketPath = join(await temporaryFolder(t), 'nginx.sock');
    const { origin, trailingSlash } = site;
    const server = siteServer({
      root,
      origin,
      trailingSlash,
      listen: `unix:${socketPath}`,
      prefix: PREFIX,
      redirects: REDIRECTS,
      headers: HEADERS,
      gzipStatic: true,
    });
    await startNginx(t, 'return 444;', server);
    await checkHost(t, site, { socketPath });
  });
}

test('siteServer() is a whole server, which another one on the same port does not change', async (t) => {
  const text = siteServer({ root: '/srv/www/site', origin: 'https://www.example.com' });
  t.regex(
    text,
    /^server \{\n {4}listen 80;\n {4}server_name www\.example\.com;\n {4}root \/srv\/www\/site;\n/,
  );
  t.notRegex(text, /immutable/);
  const place = await temporaryFolder(t, { 'a/index.html': 'a', 'b/index.html': 'b' });
  const socket = join(place, 'nginx.sock');
  const servers = ['a', 'b'].map((name) =>
    siteServer({ root: join(place, name), origin: `https://${name}.example`, listen: `unix:${socket}` }),
  );
  await startNginx(t, 'return 444;', servers.join('\n'));
  for (const name of ['a', 'b']) {
    const answer = await ask({ socketPath: socket, path: '/', headers: { host: `${name}.example` } });
    t.is(answer.body.toString(), name);
  }
});

test('siteServer() has pages cached as it is told, and redirects, refusals and ranges never', async (t) => {
  const root = await temporaryFolder(t, { 'about/index.html': 'about' });
  const socketPath = join(root, 'nginx.sock');
  const server = siteServer({
    root,
    origin: 'https://www.example.com',
    listen: `unix:${socketPath}`,
    unversionedCacheControl: 'public, max-age=60',
  });
  await startNginx(t, 'return 444;', server);
  for (const [path, method, status, expected] of [
    ['/about', 'GET', 200, 'public, max-age=60'],
    ['/about/', 'GET', 301, 'no-cache'],
    ['/about/index.html', 'GET', 301, 'no-cache'],
    ['/nothing', 'GET', 404, 'no-store'],
    ['/about', 'POST', 405, 'no-store'],
  ] as const) {
    const answer = await ask({ socketPath, path, method });
    t.is(answer.status, status, path);
    t.is(answer.headers['cache-control'], expected, path);
  }
  const range = await ask({ socketPath, path: '/about', headers: { range: 'bytes=0-1' } });
  t.is(range.status, 206);
  t.is(range.headers['cache-control'], 'no-cache');
});

function sniffing(value: string): string {
  return siteServer({
    root: '/srv/www/site',
    origin: 'https://www.example.com',
    headers: [{ path: '/*', headers: { 'X-Content-Type-Options': value } }],
  });
}

test('siteServer() takes the nosniff that it sends by itself, as apps with helmet declare it, and no other', (t) => {
  t.is(sniffing('nosniff').match(/nosniff/g)?.length, 1);
  t.throws(() => sniffing('sniff'), { message: /decides the header "x-content-type-options" itself/ });
});

test('siteServer() refuses what nginx cannot say, or decides itself', (t) => {
  const site = { root: '/srv/www/site', origin: 'https://www.example.com' };
  const wrong: readonly (readonly [Partial<SiteServerOptions>, RegExp])[] = [
    [{ root: '/srv/$site' }, /"\$" starts a variable/],
    [{ redirects: [{ from: '/a$b', to: '/c' }] }, /"\$" starts a variable/],
    [{ redirects: [{ from: '/a', to: '/b$c' }] }, /"\$" starts a variable/],
    [{ redirects: [{ from: `/${'a'.repeat(255)}`, to: '/b' }] }, /no location that is longer than 255 bytes/],
    [{ headers: [{ path: '/*', headers: { 'X-A': '$a' } }] }, /"\$" starts a variable/],
    [{ headers: [{ path: '/a%24', headers: { 'X-A': 'a' } }] }, /"\$" starts a variable/],
    [{ headers: [{ path: '/*', headers: { ETag: '"a"' } }] }, /decides the header "etag" itself/],
    [{ headers: [{ path: '/*', headers: { 'Content-Type': 'text/plain' } }] }, /Give it for each path/],
  ];
  for (const [options, message] of wrong)
    t.throws(() => siteServer({ ...site, ...options }), {
      instanceOf: StaticUrlError,
      code: 'NGINX_INEXPRESSIBLE',
      message,
    });
  for (const options of [
    { root: 'site' },
    { origin: 'www.example.com' },
    { listen: '80; }' },
    { notFound: '../404.html' },
    { redirects: [{ from: '/a?b', to: '/c' }] },
    { redirects: [{ from: '/%zz', to: '/c' }] },
    { headers: [{ path: '/%zz', headers: {} }] },
  ])
    t.throws(() => siteServer({ ...site, ...options }), { instanceOf: TypeError });
});
