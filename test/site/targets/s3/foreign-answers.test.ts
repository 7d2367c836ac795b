import test, { type ExecutionContext } from 'ava';
import { TargetError, type Target } from '../../../../src/site/index.ts';
import { listen } from '../../../helpers/listen.ts';
import { startStrictS3, type StrictS3 } from '../../../helpers/strict-s3/strict-s3.ts';
import { contentOf } from '../../../helpers/target-content.ts';

const SMALL = contentOf('small');
const LARGE = contentOf(Buffer.alloc(17 * 1024 * 1024, 'x'));
const OBJECT = { key: 'a', size: 5, tag: SMALL.md5, revision: '', modifiedAt: 0 };

/** What a proxy answers with in the place of S3. */
const PAGES = ['garbage', { status: 200, html: true }, { status: 404, html: true }] as const;

const CALLS: Readonly<Record<string, (target: Target) => unknown>> = {
  list: async (target) => target.list()[Symbol.asyncIterator]().next(),
  inspect: async (target) => target.inspect('a'),
  read: async (target) => target.read('a'),
  write: async (target) => target.write('a', SMALL, {}),
  'write of what is absent': async (target) => target.writeIf?.('a', SMALL, {}, { absent: true }),
  'write of what has a tag': async (target) => target.writeIf?.('a', SMALL, {}, { tag: SMALL.md5 }),
  setHeaders: async (target) => target.setHeaders?.(OBJECT, {}),
  delete: async (target) => target.delete('a'),
};

for (const [name, call] of Object.entries(CALLS))
  test(`s3Target() does not take a page of a proxy for the answer to a ${name}`, async (t) => {
    for (const page of PAGES) {
      const { server, target } = await opened(t);
      await target.write('a', SMALL, {});
      server.faults.push(() => page);
      const message = /^What answers at "127\.0\.0\.1:\d+" is not S3: something between may answer/;
      const asked = Promise.resolve(call(target));
      await t.throwsAsync(asked, { instanceOf: TargetError, message }, JSON.stringify(page));
      t.true(server.bucket().objects.has('a'));
    }
  });

for (const kind of ['start upload', 'upload part', 'end upload', 'abort upload'])
  test(`s3Target() does not take a page of a proxy for the answer to "${kind}" of a large file`, async (t) => {
    for (const page of PAGES) {
      const { server, target } = await opened(t);
      server.bucket().startUpload('a', {});
      server.faults.push((request) => (request.kind === kind ? page : undefined));
      await t.throwsAsync(target.write('a', LARGE, {}), { message: /is not S3/ }, JSON.stringify(page));
      t.false(server.bucket().objects.has('a'));
    }
  });

test('s3Target() takes a 200 without a body for a deletion, as some services answer', async (t) => {
  for (const body of ['', '\n']) {
    const { url } = await listen(t, (_request, response) => void response.writeHead(200).end(body));
    const credentials = { accessKeyId: 'key', secretAccessKey: 'secret' };
    const { server } = await opened(t);
    const target = server.target({ endpoint: url, credentials, attempts: 1 });
    t.teardown(async () => target.close?.());
    await t.notThrowsAsync(target.delete('a'));
  }
});

async function opened(t: ExecutionContext): Promise<{ readonly server: StrictS3; readonly target: Target }> {
  const server = await startStrictS3(t);
  const target = server.target({ attempts: 1 });
  t.teardown(async () => target.close?.());
  return { server, target };
}
