import test from 'ava';
import { indexLine, newIndex, parseIndex } from '../../../src/pages/memcached-store/tag-index.ts';
import fc from '../../helpers/fast-check.ts';

const lines = fc.array(fc.tuple(fc.constantFrom('pages:a/', 'pages:a/é?b=c d', 'pages:a/100%'), fc.nat()));

test('an index tells of every page that was put or appended to it the last place', (t) => {
  fc.assert(
    fc.property(fc.constantFrom('whole', 'part', 'any'), lines, lines, (kind, before, after) => {
      const put = new Map(before);
      const bytes = Buffer.concat([
        newIndex('epoch', kind, put),
        ...after.map(([key, place]) => indexLine(key, place)),
      ]);
      const expected = new Map(put);
      for (const [key, place] of after) expected.set(key, Math.max(place, expected.get(key) ?? 0));
      const index = parseIndex(bytes);
      t.is(index.epoch, 'epoch');
      t.is(index.kind, kind);
      t.deepEqual(new Map(index.pages), expected);
      t.deepEqual(parseIndex(newIndex('epoch', kind, index.pages)), index);
    }),
  );
});

test('an index that is none of ours says nothing for sure', (t) => {
  t.is(parseIndex(Buffer.from('')).kind, 'part');
  t.is(parseIndex(Buffer.from('epoch entire\n')).kind, 'part');
});
