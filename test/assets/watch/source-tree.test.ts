import { statSync, utimesSync, writeFileSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { setImmediate as turn } from 'node:timers/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import xxhash from 'xxhash-wasm';
import type { SourceFile } from '../../../src/assets/sources/source-file.ts';
import { SourceTree } from '../../../src/assets/watch/source-tree.ts';
import { scanTree } from '../../../src/files/scan-folder.ts';
import { temporaryFolder, type Files } from '../../helpers/folder.ts';

async function openTree(t: ExecutionContext, files: Files) {
  const root = await temporaryFolder(t, files);
  const tree = new SourceTree(await xxhash());
  const fail = (error: Error): void => t.fail(error.message);
  const read = (): boolean => tree.read([scanTree(root, () => false, fail)], fail);
  /** Reads until the files are old enough for their times to tell a change. */
  const age = async (): Promise<void> => {
    for (;;) {
      const before = [...tree.sources.values()];
      read();
      if ([...tree.sources.values()].every((source, index) => source === before[index])) return;
      await turn();
    }
  };
  read();
  return { root, tree, read, age, source: (name: string): SourceFile | undefined => tree.sources.get(name) };
}

test('SourceTree.read() reads only what is new or has changed', async (t) => {
  const { root, read, age, source } = await openTree(t, { 'a.css': 'a', 'b.css': 'b', 'c.css': 'c' });
  await age();
  const [a, b, c] = ['a.css', 'b.css', 'c.css'].map(source);
  t.false(read());
  writeFileSync(join(root, 'b.css'), 'B');
  writeFileSync(join(root, 'd.css'), 'd');
  t.true(read());
  t.is(source('a.css'), a);
  t.is(source('c.css'), c);
  t.not(source('b.css')?.hash, b?.hash);
  t.is(source('d.css')?.name, 'd.css');
});

test('SourceTree.read() reads a JSON file as a web app manifest for as long as a document links to it as one', async (t) => {
  const { root, read, age, source } = await openTree(t, {
    'a.html': '<link rel="manifest" href="m.json">',
    'm.json': '{"icons": [{"src": "a.png"}]}',
  });
  const found = (): unknown => source('m.json')?.references.map(({ specifier }) => specifier);
  t.deepEqual(found(), ['a.png']);
  await age();
  t.deepEqual(found(), ['a.png']);
  writeFileSync(join(root, 'm.json'), '{"icons": [{"src": "b.png"}]}');
  t.true(read());
  t.deepEqual(found(), ['b.png']);
  writeFileSync(join(root, 'a.html'), '');
  t.true(read());
  t.deepEqual(found(), []);
});

test('SourceTree.read() takes a file that was only touched for the same', async (t) => {
  const { root, read, age, source } = await openTree(t, { 'a.css': 'a' });
  await age();
  const before = source('a.css');
  writeFileSync(join(root, 'a.css'), 'a');
  t.true(read(), 'who serves it must know its new times');
  t.not(source('a.css'), before);
  t.is(source('a.css')?.hash, before?.hash);
});

test('SourceTree.read() reads a file again that was written a moment before it was read', async (t) => {
  const { root, read, source } = await openTree(t, { 'a.css': 'a' });
  // Whatever the first reading took it for.
  utimesSync(join(root, 'a.css'), 0, 0);
  const { ctimeMs } = statSync(join(root, 'a.css'));
  /** Reads so long after the file was written, however slow the test is. */
  const readAfter = (milliseconds: number): boolean => {
    const { now } = Date;
    Date.now = () => ctimeMs + milliseconds;
    try {
      return read();
    } finally {
      Date.now = now;
    }
  };
  t.true(readAfter(0));
  const before = source('a.css');
  t.false(readAfter(1000));
  const aged = source('a.css');
  t.not(aged, before, 'its times need not tell a second write');
  t.false(readAfter(1000));
  t.is(source('a.css'), aged);
});

test('SourceTree.read() tells a rename and a replacement of the same size', async (t) => {
  const { root, tree, read, age } = await openTree(t, { 'a.css': '1', 'b.css': '2' });
  await age();
  await rename(join(root, 'b.css'), join(root, 'a.css'));
  t.true(read());
  t.deepEqual([...tree.sources.keys()], ['a.css']);
});
