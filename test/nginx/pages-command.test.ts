import { join } from 'node:path';
import test from 'ava';
import { pagesHttp, pagesLocation } from '../../src/nginx.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { runMain, runNginx } from '../cli/run-main.ts';

const FLAGS =
  'nginx pages --site https://www.example.com --site http://localhost:3000 --url / --url /posts/:slug --exclude /posts/x --query page --query tag --ignore-query ref --bypass-header X-Preview --folder pages --upstream app --browser-cache-control public';
const ARGV = [...FLAGS.split(' '), '--header', 'X-Frame-Options: DENY', '--ignore-cookie', 'theme'];
const OPTIONS = {
  sites: ['https://www.example.com', 'http://localhost:3000'],
  urls: ['/', '/posts/:slug'],
  exclude: ['/posts/x'],
  query: ['page', 'tag'],
  ignoreQuery: ['ref'],
  bypassHeaders: ['X-Preview'],
  ignoreCookies: ['theme'],
  folder: join(process.cwd(), 'pages'),
  upstream: 'app',
  browserCacheControl: 'public',
  headers: { 'X-Frame-Options': 'DENY' },
};

test('nginx pages prints both parts, or the one that is asked for', async (t) => {
  const [http, server] = [pagesHttp(OPTIONS), pagesLocation(OPTIONS)];
  t.deepEqual(await runNginx(ARGV), { code: 0, out: `${http}\n${server}`, error: '' });
  t.is((await runNginx([...ARGV, '--part', 'http'])).out, http);
  t.is((await runNginx([...ARGV, '--part', 'server'])).out, server);
});

test('nginx pages tells by which flags it was made, those given again too', async (t) => {
  const { out } = await runMain([...ARGV, '--part', 'http']);
  t.regex(
    out,
    /^# Made by: static-url nginx pages --site https:\/\/www\.example\.com --site http:\/\/localhost:3000 --url \/ --url \/posts\/:slug .*--header 'X-Frame-Options: DENY'.* --part http\n/,
  );
});

test('nginx pages refuses what is wrong or missing in the words of its flags', async (t) => {
  const rest = ['--folder', '/srv', '--upstream', 'app'];
  for (const [argv, message] of [
    [['--url', '/'], /'--site <origin>' is missing/],
    [
      ['--site', 'https://a.example/', '--url', '/'],
      /--site has "https:\/\/a\.example\/"\. Write just the origin/,
    ],
    [['--site', 'https://a.example', '--url', 'posts'], /--url is a list of path patterns/],
    [
      ['--site', 'https://a.example', '--url', '/*'],
      /--url has the pattern "\/\*", which Express 5 cannot read/,
    ],
    [
      ['--site', 'https://a.example', '--url', '/', '--query', 'gclid'],
      /--query has "gclid", which --ignore-query takes off/,
    ],
    [['--site', 'https://a.example', '--url', '/', '--part', 'location'], /Allowed choices are http, server/],
  ] as const) {
    const { code, out, error } = await runMain(['nginx', 'pages', ...argv, ...rest]);
    t.deepEqual([code === 0, out], [false, '']);
    t.regex(error, message);
  }
});

const SITE_FLAGS = ['nginx', 'pages', '--site', 'https://www.example.com', '--url', '/', '--upstream', 'app'];

test('nginx pages takes the memcached store and the preloaded views by flags', async (t) => {
  const argv = [
    ...SITE_FLAGS,
    '--memcached',
    '10.0.0.1:11211',
    '--memcached',
    '10.0.0.2:11211 weight=2',
    '--memcached-type',
    '/posts/:slug.json=application/json',
    '--memcached-type',
    '/feed=text/xml',
    '--memcached-key-prefix',
    'blog:',
    '--memcached-deadline',
    '150',
    '--preload-folder',
    'parts',
    '--preload-prefix',
    '/parts/',
  ];
  const { out, error } = await runNginx(argv);
  t.is(error, '');
  const options = {
    sites: ['https://www.example.com'],
    urls: ['/'],
    upstream: 'app',
    memcached: {
      servers: ['10.0.0.1:11211', '10.0.0.2:11211 weight=2'],
      types: [
        { urls: '/posts/:slug.json', type: 'application/json' },
        { urls: '/feed', type: 'text/xml' },
      ],
      keyPrefix: 'blog:',
      deadlineMilliseconds: 150,
    },
    preload: { folder: join(process.cwd(), 'parts'), prefix: '/parts/' },
  } as const;
  t.is(out, `${pagesHttp(options)}\n${pagesLocation(options)}`);
  const [madeBy = ''] = (await runMain(argv)).out.split('\n');
  t.regex(
    madeBy,
    / --memcached 10\.0\.0\.1:11211 --memcached '10\.0\.0\.2:11211 weight=2' --memcached-type \/posts\/:slug\.json=application\/json --memcached-type \/feed=text\/xml --memcached-key-prefix blog: --memcached-deadline 150 --preload-folder .*parts --preload-prefix \/parts\/$/,
  );
});

