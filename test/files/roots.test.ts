import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import test from 'ava';
import { rootList, rootsText } from '../../src/files/roots.ts';

test('rootList() takes a folder or several, as paths or file: URLs, in their order', (t) => {
  t.deepEqual(rootList('public'), [resolve('public')]);
  t.deepEqual(rootList(pathToFileURL('/srv/a b/')), ['/srv/a b']);
  t.deepEqual(rootList(['public', pathToFileURL('/srv/b'), '/srv/c/']), [
    resolve('public'),
    '/srv/b',
    '/srv/c',
  ]);
});

test('rootList() refuses what names no folder', (t) => {
  const wrong: readonly (readonly [roots: unknown, message: RegExp])[] = [
    [[], /^The list of roots is empty\. Name the folder that holds the files\.$/],
    ['', /^The root is a non-empty path or a "file:" URL, not ""/],
    [['public', 5], /^The root is a non-empty path or a "file:" URL, not 5/],
    [{ a: 1 }, /not an object/],
    [[['public']], /not an array/],
    [['pub\0lic'], /^The root is "pub\\u0000lic": no path may have a NUL character/],
    [new URL('https://host/a'), /^The root is a path or a "file:" URL, not a URL of "https:"/],
  ];
  for (const [roots, message] of wrong) t.throws(() => rootList(roots), { instanceOf: TypeError, message });
});

test('rootsText() names each root', (t) => {
  t.is(rootsText(['/srv/a', '/srv/b']), '"/srv/a" and "/srv/b"');
});
