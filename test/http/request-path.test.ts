import test from 'ava';
import fc from '../helpers/fast-check.ts';
import { hasDotfile, type DotfileRule } from '../../src/core/dotfiles.ts';
import { parseRequestPath } from '../../src/http/request-path.ts';

const VERSION = '0123456789abcdef';
const STRICT: DotfileRule = { dotfiles: false, wellKnown: false };
const WELL_KNOWN: DotfileRule = { dotfiles: false, wellKnown: true };
const DOTFILES: DotfileRule = { dotfiles: true, wellKnown: false };

const ASSETS: readonly (readonly [rest: string, asset: string])[] = [
  ['app.css', 'app.css'],
  ['css/app.min.css', 'css/app.min.css'],
  ['img/a%20b%2Bc%25.svg', 'img/a b+c%.svg'],
  ['gr%C3%BC%c3%9fe.txt', 'grüße.txt'],
  ["!$&'()*+,;=:@~-_.", "!$&'()*+,;=:@~-_."],
  ['a%252e%252e/b', 'a%2e%2e/b'],
  ['a%252fb', 'a%2fb'],
  ['a/b...', 'a/b...'],
  ['a../b', 'a../b'],
  ['a%3Fb%23c', 'a?b#c'],
  ['a?b', 'a?b'],
  ['0123456789abcde', '0123456789abcde'],
  ['0123456789abcdef', '0123456789abcdef'],
  ['0123456789ABCDEF/a', '0123456789ABCDEF/a'],
  ['0123456789abcdef0/a', '0123456789abcdef0/a'],
  ['%30123456789abcdef/a', '0123456789abcdef/a'],
  ['toString', 'toString'],
];

const REFUSED: readonly (readonly [rest: string, reason: string, status: number])[] = [
  ['%', 'bad encoding', 400],
  ['a%zz', 'bad encoding', 400],
  ['%c0%ae%c0%ae/etc/passwd', 'bad encoding', 400],
  ['%ed%a0%80', 'bad encoding', 400],
  ['%ff', 'bad encoding', 400],
  ['a b', 'bad encoding', 400],
  ['ä', 'bad encoding', 400],
  ['a\nb', 'bad encoding', 400],
  ['a\0b', 'bad encoding', 400],
  ['a#b', 'bad encoding', 400],
  ['a\u007f', 'bad encoding', 400],
  ['app.css%00.png', 'NUL', 400],
  ['..\\secret', 'backslash', 404],
  ['a%5cb', 'backslash', 404],
  ['..%2fsecret', 'encoded slash', 404],
  ['a%2Fb', 'encoded slash', 404],
  ['.', 'dot segment', 404],
  ['..', 'dot segment', 404],
  ['../secret', 'dot segment', 404],
  ['a/../b', 'dot segment', 404],
  ['%2e%2E/b', 'dot segment', 404],
  ['a/./b', 'dot segment', 404],
  ['a/.', 'dot segment', 404],
  ['a/../', 'dot segment', 404],
  ['/', 'empty segment', 404],
  ['/etc/passwd', 'empty segment', 404],
  ['a//b', 'empty segment', 404],
  ['a//', 'empty segment', 404],
  ['.env', 'dotfile', 404],
  ['...', 'dotfile', 404],
  ['%2eenv', 'dotfile', 404],
  ['a/.git/HEAD', 'dotfile', 404],
  ['.git/', 'dotfile', 404],
  ['.well-known/security.txt', 'dotfile', 404],
];

for (const [rest, asset] of ASSETS) {
  test(`parseRequestPath() reads ${rest} as the asset ${asset}, with and without a version`, (t) => {
    t.deepEqual(parseRequestPath(rest, STRICT), { kind: 'asset', version: undefined, asset, encoded: rest });
    t.deepEqual(parseRequestPath(`${VERSION}/${rest}`, STRICT), {
      kind: 'asset',
      version: VERSION,
      asset,
      encoded: rest,
    });
  });
}

for (const [rest, reason, status] of REFUSED) {
  test(`parseRequestPath() refuses ${JSON.stringify(rest)} for its ${reason}, with and without a version`, (t) => {
    t.deepEqual(parseRequestPath(rest, STRICT) as unknown, {
      kind: 'refused',
      version: undefined,
      reason,
      status,
    });
    const versioned = parseRequestPath(`${VERSION}/${rest}`, STRICT);
    t.deepEqual(versioned as unknown, { kind: 'refused', version: VERSION, reason, status });
  });
}

