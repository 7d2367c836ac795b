import test from 'ava';
import { findReferences } from '../../../src/assets/references/find-references.ts';

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

test('findReferences() says in which line a web app manifest is not valid JSON', (t) => {
  const lineOf = (text: string): string => {
    const [{ kind, specifier, offset } = { kind: '', specifier: '', offset: -1 }, ...others] = findReferences(
      'a.webmanifest',
      text,
    );
    t.deepEqual([kind, others], ['unread', []]);
    t.true(offset >= 0 && offset <= text.length);
    return `${specifier} ${text.slice(0, offset).split('\n').length}`;
  };
  const filler = '  "name": "app",\n'.repeat(10);
  t.is(lineOf(`{\n${filler}  "a": 1,\n}`), 'JSON 13');
  t.is(lineOf(`{\n${filler}  "a": [1 2]\n}`), 'JSON 12');
  t.is(lineOf(`{\n${filler}  "a": tru,\n${filler}  "b": 1\n}`), 'JSON 12');
  t.is(lineOf(`{\n${filler}  "a": "\\q"\n}`), 'JSON 12');
  t.is(lineOf(`{\n${filler}`), 'JSON 12');
  t.is(lineOf("{'a': 1}"), 'JSON 1');
  t.is(lineOf('{} {}'), 'JSON 1');
  t.is(lineOf(''), 'JSON 1');
});

test('findReferences() says where the images of a web app manifest stand, escaped or not', (t) => {
  const text =
    '{\n"src": "no.png",\n"icons": [{\n"src":\n"a\\u0062.png"}, {"src" : "c\\"d.png"}, 1, {"src": 2}]}';
  t.deepEqual(
    findReferences('a.webmanifest', text).map(({ specifier, offset }) => [
      specifier,
      text.slice(offset, offset + 4),
    ]),
    [
      ['ab.png', '"a\\u'],
      ['c"d.png', '"c\\"'],
    ],
  );
});

test('findReferences() reads a web app manifest that is no object, or whose lists are none', (t) => {
  for (const text of ['1', '[]', 'null', '{"icons": {"src": "no.png"}, "shortcuts": [null, 1]}'])
    t.deepEqual(findReferences('a.webmanifest', text), []);
});
