import test from 'ava';
import {
  addFileEvent,
  decideChange,
  mergeChanges,
  type Change,
  type ChangeBatch,
  type FileEvent,
} from '../../../src/files/watch/change-batch.ts';

function decide(
  events: readonly (readonly [FileEvent, string])[],
  roots: readonly string[] = ['/srv/app/public'],
): Change | undefined {
  const batch: ChangeBatch = new Map();
  for (const [event, path] of events) addFileEvent(batch, path, event);
  return decideChange(batch, roots);
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

test('decideChange() knows no files that came and went in one batch', (t) => {
  t.is(
    decide([
      ['add', '/srv/app/public/4913'],
      ['change', '/srv/app/public/4913'],
      ['unlink', '/srv/app/public/4913'],
    ]),
    undefined,
  );
});

test('decideChange() takes a stylesheet that was removed and written again as changed', (t) => {
  t.deepEqual(
    decide([
      ['unlink', '/srv/app/public/app.css'],
      ['add', '/srv/app/public/app.css'],
    ]),
    { kind: 'css', assets: ['app.css'] },
  );
  t.deepEqual(
    decide([
      ['unlink', '/srv/app/public/app.css'],
      ['add', '/srv/app/public/app.css'],
      ['unlink', '/srv/app/public/app.css'],
    ]),
    RELOAD,
    'it was there before the batch, and is not any more',
  );
});

test('mergeChanges() names each stylesheet once, and reloads when one of the changes does', (t) => {
  const first: Change = { kind: 'css', assets: ['a.css', 'b.css'] };
  t.deepEqual(mergeChanges([first, { kind: 'css', assets: ['b.css', 'c.css'] }]), {
    kind: 'css',
    assets: ['a.css', 'b.css', 'c.css'],
  });
  t.deepEqual(mergeChanges([first, { kind: 'reload' }, first]), RELOAD);
});
