import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { openDeltaMaker } from '../../src/compression/delta-maker.ts';
import { deltaName } from '../../src/releases/release-layout.ts';
import { writeRelease } from '../../src/releases/write-release.ts';
import { writeFiles } from '../helpers/folder.ts';
import { createPlace } from './place.ts';

/** Text that hardly compresses. */
function words(seed: string, count = 400): string {
  return Array.from({ length: count }, (_, index) =>
    createHash('sha256').update(`${seed} ${index}`).digest('base64'),
  ).join('\n');
}

function dictionaryOf(bytes: string | Uint8Array): string {
  return createHash('sha256').update(bytes).digest('base64');
}

test('writeRelease() lays a delta beside a file that changed, which makes it from the file before', async (t) => {
  const old = words('a');
  const { root, releases } = await createPlace(t, { 'app.txt': old });
  const first = await writeRelease({ roots: root, releases, deltas: true });
  const next = `${old}\none more line`;
  await writeFiles(root, { 'app.txt': next });
  const { added } = await writeRelease({ roots: root, releases, deltas: true });
  const [before = '', after = ''] = [first, { added }].map((each) =>
    join(releases, each.added[0]?.fingerprint ?? '', 'app.txt'),
  );
  const delta = deltaName(after, dictionaryOf(old));
  t.true((await stat(delta)).size < 300);
  const maker = await openDeltaMaker();
  t.true(await maker.holds(delta, { dictionary: before, content: after }));
  await maker.close();
  t.is(await readFile(after, 'utf8'), next);
});
