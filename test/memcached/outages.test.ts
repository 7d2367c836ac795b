import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import test, { type ExecutionContext } from 'ava';
import { add, get, MemcachedNode, MemcachedUnreachable, set, version } from '../../src/memcached/index.ts';
import { parseServers } from '../../src/memcached/options.ts';
import { startMemcached, type Memcached } from '../helpers/memcached.ts';
import { runProgram, TYPESCRIPT } from '../helpers/run-node.ts';

interface Told {
  readonly node: MemcachedNode;
  readonly told: string[];
}

function nodeOf(t: ExecutionContext, { server }: Memcached, deadlineMilliseconds: number): Told {
  const [parsed] = parseServers([server], 'servers');
  const told: string[] = [];
  const node = new MemcachedNode(parsed!, {
    deadlineMilliseconds,
    onDown: () => told.push('down'),
    onUp: () => told.push('up'),
  });
  t.teardown(() => node.close());
  return { node, told };
}

function answers(node: MemcachedNode): Promise<boolean> {
  return node.run(version()).then(
    () => true,
    () => false,
  );
}

test('MemcachedNode rejects while its server hangs, and is back when it goes on', async (t) => {
  const memcached = await startMemcached(t);
  const { node, told } = nodeOf(t, memcached, 300);
  // A slow machine may need more than one deadline for this.
  while (!(await answers(node))) await node.whenReachable();
  told.length = 0;
  memcached.pause();
  const runs = Array.from({ length: 50 }, (_, index) =>
    node.run(add(`${index}`, Buffer.from('x'), { ttlSeconds: 9 })),
  );
  const errors = await Promise.all(
    runs.map((run) => t.throwsAsync(run, { instanceOf: MemcachedUnreachable })),
  );
  t.true(errors.every(({ wasSent }) => wasSent));
  const refused = await t.throwsAsync(node.run(version()), { instanceOf: MemcachedUnreachable });
  t.false(refused.wasSent);
  t.is(
    refused.message,
    `The memcached at "${memcached.server}" counts as down: it did not answer within 300 ms.`,
  );
  await t.throwsAsync(node.keys('').next(), { instanceOf: MemcachedUnreachable });
  t.deepEqual([told, node.isDown], [['down'], true]);
  memcached.resume();
  await node.whenReachable();
  t.deepEqual([told, node.isDown], [['down', 'up'], false]);
});

test('MemcachedNode finds a server that was restarted while nobody asked it', async (t) => {
  const memcached = await startMemcached(t);
  const { node, told } = nodeOf(t, memcached, 30_000);
  await node.run(set('a', Buffer.from('x'), { ttlSeconds: 9 }));
  await memcached.restart();
  const [items] = await node.run(get(['a']));
  t.deepEqual([items.size, told], [0, []]);
});

test('MemcachedNode is down from when its server is killed until it is started again', async (t) => {
  const memcached = await startMemcached(t);
  const { node, told } = nodeOf(t, memcached, 30_000);
  await node.run(version());
  memcached.pause();
  const running = t.throwsAsync(node.run(version()), { instanceOf: MemcachedUnreachable });
  await memcached.kill();
  t.true((await running).wasSent);
  const { wasSent } = await t.throwsAsync(node.run(version()), { instanceOf: MemcachedUnreachable });
  t.false(wasSent);
  await memcached.restart();
  await node.whenReachable();
  t.is((await node.run(version())).length, 1);
  t.deepEqual(told, ['down', 'up']);
});

test('MemcachedNode.close() rejects what still waits, and what comes after', async (t) => {
  const memcached = await startMemcached(t);
  const { node, told } = nodeOf(t, memcached, 30_000);
  await node.run(version());
  memcached.pause();
  const running = t.throwsAsync(node.run(version()), { message: /the node was closed\.$/ });
  await node.close();
  await running;
  await t.throwsAsync(node.run(version()), { message: /the node was closed\.$/ });
  t.deepEqual(told, []);
});

for (const [what, source, expected] of [
  ['whose node is idle', 'await node.run(api.version());', ''],
  [
    'whose server is down',
    // Long enough for the next question in the background to be on its way.
    'await down.run(api.version()).catch(() => {}); void down.whenReachable(); setTimeout(() => {}, 300);',
    '',
  ],
  [
    'but not before its commands are answered',
    'void node.run(api.version()).then(() => console.log("answered"));',
    'answered\n',
  ],
] as const) {
  test(`MemcachedNode lets a process end ${what}`, async (t) => {
    const memcached = await startMemcached(t);
    // Talks nonsense once, then nothing.
    let text = 'nonsense\r\n';
    const sockets: Socket[] = [];
    const broken = createServer((socket) => {
      sockets.push(socket.on('error', () => {}));
      socket.write(text);
      text = '';
    }).listen(0, '127.0.0.1');
    await once(broken, 'listening');
    t.teardown(() => {
      broken.close();
      for (const socket of sockets) socket.destroy();
    });
    const servers = [memcached.server, `127.0.0.1:${(broken.address() as AddressInfo).port}`];
    const entry = new URL('../../src/memcached/index.ts', import.meta.url).href;
    const { code, stdout, stderr } = await runProgram(process.execPath, [
      '--import',
      TYPESCRIPT,
      '--input-type=module',
      '--eval',
      `import * as api from ${JSON.stringify(entry)};
       import { parseServers } from ${JSON.stringify(entry.replace('index.ts', 'options.ts'))};
       const [node, down] = parseServers(${JSON.stringify(servers)}, 'servers')
         .map((server) => new api.MemcachedNode(server, { deadlineMilliseconds: 600_000 }));
       ${source}`,
    ]);
    t.deepEqual({ code, stdout, stderr }, { code: 0, stdout: expected, stderr: '' });
  });
}
