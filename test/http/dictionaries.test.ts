import test from 'ava';
import { encodeAssetName } from '../../src/assets/index.ts';
import {
  availableDictionary,
  LITERAL_NAME_PATTERN,
  usableDictionary,
  useAsDictionary,
} from '../../src/http/dictionaries.ts';

const HASH = 'pZGm1Av0IEBKARczz7exkNYsZb8LzaMrV7J32a2fFG4=';

test('availableDictionary() reads one byte sequence of 32 bytes, and nothing else', (t) => {
  t.is(availableDictionary(`:${HASH}:`), HASH);
  for (const header of [
    undefined,
    '',
    HASH,
    `:${HASH}`,
    `${HASH}:`,
    ` :${HASH}:`,
    `:${HASH}:\n`,
    `:${HASH}:;a=1`,
    `:${HASH}:, :${HASH}:`,
    `"${HASH}"`,
    `:${HASH.slice(1)}:`,
    `:A${HASH}:`,
    `:${HASH.replace('=', 'A')}:`,
    `:../${HASH.slice(3)}:`,
    `:${HASH.replace('p', '\0')}:`,
    `:${HASH.replace('p', '-')}:`,
  ])
    t.is(availableDictionary(header), undefined, header);
  const slashes = `${'/'.repeat(43)}=`;
  t.is(availableDictionary(`:${slashes}:`), slashes, 'base64 has slashes');
});

const ASKING = { 'available-dictionary': `:${HASH}:`, 'accept-encoding': 'dcz' };

test('usableDictionary() takes Accept-Encoding that names dcz, and with a weight', (t) => {
  const accepted = [
    'dcz',
    'DCZ',
    ' dcz',
    'br,dcz',
    'dcz, br',
    'dcz;q=1',
    'dcz;q=0.5',
    'dcz ; Q=0.001',
    'dcz;q=1.000',
  ];
  for (const header of accepted)
    t.is(usableDictionary({ ...ASKING, 'accept-encoding': header }), HASH, header);
  for (const header of [
    '',
    'br',
    '*',
    'dcb',
    'xdcz',
    'dczx',
    'x-dcz',
    'dcz-x',
    'dcz;q=0',
    'dcz;q=0.000',
    'dcz q=1',
    'br;dcz',
  ])
    t.is(usableDictionary({ ...ASKING, 'accept-encoding': header }), undefined, header);
  t.is(usableDictionary({ 'available-dictionary': `:${HASH}:` }), undefined);
  t.is(usableDictionary({ 'accept-encoding': 'dcz' }), undefined);
});

test('usableDictionary() is none where a body is asked about, or a part of one', (t) => {
  t.is(usableDictionary(ASKING), HASH);
  for (const name of [
    'range',
    'if-range',
    'if-match',
    'if-none-match',
    'if-modified-since',
    'if-unmodified-since',
  ])
    for (const value of ['', '*']) t.is(usableDictionary({ ...ASKING, [name]: value }), undefined, name);
});

test('useAsDictionary() is a literal URLPattern but for the version', (t) => {
  t.is(useAsDictionary('/static/', 'js/app.js'), 'match="/static/:version/js/app.js"');
  t.is(useAsDictionary('/', 'a%20b.js'), 'match="/:version/a%20b.js"');
  t.is(useAsDictionary('/s+/', '(a)*.js'), String.raw`match="/s\\+/:version/\\(a\\)\\*.js"`);
  t.is(useAsDictionary('/static/', 'a:b.js'), undefined);
  t.is(useAsDictionary('/a:b/', 'app.js'), undefined);
});

test('LITERAL_NAME_PATTERN matches just the characters that stand for themselves in URLs and in what useAsDictionary() says', (t) => {
  const literal = new RegExp(`^${LITERAL_NAME_PATTERN}$`);
  const ascii = Array.from({ length: 0x80 }, (_, code) => String.fromCodePoint(code));
  for (const character of [...ascii, 'ü', '…', '😀']) {
    const said = useAsDictionary('/', encodeAssetName(character));
    t.is(literal.test(character), said === `match="/:version/${character}"`, JSON.stringify(character));
  }
});
