import test, { type ExecutionContext } from 'ava';
import type { Target, TestReport } from '../../../src/site/index.ts';
import { memoryTarget, type MemoryTarget } from '../../helpers/memory-target.ts';
import { startStrictS3 } from '../../helpers/strict-s3/strict-s3.ts';
import { publishedSite } from './published.ts';

test('testPublish() signs in, uploads, reads by the public URL, and deletes again', async (t) => {
  const server = await startStrictS3(t);
  const report = await testPublish(t, server.target({ publicUrl: server.publicUrl() }));
  t.true(report.passed);
  t.deepEqual(shortOf(report), [
    'sign in: passed',
    'upload: passed',
    'read it back: passed',
    'conditional writes: passed',
    'read its public URL: passed',
    'delete: passed',
  ]);
  t.is(server.bucket().objects.size, 0);
  t.true(
    server.requests.some(
      ({ kind, key }) => kind === 'public' && /^static-url-test-[0-9a-f]{16}\.txt$/.test(key),
    ),
  );
});

test('testPublish() tells what to mend, step by step, and leaves nothing behind', async (t) => {
  const server = await startStrictS3(t);
  const credentials = { accessKeyId: 'nobody', secretAccessKey: 'very-secret' };
  const failing = async (target: Target): Promise<string | undefined> => {
    const { passed, steps } = await testPublish(t, target);
    t.false(passed);
    const failed = steps.filter(({ result }) => result === 'failed');
    t.is(failed.length, 1);
    t.false(JSON.stringify(steps).includes('very-secret'));
    return `${failed[0]?.name}: ${failed[0]?.message}`;
  };
  t.regex((await failing(server.target({ credentials }))) ?? '', /^sign in: .*does not know the access key/);
  t.regex((await failing(server.target({ bucket: 'none' }))) ?? '', /^sign in: There is no bucket "none"/);
  t.regex((await failing(server.target({ region: 'us-east-1' }))) ?? '', /^sign in: .*region "eu-central-1"/);
  server.privateBuckets.add('site');
  const isPrivate = await failing(server.target({ publicUrl: server.publicUrl() }));
  t.regex(isPrivate ?? '', /^read its public URL: http.*403.*Make the bucket public/);
  t.is(server.bucket().objects.size, 0);
  server.now = () => Date.now() + 20 * 60 * 1000;
  t.regex((await failing(server.target())) ?? '', /^sign in: This computer's clock is wrong/);
});

test('testPublish() names the key when it cannot delete its file', async (t) => {
  const target = memoryTarget();
  target.before = (call) => {
    if (call.startsWith('delete')) throw new Error('You may not.');
  };
  const { steps } = await testPublish(t, target);
  t.regex(steps.at(-1)?.message ?? '', /^You may not\. "static-url-test-.*still there: delete it yourself/);
});

test('testPublish() leaves out what does not apply, and says why', async (t) => {
  const report = await testPublish(t, without(memoryTarget()));
  t.true(report.passed);
  t.deepEqual(
    report.steps.filter(({ result }) => result === 'left out').map(({ name }) => name),
    ['conditional writes', 'read its public URL'],
  );
  t.regex(report.steps[3]?.message ?? '', /--no-lock/);
});

test('testPublish() finds a target that does not heed conditions', async (t) => {
  const server = await startStrictS3(t, { conditions: false });
  const { steps } = await testPublish(t, server.target());
  t.regex(steps[3]?.message ?? '', /does not heed/);
  t.is(server.bucket().objects.size, 0);
});

test('testPublish() finds a target that heeds one condition alone', async (t) => {
  for (const heeded of ['absent', 'tag']) {
    const target = heeding(memoryTarget(), heeded);
    const { passed, steps } = await testPublish(t, target);
    t.true(passed);
    t.like(steps[3], { name: 'conditional writes', result: 'left out' }, heeded);
    t.regex(steps[3]?.message ?? '', /does not heed the conditions of writes.*--no-lock/);
    t.is(target.objects.size, 0);
  }
});

async function testPublish(t: ExecutionContext, target: Target): Promise<TestReport> {
  const { site } = await publishedSite(t, { '/': 'x' });
  return site.testPublish(target);
}

function shortOf({ steps }: TestReport): string[] {
  return steps.map(({ name, result }) => `${name}: ${result}`);
}

/** Writes whatever another condition says. */
function heeding(target: MemoryTarget, heeded: string): MemoryTarget {
  const writeIf = target.writeIf?.bind(target);
  target.writeIf = async (key, content, headers, condition) =>
    heeded in condition ? writeIf?.(key, content, headers, condition) : target.write(key, content, headers);
  return target;
}

function without(target: MemoryTarget): MemoryTarget {
  delete target.writeIf;
  return target;
}
