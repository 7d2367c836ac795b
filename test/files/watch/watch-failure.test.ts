import test from 'ava';
import { watchFailure } from '../../../src/files/watch/watch-failure.ts';

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
