import test from 'ava';
import { headersOfFile, type HeaderSettings } from '../../../src/site/publishing/file-headers.ts';
import type { LocalFile } from '../../../src/site/publishing/local-site.ts';
import { placeOf } from '../../../src/site/routes/site-place.ts';

const KEPT = ['content-type', 'cache-control', 'content-encoding', 'content-language', 'location'];

test('headersOfFile() gives a fingerprinted asset a year, and everything else "no-cache"', (t) => {
  const asset = headersOf({ key: 'static/0123456789abcdef/a.css', isFingerprinted: true });
  t.deepEqual(asset, {
    'content-type': 'text/css; charset=utf-8',
    'cache-control': 'public, max-age=31536000, immutable',
  });
  t.is(headersOf({ key: 'robots.txt' })['cache-control'], 'no-cache');
  t.is(headersOf({ key: 'about/index.html' })['cache-control'], 'no-cache');
});

test('headersOfFile() goes by the extension, and knows a packed SVG', (t) => {
  t.is(headersOf({ key: 'a/b.mjs' })['content-type'], 'text/javascript; charset=utf-8');
  t.is(headersOf({ key: 'CNAME' })['content-type'], 'application/octet-stream');
  t.is(headersOf({ key: 'odd.unknown' })['content-type'], 'application/octet-stream');
  t.deepEqual(headersOf({ key: 'a.svgz' }), {
    'content-type': 'image/svg+xml',
    'cache-control': 'no-cache',
    'content-encoding': 'gzip',
  });
});

test('headersOfFile() sends a page as the app did, unless the option "headers" says otherwise', (t) => {
  const record = pageRecord('https://www.example.com/notes', 'text/html; charset=iso-8859-1', {
    'content-language': 'de',
  });
  t.deepEqual(headersOf({ key: 'notes/index.html', record }), {
    'content-type': 'text/html; charset=iso-8859-1',
    'cache-control': 'no-cache',
    'content-language': 'de',
  });
  const rules = [{ path: '/notes', headers: { 'Content-Language': 'en', 'Cache-Control': 'max-age=60' } }];
  const said = headersOf({ key: 'notes/index.html', record }, { rules });
  t.is(said['content-language'], 'en');
  t.is(said['cache-control'], 'max-age=60');
});

test('headersOfFile() finds a page by either form of its path, and by a pattern', (t) => {
  for (const path of ['/notes', '/notes/', '/no*', '/*']) {
    const rules = [{ path, headers: { 'Content-Language': 'en' } }];
    t.is(headersOf({ key: 'notes/index.html' }, { rules })['content-language'], 'en', path);
  }
  const rules = [{ path: '/other', headers: { 'Content-Language': 'en' } }];
  t.is(headersOf({ key: 'notes/index.html' }, { rules })['content-language'], undefined);
});

test('headersOfFile() compares paths decoded', (t) => {
  const rules = [{ path: '/gr%C3%BC%C3%9Fe', headers: { 'Content-Language': 'de' } }];
  t.is(headersOf({ key: 'grüße/index.html' }, { rules })['content-language'], 'de');
  t.is(headersOf({ key: '100%.txt' }, { rules })['content-language'], undefined);
});

test('headersOfFile() lets no rule shorten the life of a fingerprint', (t) => {
  const rules = [{ path: '/*', headers: { 'Cache-Control': 'no-store' } }];
  const headers = headersOf({ key: 'static/0123456789abcdef/a.css', isFingerprinted: true }, { rules });
  t.is(headers['cache-control'], 'public, max-age=31536000, immutable');
});

test('headersOfFile() names what the target cannot keep', (t) => {
  const rules = [{ path: '/*', headers: { 'X-Frame-Options': 'DENY' } }];
  const { headers, lost } = headersOfFile(fileOf({ key: 'a.txt' }), settingsOf({ rules }));
  t.deepEqual(lost, ['x-frame-options']);
  t.false('x-frame-options' in headers);
});

test('headersOfFile() makes a redirect of a page that stands for one, where it is for ever', (t) => {
  t.is(redirectOf('https://www.example.com/new?a=1#b', 301), '/new?a=1#b');
  t.is(redirectOf('https://www.example.com/new', 308), '/new');
  t.is(redirectOf('https://other.example/', 301), 'https://other.example/');
  t.is(redirectOf('https://www.example.com/new', 302), undefined);
  t.is(redirectOf('https://www.example.com/new', 301, { publicPath: '/staging/' }), '/staging/new');
  t.is(redirectOf('https://www.example.com/new', 301, { kept: ['content-type'] }), undefined);
});

const RECORD = { phase: 'page', digest: '', size: 1, mtimeMs: 0 } as const;

function pageRecord(url: string, contentType: string, headers: Record<string, string>): LocalFile['record'] {
  return {
    ...RECORD,
    page: { url, route: '/', status: 200, contentType, headers, links: '', inSitemap: true },
  };
}

function fileOf(
  given: Partial<LocalFile> & Pick<LocalFile, 'key'>,
): Pick<LocalFile, 'key' | 'isFingerprinted' | 'record'> {
  return { isFingerprinted: false, record: undefined, ...given };
}

function settingsOf(settings: Partial<HeaderSettings>): HeaderSettings {
  return {
    place: placeOf('https://www.example.com', 'never'),
    rules: [],
    kept: KEPT,
    publicPath: '/',
    ...settings,
  };
}

function headersOf(
  given: Partial<LocalFile> & Pick<LocalFile, 'key'>,
  settings: Partial<HeaderSettings> = {},
): Readonly<Record<string, string>> {
  return headersOfFile(fileOf(given), settingsOf(settings)).headers;
}

function redirectOf(to: string, status: number, settings: Partial<HeaderSettings> = {}): string | undefined {
  const record = { ...RECORD, redirect: { to, status } };
  return headersOf({ key: 'old/index.html', record }, settings)['location'];
}