test('nginx pages says in the words of its flags which store to name, and what belongs together', async (t) => {
  const memcached = ['--memcached', '10.0.0.1:11211'];
  for (const [argv, message] of [
    [[], /Nginx has to know where the pages are\. Give --folder, that of fileStore\(\), or --memcached/],
    [[...memcached, '--folder', '/srv'], /--folder and --memcached are both given/],
    [['--memcached', '10.0.0.1'], /--memcached has "10\.0\.0\.1"\. Write a server as "HOST:PORT"/],
    [[...memcached, '--memcached-type', '/feed=text/css'], /--memcached-type is a list of/],
    [[...memcached, '--memcached-key-prefix', 'a b'], /--memcached-key-prefix is /],
    [[...memcached, '--memcached-deadline', '0'], /--memcached-deadline is a whole number of milliseconds/],
    [
      ['--folder', '/srv', '--memcached-deadline', '5'],
      /--memcached-deadline means nothing without --memcached/,
    ],
    [[...memcached, '--preload-prefix', '/x/'], /--preload-prefix means nothing without --preload-folder/],
  ] as const) {
    const { code, out, error } = await runMain([...SITE_FLAGS, ...argv]);
    t.deepEqual([code, out], [2, ''], error);
    t.regex(error, message);
  }
});

const CONFIG = `
import { memcachedStore } from ${JSON.stringify(new URL('../../src/pages.ts', import.meta.url).href)};
export default {
  pages: {
    sites: ['https://www.example.com'],
    urls: ['/'],
    store: memcachedStore({
      servers: ['10.0.0.1:11211', '10.0.0.2:11211'],
      ttlSeconds: 60,
      types: [{ urls: [/^\\/feed/], type: 'text/xml' }],
      keyPrefix: 'x:',
    }),
    preload: { folder: 'parts', renew: 'daily' },
  },
};`;

const CONFIGURED = {
  sites: ['https://www.example.com'],
  urls: ['/'],
  upstream: 'app',
  memcached: {
    servers: ['10.0.0.1:11211', '10.0.0.2:11211'],
    types: [{ urls: /^\/feed/, type: 'text/xml' }],
    keyPrefix: 'x:',
  },
} as const;

test('nginx pages takes the memcached store and the preloaded views from the configuration', async (t) => {
  const cwd = await temporaryFolder(t, { 'static-url.config.mjs': CONFIG });
  const { out, error } = await runNginx(['nginx', 'pages', '--upstream', 'app'], { cwd });
  t.is(error, '');
  const options = { ...CONFIGURED, preload: { folder: join(cwd, 'parts') } };
  t.is(out, `${pagesHttp(options)}\n${pagesLocation(options)}`);
});

test('nginx pages takes another store by flags, whichever the configuration has', async (t) => {
  const cwd = await temporaryFolder(t, { 'static-url.config.mjs': CONFIG });
  const { memcached: _, ...rest } = { ...CONFIGURED, preload: { folder: join(cwd, 'parts') } };
  for (const [flags, store] of [
    [['--folder', '/srv/pages'], { folder: '/srv/pages' }],
    [['--memcached', '10.0.0.3:11211'], { memcached: { servers: ['10.0.0.3:11211'] } }],
  ] as const) {
    const { out, error } = await runNginx(['nginx', 'pages', '--upstream', 'app', ...flags], { cwd });
    t.is(error, '');
    t.is(out, `${pagesHttp({ ...rest, ...store })}\n${pagesLocation({ ...rest, ...store })}`);
  }
  const { error } = await runMain(
    ['nginx', 'pages', '--upstream', 'app', '--memcached-type', '/a=text/xml'],
    { cwd },
  );
  t.regex(error, /static-url\.config\.mjs says the types of pages by URL, and --memcached-type can add none/);
});
