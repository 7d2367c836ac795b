import test, { type ExecutionContext } from 'ava';
import { TargetError, type Target } from '../../../../src/site/index.ts';
import {
  startStrictS3,
  type S3FaultRule,
  type StrictS3,
  type StrictS3Options,
} from '../../../helpers/strict-s3/strict-s3.ts';
import { contentOf } from '../../../helpers/target-content.ts';

const MIB = 1024 * 1024;
const HEADERS = { 'content-type': 'video/mp4' };
const ENDED_BY_OTHERS = /^An upload in parts to s3:\/\/site\/ was ended by something else.*Publish again/;
const LARGE = contentOf(Buffer.alloc(17 * MIB, 'x'));

test('s3Target() knows its own large file again whose last answer was lost', async (t) => {
  const { server, target } = await opened(t);
  server.faults.push(firstOf('end upload', 'lose the answer'));
  const { tag } = await target.write('video.mp4', LARGE, HEADERS);
  t.like(await target.inspect('video.mp4'), { tag, size: LARGE.size, headers: HEADERS });
  t.is(server.requests.filter(({ kind }) => kind === 'end upload').length, 2);
});

test('s3Target() does not take an older file for the upload that another publish took back', async (t) => {
  const old = [
    ['other bytes', contentOf(Buffer.alloc(17 * MIB, 'o')), HEADERS],
    ['other headers', LARGE, { 'content-type': 'text/plain' }],
  ] as const;
  for (const [what, content, headers] of old) {
    const { server, target } = await opened(t);
    const { uploads } = server.bucket();
    await target.write('video.mp4', content, headers);
    server.faults.push((request) => {
      if (request.kind !== 'end upload') return undefined;
      const isFirst = uploads.size > 0;
      uploads.clear();
      return isFirst ? { status: 503, code: 'SlowDown' } : undefined;
    });
    await t.throwsAsync(
      target.write('video.mp4', LARGE, HEADERS),
      { instanceOf: TargetError, message: ENDED_BY_OTHERS },
      what,
    );
  }
});

test('s3Target() says that an upload was ended by others, not that the bucket is gone', async (t) => {
  for (const kind of ['upload part', 'end upload'] as const) {
    const { server, target } = await opened(t);
    server.faults.push((request) => {
      if (request.kind === kind) server.bucket().uploads.clear();
      return undefined;
    });
    await t.throwsAsync(target.write('video.mp4', LARGE, HEADERS), {
      instanceOf: TargetError,
      message: ENDED_BY_OTHERS,
    });
  }
});

test('s3Target() takes back what a killed publish left, though the answer to that is lost', async (t) => {
  const { server, target } = await opened(t);
  server.bucket().startUpload('video.mp4', {});
  server.faults.push(firstOf('abort upload', 'lose the answer'));
  await target.write('video.mp4', LARGE, HEADERS);
  t.is(server.bucket().uploads.size, 0);
});

test('s3Target() finds uploads to take back on every page of their listing', async (t) => {
  const { server, target } = await opened(t, { pageObjects: 2 });
  for (let left = 0; left < 5; left += 1) server.bucket().startUpload('video.mp4', {});
  await target.write('video.mp4', LARGE, HEADERS);
  t.is(server.bucket().uploads.size, 0);
});

test('s3Target() leaves it to an upload to give other headers to what S3 does not copy at once', async (t) => {
  const { server, target } = await opened(t);
  const object = { key: 'video.mp4', size: 5 * 1024 ** 3 + 1, tag: 'x', revision: 'x', modifiedAt: 0 };
  t.is(await target.setHeaders?.(object, HEADERS), undefined);
  t.is(server.requests.length, 0);
});

async function opened(
  t: ExecutionContext,
  options: StrictS3Options = {},
): Promise<{ readonly server: StrictS3; readonly target: Target }> {
  const server = await startStrictS3(t, options);
  const target = server.target({ attempts: 2 });
  t.teardown(async () => target.close?.());
  return { server, target };
}

/** The first request of a kind fails. */
function firstOf(kind: string, fault: Awaited<ReturnType<S3FaultRule>>): S3FaultRule {
  let count = 0;
  return (request) => (request.kind === kind && (count += 1) === 1 ? fault : undefined);
}
