import test from 'ava';
import { s3Target, TargetError } from '../../../../src/site/index.ts';
import { listen } from '../../../helpers/listen.ts';
import { startStrictS3 } from '../../../helpers/strict-s3/strict-s3.ts';
import { contentOf } from '../../../helpers/target-content.ts';
import { listed } from '../contract.ts';

/** As Cloudflare R2 refuses a header that it does not know. */
const REFUSAL =
  '<?xml version="1.0" encoding="UTF-8"?><Error><Code>NotImplemented</Code><Message>Header \'x-amz-website-redirect-location\' with value \'/new\' not implemented</Message></Error>';

test('s3Target() keeps redirects, unless "redirects" is off', (t) => {
  t.true(s3Target({ bucket: 'www' }).headers.includes('location'));
  const { headers } = s3Target({ bucket: 'www', redirects: false });
  t.false(headers.includes('location'));
  t.true(headers.includes('cache-control'));
});

test('s3Target() refuses a redirect to what is longer than S3 keeps, before it asks', async (t) => {
  const server = await startStrictS3(t);
  const target = server.target();
  t.teardown(async () => target.close?.());
  await t.notThrowsAsync(target.write('old', contentOf('moved'), { location: `/${'x'.repeat(2047)}` }));
  const count = server.requests.length;
  const [object] = await listed(target);
  for (const write of [
    async (location: string) => target.write('old', contentOf('moved'), { location }),
    async (location: string) => object && target.setHeaders?.(object, { location }),
  ])
    await t.throwsAsync(write(`/${'x'.repeat(2048)}`), {
      instanceOf: TargetError,
      message:
        /^"s3:\/\/site\/old" redirects to a URL of 2049 bytes, and S3 keeps 2048\. Shorten it, or give s3Target\(\) "redirects: false"/,
    });
  t.is(server.requests.length, count + 1);
});

test('s3Target() says what to do where the service refuses a redirect', async (t) => {
  const { url } = await listen(t, ({ headers }, response) => {
    const isRefused = headers['x-amz-website-redirect-location'] !== undefined;
    response.writeHead(isRefused ? 501 : 200, { 'content-type': 'application/xml', etag: '"1"' });
    response.end(isRefused ? REFUSAL : '');
  });
  const target = s3Target({
    bucket: 'www',
    endpoint: url,
    credentials: { accessKeyId: 'key', secretAccessKey: 'secret' },
    attempts: 1,
  });
  t.teardown(async () => target.close?.());
  const error = await t.throwsAsync(target.write('old', contentOf('moved'), { location: '/new' }), {
    instanceOf: TargetError,
  });
  t.regex(error.message, /redirect-location.* not implemented.*Give s3Target\(\) "redirects: false"/);
  await t.notThrowsAsync(target.write('old', contentOf('moved'), {}));
});
