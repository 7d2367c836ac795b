import test from 'ava';
import { lookUntilWatched } from '../../../src/files/watch/look-until-watched.ts';

test('lookUntilWatched() looks again for what came before the watch began', (t) => {
  const present = ['a'];
  const watched = new Set<string>();
  const listed = lookUntilWatched(
    () => [...present],
    (names) => {
      const isNew = names.some((name) => !watched.has(name));
      for (const name of names) watched.add(name);
      // While "a" is being found, "a/b" comes into it, and into that "a/b/c".
      if (present.length < 3) present.push(`${present.at(-1)}/x`);
      return isNew;
    },
  );
  t.deepEqual(listed, ['a', 'a/x', 'a/x/x']);
});

test('lookUntilWatched() looks once where all is watched, and gives up where that never comes true', (t) => {
  let looks = 0;
  const look = (): number => (looks += 1);
  t.is(
    lookUntilWatched(look, () => false),
    1,
  );
  t.is(
    lookUntilWatched(look, () => true),
    11,
  );
});
