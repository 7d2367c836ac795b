import test from 'ava';
import { resolveConfig } from '../../src/config/resolve-config.ts';

const resolve = (config: unknown) =>
  resolveConfig(config, '/srv/app/static-url.config.js', 'static-url.config.js');

test('resolveConfig() takes every setting over, with absolute paths and the whole prefix', (t) => {
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
    name: 'static-url.config.js',
    prefix: 'https://cdn.example.com/a/',
    roots: ['/srv/app/public'],
    releases: '/srv/releases',
    manifest: '/srv/app/assets.json',
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

test('resolveConfig() names each mistake with the file and its place in it', (t) => {
  const mistakes: readonly (readonly [config: unknown, message: string | RegExp])[] = [
    [{ root: 'public' }, 'static-url.config.js has no option "root". Did you mean "roots"?'],
    [{ roots: ['public', 5] }, 'static-url.config.js: "roots[1]" is a text that is not empty, not 5.'],
    [{ roots: [] }, 'static-url.config.js: "roots" is a folder or a list of folders, not an array.'],
    [{ roots: { a: 1 } }, 'static-url.config.js: "roots" is a folder or a list of folders, not an object.'],
    [
      { roots: ['pub\0lic'] },
      String.raw`static-url.config.js: "roots[0]" "pub\u0000lic" has a NUL character, which no path may have.`,
    ],
    [
      { releases: new URL('https://host/releases') },
      'static-url.config.js: "releases" is a path or a "file:" URL, not a URL of "https:".',
    ],
    [{ roots: '' }, 'static-url.config.js: "roots" is a text that is not empty, not "".'],
    [
      { prefix: 'static' },
      /^static-url\.config\.js: "prefix": The prefix "static" is relative\. Did you mean "\/static"\?$/,
    ],
    [{ releases: null }, 'static-url.config.js: "releases" is a text that is not empty, not null.'],
    [{ headers: { 'X-A': 1 } }, `static-url.config.js: "headers['X-A']" is a text that is not empty, not 1.`],
    [
      { imports: { three: {} } },
      'static-url.config.js: "imports.three" is a text that is not empty, not an object.',
    ],
    [{ imports: ['three'] }, 'static-url.config.js: "imports" is a plain object of texts, not an array.'],
    [
      { headers: new Headers({ 'X-A': 'b' }) },
      'static-url.config.js: "headers" is a plain object of texts, not an object of class Headers.',
    ],
    [{ mediaTypes: { glb: 1 } }, /"mediaTypes\.glb" is a text/],
    [{ keep: '3' }, 'static-url.config.js: "keep" is a number of releases, not "3".'],
    [
      { unknownVersion: '404' },
      /^static-url\.config\.js: "unknownVersion" is "current-bytes" or "not-found", not "404"\./,
    ],
    [{ cors: 'yes' }, 'static-url.config.js: "cors" is true or false, not "yes".'],
    [
      { modules: 'importmaps' },
      'static-url.config.js: "modules" is "group" or "importmap", not "importmaps". Did you mean "importmap"?',
    ],
    [
      { symlinks: 'none' },
      /^static-url\.config\.js: "symlinks" is "inside" or "follow" or "refuse", not "none"\./,
    ],
    [() => ({}), 'static-url.config.js takes its options as a plain object, not a function.'],
  ];
  for (const [config, message] of mistakes)
    t.throws(() => resolve(config), { instanceOf: TypeError, message }, JSON.stringify(config));
});

test('resolveConfig() looks at values as the commands do, and names the same places', (t) => {
  const mistakes: readonly (readonly [config: unknown, message: string])[] = [
    [
      { headers: { 'X-A': 'b', 'Bad Name': 'x' } },
      `"headers['Bad Name']": The header name "Bad Name" is not one by RFC 9110.`,
    ],
    [
      { headers: { ETag: 'x' } },
      '"headers.ETag": The header "ETag" is decided by the location itself. Leave it out of "headers".',
    ],
    [{ headers: { link: 'a', Link: 'b' } }, '"headers": The header "Link" is given twice. Keep one.'],
    [
      { cors: true, headers: { 'Access-Control-Allow-Origin': 'a' } },
      `"headers['Access-Control-Allow-Origin']": The header "Access-Control-Allow-Origin" is given twice, by "cors" too. Keep one.`,
    ],
    [
      { mediaTypes: { glb: 'x' } },
      '"mediaTypes.glb": The media type "x" of "glb" is not one, such as "model/gltf-binary".',
    ],
    [
      { imports: { './a': 'b' } },
      `"imports['./a']": "imports" takes bare module names, not "./a": relative imports need no map.`,
    ],
    [
      { unversionedCacheControl: 'a\nb' },
      String.raw`"unversionedCacheControl" cannot be "a\nb": it has a character that no header may have.`,
    ],
    [{ maxAgeSeconds: -1 }, '"maxAgeSeconds" is a whole number of seconds from 0 to 2147483648, not -1.'],
    [{ maxOpenFiles: 1.5 }, '"maxOpenFiles" is a whole number of files from 0 to 1048576, not 1.5.'],
    [{ keep: 0 }, '"keep" is 0. At least one release stays: give a whole number from 1.'],
    [
      { olderThanSeconds: Number.NaN },
      '"olderThanSeconds" is NaN. Give 0 to keep releases by their number alone.',
    ],
  ];
  for (const [config, message] of mistakes)
    t.throws(() => resolve(config), { instanceOf: TypeError, message: `static-url.config.js: ${message}` });
  t.throws(() => resolve({ headers: { 'X-A': '$a' } }), {
    code: 'NGINX_INEXPRESSIBLE',
    message: /^static-url\.config\.js: "headers\['X-A'\]": Nginx cannot take the header/,
  });
});
