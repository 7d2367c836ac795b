import { readdir, readFile } from 'node:fs/promises';
import test from 'ava';
import { dropInFiles } from '../../nginx/drop-in.ts';

const folder = new URL('../../nginx/', import.meta.url);

test('nginx/ holds just what dropInFiles() generates (npm run generate writes it anew)', async (t) => {
  const expected = dropInFiles();
  const present = (await readdir(folder)).filter((name) => name.endsWith('.conf'));
  t.deepEqual(present.toSorted(), Object.keys(expected).toSorted());
  for (const [name, text] of Object.entries(expected)) {
    t.is(await readFile(new URL(name, folder), 'utf8'), text, name);
  }
});
