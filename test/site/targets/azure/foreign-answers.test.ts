import test from 'ava';
import type { Target } from '../../../../src/site/targets/target.ts';
import { contentOf } from '../../../helpers/target-content.ts';
import { answered, refused } from './answered.ts';

const SMALL = contentOf('small');
const OBJECT = { key: 'a', size: 5, tag: '0x1', revision: '0x1', modifiedAt: 0, md5: SMALL.md5 };

const CALLS: Readonly<Record<string, (target: Target) => Promise<unknown>>> = {
  list: async (target) => target.list()[Symbol.asyncIterator]().next(),
  inspect: async (target) => target.inspect('a'),
  read: async (target) => target.read('a'),
  write: async (target) => target.write('a', SMALL, {}),
  'write of what is absent': async (target) => target.writeIf?.('b', SMALL, {}, { absent: true }),
  setHeaders: async (target) => target.setHeaders?.(OBJECT, { 'content-type': 'text/html' }),
  delete: async (target) => target.delete('a'),
};

for (const [name, call] of Object.entries(CALLS))
  test(`azureTarget() does not take a page of a proxy for the answer to a ${name}`, async (t) => {
    const { target } = await answered(t, (_request, response) =>
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Please sign in.</html>'),
    );
    const { reason, message } = await refused(t, call(target));
    t.is(reason, 'network');
    t.regex(message, /^What answers at "127\.0\.0\.1:\d+" is not Azure Blob Storage/);
  });
