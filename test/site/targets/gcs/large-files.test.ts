import test from 'ava';
import type { TargetContent } from '../../../../src/site/targets/target.ts';
import { contentOf, md5Hex } from '../../../helpers/target-content.ts';
import { opened, PAGE_HEADERS, refused } from './opened.ts';

const MIB = 1024 * 1024;

/** No two parts of it are equal. */
function largeBytes(size: number): Buffer {
  const bytes = Buffer.alloc(size);
  for (let at = 0; at + 4 <= size; at += 4096) bytes.writeUInt32LE(at, at);
  return bytes;
}

test('gcsTarget() uploads a large file in parts, never read as a whole', async (t) => {
  const { server, target } = await opened(t);
  const bytes = largeBytes(20 * MIB + 3);
  const content = contentOf(bytes);
  const reads: number[] = [];
  const watched: TargetContent = {
    ...content,
    async bytes(start = 0, end = content.size) {
      reads.push(end - start);
      return await content.bytes(start, end);
    },
  };
  const { tag } = await target.write('video.mp4', watched, PAGE_HEADERS);
  t.deepEqual(reads, [8 * MIB, 8 * MIB, 4 * MIB + 3]);
  t.true(server.objects('site').get('video.mp4')?.bytes.equals(bytes));
  t.like(await target.inspect('video.mp4'), { tag, md5: md5Hex(bytes), headers: PAGE_HEADERS });
});

test('gcsTarget() goes on with a large upload whose connection breaks', async (t) => {
  const { server, target } = await opened(t);
  const bytes = largeBytes(20 * MIB);
  let parts = 0;
  server.faults.push(({ kind }) => {
    if (kind !== 'upload part') return undefined;
    parts += 1;
    if (parts === 2) return { cutAfterBytes: 3 * MIB };
    return parts === 4 ? 'lose the answer' : undefined;
  });
  await target.write('video.mp4', contentOf(bytes), {});
  t.true(server.objects('site').get('video.mp4')?.bytes.equals(bytes));
  t.is(server.requests.filter(({ kind }) => kind === 'start upload').length, 1);
  // What has arrived is asked for each time, as documented.
  const asked = server.requests.filter(({ headers }) => headers['content-range']?.startsWith('bytes */'));
  t.is(asked.length, 2);
});

test('gcsTarget() goes on when only the last answer of a large upload is lost', async (t) => {
  const { server, target } = await opened(t);
  const bytes = largeBytes(9 * MIB);
  let parts = 0;
  server.faults.push(({ kind }) => {
    if (kind === 'upload part') parts += 1;
    return kind === 'upload part' && parts === 2 ? 'lose the answer' : undefined;
  });
  const { tag } = await target.write('video.mp4', contentOf(bytes), {});
  t.is((await target.inspect('video.mp4'))?.tag, tag);
});

test('gcsTarget() fails when a large upload never arrives, and the old file stays', async (t) => {
  const { server, target } = await opened(t, { attempts: 2 });
  server.put('site', 'video.mp4', 'old');
  server.faults.push(({ kind }) => (kind === 'upload part' ? { cutAfterBytes: MIB } : undefined));
  const error = await refused(t, target.write('video.mp4', contentOf(largeBytes(9 * MIB)), {}));
  t.is(error.reason, 'network');
  t.deepEqual(server.objects('site').get('video.mp4')?.bytes, Buffer.from('old'));
});

test('gcsTarget() has a large file refused whose bytes arrive changed', async (t) => {
  const { server, target } = await opened(t);
  server.faults.push(({ kind }) => (kind === 'upload part' ? 'wrong bytes' : undefined));
  const error = await refused(t, target.write('video.mp4', contentOf(largeBytes(9 * MIB)), {}));
  t.is(error.reason, 'integrity');
  t.is(server.objects('site').size, 0);
});

test('gcsTarget() says that an upload session is gone, not that the bucket is', async (t) => {
  const { server, target } = await opened(t, { attempts: 1 });
  server.faults.push(({ kind }) =>
    kind === 'upload part' ? { status: 410, reason: 'gone', message: 'Gone' } : undefined,
  );
  const error = await refused(t, target.write('video.mp4', contentOf(largeBytes(9 * MIB)), {}));
  t.is(error.message, 'Google has forgotten an upload that was under way. Publish again.');
});
