import test from 'ava';
import {
  add,
  append,
  cas,
  get,
  gets,
  MemcachedNode,
  remove,
  set,
  stats,
  touch,
  version,
} from '../../src/memcached/index.ts';
import { parseServers } from '../../src/memcached/options.ts';
import { startMemcached } from '../helpers/memcached.ts';

test('MemcachedNode.run() sends commands in their order and gives their replies', async (t) => {
  const { server } = await startMemcached(t);
  const [parsed] = parseServers([server], 'servers');
  const node = new MemcachedNode(parsed!, { deadlineMilliseconds: 10_000 });
  t.teardown(() => node.close());
  const body = Buffer.from('END\r\nVALUE a 0 1\r\n');
  const [stored, found, appended, missing] = await node.run(
    set('a b%', body, { ttlSeconds: 100, flags: 0xff_ff_ff_fe }),
    gets(['nothing', 'a b%']),
    append('a b%', Buffer.from('!')),
    remove('other'),
  );
  t.deepEqual([stored, appended, missing], ['stored', 'stored', 'missing']);
  const item = found.get('a b%')!;
  t.deepEqual({ ...item, unique: '' }, { value: body, flags: 0xff_ff_ff_fe, unique: '' });
  const [tooLate, taken, touched, after, told, number] = await node.run(
    cas('a b%', body, { ttlSeconds: 0, unique: item.unique! }),
    add('a b%', body, { ttlSeconds: 0 }),
    touch('a b%', 10),
    get(['a b%']),
    stats(),
    version(),
  );
  t.deepEqual([tooLate, taken, touched], ['exists', 'not-stored', 'done']);
  t.is(after.get('a b%')?.value.toString(), `${body.toString()}!`);
  t.is(told.get('version'), number);
  const keys: string[] = [];
  for await (const key of node.keys('a')) keys.push(key);
  t.deepEqual(keys, ['a b%']);
});
