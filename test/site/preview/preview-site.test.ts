import test from 'ava';
import { previewSite } from '../../../src/site/preview/index.ts';
import { temporaryFolder, writeFiles } from '../../helpers/folder.ts';
import { listen } from '../../helpers/listen.ts';
import { request } from '../../helpers/request.ts';
import { checkHost } from '../hosting/check-host.ts';
import { HEADERS, PREFIX, REDIRECTS, siteFolder, SITES, VERSION } from '../hosting/host-rows.ts';

for (const site of SITES) {
  test(`previewSite() answers as every host: ${site.title}`, async (t) => {
    const folder = await siteFolder(t);
    const { port } = await listen(
      t,
      previewSite({
        ...site,
        folder,
        prefix: PREFIX,
        redirects: REDIRECTS,
        headers: HEADERS,
        notFound: '404.html',
      }),
    );
    await checkHost(t, site, { host: '127.0.0.1', port });
  });
}

test('previewSite() goes by "_headers" and "_redirects" of the folder, where it has them', async (t) => {
  const folder = await temporaryFolder(t, {
    'index.html': 'home',
    'about/index.html': 'about',
    [`static/${VERSION}/a.css`]: 'a {}',
    _headers: `/*\n  X-A: 1\n/about/\n  X-B: 2\n/static/${VERSION}/*\n  Cache-Control: public, max-age=31536000\n`,
    _redirects: '/old /about 302\n',
  });
  const { url } = await listen(
    t,
    previewSite({
      folder,
      origin: 'https://www.example.com',
      trailingSlash: 'never',
      redirects: [{ from: '/older', to: '/about' }],
      headers: [{ path: '/*', headers: { 'X-C': '3' } }],
      prefix: PREFIX,
      notFound: '404.html',
    }),
  );
  const about = await request(url, '/about');
  t.is(about.headers['x-a'], '1');
  t.is(about.headers['x-b'], '2');
  t.is(about.headers['x-c'], undefined);
  t.is(about.headers['cache-control'], 'no-cache');
  t.is((await request(url, `/static/${VERSION}/a.css`)).headers['cache-control'], 'public, max-age=31536000');
  const old = await request(url, '/old?a=1');
  t.is(old.status, 302);
  t.is(old.headers.location, '/about?a=1');
  const older = await request(url, '/older');
  t.is(older.status, 404);
  t.is(older.body.toString(), 'Not Found\n');
  t.is((await request(url, '/_headers')).status, 404);
  // The next export.
  await writeFiles(folder, { '404.html': 'nothing here', _redirects: '/older / 301\n' });
  t.is((await request(url, '/old')).body.toString(), 'nothing here');
  t.is((await request(url, '/older')).headers.location, '/');
});
