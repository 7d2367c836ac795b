import test from 'ava';
import type { Target } from '../../../../src/site/targets/target.ts';
import { contentOf } from '../../../helpers/target-content.ts';
import { listed, opened, refused } from './opened.ts';

const SMALL = contentOf('small');

const CALLS: Readonly<Record<string, (target: Target) => Promise<unknown>>> = {
  list: async (target) => listed(target),
  inspect: async (target) => target.inspect('a'),
  read: async (target) => target.read('a'),
  write: async (target) => target.write('a', SMALL, {}),
  'write of what is absent': async (target) => target.writeIf?.('b', SMALL, {}, { absent: true }),
  setHeaders: async (target) => {
    const object = { key: 'a', size: 5, tag: '1', revision: '1', modifiedAt: 0 };
    await target.setHeaders?.(object, { 'content-type': 'text/html' });
  },
  delete: async (target) => target.delete('a'),
};

for (const [name, call] of Object.entries(CALLS))
  test(`gcsTarget() does not take a page of a proxy for the answer to a ${name}`, async (t) => {
    const { server, target } = await opened(t, { attempts: 1 });
    await target.write('a', SMALL, {});
    server.faults.push(() => 'garbage');
    const { reason, message } = await refused(t, call(target));
    t.is(reason, 'network');
    t.regex(message, /^What answers for gs:\/\/site\/ is not Google Cloud Storage/);
    t.true(server.objects('site').has('a'));
  });
