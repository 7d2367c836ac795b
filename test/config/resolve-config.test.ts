import test from 'ava';
import { resolveConfig } from '../../src/config/resolve-config.ts';
import { memoryTarget } from '../helpers/memory-target.ts';

const resolve = (config: unknown) =>
  resolveConfig(config, '/srv/app/static-url.config.js', 'static-url.config.js').values;

test('resolveConfig() takes every setting over, with absolute paths', (t) => {
  const said = {
    prefix: 'https://cdn.example.com/a',
    roots: 'public',
    releases: '../releases',
    manifest: 'assets.json',
    current: '/var/current',
    modules: 'importmap',
    imports: { three: 'vendor/three.js' },
    dotfiles: true,
    wellKnown: false,
    compress: true,
    headers: { 'X-Frame-Options': 'DENY' },
    cors: true,
    gzipStatic: false,
    symlinks: 'refuse',
    unversionedCacheControl: 'max-age=60',
    maxAgeSeconds: 60,
    unknownVersion: 'not-found',
    mediaTypes: { glb: 'model/gltf-binary' },
    maxOpenFiles: 0,
    keep: 3,
    olderThanSeconds: 0,
  };
  t.deepEqual(resolve(said), {
    ...said,
    roots: ['/srv/app/public'],
    releases: '/srv/releases',
    manifest: '/srv/app/assets.json',
  });
});

test('resolveConfig() takes the app and the pages as they are, and names what is wrong in them', (t) => {
  const said = { app: () => {}, pages: { sites: ['https://www.example.com'], urls: ['/', /^\/a/] } };
  t.deepEqual(resolve(said), said);
  t.throws(() => resolve({ pages: { urls: ['posts'] } }), {
    instanceOf: TypeError,
    message: /^static-url\.config\.js: "urls" in "pages" is a list of path patterns /,
  });
  t.throws(() => resolve({ pages: { waitSeconds: -1 } }), {
    message:
      'static-url.config.js: "waitSeconds" in "pages" is a whole number of seconds from 0 to 2147483, not -1.',
  });
  t.throws(() => resolve({ pages: { app: said.app } }), {
    message: /^static-url\.config\.js: "pages" has no option "app"\./,
  });
  t.throws(() => resolve({ app: 5 }), { message: /^static-url\.config\.js: "app" is an app, / });
});

test('resolveConfig() takes the targets of a site as they are, and names what is none', (t) => {
  const target = memoryTarget();
  t.is(resolve({ site: { targets: { default: target } } }).site?.targets?.['default'], target);
  t.throws(() => resolve({ site: { targets: { default: target, staging: 's3://bucket' } } }), {
    instanceOf: TypeError,
    message: /^static-url\.config\.js: "targets" in "site" gives "staging" what is no target\. /,
  });
  t.throws(() => resolve({ site: { targets: [target] } }), {
    message: 'static-url.config.js: "targets" in "site" is a plain object of targets by name, not an array.',
  });
});

test('resolveConfig() takes file: URLs for paths', (t) => {
  const { roots, releases, manifest, current } = resolve({
    roots: ['public', new URL('file:///srv/shared%20files/')],
    releases: new URL('file:///srv/releases'),
    manifest: new URL('file:///srv/assets.json'),
    current: new URL('file:///srv/current'),
  });
  t.deepEqual(roots, ['/srv/app/public', '/srv/shared files']);
  t.deepEqual([releases, manifest, current], ['/srv/releases', '/srv/assets.json', '/srv/current']);
  t.deepEqual(resolve({ roots: new URL('file:///srv/shared') }).roots, ['/srv/shared']);
});

