import test, { type ExecutionContext } from 'ava';
import { purgeUrls } from '../../../src/site/publishing/purge.ts';
import { listen } from '../../helpers/listen.ts';

// What follows sets the environment that the SDK reads, so one test at a time.

test.serial('purgeUrls() invalidates paths in CloudFront, and waits until that is done', async (t) => {
  const requests: string[] = [];
  await cloudFront(t, (request, body) => {
    requests.push(request);
    if (request.startsWith('POST')) {
      t.regex(body, /<Path>\/a%20b<\/Path>/);
      t.regex(body, /<Quantity>2<\/Quantity>/);
      return [201, invalidation('InProgress')];
    }
    return [200, invalidation('Completed')];
  });
  const told: number[][] = [];
  const urls = ['https://a.example/a%20b', 'https://a.example/about/'];
  await purgeUrls({ cloudFront: 'E123' }, urls, (...each) => told.push(each));
  t.deepEqual(requests, [
    'POST /2020-05-31/distribution/E123/invalidation',
    'GET /2020-05-31/distribution/E123/invalidation/I1',
  ]);
  t.deepEqual(told, [[2, 2]]);
});

test.serial('purgeUrls() says what CloudFront refused, without secrets', async (t) => {
  for (const [status, code, message] of [
    [404, 'NoSuchDistribution', /"E123" of CloudFront is not there/],
    [403, 'AccessDenied', /cloudfront:CreateInvalidation/],
  ] as const) {
    await cloudFront(t, () => [
      status,
      `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>No.</Message></Error></ErrorResponse>`,
    ]);
    const error = await t.throwsAsync(
      purgeUrls({ cloudFront: 'E123' }, ['https://a.example/'], () => {}),
      {
        code: 'PUBLISH_FAILED',
        message,
      },
    );
    t.false(JSON.stringify(error).includes('very-secret'));
  }
});

function invalidation(status: string): string {
  return `<Invalidation><Id>I1</Id><Status>${status}</Status><CreateTime>2026-01-01T00:00:00Z</CreateTime><InvalidationBatch><CallerReference>x</CallerReference></InvalidationBatch></Invalidation>`;
}

/** A stand-in of our own for the API of CloudFront: none of the servers that can be had here has one. */
async function cloudFront(
  t: ExecutionContext,
  answer: (request: string, body: string) => readonly [status: number, xml: string],
): Promise<void> {
  const { url } = await listen(t, (request, response) => {
    let body = '';
    request.on('data', (piece) => (body += String(piece)));
    request.on('end', () => {
      const [status, xml] = answer(`${request.method} ${request.url}`, body);
      response.writeHead(status, { 'content-type': 'text/xml' }).end(`<?xml version="1.0"?>${xml}`);
    });
  });
  const given = {
    AWS_ENDPOINT_URL_CLOUDFRONT: url,
    AWS_ACCESS_KEY_ID: 'key',
    AWS_SECRET_ACCESS_KEY: 'very-secret',
  };
  const before = Object.keys(given).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, given);
  t.teardown(() => {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  });
}