test('parseRequestPath() reads what ends in a slash as a folder', (t) => {
  for (const encoded of ['', 'css/', 'a/b%20c/']) {
    t.deepEqual(parseRequestPath(encoded, STRICT), { kind: 'folder', version: undefined, encoded });
    t.deepEqual(parseRequestPath(`${VERSION}/${encoded}`, STRICT), {
      kind: 'folder',
      version: VERSION,
      encoded,
    });
  }
});

test('parseRequestPath() takes one version off only', (t) => {
  const { version, ...rest } = parseRequestPath(`${VERSION}/${VERSION}/a`, STRICT);
  t.is(version, VERSION);
  t.like(rest, { asset: `${VERSION}/a` });
});

test('parseRequestPath() lets through by option .well-known at the root and nothing else with a dot', (t) => {
  t.like(parseRequestPath('.well-known/security.txt', WELL_KNOWN), { asset: '.well-known/security.txt' });
  t.like(parseRequestPath(`${VERSION}/.well-known/a`, WELL_KNOWN), {
    version: VERSION,
    asset: '.well-known/a',
  });
  for (const rest of [
    'a/.well-known/b',
    '.well-known/.htpasswd',
    '.well-known2/a',
    '.Well-Known/a',
    '.env',
  ]) {
    t.like(parseRequestPath(rest, WELL_KNOWN), { kind: 'refused', reason: 'dotfile' }, rest);
  }
});

test('parseRequestPath() with dotfiles still refuses dot segments', (t) => {
  t.like(parseRequestPath('.a/.b', DOTFILES), { asset: '.a/.b' });
  for (const rest of ['.', '..', 'a/..', '%2e%2e/a', '.a/../b']) {
    t.like(parseRequestPath(rest, DOTFILES), { kind: 'refused', reason: 'dot segment' }, rest);
  }
});

test('hasDotfile() looks at every segment', (t) => {
  t.false(hasDotfile(['a', 'b.c'], STRICT));
  t.true(hasDotfile(['a', '.b', 'c'], STRICT));
  t.false(hasDotfile(['.well-known'], WELL_KNOWN));
  t.true(hasDotfile(['a', '.well-known'], WELL_KNOWN));
});

const hostilePath = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc
    .array(
      fc.oneof(
        fc.constantFrom(
          '/',
          '.',
          '..',
          '%2e',
          '%2E',
          '%2f',
          '%5c',
          '\\',
          '%00',
          '%',
          '%25',
          '%c3%a4',
          'a',
          ' ',
          `${VERSION}/`,
        ),
        fc.string({ maxLength: 3 }),
      ),
      { maxLength: 10 },
    )
    .map((parts) => parts.join('')),
  fc.webPath().map((path) => path.slice(1)),
);

test('parseRequestPath() never names an asset outside of the root, a dotfile, or by another name than the URL', (t) => {
  let assets = 0;
  fc.assert(
    fc.property(hostilePath, fc.boolean(), (rest, dotfiles) => {
      const parsed = parseRequestPath(rest, { dotfiles, wellKnown: false });
      if (parsed.kind !== 'asset') return true;
      assets += 1;
      const { version, asset, encoded } = parsed;
      return (
        asset
          .split('/')
          .every(
            (each) => each !== '' && each !== '.' && each !== '..' && (dotfiles || !each.startsWith('.')),
          ) &&
        !/[\0\\]/.test(asset) &&
        decodeURIComponent(encoded) === asset &&
        asset.split('/').length === encoded.split('/').length &&
        rest === (version === undefined ? encoded : `${version}/${encoded}`)
      );
    }),
    { numRuns: 10_000 },
  );
  t.true(assets > 1000, `${assets}`);
});

test('parseRequestPath() reads back every name that a file can have', (t) => {
  const segment = fc
    .string({ unit: 'grapheme', minLength: 1 })
    .filter((each) => !/[/\\\0]/.test(each) && !each.startsWith('.'));
  fc.assert(
    fc.property(fc.array(segment, { minLength: 1 }), (segments) => {
      const encoded = segments.map(encodeURIComponent).join('/');
      const parsed = parseRequestPath(`${VERSION}/${encoded}`, STRICT);
      return parsed.kind === 'asset' && parsed.asset === segments.join('/') && parsed.version === VERSION;
    }),
  );
  t.pass();
});
