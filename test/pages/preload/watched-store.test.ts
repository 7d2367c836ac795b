import { join } from 'node:path';
import test from 'ava';
import { createPages, fileStore, pageTags, type FileStore } from '../../../src/pages.ts';
import { watchStore } from '../../../src/pages/preload/watched-store.ts';
import { temporaryFolder } from '../../helpers/folder.ts';
import { STATIC } from './preload-app.ts';
import { openStore } from '../file-store/opened-store.ts';
import { html, keyOf, store, targetsIn, textOf } from '../stored-pages.ts';

test('a watched store does what the store does, and tells of each change', async (t) => {
  const told: string[] = [];
  const watched = watchStore(await openStore(t), {
    onLanded: async ({ target }) => void told.push(`landed ${target}`),
    onGone: async (keys) => void told.push(`gone ${keys.map(({ target }) => target).join(' ')}`),
    onInvalidated: (keys) => told.push(`invalidated ${keys.map(({ target }) => target).join(' ')}`),
    onCleared: () => told.push('cleared'),
  });
  t.true(await store(watched, '/a', html('a', ['t'])));
  t.true(await store(watched, '/a/b', html('b')));
  const overtaken = await watched.begin(keyOf('/a'), { fence: false });
  t.is(await textOf(watched, '/a'), '<h1>a</h1>\n');
  t.deepEqual(told.splice(0), ['landed /a', 'landed /a/b']);
  await watched.invalidate(['t']);
  t.false(await overtaken?.land(html('late', ['t'])));
  await watched.deleteBelow(keyOf('/a'));
  t.deepEqual(await targetsIn(watched), []);
  t.deepEqual(told.splice(0), ['invalidated /a', 'gone /a /a/b']);
  await watched.delete([keyOf('/c')]);
  await watched.clear();
  t.deepEqual(told.splice(0), ['gone /c', 'cleared']);
  await store(watched, '/old', html('old'));
  await store(watched, '/unlisted', html('unlisted'));
  await store(watched, '/kept', html('kept'));
  t.true(
    await watched.sweep(
      ({ target }) => (target === '/old' ? 'outdated' : target === '/kept' ? 'keep' : 'unlisted'),
      async () => false,
    ),
  );
  t.deepEqual(await targetsIn(watched), ['/kept']);
  t.regex(told.at(-1) ?? '', /^gone (?:\/old \/unlisted|\/unlisted \/old)$/);
});

/** A file store whose changes are made and then reject, as with a server that does not answer. */
function rejecting(files: FileStore): FileStore {
  return new Proxy(files, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== 'function') return member;
      const call = async (...given: unknown[]): Promise<unknown> => {
        await Reflect.apply(member, target, given);
        throw new Error('unreachable');
      };
      return name === 'delete' || name === 'clear' ? call : member.bind(target);
    },
  });
}

test('a change that rejects is told of as well: a template is not given what may have gone', async (t) => {
  const folder = await temporaryFolder(t);
  const pages = createPages({
    sites: ['http://localhost'],
    urls: [/^/],
    store: rejecting(fileStore({ folder: join(folder, 'store') })),
    app: (_request, response) => response.setHeader('Content-Type', 'text/html').end('view'),
    preload: { folder: join(folder, 'preloaded') },
  });
  t.teardown(() => pages.close());
  const { staticPreload } = pageTags(pages);
  for (const change of [() => pages.delete('/view/'), () => pages.clear()]) {
    t.regex(await pages.preload('/view/'), STATIC);
    await t.throwsAsync(change(), { message: 'unreachable' });
    t.is(staticPreload('/view/'), '/view/');
  }
});
