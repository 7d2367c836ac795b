import { mkdir, symlink, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { ExecutionContext } from 'ava';
import type { SiteHeaders, SiteRedirect, TrailingSlash } from '../../../src/site/hosting/index.ts';
import { temporaryFolder, writeFiles, type Files } from '../../helpers/folder.ts';

/** One site, and what every host of it must answer: the same rows for the preview and for nginx. */
export interface HostedSite {
  readonly title: string;
  readonly origin: string;
  readonly trailingSlash: TrailingSlash;
  readonly rows: readonly Row[];
}

/** A request, and its answer. */
export interface Row {
  readonly path: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly status: number;
  /** A refusal that will do as well: nginx's own, of what is above the root, comes before any setting. */
  readonly orStatus?: 400;
  /** The file whose bytes the body has, or its text; none of it is looked at where this is absent. */
  readonly file?: string;
  readonly location?: string;
  readonly type?: string;
  readonly cacheControl?: string;
  /** Other headers, by names in lower case. */
  readonly others?: Readonly<Record<string, string | undefined>>;
}

export const VERSION = '0123456789abcdef';
export const PREFIX = '/static/';

export const REDIRECTS: readonly SiteRedirect[] = [
  { from: '/old', to: '/about' },
  { from: '/moved', to: '/new?from=moved#top', status: 302 },
  { from: '/away', to: 'https://example.org/x', status: 308 },
  { from: '/größe', to: '/maß', status: 307 },
  { from: '/shadow', to: '/about' },
  // Of two for one path the first counts.
  { from: '/old', to: '/other' },
];

export const HEADERS: readonly SiteHeaders[] = [
  { path: '/*', headers: { 'X-Frame-Options': 'DENY' } },
  { path: '/blog/*', headers: { 'X-Frame-Options': 'SAMEORIGIN', 'X-Blog': 'a "b" \\ c' } },
  { path: '/feed', headers: { 'Content-Type': 'application/rss+xml' } },
  { path: '/odd.css', headers: { 'Content-Type': 'application/json' } },
  { path: '/old', headers: { 'Content-Type': 'text/plain' } },
  { path: '/kept.txt', headers: { 'Cache-Control': 'public, max-age=60' } },
  { path: '/gr%C3%BC%C3%9Fe', headers: { 'X-Of': 'encoded' } },
];

export const FILES: Files = {
  'index.html': '<!doctype html>home',
  '404.html': '<!doctype html>not found',
  'about/index.html': '<!doctype html>about',
  'single.html': '<!doctype html>single',
  'blog/index.html': '<!doctype html>blog',
  'blog/a post/index.html': '<!doctype html>a post',
  'grüße/index.html': '<!doctype html>grüße',
  'shadow/index.html': '<!doctype html>a refresh page',
  feed: '<rss/>',
  'odd.css': '{}',
  'kept.txt': 'kept for a while',
  'data.json': '{}',
  'UPPER.TXT': 'upper',
  'module.mjs': 'export {}',
  LICENSE: 'no extension',
  'empty.txt': '',
  'folder/x.txt': 'a folder without a page',
  '_headers.txt': 'another name',
  '.well-known/security.txt': 'Contact: mailto:a@example.com',
  '.well-known/.hidden': 'hidden',
  '.git/config': 'secret',
  'deep/.env': 'secret',
  'line\nbreak/.env': 'secret',
  'line\nbreak/index.html': '<!doctype html>a line break',
  'packed.css': 'a { color: red }',
  'packed.css.gz': gzipSync('a { color: red }'),
  [`static/${VERSION}/app.css`]: 'body {}',
  [`static/${VERSION}/fonts/a.woff2`]: 'font',
  'static/app.css': 'body {}',
  'static/css/app.css': 'body {}',
  [`${VERSION}/page.css`]: 'no asset',
};

/** The date of every file: conditions can be told in advance. */
const DATE = new Date('2026-01-02T03:04:05Z');
const HTTP_DATE = DATE.toUTCString();

/** The folder of the site, beside a secret. */
export async function siteFolder(t: ExecutionContext): Promise<string> {
  const place = await temporaryFolder(t, { 'secret.txt': 'secret' });
  const folder = join(place, 'site');
  await mkdir(folder);
  await writeFiles(folder, FILES);
  for (const name of Object.keys(FILES)) await utimes(join(folder, name), DATE, DATE);
  // As an export with `swap: 'link'` has it.
  await symlink(folder, join(place, 'linked'));
  return join(place, 'linked');
}

const HTML = 'text/html; charset=utf-8';
const YEAR = 'public, max-age=31536000, immutable';
const NOT_FOUND = { status: 404, file: '404.html', type: HTML, cacheControl: 'no-store' } as const;

/**
 * The rows of a site.
 *
 * @param base - the path of its origin, without a slash at the end
 */
function rowsOf(base: string, slash: TrailingSlash): Row[] {
  const page = (path: string, file: string, others: Partial<Row> = {}): Row => ({
    path: base + path,
    status: 200,
    file,
    type: HTML,
    cacheControl: 'no-cache',
    ...others,
  });
  const redirect = (path: string, location: string, status = 301, others: Partial<Row> = {}): Row => ({
    path: base + path,
    status,
    location,
    cacheControl: 'no-cache',
    ...others,
  });
  const missing = (path: string, others: Partial<Row> = {}): Row => ({
    path: base + path,
    ...NOT_FOUND,
    ...others,
  });
  /** A page has one URL, and the other one leads there, with its query. */
  const pages = (path: string, file: string, others: Partial<Row> = {}): Row[] => {
    const [right, wrong] = slash === 'always' ? [`${path}/`, path] : [path, `${path}/`];
    return [
      page(right, file, others),
      page(`${right}?a=1`, file, others),
      redirect(wrong, base + right),
      redirect(`${wrong}?`, base + right),
      redirect(`${wrong}?a=1&b=%20`, `${base}${right}?a=1&b=%20`),
      redirect(`${path}/index.html`, base + right),
      redirect(`${path}/index.html?a=/index.html`, `${base}${right}?a=/index.html`),
    ];
  };
  return [
    page('/', 'index.html', {
      others: { 'x-frame-options': 'DENY', 'x-content-type-options': 'nosniff', allow: undefined },
    }),
    page('/?a=1', 'index.html'),
    redirect('/index.html', `${base}/`),
    redirect('/index.html?a=1', `${base}/?a=1`),
    ...pages('/about', 'about/index.html'),
    ...pages('/gr%C3%BC%C3%9Fe', 'grüße/index.html'),
    ...pages('/%67r%c3%bc%c3%9fe', 'grüße/index.html'),
    ...pages('/blog', 'blog/index.html'),
    ...pages('/blog/a%20post', 'blog/a post/index.html', {
      others: { 'x-frame-options': 'SAMEORIGIN', 'x-blog': 'a "b" \\ c' },
    }),
    ...pages('/line%0abreak', 'line\nbreak/index.html'),
    page('/single', 'single.html'),
    page('/single.html', 'single.html'),
    missing('/single/'),
    missing('/about/%69ndex.html'),
    // A file under its own URL.
    page('/data.json', 'data.json', { type: 'application/json; charset=utf-8' }),
    page('/UPPER.TXT', 'UPPER.TXT', { type: 'text/plain; charset=utf-8' }),
    page('/module.mjs', 'module.mjs', { type: 'text/javascript; charset=utf-8' }),
    page('/LICENSE', 'LICENSE', { type: 'application/octet-stream' }),
    page('/empty.txt', 'empty.txt', { type: 'text/plain; charset=utf-8' }),
    page('/feed', 'feed', { type: 'application/rss+xml' }),
    page('/odd.css', 'odd.css', { type: 'application/json' }),
    page('/feed?a=1', 'feed', { type: 'application/rss+xml' }),
    page('/kept.txt', 'kept.txt', { type: 'text/plain; charset=utf-8', cacheControl: 'public, max-age=60' }),
    page('/_headers.txt', '_headers.txt', { type: 'text/plain; charset=utf-8' }),
    page('/.well-known/security.txt', '.well-known/security.txt', { type: 'text/plain; charset=utf-8' }),
    missing('/data.json/'),
    missing('/upper.txt'),
    // What has no URL.
    missing('/nothing', { others: { 'x-frame-options': 'DENY', location: undefined } }),
    missing('/nothing/'),
    missing('/blog/nothing', { others: { 'x-frame-options': 'SAMEORIGIN' } }),
    missing('/404'),
    missing('/404.html'),
    missing('/404/'),
    missing('/folder'),
    missing('/folder/'),
    missing('/folder/index.html'),
    missing('/_headers'),
    missing('/_redirects'),
    missing('/.git/config'),
    missing('/deep/.env'),
    missing('/.well-known/.hidden'),
    missing('/.well-known'),
    missing('/%2egit/config'),
    // Hostile.
    missing('//about'),
    missing('/about//'),
    missing('//example.org/'),
    missing('//example.org/..'),
    missing('/./about'),
    missing('/blog/../about'),
    missing('/blog/..'),
    missing('/%2e%2e/secret.txt', { orStatus: 400 }),
    missing('/..%2fsecret.txt', { orStatus: 400 }),
    missing('/about%2findex.html'),
    missing('/about%5cindex.html'),
    missing('/\\example.org/'),
    missing('/about%0a'),
    missing('/about%0a/'),
    missing('/line%0abreak/.env'),
    missing(`/${'a'.repeat(300)}`),
    // Redirects.
    redirect('/old', `${base}/about`, 301, { others: { 'x-frame-options': 'DENY' } }),
    redirect('/old?a=1', `${base}/about?a=1`),
    redirect('/moved?a=1', `${base}/new?from=moved#top`, 302),
    redirect('/away?a=1', 'https://example.org/x?a=1', 308),
    redirect('/gr%C3%B6%C3%9Fe', `${base}/ma%C3%9F`, 307),
    redirect('/shadow', `${base}/about`),
    missing('/Old'),
    // Assets: for long under a version alone.
    page(`/static/${VERSION}/app.css`, `static/${VERSION}/app.css`, {
      type: 'text/css; charset=utf-8',
      cacheControl: YEAR,
    }),
    page(`/static/${VERSION}/fonts/a.woff2?v=1`, `static/${VERSION}/fonts/a.woff2`, {
      type: 'font/woff2',
      cacheControl: YEAR,
    }),
    page('/static/app.css', 'static/app.css', { type: 'text/css; charset=utf-8' }),
    page('/static/css/app.css', 'static/css/app.css', { type: 'text/css; charset=utf-8' }),
    page(`/${VERSION}/page.css`, `${VERSION}/page.css`, { type: 'text/css; charset=utf-8' }),
    missing(`/static/${VERSION}/nothing.css`),
    missing(`/static/${VERSION}/`),
    missing(`/static/${VERSION}`),
    missing('/static/fedcba9876543210/app.css'),
    // Methods.
    page(slash === 'always' ? '/about/' : '/about', 'about/index.html', {
      method: 'HEAD',
      others: { 'content-length': '20' },
    }),
    missing('/nothing', { method: 'HEAD' }),
    redirect('/old', `${base}/about`, 301, { method: 'HEAD' }),
    ...['/', '/data.json', '/old', '/nothing', `/static/${VERSION}/app.css`].flatMap((path) =>
      ['POST', 'PUT', 'DELETE', 'OPTIONS'].map((method): Row => ({
        path: base + path,
        method,
        status: 405,
        cacheControl: 'no-store',
        others: { allow: 'GET, HEAD', 'x-frame-options': 'DENY', location: undefined },
      })),
    ),
    // Conditions and ranges.
    ...[
      { 'if-modified-since': HTTP_DATE },
      { 'if-modified-since': new Date(DATE.getTime() + 60_000).toUTCString() },
      { 'if-none-match': '*' },
    ].map((headers): Row => ({
      path: `${base}/static/${VERSION}/app.css`,
      headers,
      status: 304,
      file: '',
      cacheControl: YEAR,
      others: { 'last-modified': HTTP_DATE, 'x-frame-options': 'DENY' },
    })),
    ...[{ 'if-modified-since': new Date(0).toUTCString() }, { 'if-none-match': '"other"' }].map((headers) =>
      page('/data.json', 'data.json', { headers, type: 'application/json; charset=utf-8' }),
    ),
    missing('/nothing', { headers: { 'if-modified-since': HTTP_DATE } }),
    missing('/nothing', { headers: { range: 'bytes=0-1' } }),
    {
      path: `${base}/static/${VERSION}/app.css`,
      headers: { range: 'bytes=0-3' },
      status: 206,
      cacheControl: 'no-cache',
      others: { 'content-range': 'bytes 0-3/7', 'content-length': '4' },
    },
    {
      path: `${base}/static/${VERSION}/app.css`,
      headers: { range: 'bytes=99-' },
      status: 416,
      others: { 'content-range': 'bytes */7' },
    },
    // Compressed copies.
    page('/packed.css', 'packed.css', { type: 'text/css; charset=utf-8' }),
    page('/packed.css', 'packed.css.gz', {
      headers: { 'accept-encoding': 'gzip' },
      type: 'text/css; charset=utf-8',
      others: { 'content-encoding': 'gzip', vary: 'Accept-Encoding' },
    }),
  ];
}

/** The sites. */
export const SITES: readonly HostedSite[] = (['never', 'always'] as const).flatMap((trailingSlash) => [
  {
    title: `at the top, slash ${trailingSlash}`,
    origin: 'https://www.example.com',
    trailingSlash,
    rows: rowsOf('', trailingSlash),
  },
  {
    title: `below a path, slash ${trailingSlash}`,
    origin: 'https://user.example.com/my%20project/',
    trailingSlash,
    rows: [
      ...rowsOf('/my%20project', trailingSlash),
      { path: '/my%20project', status: 301, location: '/my%20project/', cacheControl: 'no-cache' },
      { path: '/my%20project?a=1', status: 301, location: '/my%20project/?a=1' },
      ...['/', '/about', '/data.json', '/my', '/my%20projects/', `/static/${VERSION}/app.css`].map(
        (path): Row => ({ path, ...NOT_FOUND }),
      ),
    ],
  },
]);
