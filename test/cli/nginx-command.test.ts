import { join } from 'node:path';
import test from 'ava';
import { pagesLocation, releasesLocation, staticLocation } from '../../src/nginx.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { runMain, runNginx } from './run-main.ts';

const REQUIRED = ['nginx', 'static', '--prefix', '/static/', '--root', '/srv/app/public'];

test('nginx static prints the location', async (t) => {
  const out = staticLocation({ prefix: '/static/', root: '/srv/app/public' });
  t.deepEqual(await runNginx(REQUIRED), { code: 0, out, error: '' });
});

test('nginx static hands every flag on', async (t) => {
  const flags =
    '--current /srv/app/current --max-age 3600 --unknown-version not-found --cors --gzip-static --symlinks refuse --dotfiles --well-known';
  const values = [
    '--unversioned',
    'public, max-age=60',
    '--header',
    'X-Frame-Options: DENY',
    '--header',
    'X-A:  b: c ',
    '--media-type',
    'glb=model/gltf-binary',
    '--media-type',
    'usd = model/vnd.usd',
  ];
  const { code, out, error } = await runNginx([...REQUIRED, ...flags.split(' '), ...values]);
  t.is(code, 0, error);
  const expected = staticLocation({
    prefix: '/static/',
    root: '/srv/app/public',
    current: '/srv/app/current',
    maxAgeSeconds: 3600,
    unknownVersion: 'not-found',
    unversionedCacheControl: 'public, max-age=60',
    headers: { 'X-Frame-Options': 'DENY', 'X-A': 'b: c' },
    mediaTypes: { glb: 'model/gltf-binary', usd: 'model/vnd.usd' },
    cors: true,
    gzipStatic: true,
    symlinks: 'refuse',
    dotfiles: true,
    wellKnown: true,
  });
  t.is(out, expected);
});

test('nginx static finds relative folders from the working folder', async (t) => {
  const cwd = await temporaryFolder(t);
  const argv = ['nginx', 'static', '--prefix', '/s/', '--root', 'public', '--current', './current'];
  const out = staticLocation({ prefix: '/s/', root: join(cwd, 'public'), current: join(cwd, 'current') });
  t.deepEqual(await runNginx(argv, { cwd }), { code: 0, out, error: '' });
});

