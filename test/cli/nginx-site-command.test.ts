import { join } from 'node:path';
import test from 'ava';
import { siteServer } from '../../src/nginx.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { locationOf, runMain, runNginx } from './run-main.ts';

const ENTRY = new URL('../../src/index.ts', import.meta.url).href;

const SITE = ['nginx', 'site', '--root', '/srv/www/site', '--origin', 'https://www.example.com'];

test('nginx site prints the server', async (t) => {
  const out = siteServer({ root: '/srv/www/site', origin: 'https://www.example.com' });
  t.deepEqual(await runNginx(SITE), { code: 0, out, error: '' });
});

test('nginx site hands every flag on', async (t) => {
  const flags = [
    '--prefix',
    '/static/',
    '--listen',
    '[::]:8080',
    '--trailing-slash',
    'always',
    '--gzip-static',
  ];
  const others = [
    '--not-found',
    'errors/404.html',
    '--unversioned',
    'public, max-age=60',
    '--media-type',
    'glb=model/gltf-binary',
  ];
  const { out, error } = await runNginx([...SITE, ...flags, ...others]);
  t.is(error, '');
  t.is(
    out,
    siteServer({
      root: '/srv/www/site',
      origin: 'https://www.example.com',
      prefix: '/static/',
      listen: '[::]:8080',
      trailingSlash: 'always',
      gzipStatic: true,
      notFound: 'errors/404.html',
      unversionedCacheControl: 'public, max-age=60',
      mediaTypes: { glb: 'model/gltf-binary' },
    }),
  );
});

test('nginx site takes the site of the configuration, and says so', async (t) => {
  const cwd = await temporaryFolder(t, {
    'static-url.config.mjs': `export default {
      prefix: '/static/',
      unversionedCacheControl: 'public, max-age=86400',
      headers: { 'X-Of': 'assets' },
      site: {
        origin: 'https://www.example.com', out: 'public', routes: [], trailingSlash: 'always', compress: true,
        redirects: [{ from: '/old', to: '/new' }],
        headers: [{ path: '/*', headers: { 'X-Frame-Options': 'DENY' } }],
      },
    };`,
  });
  const { out, error } = await runMain(['nginx', 'site'], { cwd });
  t.is(error, '');
  t.is(
    locationOf(out),
    siteServer({
      root: join(cwd, 'public'),
      origin: 'https://www.example.com',
      prefix: '/static/',
      trailingSlash: 'always',
      gzipStatic: true,
      redirects: [{ from: '/old', to: '/new' }],
      headers: [{ path: '/*', headers: { 'X-Frame-Options': 'DENY' } }],
    }),
  );
  t.true(out.split('\n')[0]?.endsWith(', with "site" of static-url.config.mjs'), out);
});

test("nginx site asks the site's assets for their prefix, unless it is told one", async (t) => {
  const cwd = await temporaryFolder(t, {
    'static-url.config.mjs': `import { openAssets } from ${JSON.stringify(ENTRY)};
    export default {
      site: {
        origin: 'https://www.example.com', out: 'public', routes: [],
        assets: () => openAssets({ prefix: '/assets/', roots: ${JSON.stringify(import.meta.dirname)} }),
      },
    };`,
  });
  const site = { root: join(cwd, 'public'), origin: 'https://www.example.com' };
  for (const [flags, prefix] of [
    [[], '/assets/'],
    [['--prefix', '/others/'], '/others/'],
    [['--no-prefix'], undefined],
  ] as const) {
    const { out, error } = await runMain(['nginx', 'site', ...flags], { cwd });
    t.is(error, '');
    t.is(locationOf(out), siteServer({ ...site, ...(prefix && { prefix }) }));
  }
});

test('nginx site refuses what is missing or wrong, as wrong usage', async (t) => {
  const wrong: readonly (readonly [argv: string[], reason: RegExp])[] = [
    [
      ['nginx', 'site'],
      /^error: "static-url nginx site" needs the folder of the site and its origin\. Give --root/,
    ],
    [[...SITE, '--listen', '80; }'], /--listen is what nginx listens on/],
    [[...SITE, '--not-found', '../404.html'], /--not-found is the name of a file of the site/],
    [['nginx', 'site', '--root', '/srv', '--origin', 'www.example.com'], /--origin is an origin such as/],
  ];
  const cwd = await temporaryFolder(t);
  for (const [argv, reason] of wrong) {
    const { code, out, error } = await runMain(argv, { cwd });
    t.is(code, 2, error);
    t.is(out, '');
    t.regex(error, reason);
  }
});
