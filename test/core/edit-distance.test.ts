import test from 'ava';
import { distance } from '../../src/core/edit-distance.ts';
import fc from '../helpers/fast-check.ts';

/** By its definition, which takes exponential time. */
function slowly(one: string, other: string): number {
  if (one === '' || other === '') return one.length + other.length;
  const replaced = slowly(one.slice(1), other.slice(1)) + (one[0] === other[0] ? 0 : 1);
  return Math.min(replaced, slowly(one.slice(1), other) + 1, slowly(one, other.slice(1)) + 1);
}

test('distance() counts the characters to put in, to take out and to replace', (t) => {
  t.is(distance('', ''), 0);
  t.is(distance('kitten', 'sitting'), 3);
  t.is(distance('css/app.css', 'css/ap.css'), 1);
  t.is(distance('ab', ''), 2);
  const texts = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 6 });
  fc.assert(
    fc.property(texts, texts, (one, other) => {
      t.is(distance(one, other), slowly(one, other));
    }),
    { numRuns: 500 },
  );
});
