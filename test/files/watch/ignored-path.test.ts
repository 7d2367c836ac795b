import test from 'ava';
import { isIgnoredPath } from '../../../src/files/watch/ignored-path.ts';

test('isIgnoredPath() ignores dotfiles, dot-folders and what editors leave behind', (t) => {
  for (const name of [
    '.DS_Store',
    '.git/HEAD',
    'css/.app.css.swp',
    'css/app.css~',
    'css/#app.css#',
    'css/app.css.new',
    'css/app.css.tmp',
    'css.old/app.css',
    '..twice',
  ]) {
    t.true(isIgnoredPath(`/srv/public/${name}`, ['/srv/public']), name);
  }
  for (const name of ['', 'app.css', 'css/app.min.css', '#hash.css', 'new/whats.new.css']) {
    t.false(isIgnoredPath(`/srv/public/${name}`, ['/srv/public']), name);
  }
});

test('isIgnoredPath() looks only below what is watched', (t) => {
  t.false(isIgnoredPath('/home/me/.cache/site/app.css', ['/home/me/.cache/site']), 'a root in a dot-folder');
  t.false(isIgnoredPath('/srv/app/.env', ['/srv/app', '/srv/app/.env']), 'a dotfile that was asked for');
  t.true(isIgnoredPath('/srv/app/.env', ['/srv/app']));
  t.false(isIgnoredPath('/srv', ['/srv/app']), 'a folder above');
});
