import { inspect } from 'node:util';
import test from 'ava';
import {
  s3Target,
  TargetError,
  type S3TargetOptions,
  type TargetFailureReason,
} from '../../../../src/site/index.ts';
import { startStrictS3 } from '../../../helpers/strict-s3/strict-s3.ts';
import { text } from '../contract.ts';

const REFUSALS: readonly [status: number, code: string, reason: TargetFailureReason, message: RegExp][] = [
  [403, 'AccessDenied', 'access', /s3:ListBucket.*s3:PutObject/],
  [403, 'AllAccessDisabled', 'access', /may not do this/],
  [400, 'AccessControlListNotSupported', 'access', /has no ACLs\. Leave out the option "acl"/],
  [400, 'ExpiredToken', 'credentials', /have expired\. Sign in again/],
  [403, 'InvalidAccessKeyId', 'credentials', /does not know the access key/],
  [301, 'PermanentRedirect', 'region', /another region/],
  [404, 'NoSuchBucket', 'bucket', /There is no bucket "site"/],
  [429, 'TooManyRequests', 'busy', /too busy.*429 TooManyRequests/],
  [500, 'InternalError', 'busy', /too busy.*500 InternalError/],
  [507, 'XMinioStorageFull', 'full', /is full/],
  [403, 'QuotaExceeded', 'full', /is full.*quota/],
  [501, 'NotImplemented', 'other', /--no-lock/],
  [400, 'EntityTooLarge', 'other', /larger than/],
  [412, 'PreconditionFailed', 'other', /Somebody else has just changed an object.*Publish again/],
  [400, 'SomethingNew', 'other', /refused a request with status 400 \("SomethingNew"\)/],
];

test('s3Target() says what a service refused, and what to do', async (t) => {
  for (const [status, code, reason, message] of REFUSALS) {
    const server = await startStrictS3(t);
    const target = server.target({ attempts: 1 });
    server.faults.push(() => ({ status, code, message: 'No. https://a.example/?X-Amz-Signature=abc' }));
    const error = await t.throwsAsync(target.write('a', text('a'), {}), { instanceOf: TargetError, message });
    t.is(error.reason, reason, code);
    t.notRegex(error.message, /Signature/);
    await target.close?.();
  }
});

test('s3Target() says what is wrong with region, credentials and clock when it asks for one object', async (t) => {
  const server = await startStrictS3(t);
  const nobody = { accessKeyId: 'nobody', secretAccessKey: 'x' };
  const wrong: readonly [options: Partial<S3TargetOptions>, message: RegExp][] = [
    [{ region: 'us-west-2' }, /is in the region "eu-central-1"\. Give s3Target\(\) region: "eu-central-1"/],
    [{ credentials: nobody }, /does not know the access key/],
    [{ credentials: { ...nobody, accessKeyId: 'AKIASTRICT' } }, /is not that of its access key/],
  ];
  const inspected = async (options: Partial<S3TargetOptions>, message: RegExp): Promise<void> => {
    const target = server.target({ ...options, attempts: 1 });
    t.teardown(async () => target.close?.());
    await t.throwsAsync(target.inspect('a'), { instanceOf: TargetError, message });
  };
  for (const [options, message] of wrong) await inspected(options, message);
  server.now = () => Date.now() + 16 * 60 * 1000;
  await inspected({}, /clock is wrong.*, and it is off by 16 minutes\. Set the clock/);
  server.now = Date.now;
  server.faults.push(({ kind }) => (kind === 'inspect' ? { status: 403, code: 'AccessDenied' } : undefined));
  await inspected({}, /refuses these credentials\. They need s3:ListBucket/);
});

test('s3Target() shows no secret, whatever is printed of an error', async (t) => {
  const server = await startStrictS3(t);
  const credentials = {
    accessKeyId: 'AKIASTRICT',
    secretAccessKey: 'my-secret-key',
    sessionToken: 'my-session',
  };
  const target = server.target({ credentials, attempts: 1 });
  const error = await t.throwsAsync(target.write('a', text('a'), {}), { instanceOf: TargetError });
  const printed = inspect([error, error.stack, target], { depth: 20, showHidden: true });
  t.notRegex(printed, /my-secret-key|my-session|Signature=[0-9a-f]/);
  t.throws(
    () => s3Target({ bucket: 'site', credentials: Object({ accessKeyId: 5, secretAccessKey: 'my-secret' }) }),
    {
      instanceOf: TypeError,
      message: /^(?!.*my-secret).*"credentials"/,
    },
  );
  t.throws(() => s3Target({ bucket: 'site', endpoint: 'https://user:my-secret@a.example' }), {
    instanceOf: TypeError,
    message: /^(?!.*my-secret).*"endpoint"/,
  });
});

test('s3Target() knows what is no S3', async (t) => {
  const server = await startStrictS3(t);
  const target = server.target({ attempts: 1 });
  server.faults.push(() => ({ status: 403, html: true }));
  await t.throwsAsync(target.read('a'), { message: /is not S3|refuses these credentials/ });
});

const KEY = { accessKeyId: 'key', secretAccessKey: 'secret' };

test('s3Target() refuses options of the wrong shape', (t) => {
  for (const [options, message] of [
    [{}, /"bucket"/],
    [{ bucket: 's3://site' }, /"bucket".*without "s3:\/\/"/],
    [{ bucket: 'site', regoin: 'eu' }, /Did you mean "region"/],
    [{ bucket: 'site', prefix: 'a/../b' }, /"prefix"/],
    [{ bucket: 'site', publicUrl: 'www.example.com' }, /"publicUrl"/],
    [{ bucket: 'site', purge: { command: 'x' } }, /"purge"/],
    [{ bucket: 'site', endpoint: 'localhost:9000' }, /"endpoint"/],
    [{ bucket: 'site', credentials: { ...KEY, sessionToken: 5 } }, /"credentials".*sessionToken/],
    [{ bucket: 'site', credentials: { ...KEY, sessionToken: '' } }, /"credentials".*sessionToken/],
  ] as const)
    t.throws(() => s3Target(Object(options)), { instanceOf: TypeError, message });
  t.notThrows(() => s3Target({ bucket: 'site', credentials: Object({ ...KEY, sessionToken: undefined }) }));
});
