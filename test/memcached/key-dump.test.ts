import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import test, { type ExecutionContext } from 'ava';
import { MemcachedNode, MemcachedUnreachable, set } from '../../src/memcached/index.ts';
import { parseServers } from '../../src/memcached/options.ts';
import { startMemcached } from '../helpers/memcached.ts';

function nodeAt(t: ExecutionContext, port: number, deadlineMilliseconds: number): MemcachedNode {
  const [server] = parseServers([`127.0.0.1:${port}`], 'servers');
  const node = new MemcachedNode(server!, { deadlineMilliseconds });
  t.teardown(() => node.close());
  return node;
}

async function list(keys: AsyncIterable<string>): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const key of keys) found.push(key);
  return found.toSorted();
}

test('MemcachedNode.keys() gives every key with the prefix, as it was set', async (t) => {
  const { port } = await startMemcached(t);
  const node = nodeAt(t, port, 60_000);
  const keys = [
    ...['', ' ', '%', '%20', 'é😀', '"', "'!*()", '&=?#', 'key=a exp=1', 'END'].map((end) => `pages:${end}`),
    ...Array.from({ length: 5000 }, (_, index) => `pages:www.example.com/blog?page=${index}`),
  ];
  const others = ['page', 'other:pages:', 'Pages:a'];
  await node.run(...[...keys, ...others].map((key) => set(key, Buffer.from(key), { ttlSeconds: 100 })));
  t.deepEqual(await list(node.keys('pages:')), keys.toSorted());
  t.is((await list(node.keys(''))).length, keys.length + others.length);
  t.deepEqual(await list(node.keys('pages:%')), ['pages:%', 'pages:%20']);
  t.deepEqual(await list(node.keys('none')), []);
});

test('MemcachedNode.keys() waits its turn where others list too', async (t) => {
  const { port } = await startMemcached(t);
  const node = nodeAt(t, port, 60_000);
  const keys = Array.from({ length: 20_000 }, (_, index) => `pages:${index}`);
  await node.run(...keys.map((key) => set(key, Buffer.alloc(0), { ttlSeconds: 100 })));
  const lists = await Promise.all(Array.from({ length: 6 }, () => list(node.keys('pages:'))));
  t.deepEqual(
    lists.map(({ length }) => length),
    Array.from({ length: 6 }, () => keys.length),
  );
});

/** A server that answers each connection's first line by the next of some texts. */
async function scripted(
  t: ExecutionContext,
  ...answers: readonly string[]
): Promise<readonly [number, string[]]> {
  const asked: string[] = [];
  const server = createServer((socket) => {
    socket
      .on('error', () => {})
      .once('data', (line) => {
        socket.write(answers[asked.push(line.toString()) - 1] ?? '');
      });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => void server.close());
  return [(server.address() as AddressInfo).port, asked];
}

test('MemcachedNode.keys() asks an old server for its lists of items', async (t) => {
  const [port, asked] = await scripted(
    t,
    'CLIENT_ERROR invalid slab id\r\n',
    'BUSY currently processing crawler request\r\n',
    'key=pages%3Aa%2520b exp=1 la=1 cas=1 fetch=no cls=1 size=60\nkey=x%FF exp=1 la=1\nkey=pages%3Aa%252 exp=1\nEND\r\n',
  );
  t.deepEqual(await list(nodeAt(t, port, 60_000).keys('')), ['pages:a b']);
  t.deepEqual(
    asked,
    ['hash', 'all', 'all'].map((source) => `lru_crawler metadump ${source}\r\n`),
  );
});

for (const [what, answers, message] of [
  ['does not know how', ['ERROR\r\n', 'ERROR\r\n'], /answered "ERROR"\.$/],
  [
    'is told not to',
    ['CLIENT_ERROR lru crawler disabled\r\n', 'CLIENT_ERROR lru crawler disabled\r\n'],
    /crawler disabled"\.$/,
  ],
  ['is another one', ['HTTP/1.1 400 Bad Request\r\n'], /answered "HTTP.*", as no memcached does\.$/],
] as const) {
  test(`MemcachedNode.keys() rejects where the server ${what}`, async (t) => {
    const [port] = await scripted(t, ...answers);
    await t.throwsAsync(list(nodeAt(t, port, 60_000).keys('')), {
      instanceOf: MemcachedUnreachable,
      message,
    });
  });
}

test('MemcachedNode.keys() rejects where the list breaks off', async (t) => {
  const [port] = await scripted(t, 'key=a exp=1 la=1\nkey=b');
  const message = /did not answer within 100 ms/;
  await t.throwsAsync(list(nodeAt(t, port, 100).keys('')), { instanceOf: MemcachedUnreachable, message });
});

test.serial('MemcachedNode.keys() has no deadline for a list as long as it goes on', async (t) => {
  const server = createServer((socket) => {
    let count = 0;
    const timer = setInterval(() => {
      count += 1;
      socket.write(count < 30 ? `key=${count} exp=1\n` : 'END\r\n');
    }, 50);
    socket.on('error', () => {}).on('close', () => clearInterval(timer));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => void server.close());
  const { port } = server.address() as AddressInfo;
  t.is((await list(nodeAt(t, port, 775).keys(''))).length, 29);
});
