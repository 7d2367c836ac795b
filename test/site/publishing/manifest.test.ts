import test from 'ava';
import { formatJournal, parseJournal } from '../../../src/site/publishing/journal.ts';
import { formatManifest, parseManifest, type Manifest } from '../../../src/site/publishing/manifest.ts';

const MANIFEST: Manifest = {
  owner: 'https://www.example.com/',
  number: 7,
  files: new Map([
    [
      'p "ü"/index.html',
      {
        md5: 'a'.repeat(32),
        size: 12,
        headers: { 'content-type': 'text/html', 'cache-control': 'no-cache' },
        kind: 'page',
        tag: '"t"',
        revision: 'r',
      },
    ],
    ['empty', { md5: 'b'.repeat(32), size: 0, headers: {}, kind: 'file', tag: 't', revision: 'r2' }],
  ]),
  left: new Map([
    ['old.css', { size: 3, tag: 't', kind: 'fingerprinted', retired: { at: 5, number: 2 } }],
    ['old.html', { size: 4, tag: 't', kind: 'page' }],
  ]),
};

test('parseManifest() reads what formatManifest() wrote', (t) => {
  t.deepEqual(parseManifest(formatManifest(MANIFEST)), MANIFEST);
});

test('parseManifest() takes nothing else for a manifest', (t) => {
  const text = formatManifest(MANIFEST);
  const others = [
    '',
    'garbage',
    '[]',
    'null',
    '{}',
    text.slice(0, -20),
    text.replace('"staticUrlPublish":1', '"staticUrlPublish":2'),
    text.replace('"number":7', '"number":"7"'),
    text.replace('"page"', '"pages"'),
    text.replace(',12,0,', ',12,9,'),
    text.replace('"left":[', '"left":[[1],'),
    text.replace('"no-cache"', '5'),
  ];
  for (const other of others) t.is(parseManifest(other), undefined, other);
});

test('parseJournal() reads what formatJournal() wrote, and nothing else', (t) => {
  const journal = {
    owner: 'https://www.example.com/',
    number: 3,
    changed: new Map([['a', { md5: 'm', kind: 'page' as const }]]),
    deleted: ['b'],
  };
  const text = formatJournal(journal);
  t.deepEqual(parseJournal(text), journal);
  for (const other of ['', '{}', text.slice(0, -5), text.replace('"page"', '1'), formatManifest(MANIFEST)])
    t.is(parseJournal(other), undefined, other);
});
