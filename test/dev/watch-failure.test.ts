import test from 'ava';
import { watchFailure } from '../../src/dev/watch-failure.ts';

test('watchFailure() says what to do about an exhausted limit', (t) => {
  const cause = Object.assign(new Error('ENOSPC: System limit for number of file watchers reached'), {
    code: 'ENOSPC',
  });
  const { message, cause: kept } = watchFailure(cause, '/srv/app/public');
  t.regex(
    message,
    /^Live reload cannot watch all of "\/srv\/app\/public": .*sysctl fs\.inotify\.max_user_watches=/,
  );
  t.is(kept, cause);
  t.regex(watchFailure(Object.assign(new Error('many'), { code: 'EMFILE' }), '/srv').message, /ulimit -n/);
});

test('watchFailure() keeps what it does not know', (t) => {
  t.is(watchFailure(new Error('broken'), '/srv').message, 'Live reload cannot watch all of "/srv": broken');
});
