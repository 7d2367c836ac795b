import type { ServerResponse } from 'node:http';
import test from 'ava';
import type { TargetObject } from '../../../../src/site/targets/target.ts';
import { contentOf, md5Hex } from '../../../helpers/target-content.ts';
import { answered, refuse, refused } from './answered.ts';

/** Answers one request after the other, each in its way. */
function inTurn(
  ...answers: readonly ((response: ServerResponse) => unknown)[]
): (request: unknown, response: ServerResponse) => void {
  let next = 0;
  return (_request, response) => {
    answers[next]?.(response);
    next += 1;
  };
}

/** Tells of a blob of some bytes. */
function properties(bytes: string, headers: Readonly<Record<string, string>> = {}) {
  return (response: ServerResponse): unknown =>
    response
      .writeHead(200, {
        etag: '"0x1"',
        'last-modified': 'Sun, 29 Nov 2026 04:00:00 GMT',
        'content-length': `${bytes.length}`,
        'content-md5': Buffer.from(md5Hex(bytes), 'hex').toString('base64'),
        ...headers,
      })
      .end();
}

const lost = (response: ServerResponse): unknown => response.destroy();
const exists = (response: ServerResponse): void => refuse(response, 409, 'BlobAlreadyExists');
const conditionNotMet = (response: ServerResponse): void => refuse(response, 412, 'ConditionNotMet');

/** The first page of a listing, with one blob. */
const firstPage = (response: ServerResponse): unknown =>
  response
    .writeHead(200, { 'content-type': 'application/xml' })
    .end(
      '<?xml version="1.0" encoding="utf-8"?><EnumerationResults ServiceEndpoint="http://a/" ContainerName="$web"><Blobs><Blob><Name>a.html</Name><Properties><Etag>0x1</Etag><Content-Length>1</Content-Length><BlobType>BlockBlob</BlobType></Properties></Blob></Blobs><NextMarker>next</NextMarker></EnumerationResults>',
    );

const OBJECT: TargetObject = {
  key: 'a.html',
  size: 4,
  tag: '0x0',
  revision: '0x0',
  modifiedAt: 0,
  md5: md5Hex('mine'),
};

test('azureTarget() knows its own conditional write again whose answer was lost', async (t) => {
  const { target } = await answered(t, inTurn(lost, exists, properties('mine')), { attempts: 2 });
  t.deepEqual(await target.writeIf?.('lock', contentOf('mine'), {}, { absent: true }), { tag: '0x1' });
});

test("azureTarget() does not take another's lock for its own after a lost answer", async (t) => {
  const { target } = await answered(t, inTurn(lost, conditionNotMet, properties('else')), { attempts: 2 });
  t.is(await target.writeIf?.('lock', contentOf('mine'), {}, { tag: '0x0' }), undefined);
});

test('azureTarget() asks nothing more when a condition does not hold at once', async (t) => {
  const { target, requests } = await answered(t, inTurn(exists));
  t.is(await target.writeIf?.('lock', contentOf('mine'), {}, { absent: true }), undefined);
  t.is(requests.length, 1);
});

test('azureTarget() knows its own headers again whose answer was lost', async (t) => {
  const headers = { 'content-type': 'text/html' };
  const { target } = await answered(t, inTurn(lost, conditionNotMet, properties('mine', headers)), {
    attempts: 2,
  });
  t.deepEqual(await target.setHeaders?.(OBJECT, headers), { tag: '0x1' });
});

for (const [what, found] of [
  ['other headers', properties('mine', { 'content-type': 'text/plain' })],
  ['other bytes', properties('else', { 'content-type': 'text/html' })],
] as const)
  test(`azureTarget() does not take ${what} for its own after a lost answer`, async (t) => {
    const { target } = await answered(t, inTurn(lost, conditionNotMet, found), { attempts: 2 });
    const asked = target.setHeaders?.(OBJECT, { 'content-type': 'text/html' }) ?? Promise.resolve();
    t.regex((await refused(t, asked)).message, /^Somebody else has just changed/);
  });

test('azureTarget() fails when the second page of a listing fails', async (t) => {
  const { target, requests } = await answered(
    t,
    inTurn(firstPage, (response) => refuse(response, 503, 'ServerBusy')),
  );
  const keys: string[] = [];
  const error = await refused(
    t,
    (async () => {
      for await (const { key } of target.list()) keys.push(key);
    })(),
  );
  t.is(error.reason, 'busy');
  t.deepEqual(keys, ['a.html']);
  t.regex(requests[1] ?? '', /marker=next/);
});
