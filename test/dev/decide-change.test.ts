import test from 'ava';
import type { Change } from '../../src/dev/change-log.ts';
import { decideChange } from '../../src/dev/watcher.ts';

type FileEvent = 'add' | 'change' | 'unlink';

function decide(
  events: readonly (readonly [FileEvent, string])[],
  roots: readonly string[] = ['/srv/app/public'],
): Change | undefined {
  const before = new Map([['/srv/app/public/other.js', '1']]);
  const after = new Map(before);
  for (const [event, path] of events) {
    if (event !== 'add') before.set(path, '1');
    if (event !== 'unlink') after.set(path, '2');
  }
  return decideChange(before, after, roots);
}

const RELOAD = { kind: 'reload' };

test('decideChange() swaps when every change is a stylesheet under the root', (t) => {
  t.deepEqual(
    decide([
      ['change', '/srv/app/public/css/app.css'],
      ['add', '/srv/app/public/new.css'],
    ]),
    { kind: 'css', assets: ['css/app.css', 'new.css'] },
  );
});

test('decideChange() reloads when one change is anything else', (t) => {
  const stylesheet = ['change', '/srv/app/public/app.css'] as const;
  t.deepEqual(decide([stylesheet, ['change', '/srv/app/public/app.js']]), RELOAD, 'a script');
  t.deepEqual(decide([stylesheet, ['add', '/srv/app/public/a.png']]), RELOAD, 'a new image');
  t.deepEqual(decide([stylesheet, ['unlink', '/srv/app/public/old.css']]), RELOAD, 'a stylesheet removed');
  t.deepEqual(
    decide([stylesheet, ['change', '/srv/app/views/mail.css']]),
    RELOAD,
    'a stylesheet outside of the root',
  );
  t.deepEqual(
    decide([['change', '/srv/app/public-css/app.css']]),
    RELOAD,
    "a folder with the root's name before it",
  );
});

test('decideChange() swaps stylesheets under any of the roots, by their names under each', (t) => {
  t.deepEqual(
    decide(
      [
        ['change', '/srv/app/public/app.css'],
        ['change', '/srv/app/built/vendor/grid.css'],
      ],
      ['/srv/app/public', '/srv/app/built', '/srv/app/built/vendor'],
    ),
    { kind: 'css', assets: ['app.css', 'vendor/grid.css', 'grid.css'] },
  );
});

test('decideChange() knows no source maps', (t) => {
  for (const name of ['app.css', 'app.js', 'app.mjs'])
    t.is(decide([['change', `/srv/app/public/${name}.map`]]), undefined, name);
  t.deepEqual(decide([['change', '/srv/app/public/world.map']]), RELOAD, 'a map of something else');
  t.deepEqual(decide([['change', '/srv/app/views/app.css.map']]), RELOAD, 'outside of the root');
  t.deepEqual(
    decide([
      ['unlink', '/srv/app/public/app.css.map'],
      ['change', '/srv/app/public/app.css'],
    ]),
    { kind: 'css', assets: ['app.css'] },
  );
});

test('decideChange() knows nothing of what is as it was', (t) => {
  t.is(decide([]), undefined);
});
