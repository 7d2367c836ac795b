import test from 'ava';
import { lookUntilWatched, watchFailure } from '../../../src/files/watch/tree-watch.ts';

test('watchFailure() says what to do about an exhausted limit', (t) => {
  const cause = Object.assign(new Error('ENOSPC: System limit for number of file watchers reached'), {
    code: 'ENOSPC',
  });
  const { message, cause: kept } = watchFailure('Live reload', ['/srv/app/public'], cause);
  t.regex(
    message,
    /^Live reload cannot watch all of "\/srv\/app\/public": .*sysctl fs\.inotify\.max_user_watches=/,
  );
  t.is(kept, cause);
  t.regex(
    watchFailure('Live reload', ['/srv'], Object.assign(new Error('many'), { code: 'EMFILE' })).message,
    /ulimit -n/,
  );
});

test('watchFailure() keeps what it does not know', (t) => {
  t.is(
    watchFailure('openAssets()', ['/srv', '/var'], new Error('broken')).message,
    'openAssets() cannot watch all of "/srv" and "/var": broken',
  );
});

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
