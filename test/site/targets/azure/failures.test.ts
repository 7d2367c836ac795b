import { inspect } from 'node:util';
import test from 'ava';
import { azureTarget } from '../../../../src/site/targets/azure/azure-target.ts';
import { watched } from '../../../../src/site/targets/azure/container.ts';
import type { TargetFailureReason } from '../../../../src/site/targets/target-error.ts';
import type { Target } from '../../../../src/site/targets/target.ts';
import { freePort } from '../../../helpers/free-port.ts';
import { contentOf } from '../../../helpers/target-content.ts';
import { answered, refuse, refused, SECRET_KEY } from './answered.ts';

async function firstListed(target: Target): Promise<unknown> {
  for await (const object of target.list()) return object;
  return undefined;
}

const ANSWERS: readonly [
  status: number,
  code: string,
  detail: string,
  reason: TargetFailureReason,
  message: RegExp,
][] = [
  [
    403,
    'AuthenticationFailed',
    'The MAC signature found is not the same',
    'credentials',
    /belongs to the account "account"/,
  ],
  [403, 'AuthenticationFailed', 'Request date header too old: Sun, 29 Nov', 'clock', /clock is wrong/],
  [
    403,
    'AuthenticationFailed',
    'Signature not valid in the specified time frame: Start [a] - Expiry [b] - Current [c]',
    'credentials',
    /has expired, or begins later/,
  ],
  [401, 'NoAuthenticationInformation', '', 'credentials', /Give azureTarget\(\) a "connectionString"/],
  [401, 'InvalidAuthenticationInfo', '', 'credentials', /does not accept the credentials/],
  [403, 'AuthorizationPermissionMismatch', '', 'access', /"Storage Blob Data Contributor"/],
  [403, 'AuthorizationFailure', '', 'access', /Check its network rules/],
  [403, 'KeyBasedAuthenticationNotPermitted', '', 'access', /allows no keys\. Give azureTarget\(\) "url"/],
  [403, 'AccountIsDisabled', '', 'access', /is disabled \(AccountIsDisabled\)\. Enable it/],
  [403, 'SomethingNew', '', 'access', /\(SomethingNew\)\. Give their account the role/],
  [
    404,
    'ContainerNotFound',
    '',
    'bucket',
    /has no container "\$web"\. Turn on its static website: az storage/,
  ],
  [404, 'ResourceNotFound', '', 'bucket', /Check the account, the container and the credentials/],
  [409, 'ContainerBeingDeleted', '', 'bucket', /has no container/],
  [409, 'BlobImmutableDueToPolicy', '', 'access', /must not be changed/],
  [412, 'LeaseIdMissing', '', 'access', /End its lease/],
  [400, 'Md5Mismatch', '', 'integrity', /is not what was sent \(Md5Mismatch\)/],
  [409, 'AccountQuotaExceeded', '', 'full', /is full/],
  [429, 'TooManyRequests', '', 'busy', /too busy for azure:\/\/account\/\$web\/ \(429 TooManyRequests\)/],
  [503, 'ServerBusy', '', 'busy', /Try again in a while/],
  [500, 'InternalError', '', 'busy', /Try again in a while/],
  [400, 'InvalidUri', '', 'other', /with status 400 \(InvalidUri\): "Told by Azure\."/],
];

for (const [status, code, detail, reason, message] of ANSWERS)
  test(`azureTarget() explains ${status} ${code} ${detail.slice(0, 20)}`, async (t) => {
    const xml = detail === '' ? '' : `<AuthenticationErrorDetail>${detail}</AuthenticationErrorDetail>`;
    const { target } = await answered(t, (_request, response) => refuse(response, status, code, xml));
    for (const asked of [target.write('a', contentOf('a'), {}), firstListed(target)]) {
      const error = await refused(t, asked);
      t.is(error.reason, reason);
      t.regex(error.message, message);
    }
  });

