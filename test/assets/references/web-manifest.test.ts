import test from 'ava';
import fc from '../../helpers/fast-check.ts';
import { findReferences } from '../../../src/assets/references/find-references.ts';
import { readJsonTexts } from '../../../src/assets/references/json-texts.ts';
import { SourceSyntaxError } from '../../../src/assets/references/source-syntax-error.ts';

test('findReferences() finds the images of a web app manifest, with their places, and nothing else', (t) => {
  const text = JSON.stringify(
    {
      name: 'icons',
      start_url: '/',
      icons: [{ sizes: '192x192', src: 'img/a.png' }, { src: '../\u00e9"b".png' }, { src: 'data:,x' }],
      screenshots: [{ src: 'img/wide.png', label: 'src' }],
      shortcuts: [{ name: 'New', url: 'new', icons: [{ src: 'img/new.png' }] }],
      related_applications: [{ platform: 'web', src: 'no.png' }],
      file_handlers: [{ action: '/', icons: { src: 'no.png' } }],
    },
    null,
    2,
  ).replace('\u00e9', String.raw`\u00e9`);
  const references = findReferences('site.webmanifest', text);
  t.deepEqual(
    references.map(({ kind, specifier }) => `${kind} ${specifier}`),
    ['resource img/a.png', 'resource ../\u00e9"b".png', 'resource img/wide.png', 'resource img/new.png'],
  );
  t.is(text.slice(references[2]?.offset).split('\n')[0], '"img/wide.png",');
});

test('findReferences() says where a web app manifest is not valid JSON', (t) => {
  const place = (text: string): string => {
    const { language, offset } = t.throws(() => findReferences('a.webmanifest', text), {
      instanceOf: SourceSyntaxError,
    });
    return `${language} ${text.slice(0, offset)}`;
  };
  t.is(place('{"a": 1,}'), 'JSON {"a": 1,');
  t.is(place('{"a": [1 2]}'), 'JSON {"a": [1 ');
  t.is(place('{"a": 1'), 'JSON {"a": 1');
  t.is(place('{"a": "b\n"}'), 'JSON {"a": ');
  t.is(place('{"a": "\\q"}'), 'JSON {"a": ');
  t.is(place('{} {}'), 'JSON {} ');
  t.is(place("{'a': 1}"), 'JSON {');
  t.is(place('{"a": [{"b": tru}, {}], "c": 1}'), 'JSON {"a": [{"b": ');
  t.is(place('{"a" 1}'), 'JSON {"a" ');
  t.is(place('{"a": {"b": -1e5,\n "c": [], // d\n}}'), 'JSON {"a": {"b": -1e5,\n "c": [], ');
  t.is(place('[0,\u00a01]'), 'JSON [0,');
  t.is(place(''), 'JSON ');
});

/** All texts that are values, in their order; `undefined` when it is not JSON. */
function textsOf(json: string): string[] | undefined {
  const texts: string[] = [];
  try {
    readJsonTexts(json, (value, holders, offset) => {
      // What stands there is what was read.
      if (JSON.parse(/^"(?:[^"\\]|\\.)*"/.exec(json.slice(offset))?.[0] ?? '') === value) texts.push(value);
      if (holders.at(-1)?.isList === false && holders.at(-1)?.key === undefined) texts.push('no key');
    });
    return texts;
  } catch (error) {
    if (error instanceof SourceSyntaxError) return undefined;
    throw error;
  }
}

function textsByParser(json: string): string[] | undefined {
  const texts: string[] = [];
  const collect = (value: unknown): void => {
    if (typeof value === 'string') texts.push(value);
    else if (typeof value === 'object' && value !== null) Object.values(value).forEach(collect);
  };
  try {
    collect(JSON.parse(json));
    return texts;
  } catch {
    return undefined;
  }
}

const PIECES = ['{', '}', '[', ']', ':', ',', '"', '"a"', '"b"', '\\', '\\"', '\\u00e9', '0', '-', '1.5', '1e9', '01', 'true', 'null', 'nul', ' ', '\n', '\t', '\u00a0']; // prettier-ignore

test('readJsonTexts() agrees with JSON.parse(), of what is JSON and of what is not', (t) => {
  const mostlyBroken = fc
    .array(fc.constantFrom(...PIECES), { maxLength: 9 })
    .map((pieces) => pieces.join(''));
  const valid = fc.json({ maxDepth: 4 });
  const damaged = fc
    .tuple(valid, fc.nat(), fc.constantFrom(...PIECES))
    .map(([json, at, piece]) => json.slice(0, at % json.length) + piece + json.slice((at % json.length) + 1));
  fc.assert(
    fc.property(fc.oneof(mostlyBroken, valid, damaged), (json) => {
      // Where a key stands twice, the last one counts for the parser.
      const expected = textsByParser(json);
      if (hasEqualKeys(json)) t.is(textsOf(json) === undefined, expected === undefined, json);
      else t.deepEqual(textsOf(json)?.toSorted(), expected?.toSorted(), json);
    }),
    { numRuns: 20_000 },
  );
});

function hasEqualKeys(json: string): boolean {
  const keys = [...json.matchAll(/("(?:[^"\\]|\\.)*")\s*:/g)].map(([, key]) => key);
  return new Set(keys).size < keys.length;
}

test('readJsonTexts() reads texts and lists of any length and depth', (t) => {
  t.is(textsOf(`["${'\\n'.repeat(5_000_000)}"]`)?.[0]?.length, 5_000_000);
  t.is(textsOf(`["${'a\\n'.repeat(5_000_000)}`), undefined);
  t.deepEqual(textsOf('['.repeat(1_000_000) + '"a"' + ']'.repeat(1_000_000)), ['a']);
});
