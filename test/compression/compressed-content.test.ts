import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import xxhash from 'xxhash-wasm';
import { holdsContent } from '../../src/compression/compressed-content.ts';
import { ENCODED_FORMS, type EncodedForm } from '../../src/compression/content-encodings.ts';
import { checkAssets } from '../../src/assets/check/check-assets.ts';
import { hexadecimal } from '../../src/core/hash.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { DECODES_ZSTANDARD, zstandard } from '../helpers/zstandard.ts';

const TEXT = `${'a'.repeat(300_000)}${'b'.repeat(10)}`;
const OTHER = `${'a'.repeat(300_000)}${'c'.repeat(10)}`;

async function* cut(bytes: Buffer, length: number): AsyncGenerator<Buffer> {
  for (let start = 0; start < bytes.length; start += length) yield bytes.subarray(start, start + length);
}

async function holds(
  bytes: Buffer,
  form: EncodedForm,
  text: string,
  length = bytes.length,
): Promise<boolean> {
  const hashes = await xxhash();
  const content = { hash: hexadecimal(hashes.h64(text)), size: text.length };
  return holdsContent(cut(bytes, length), form, content, hashes);
}

for (const form of ENCODED_FORMS) {
  const { encoding, compress } = form;

  test(`holdsContent() tells ${encoding} of the content from all other`, async (t) => {
    const bytes = await compress(Buffer.from(TEXT));
    for (const length of [1, 2, 7, bytes.length])
      t.true(await holds(bytes, form, TEXT, length), `in pieces of ${length}`);
    for (const other of [OTHER, 'b', `${TEXT}b`])
      t.false(await holds(await compress(Buffer.from(other)), form, TEXT), other.slice(-3));
    for (const broken of [Buffer.from('not compressed'), bytes.subarray(0, -1), Buffer.alloc(0)])
      t.false(await holds(broken, form, TEXT), broken.toString('latin1'));
  });

  test(`holdsContent() of ${encoding} throws when the bytes cannot be read`, async (t) => {
    const path = join(await temporaryFolder(t), 'missing');
    const content = { hash: '0'.repeat(16), size: 1 };
    const hashes = await xxhash();
    await t.throwsAsync(holdsContent(createReadStream(path), form, content, hashes), { code: 'ENOENT' });
  });
}

test('checkAssets() knows a wrong .zst where this Node can decode it, and else passes it by', async (t) => {
  const root = await temporaryFolder(t, {
    'a.txt': 'right',
    'a.txt.zst': await zstandard('wrong'),
    'b.txt': 'right',
    'b.txt.zst': await zstandard('right'),
  });
  const { findings } = await checkAssets({ prefix: '/static/', roots: root });
  t.deepEqual(
    findings.map(({ kind, asset }) => [kind, asset]),
    DECODES_ZSTANDARD ? [['wrong-copy', 'a.txt.zst']] : [],
  );
});
