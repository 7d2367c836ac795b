import { statSync, writeFileSync } from 'node:fs';
import { rm, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { signatureOf } from '../../src/files/file-signature.ts';
import { ContentDigest } from '../../src/serve/content-digest.ts';
import { Representation } from '../../src/serve/served-file.ts';
import { UnchangedFiles } from '../../src/serve/unchanged-files.ts';
import { temporaryFolder } from '../helpers/folder.ts';

/** A file that was indexed with some bytes, and has others that left no trace in its times. */
async function openFile(t: ExecutionContext, indexed: string, present: string, isFresh: boolean) {
  const path = join(await temporaryFolder(t, { 'app.css': '' }), 'app.css');
  const digest = await ContentDigest.load();
  writeFileSync(path, present);
  const signature = { ...signatureOf(statSync(path)), isFresh };
  const hash = digest.ofBytes(Buffer.from(indexed));
  const representation = new Representation(path, signature, hash);
  return { path, representation, digest, files: new UnchangedFiles(digest) };
}

test('a file that was indexed a moment after it was written is read again before it counts as unchanged', async (t) => {
  const other = await openFile(t, 'a {}', 'b {}', true);
  t.false(await other.files.isUnchangedOnDisk(other.representation));
  const same = await openFile(t, 'a {}', 'a {}', true);
  t.true(await same.files.isUnchangedOnDisk(same.representation));
  t.false(same.representation.signature.isFresh, 'once');
});

test('a file that was indexed later is known by its times', async (t) => {
  const { files, representation } = await openFile(t, 'a {}', 'b {}', false);
  t.true(await files.isUnchangedOnDisk(representation));
});

test('a file whose status alone has changed is read again', async (t) => {
  for (const [present, isUnchanged] of [
    ['a {}', true],
    ['b {}', false],
  ] as const) {
    const { path, files, representation } = await openFile(t, 'a {}', present, false);
    const { atime, mtime } = statSync(path);
    await utimes(path, atime, mtime);
    const { mtimeMs } = statSync(path);
    representation.signature = { ...representation.signature, mtimeMs, ctimeMs: 1 };
    t.is(await files.isUnchangedOnDisk(representation), isUnchanged, present);
  }
});

test('a file with other bytes of equal length is read once', async (t) => {
  const { path, files, digest, representation } = await openFile(t, 'a {}', 'b {}', true);
  let readings = 0;
  const ofPieces = digest.ofPieces.bind(digest);
  digest.ofPieces = (pieces) => {
    readings += 1;
    return ofPieces(pieces);
  };
  for (let request = 0; request < 3; request += 1) t.false(await files.isUnchangedOnDisk(representation));
  t.is(readings, 1);
  writeFileSync(path, 'a {}');
  t.true(await files.isUnchangedOnDisk(representation));
  t.is(readings, 2);
});

test('a file whose status had changed counts as changed when it is gone before it is read again', async (t) => {
  const { path, files, representation } = await openFile(t, 'a {}', 'a {}', false);
  const now = { ...representation.signature, ctimeMs: 1 };
  await rm(path);
  t.false(await files.isUnchanged(representation, now));
  t.false(await files.isUnchangedOnDisk(representation));
});
