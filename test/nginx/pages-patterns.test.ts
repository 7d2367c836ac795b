import test from 'ava';
import { pathToRegexp } from 'path-to-regexp';
import type { UrlPattern } from '../../src/pages/options.ts';
import { matchUrls } from '../../src/pages/rules/index.ts';
import fc from '../helpers/fast-check.ts';
import { startNginx } from '../helpers/nginx.ts';
import { request } from '../helpers/request.ts';

const PATTERNS: readonly UrlPattern[] = [
  '/',
  '/a/:b',
  '/a{/:b}/c',
  '/*all',
  '/a/*rest/b',
  '/:a-:b',
  '/:a.:b',
  '/x/*p.*q',
  '/a\\*b',
  '/a(b)'.replace(/[()]/g, String.raw`\$&`),
  '/:"quoted name"x',
  '/{:a}{-:b}',
  /a/,
  /^\/a$/,
  /^\/A/i,
  /\/$/,
  /^\/(?:a|b)\/\d{1,2}$/,
  /^\/(?<first>[ab])(?<second>[^/]+)?$/,
  /^(?!\/a).*$/,
  /^\/(?=a)\w+\b/,
  /^\/[^]*b$/,
  /^\/[\w.-]{2,}?x*$/,
  /^\/[^[\]a]+$/,
  /^\/[[:b]+$/,
  new RegExp(String.raw`^\/a[]|b`),
  /^\/\x61/,
  /^\/a\.b|\/b\+?$/,
  /^\/[\d-]+$/,
  /\S\D\W/,
  /a{2}/,
  new RegExp('/a/b'),
  new RegExp(''),
];

function quoted(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}

/** Paths that patterns are for, and others of the alphabet of canonical paths. */
const PATHS = fc.oneof(
  fc.constantFrom(
    '/a/b',
    '/a/c',
    '/a/b/c',
    '/a/x/y/b',
    '/x/a/b.c.d',
    '/a*b',
    '/a(b)',
    '/nx',
    '/nxx',
    '/a/12',
    '/a',
    '/A',
    '/a/',
    '/aa',
  ),
  fc
    .array(
      fc.constantFrom('/', 'a', 'b', 'c', 'A', 'x', '1', '12', '.', '-', '*', '+', '[', ':', '%20', '~'),
      { maxLength: 7 },
    )
    .map((pieces) => `/${pieces.join('')}`),
);

test('nginx and Node find the same paths by each pattern, and those that the pattern itself finds', async (t) => {
  const matchers = PATTERNS.map((pattern) => matchUrls([pattern], 'urls'));
  const maps = matchers.map(({ patterns: [pattern] }, index) => {
    const { source = '', ignoreCase = false } = pattern ?? {};
    return `map $arg_path $fits_${index} { default 0; ${quoted(`~${ignoreCase ? '*' : ''}${source}`)} 1; }`;
  });
  const fits = PATTERNS.map((_, index) => `$fits_${index}`).join('');
  const { url } = await startNginx(t, `location / { return 200 "${fits}"; }`, maps.join('\n'));
  const originals = PATTERNS.map((pattern) =>
    pattern instanceof RegExp ? pattern : pathToRegexp(pattern, { sensitive: true, trailing: false }).regexp,
  );
  const found = PATTERNS.map(() => 0);
  await fc.assert(
    fc.asyncProperty(PATHS, async (path) => {
      const inNode = matchers.map((matcher) => Number(matcher.matches(path)));
      for (const [index, fit] of inNode.entries()) found[index] = (found[index] ?? 0) + fit;
      t.deepEqual(
        inNode,
        originals.map((original) => Number(original.test(path))),
        path,
      );
      t.is((await request(url, `/?path=${path}`)).body.toString(), inNode.join(''), path);
    }),
    { numRuns: 600 },
  );
  t.false(found.includes(0), String(found));
});

test('matchUrls() refuses what PCRE reads in another way, and says what to write', (t) => {
  const refused: readonly (readonly [pattern: RegExp, message: RegExp])[] = [
    [/a/g, /the flag "g"\. Leave it out/],
    [/a/u, /the flag "u"/],
    [new RegExp('a', 'iv'), /the flag "v"/],
    [/a$/m, /the flag "m"/],
    [/(?<=a)b/, /with "\(\?<="/],
    [/(?<!a+)b/, /with "\(\?<!"/],
    [/(a)\1/, /with "\\1", which PCRE reads in another way/],
    [/(?<n>a)\k<n>/, /with "\\k"/],
    [/\u0061/, /with "\\u"/],
    [/[\u0061]/, /with "\\u"/],
    [/\cA/, /with "\\c"/],
    [/\0/, /with "\\0"/],
    [/\t/, /with "\\t"/],
    [new RegExp(String.raw`\h`), /with "\\h"/],
    [new RegExp(String.raw`\Qa\E`), /with "\\Q"/],
    [new RegExp(String.raw`a\z`), /with "\\z"/],
    [new RegExp(String.raw`\p{L}`), /with "\\p"/],
    [new RegExp('a{,3}'), /with "\{" that repeats nothing/],
    [new RegExp('{a}'), /with "\{" that repeats nothing/],
    [/é/, /percent-encoded/],
  ];
  for (const [pattern, message] of refused) {
    t.throws(() => matchUrls([pattern], 'exclude'), { instanceOf: TypeError, message }, String(pattern));
    t.throws(() => matchUrls([pattern], 'exclude'), {
      message: /^The option "exclude" has the regular expression "/,
    });
  }
});
