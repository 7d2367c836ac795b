import test from 'ava';
import fc from '../../helpers/fast-check.ts';
import type { ReferenceKind } from '../../../src/assets/references/reference.ts';
import {
  encodeAssetName,
  resolveReference,
  type ResolvedReference,
} from '../../../src/assets/references/resolve-reference.ts';

function resolve(
  from: string,
  specifier: string,
  kind: ReferenceKind = 'resource',
  imports: Readonly<Record<string, string>> = {},
): ResolvedReference {
  return resolveReference(from, { kind, specifier, offset: 0 }, new Map(Object.entries(imports)));
}

const NAMES: readonly (readonly [string, string, string])[] = [
  ['css/app.css', '../img/a.png', 'img/a.png'],
  ['css/app.css', 'a.png', 'css/a.png'],
  ['css/app.css', './a.png?v=1#iefix', 'css/a.png'],
  ['css/app.css', '?x', 'css/app.css'],
  ['app.css', 'a b.png', 'a b.png'],
  ['app.css', 'a%20b.png', 'a b.png'],
  ['app.css', 'a+b.png', 'a+b.png'],
  ['app.css', '100%25.png', '100%.png'],
  ['app.css', '%2e%2E/css/../a.png', ''],
  ['css/app.css', '%2e%2E/a.png', 'a.png'],
  ['css/app.css', '..\\a.png', 'a.png'],
  ['css/app.css', ' ../a.png\n', 'a.png'],
  ['css/app.css', '../i\nm\tg/a.png', 'img/a.png'],
  ['app.css', 'gr\u00fc\u00dfe.png', 'gr\u00fc\u00dfe.png'],
  ['app.css', 'gru\u0308\u00dfe.png', 'gru\u0308\u00dfe.png'],
  ['a?b/c#d/app.css', 'e.png', 'a?b/c#d/e.png'],
  ['a%20b/app.css', 'e.png', 'a%20b/e.png'],
  ['css/app.css', '\u00a0a.png', 'css/\u00a0a.png'],
];

for (const [from, specifier, name] of NAMES.filter(([, , each]) => each !== ''))
  test(`resolveReference() leads from ${from} by ${JSON.stringify(specifier)} to ${JSON.stringify(name)}`, (t) => {
    const resolved = resolve(from, specifier);
    t.is(resolved.kind === 'asset' ? resolved.name : resolved.kind, name);
  });

const KINDS: readonly (readonly [ResolvedReference['kind'], readonly string[]])[] = [
  [
    'elsewhere',
    ['data:image/png,x', '#id', '', '  ', 'mailto:a@b', 'about:blank', ' data:,x', 'blob:http://a/b'],
  ],
  [
    'absolute',
    ['//host/a.png', '\\\\host\\a.png', 'https://host/a.png', '/img/a.png', '\\img/a.png', '/%2e%2e/a'],
  ],
  [
    'above-root',
    ['../../a.png', '../../static-url:root2/a.png', '../../../css/a.png', '%2e%2e/%2e%2e/a.png'],
  ],
  ['unservable', ['./', '..', 'a/', 'a%2Fb.png', 'a%5cb.png', '100%.png', '%ff.png', 'a//b.png', '%00']],
];

for (const [kind, specifiers] of KINDS)
  for (const specifier of specifiers)
    test(`resolveReference() finds ${JSON.stringify(specifier)} ${kind}`, (t) => {
      t.is(resolve('css/app.css', specifier).kind, kind);
    });

test('resolveReference() leaves module names to the import map', (t) => {
  t.is(resolve('js/a.js', 'three', 'import').kind, 'unmapped');
  t.is(resolve('js/a.js', 'three/addons/x.js', 'dynamic-import').kind, 'unmapped');
  t.is(resolve('js/a.js', '#app', 'import').kind, 'unmapped');
  t.is(resolve('js/a.js', ' ./b.js', 'import').kind, 'unmapped');
  t.is(resolve('js/a.js', '.\\b.js', 'import').kind, 'unmapped');
  t.is(resolve('js/a.js', 'node:fs', 'import').kind, 'elsewhere');
  t.deepEqual(resolve('js/a.js', './b.js ', 'import'), { kind: 'asset', name: 'js/b.js', search: '' });
  t.is(resolve('js/a.js', '/b.js', 'import').kind, 'absolute');
  t.is(resolve('js/a.js', 'https://host/b.js', 'import').kind, 'absolute');
});

