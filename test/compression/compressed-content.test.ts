import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import test from 'ava';
import xxhash from 'xxhash-wasm';
import { holdsContent } from '../../src/compression/compressed-content.ts';
import { ENCODED_FORMS, type EncodedForm } from '../../src/compression/content-encodings.ts';
import { checkAssets } from '../../src/assets/check/check-assets.ts';
import { hexadecimal } from '../../src/core/hash.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { zstandard } from '../helpers/zstandard.ts';

/** 300,000 times "a" and 10 times "b" by zstd 1.5: two compressed blocks and one that only counts, with a checksum. */
const ZSTANDARD = Buffer.from(
  '28b52ffd04684c000008610100fcff391002020010615d0000086202006e21dd131d0001d349eeb2',
  'hex',
);
/** The same without the checksum, whose flag is the only one that the head has. */
const UNCHECKED = Buffer.concat([ZSTANDARD.subarray(0, 4), Buffer.of(0), ZSTANDARD.subarray(5, -4)]);
const TEXT = `${'a'.repeat(300_000)}${'b'.repeat(10)}`;
const OTHER = `${'a'.repeat(300_000)}${'c'.repeat(10)}`;

const compressed: Readonly<Record<string, (text: string) => Promise<Buffer>>> = {
  br: async (text) => brotliCompressSync(text),
  gzip: async (text) => gzipSync(text),
  zstd: async (text) => (text === TEXT ? ZSTANDARD : zstandard(text)),
};
/** What older versions of Node have. */
const WITHOUT_DECODER: EncodedForm = { encoding: 'zstd', suffix: '.zst', createDecoder: undefined };

async function* cut(bytes: Buffer, length: number): AsyncGenerator<Buffer> {
  for (let start = 0; start < bytes.length; start += length) yield bytes.subarray(start, start + length);
}

async function holds(
  bytes: Buffer,
  form: EncodedForm,
  text: string,
  length = bytes.length,
): Promise<boolean | undefined> {
  const hashes = await xxhash();
  const content = { hash: hexadecimal(hashes.h64(text)), size: text.length };
  return holdsContent(cut(bytes, length), form, content, hashes);
}

const decoded = ENCODED_FORMS.filter(({ createDecoder }) => createDecoder !== undefined);
for (const form of [...decoded, WITHOUT_DECODER]) {
  const { encoding, createDecoder } = form;
  const means = createDecoder === undefined ? 'its checksum' : 'decoding';

  test(`holdsContent() tells ${encoding} of the content from all other by ${means}`, async (t) => {
    const bytes = (await compressed[encoding]?.(TEXT)) ?? Buffer.alloc(0);
    for (const length of [1, 2, 7, bytes.length])
      t.true(await holds(bytes, form, TEXT, length), `in pieces of ${length}`);
    for (const other of [OTHER, 'b', `${TEXT}b`])
      t.false(await holds((await compressed[encoding]?.(other)) ?? bytes, form, TEXT), other.slice(-3));
    for (const broken of [Buffer.from('not compressed'), bytes.subarray(0, -1), Buffer.alloc(0)])
      t.not(await holds(broken, form, TEXT), true, broken.toString('latin1'));
  });

  test(`holdsContent() of ${encoding} throws by ${means} when the bytes cannot be read`, async (t) => {
    const path = join(await temporaryFolder(t), 'missing');
    const content = { hash: '0'.repeat(16), size: 1 };
    const hashes = await xxhash();
    await t.throwsAsync(holdsContent(createReadStream(path), form, content, hashes), { code: 'ENOENT' });
  });
}

test('holdsContent() cannot tell what is in Zstandard without a checksum when Node cannot decode it', async (t) => {
  t.is(await holds(UNCHECKED, WITHOUT_DECODER, TEXT), undefined);
});

test('checkAssets() knows a wrong .zst by its checksum, whatever this Node can decode, and suspects none without', async (t) => {
  const root = await temporaryFolder(t, {
    'a.txt': TEXT,
    'a.txt.zst': await zstandard(OTHER),
    'b.txt': TEXT,
    'b.txt.zst': ZSTANDARD,
    'c.txt': TEXT,
    'c.txt.zst': UNCHECKED,
  });
  const { findings } = await checkAssets({ prefix: '/static/', roots: root });
  t.deepEqual(
    findings.map(({ kind, asset }) => [kind, asset]),
    [['wrong-copy', 'a.txt.zst']],
  );
});