test('azureTarget() tries again after 503, 429 and a broken connection, and then ends', async (t) => {
  let count = 0;
  const { target, requests } = await answered(
    t,
    (_request, response) => {
      count += 1;
      if (count % 3 === 1) refuse(response, 503, 'ServerBusy');
      else if (count % 3 === 2) refuse(response, 429, 'TooManyRequests');
      else response.destroy();
    },
    { attempts: 3 },
  );
  const error = await refused(t, target.delete('a'));
  t.is(requests.length, 3);
  t.is(error.reason, 'network');
  t.regex(error.message, /broke \(ECONNRESET\)\. Check your connection, and try again\.$/);
});

for (const [type, body] of [
  ['text/html', '<html>Please sign in.</html>'],
  ['application/xml', '<html>Please sign in.</html>'],
  ['application/xml', '<html>Please'],
  ['application/xml', '<ListBucketResult><Name>a</Name></ListBucketResult>'],
  ['application/xml', '<Other><Blobs/></Other>'],
  ['application/xml', ''],
] as const)
  test(`azureTarget() takes ${type} "${body}" for a failure, never for an empty container`, async (t) => {
    const { target } = await answered(t, (_request, response) =>
      response.writeHead(200, { 'content-type': type }).end(body),
    );
    for (const asked of [firstListed(target), target.write('a', contentOf('a'), {})]) {
      const error = await refused(t, asked);
      t.is(error.reason, 'network');
      t.regex(error.message, /is not Azure Blob Storage/);
    }
  });

test('azureTarget() takes a missing blob for none, and a missing container for a failure', async (t) => {
  const { target } = await answered(t, (_request, response) => refuse(response, 404, 'BlobNotFound'));
  t.is(await target.inspect('a'), undefined);
  t.is(await target.read('a'), undefined);
  await t.notThrowsAsync(target.delete('a'));
});

test('azureTarget() says that the answer has another MD5 than what was sent', async (t) => {
  const { target } = await answered(t, (_request, response) =>
    response.writeHead(201, { etag: '"1"', 'content-md5': 'AAAAAAAAAAAAAAAAAAAAAA==' }).end(),
  );
  t.is((await refused(t, target.write('a', contentOf('a'), {}))).reason, 'integrity');
});

test('azureTarget() says that nothing listens', async (t) => {
  const port = await freePort();
  const target = azureTarget({ url: `http://127.0.0.1:${port}/account`, accountKey: SECRET_KEY });
  const error = await refused(t, target.inspect('a'));
  t.is(error.reason, 'network');
  t.regex(error.message, /nothing listens at "127\.0\.0\.1:\d+" \(ECONNREFUSED\)/);
});

test('azureTarget() never shows a SAS token', async (t) => {
  const port = await freePort();
  const target = azureTarget({ url: `http://127.0.0.1:${port}/account?sv=1&sig=SECRET` });
  t.is(target.name, 'azure://account/$web/');
  t.notRegex(inspect(target, { depth: 9, showHidden: true }) + JSON.stringify(target), /SECRET/);
  await refused(t, target.write('a', contentOf('a'), {}));
  const { target: refusing } = await answered(
    t,
    (request, response) => refuse(response, 400, 'InvalidUri', `<Url>${request.url}</Url>`),
    {
      accountKey: undefined,
      url: undefined,
      connectionString: 'BlobEndpoint=http://127.0.0.1:1/a;SharedAccessSignature=sv=1&sig=SECRET',
    } as never,
  );
  await refused(t, refusing.write('a', contentOf('a'), {}));
});

test('azureTarget() says when a credential of its user fails', async (t) => {
  const target = azureTarget({
    url: 'https://account.invalid',
    credential: {
      async getToken() {
        throw Object.assign(new Error('SECRET'), { name: 'CredentialUnavailableError' });
      },
    },
  });
  t.is((await refused(t, target.inspect('a'))).reason, 'credentials');
});

test('watched() gives up a request on which nothing moves', async (t) => {
  const error: unknown = await watched(
    ({ abortSignal }) =>
      new Promise((_resolve, reject) => {
        abortSignal.addEventListener('abort', () => reject(abortSignal.reason as Error));
      }),
    1,
  ).catch((reason: unknown) => reason);
  t.is((error as Error).name, 'AbortError');
});
