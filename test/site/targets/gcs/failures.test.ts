import { inspect } from 'node:util';
import test from 'ava';
import { gcsFailure } from '../../../../src/site/targets/gcs/gcs-failure.ts';
import { gcsTarget } from '../../../../src/site/targets/gcs/gcs-target.ts';
import type { TargetFailureReason } from '../../../../src/site/targets/target-error.ts';
import { freePort } from '../../../helpers/free-port.ts';
import { contentOf } from '../../../helpers/target-content.ts';
import { listed, opened, refused } from './opened.ts';

test('gcsTarget() names the bucket that is not there, whatever it is asked', async (t) => {
  const { target } = await opened(t, { bucket: 'wrong-name' });
  const message =
    'There is no bucket "wrong-name". Check its name, or create it: gcloud storage buckets create gs://wrong-name';
  for (const asked of [
    listed(target),
    target.inspect('a'),
    target.read('a'),
    target.write('a', contentOf('a'), {}),
    target.writeIf?.('a', contentOf('a'), {}, { absent: true }) ?? Promise.resolve(),
    target.delete('a'),
  ])
    t.like(await refused(t, asked), { reason: 'bucket', message });
});

const ANSWERS: readonly [
  status: number,
  reason: string,
  says: string,
  kind: TargetFailureReason,
  message: RegExp,
][] = [
  [401, 'authError', 'Invalid Credentials', 'credentials', /Sign in again, or give a key/],
  [
    401,
    'required',
    'Anonymous caller does not have access.',
    'credentials',
    /gcloud auth application-default/,
  ],
  [
    403,
    'forbidden',
    'me@x.iam.gserviceaccount.com does not have storage.objects.create access to the Google Cloud Storage object.',
    'access',
    /"storage\.objects\.create" is missing\)\. Give their account the role "Storage Object Admin"/,
  ],
  [403, 'accountDisabled', 'The billing account for the owning project is disabled.', 'access', /Enable it/],
  [403, 'rateLimitExceeded', 'Slow down', 'busy', /Try again in a while/],
  [403, 'quotaExceeded', 'Quota exceeded', 'full', /Raise it, or delete something/],
  [429, 'rateLimitExceeded', 'The object exceeded the rate limit', 'busy', /Try again in a while/],
  [500, 'backendError', 'Backend Error', 'busy', /Try again in a while/],
  [400, 'invalid', 'Provided MD5 hash "a" doesn\'t match', 'integrity', /is not what was sent/],
  [400, 'required', 'Bucket is a requester pays bucket', 'other', /with status 400 \(required\): "Bucket is/],
];

for (const [status, reason, says, kind, message] of ANSWERS)
  test(`gcsTarget() explains ${status} ${reason}: ${says}`, async (t) => {
    const { server, target } = await opened(t, { attempts: 1 });
    server.faults.push(() => ({ status, reason, message: says }));
    const error = await refused(t, target.write('a', contentOf('a'), {}));
    t.is(error.reason, kind);
    t.regex(error.message, message);
    const listing = await refused(t, listed(target));
    t.is(listing.reason, kind);
    const reading = await refused(t, target.read('a'));
    t.is(reading.reason, kind);
  });

test('gcsTarget() has bytes refused that arrive changed', async (t) => {
  const { server, target } = await opened(t);
  await target.write('a.html', contentOf('the good old page'), {});
  server.faults.push(() => 'wrong bytes');
  const error = await refused(t, target.write('a.html', contentOf('the new page '.repeat(99)), {}));
  t.is(error.reason, 'integrity');
  t.is(server.objects('site').get('a.html')?.bytes.toString(), 'the good old page');
});

test('gcsTarget() says that nothing listens', async (t) => {
  const port = await freePort();
  const target = gcsTarget({ bucket: 'site', endpoint: `http://127.0.0.1:${port}` });
  const error = await refused(t, target.inspect('a'));
  t.is(error.reason, 'network');
  t.is(
    error.message,
    `Cannot reach gs://site/: nothing listens at "127.0.0.1:${port}" (ECONNREFUSED). Check the address and its port.`,
  );
});

test('gcsTarget() says that a private key cannot be read, and does not show it', async (t) => {
  const private_key = '-----BEGIN PRIVATE KEY-----\\nSECRETSECRET\\n-----END PRIVATE KEY-----';
  const target = gcsTarget({ bucket: 'site', credentials: { client_email: 'me@example.com', private_key } });
  const error = await refused(t, target.inspect('a'));
  t.is(error.reason, 'credentials');
  t.regex(error.message, /^The private key for gs:\/\/site\/ cannot be read\./);
  t.notRegex(inspect(error, { depth: 9, showHidden: true }), /SECRET/);
});

test('gcsTarget() says that a key file cannot be read', async (t) => {
  const target = gcsTarget({ bucket: 'site', keyFilename: '/nowhere/key.json' });
  const error = await refused(t, target.inspect('a'));
  t.is(error.reason, 'credentials');
  t.regex(error.message, /^The key file for gs:\/\/site\/ cannot be read \(ENOENT\)\. Check "keyFilename"/);
});

for (const [oauth, description, kind] of [
  ['invalid_grant', 'Invalid JWT Signature.', 'credentials'],
  ['invalid_grant', 'account not found', 'credentials'],
  [
    'invalid_grant',
    'Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp values.',
    'clock',
  ],
] as const)
  test(`gcsFailure() takes ${oauth} "${description.slice(0, 25)}" of the server of tokens for ${kind}`, (t) => {
    const refusal = Object.assign(new Error(description), {
      code: '400',
      config: { data: 'assertion=SECRET' },
      response: { status: 400, data: { error: oauth, error_description: description } },
    });
    const { error, passes } = gcsFailure(refusal, 'gs://site/', 'site', 'storage.googleapis.com');
    t.is(error.reason, kind);
    t.false(passes);
    t.notRegex(inspect(error, { depth: 9, showHidden: true }), /SECRET/);
  });

test('gcsFailure() shows no query of a URL, which may hold the key of an upload', (t) => {
  const { error } = gcsFailure(
    Object.assign(new Error('strange: https://x.example/upload?upload_id=SECRET is so'), { code: 418 }),
    'gs://site/',
    'site',
    'x.example',
  );
  t.is(
    error.message,
    'gs://site/ refused a request with status 418: "strange: https://x.example/upload is so"',
  );
});

for (const options of [
  {},
  { bucket: 'gs://site' },
  { bucket: 'site', prefix: 'a//b' },
  { bucket: 'site', prefix: '../b' },
  { bucket: 'site', credentials: { client_email: 'a' } },
  { bucket: 'site', publicUrl: 'www.example.com' },
  { bucket: 'site', publicUrl: 'https://user:SECRET@www.example.com' },
  { bucket: 'site', purge: { cloudFront: '' } },
  { bucket: 'site', purge: { command: [] } },
  { bucket: 'site', endpoint: 'localhost?SECRET' },
])
  test(`gcsTarget() refuses ${JSON.stringify(options)} before anything is loaded`, (t) => {
    const error = t.throws(() => gcsTarget(options as never), { instanceOf: TypeError });
    t.notRegex(error?.message ?? '', /SECRET/);
  });
