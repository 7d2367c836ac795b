import { createHash } from 'node:crypto';
import test from 'ava';
import { matchesMd5 } from '../../../src/site/targets/multipart-md5.ts';
import { contentOf } from '../../helpers/target-content.ts';

const MEBIBYTE = 1024 * 1024;
const BYTES = Buffer.alloc(21 * MEBIBYTE + 5, 'static-url ');

test('matchesMd5() knows a file by its MD5, and by that of its parts, whatever their usual length', async (t) => {
  const content = contentOf(BYTES);
  t.true(await matchesMd5(content, BYTES.length, content.md5));
  // 6 is in no list: it is how long 4 parts of such a file are.
  for (const length of [5, 6, 8, 10, 15, 16, 100].map((each) => each * MEBIBYTE))
    t.true(await matchesMd5(content, BYTES.length, partsMd5(length)), `${length}`);
});

test('matchesMd5() takes nothing else for the file', async (t) => {
  const content = contentOf(BYTES);
  t.false(await matchesMd5(content, BYTES.length - 1, content.md5));
  t.false(await matchesMd5(content, BYTES.length, 'f'.repeat(32)));
  t.false(await matchesMd5(content, BYTES.length, `${'f'.repeat(32)}-3`));
  t.false(await matchesMd5(content, BYTES.length, `${content.md5}-1`));
  t.false(await matchesMd5(content, BYTES.length, 'no checksum'));
});

function partsMd5(length: number): string {
  const whole = createHash('md5');
  let parts = 0;
  for (let start = 0; start < BYTES.length; start += length) {
    whole.update(
      createHash('md5')
        .update(BYTES.subarray(start, start + length))
        .digest(),
    );
    parts += 1;
  }
  return `${whole.digest('hex')}-${parts}`;
}
