import { join } from 'node:path';
import test from 'ava';
import { pagesHttp, pagesLocation } from '../../src/nginx.ts';
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