test('nginx static refuses what is missing, empty or wrong, as wrong usage', async (t) => {
  const wrong: readonly (readonly [argv: string[], reason: RegExp])[] = [
    [['--root', '/srv'], /'--prefix <prefix>' is missing/],
    [['--prefix', '/s/'], /'--root <folder>' is missing/],
    [['--prefix', '/s/', '--root', ''], /is empty/i],
    [['--prefix', '/s/', '--root', '/srv', '--current='], /is empty/i],
    [['--prefix', 's', '--root', '/srv'], /is relative/],
    [['--prefix', '/s/', '--root', '/'], /, the whole file system/],
    [['--prefix', '/s/', '--root', '/srv', '--max-age', '1h'], /whole number of seconds/],
    [['--prefix', '/s/', '--root', '/srv', '--max-age', '-1'], /./],
    [['--prefix', '/s/', '--root', '/srv', '--max-age', ''], /whole number of seconds/],
    [['--prefix', '/s/', '--root', '/srv', '--header', 'X-Frame-Options'], /Write it such as "X-Frame/],
    [['--prefix', '/s/', '--root', '/srv', '--header', ': a'], /Write it such as "X-Frame/],
    [['--prefix', '/s/', '--root', '/srv', '--header=Link: a', '--header=link: b'], /"link" is given twice/],
    [['--prefix', '/s/', '--root', '/srv', '--media-type', 'glb'], /Write it such as "glb=model/],
    [['--prefix', '/s/', '--root', '/srv', '--media-type=a=b/c', '--media-type=A=b/d'], /"A" is given twice/],
    [['--prefix', '/s/', '--root', '/srv', '--unknown-version', '404'], /Allowed choices are/],
  ];
  for (const [argv, reason] of wrong) {
    const { code, out, error } = await runNginx(['nginx', 'static', ...argv]);
    t.is(code, 2, `${argv.join(' ')}: ${error}`);
    t.is(out, '');
    t.regex(error, reason);
    t.notRegex(error, /\n\s+at /);
  }
});

test('nginx static keeps a header of a name that every object inherits', async (t) => {
  const { code, out } = await runNginx([...REQUIRED, '--header', '__proto__: a', '--header', 'X-B: c']);
  t.is(code, 0);
  t.regex(out, /add_header "?__proto__"? "?a"?/);
  t.regex(out, /add_header "?X-B"? "?c"?/);
});

const RELEASES = [
  'nginx',
  'releases',
  '--prefix',
  '/static/',
  '--root',
  '/srv/app/public',
  '--releases',
  '/srv/app/releases',
];

test('nginx releases prints the location', async (t) => {
  const out = releasesLocation({
    prefix: '/static/',
    root: '/srv/app/public',
    releases: '/srv/app/releases',
  });
  t.deepEqual(await runNginx(RELEASES), { code: 0, out, error: '' });
});

test('nginx releases hands every flag on', async (t) => {
  const flags =
    '--max-age 3600 --unknown-version not-found --cors --gzip-static --symlinks refuse --dotfiles --well-known --max-open-files 1000 --deltas';
  const values = ['--unversioned', 'public, max-age=60', '--header', 'X-Frame-Options: DENY'];
  const { code, out, error } = await runNginx([...RELEASES, ...flags.split(' '), ...values]);
  t.is(code, 0, error);
  const expected = releasesLocation({
    prefix: '/static/',
    root: '/srv/app/public',
    releases: '/srv/app/releases',
    maxAgeSeconds: 3600,
    unknownVersion: 'not-found',
    unversionedCacheControl: 'public, max-age=60',
    headers: { 'X-Frame-Options': 'DENY' },
    cors: true,
    gzipStatic: true,
    symlinks: 'refuse',
    dotfiles: true,
    wellKnown: true,
    maxOpenFiles: 1000,
    deltas: true,
  });
  t.is(out, expected);
});

test('nginx releases finds relative folders from the working folder', async (t) => {
  const cwd = await temporaryFolder(t);
  const argv = ['nginx', 'releases', '--prefix', '/s/', '--root', 'public', '--releases', './releases'];
  const out = releasesLocation({
    prefix: '/s/',
    root: join(cwd, 'public'),
    releases: join(cwd, 'releases'),
  });
  t.deepEqual(await runNginx(argv, { cwd }), { code: 0, out, error: '' });
});

test('nginx releases refuses what is missing, empty or wrong, as wrong usage', async (t) => {
  const wrong: readonly (readonly [argv: string[], reason: RegExp])[] = [
    [RELEASES.slice(2, 6), /'--releases <folder>' is missing/],
    [[...RELEASES.slice(2, 6), '--releases='], /is empty/i],
    [RELEASES.slice(4), /'--prefix <prefix>' is missing/],
    [[...RELEASES.slice(2), '--current', '/srv/current'], /unknown option '--current'/],
    [[...RELEASES.slice(2), '--max-open-files', 'many'], /whole number of files/],
    [[...RELEASES.slice(2), '--max-open-files', '9999999999'], /from 0 to 1048576/],
  ];
  for (const [argv, reason] of wrong) {
    const { code, out, error } = await runNginx(['nginx', 'releases', ...argv]);
    t.is(code, 2, `${argv.join(' ')}: ${error}`);
    t.is(out, '');
    t.regex(error, reason);
  }
});

const PAGES_CONFIG = `
  import { fileStore } from ${JSON.stringify(new URL('../../src/pages.ts', import.meta.url).href)};
  export default {
    headers: { 'X-Of-Assets': '1' },
    pages: {
      sites: ['https://www.example.com'],
      urls: ['/', /^\\/posts\\//],
      headers: [{ urls: '/', headers: { 'X-Home': '1' } }],
      store: fileStore({ folder: '/srv/app/pages' }),
    },
  };
`;

test('nginx pages takes from the configuration what the app is told of its pages, and nothing that is about assets', async (t) => {
  const cwd = await temporaryFolder(t, { 'static-url.config.mjs': PAGES_CONFIG });
  const { code, out, error } = await runMain(
    ['nginx', 'pages', '--upstream', 'http://127.0.0.1:3000', '--part', 'server'],
    { cwd },
  );
  t.is(code, 0, error);
  const [madeBy = '', ...text] = out.split('\n');
  t.is(
    madeBy,
    '# Made by: static-url nginx pages --upstream http://127.0.0.1:3000 --part server, with "pages" in static-url.config.mjs',
  );
  const expected = pagesLocation({
    sites: ['https://www.example.com'],
    urls: ['/', /^\/posts\//],
    headers: [{ urls: '/', headers: { 'X-Home': '1' } }],
    folder: '/srv/app/pages',
    upstream: 'http://127.0.0.1:3000',
  });
  t.true(text.join('\n').endsWith(expected));
});

test('nginx pages adds no header by a flag where the configuration says them by URL', async (t) => {
  const cwd = await temporaryFolder(t, { 'static-url.config.mjs': PAGES_CONFIG });
  const flags = ['nginx', 'pages', '--upstream', 'app', '--header', 'X-A: 1'];
  const { code, error } = await runMain(flags, { cwd });
  t.is(code, 2);
  t.regex(error, /static-url\.config\.mjs says the headers of pages by URL, and --header can add none/);
});