test('resolveReference() takes the longest name of the import map, as browsers do', (t) => {
  const imports = {
    'three/addons/own.js': 'js/own.js',
    'three/addons/': 'v/addons/',
    'three/': 'v/three/',
    three: 'v/three.js',
  };
  const nameOf = (specifier: string): string => {
    const resolved = resolve('js/a.js', specifier, 'import', imports);
    return resolved.kind === 'asset' ? resolved.name : resolved.kind;
  };
  t.is(nameOf('three'), 'v/three.js');
  t.is(nameOf('three/x.js'), 'v/three/x.js');
  t.is(nameOf('three/addons/deep/x.js?v=1#y'), 'v/addons/deep/x.js');
  t.is(nameOf('three/addons/a%20b.js'), 'v/addons/a b.js');
  t.is(nameOf('three/addons/own.js'), 'js/own.js');
  t.is(nameOf('three/addons/deep/../x.js'), 'v/addons/x.js');
  t.is(nameOf('three/addons/../x.js'), 'unmapped', 'no name leads out of its folder');
  t.is(nameOf('three.js'), 'unmapped');
  const glob = resolve('js/a.js', 'three/addons/*.js', 'import-glob', imports);
  t.true(glob.kind === 'glob' && glob.pattern.test('v/addons/x.js') && !glob.pattern.test('v/x.js'));
});

test('resolveReference() makes a pattern of a template, whose stars stay in their segment', (t) => {
  const resolved = resolve('js/a.js', '../locale/*.min.*', 'import-glob');
  const { pattern } = resolved as Extract<ResolvedReference, { kind: 'glob' }>;
  t.true(pattern.test('locale/de.min.js'));
  t.true(pattern.test('locale/.min.'));
  t.false(pattern.test('locale/de/x.min.js'));
  t.false(pattern.test('locale/deXmin.js'));
  t.false(pattern.test('x/locale/de.min.js'));
  t.is(resolve('a.js', '../*.js', 'import-glob').kind, 'above-root');
});

function textOf(...characters: string[]) {
  return fc.array(fc.constantFrom(...characters), { maxLength: 9 }).map((each) => each.join(''));
}

test('resolveReference() makes a pattern that matches as plain stars do, and takes no longer with many', (t) => {
  fc.assert(
    fc.property(textOf('a', 'b', '/', '*'), textOf('a', 'b', '/'), (template, name) => {
      const resolved = resolve('a.js', `./x${template}`, 'import-glob');
      if (resolved.kind !== 'glob') return;
      const plain = new RegExp(`^x${template.replaceAll('*', '[^/]*')}$`);
      t.is(resolved.pattern.test(`x${name}`), plain.test(`x${name}`), `${template} ${name}`);
    }),
    { numRuns: 20_000 },
  );
  const many = resolve('a.js', `./${'*a'.repeat(1000)}b`, 'import-glob');
  t.true(many.kind === 'glob' && !many.pattern.test('a'.repeat(1_000_000)));
  t.is(resolve('a.js', `a${' '.repeat(1_000_000)}b`).kind, 'asset');
});

test('resolveReference() leads where the URL Standard does, for any reference', (t) => {
  const character = fc.constantFrom(...'ab./\\%2?#: \té+&~|^[]'.split(''));
  const text = fc.array(character, { maxLength: 12 }).map((characters) => characters.join(''));
  fc.assert(
    fc.property(text, (specifier) => {
      const url = new URL('https://example.com/static/0123456789abcdef/one/two/app.css');
      if (!URL.canParse(specifier, url.href)) return;
      const { pathname, origin } = new URL(specifier, url);
      const resolved = resolve('one/two/app.css', specifier);
      if (resolved.kind === 'asset') {
        t.is(origin, url.origin);
        t.is(decodeURIComponent(pathname), `/static/0123456789abcdef/${resolved.name}`, specifier);
      } else if (origin === url.origin && pathname.startsWith('/static/0123456789abcdef/')) {
        const stays = !['', url.pathname].includes(specifier.trim()) && !/^[\0- ]*(#|[/\\])/.test(specifier);
        t.is(resolved.kind, stays && !/^\s*$/.test(specifier) ? 'unservable' : resolved.kind, specifier);
      }
    }),
    { numRuns: 20_000 },
  );
});

test('encodeAssetName() spells a name as a browser does that follows a reference to it', (t) => {
  for (const name of ['a b.png', 'a+b&c;d=e@f,g$.png', 'ü/é.png', '[a]|b.png', 'a%?#.png', "a'(b)!*~.png"]) {
    const followed = new URL(
      name.replaceAll('%', '%25').replaceAll('?', '%3F').replaceAll('#', '%23'),
      'http://a/',
    );
    t.is(`/${encodeAssetName(name)}`, followed.pathname, name);
    t.is(decodeURIComponent(encodeAssetName(name)), name);
  }
});