/** Behind the name of the file. */
const MISTAKES: readonly (readonly [config: unknown, message: string])[] = [
  [{ roots: ['public', 5] }, ': Item 2 of "roots" is a non-empty path or a "file:" URL, not 5.'],
  [{ roots: [] }, ': "roots" is an empty list. Name the folder that holds the files.'],
  [{ roots: { a: 1 } }, ': "roots" is a non-empty path or a "file:" URL, not an object.'],
  [
    { roots: ['pub\0lic'] },
    String.raw`: Item 1 of "roots" is "pub\u0000lic": no path may have a NUL character.`,
  ],
  [
    { releases: new URL('https://host/releases') },
    ': "releases" is a path or a "file:" URL, not a URL of "https:".',
  ],
  [{ roots: '' }, ': "roots" is a non-empty path or a "file:" URL, not "".'],
  [{ prefix: 'static' }, ': The prefix "static" is relative. Did you mean "/static"?'],
  [{ releases: null }, ': "releases" is a non-empty path or a "file:" URL, not null.'],
  [{ headers: { 'X-A': 1 } }, ': "headers" gives "X-A" the value 1. Give it a non-empty string.'],
  [{ imports: { three: {} } }, ': "imports" gives "three" the value an object. Give it a non-empty string.'],
  [{ imports: ['three'] }, ': "imports" is a plain object of module names and assets, not an array.'],
  [
    { headers: new Headers({ 'X-A': 'b' }) },
    ': "headers" is a plain object of names and values, not an object of class Headers.',
  ],
  [{ mediaTypes: { glb: 1 } }, ': "mediaTypes" gives "glb" the value 1. Give it a non-empty string.'],
  [{ keep: '3' }, ': "keep" is a whole number of releases from 1 on, not "3".'],
  [{ unknownVersion: '404' }, ': "unknownVersion" is "current-bytes" or "not-found", not "404".'],
  [{ cors: 'yes' }, ': "cors" is true or false, not "yes".'],
  [{ modules: 'importmaps' }, ': "modules" is "group" or "importmap", not "importmaps".'],
  [{ symlinks: 'none' }, ': "symlinks" is "inside", "follow" or "refuse", not "none".'],
  [{ root: 'public' }, ' has no option "root". Did you mean "roots"?'],
  [() => ({}), ' takes its options as a plain object, not a function.'],
  [{ headers: { 'X-A': 'b', 'Bad Name': 'x' } }, ': The header name "Bad Name" is not one by RFC 9110.'],
  [
    { headers: { ETag: 'x' } },
    ': The header "ETag" is decided by the location itself. Leave it out of "headers".',
  ],
  [{ headers: { link: 'a', Link: 'b' } }, ': The header "Link" is given twice. Keep one.'],
  [
    { mediaTypes: { glb: 'x' } },
    ': "mediaTypes" gives "glb" the value "x", which is no media type such as "model/gltf-binary".',
  ],
  [
    { imports: { './a': 'b' } },
    ': "imports" takes bare module names, not "./a": relative imports need no map.',
  ],
  [
    { unversionedCacheControl: 'a\nb' },
    String.raw`: "unversionedCacheControl" cannot be "a\nb": it has a character that no header may have.`,
  ],
  [{ maxAgeSeconds: -1 }, ': "maxAgeSeconds" is a whole number of seconds from 0 to 2147483648, not -1.'],
  [{ maxOpenFiles: 1.5 }, ': "maxOpenFiles" is a whole number of files from 0 to 1048576, not 1.5.'],
  [{ keep: 0 }, ': "keep" is a whole number of releases from 1 on, not 0.'],
  [{ olderThanSeconds: Number.NaN }, ': "olderThanSeconds" is a number of seconds from 0 on, not NaN.'],
];

test('resolveConfig() names each mistake as the commands do, with the file and the option', (t) => {
  for (const [config, message] of MISTAKES)
    t.throws(
      () => resolve(config),
      { instanceOf: TypeError, message: `static-url.config.js${message}` },
      JSON.stringify(config),
    );
  t.throws(() => resolve({ headers: { 'X-A': '$a' } }), {
    code: 'NGINX_INEXPRESSIBLE',
    message: /^static-url\.config\.js: Nginx cannot take the header "X-A"/,
  });
});
