import dns from 'node:dns';
import { once } from 'node:events';
import { syncBuiltinESMExports } from 'node:module';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { createServer as createTlsServer } from 'node:tls';
import test, { type ExecutionContext } from 'ava';
import { get, MemcachedNode, MemcachedUnreachable, set, version } from '../../src/memcached/index.ts';
import { parseServers } from '../../src/memcached/options.ts';
import { freePort } from '../helpers/free-port.ts';
import { listen } from '../helpers/listen.ts';

/** A node of a server that does with each connection what a test wants. */
async function brokenNode(
  t: ExecutionContext,
  onConnection: (socket: Socket) => void,
  deadlineMilliseconds = 30_000,
): Promise<{ readonly node: MemcachedNode; readonly hungUp: Promise<unknown> }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => {}));
    onConnection(socket);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  const hungUp = once(server, 'connection').then(
    ([socket]: Socket[]) => new Promise((resolve) => socket!.once('close', resolve)),
  );
  return { node: nodeAt(t, (server.address() as AddressInfo).port, deadlineMilliseconds), hungUp };
}

function nodeAt(t: ExecutionContext, port: number, deadlineMilliseconds: number): MemcachedNode {
  const [server] = parseServers([`127.0.0.1:${port}`], 'servers');
  const node = new MemcachedNode(server!, { deadlineMilliseconds });
  t.teardown(() => node.close());
  return node;
}

/** Several callers' commands at once: each has to be rejected, the node is down, and the connection closed. */
async function failure(t: ExecutionContext, node: MemcachedNode): Promise<MemcachedUnreachable> {
  const runs = [
    node.run(get(['a'])),
    node.run(set('b', Buffer.alloc(10), { ttlSeconds: 1 }), get(['b'])),
    node.run(version()),
  ];
  const errors = await Promise.all(
    runs.map((run) => t.throwsAsync(run, { instanceOf: MemcachedUnreachable })),
  );
  t.is(new Set(errors).size, 1);
  const refused = await t.throwsAsync(node.run(version()), { instanceOf: MemcachedUnreachable });
  t.false(refused.wasSent);
  t.true(node.isDown);
  return errors[0]!;
}

test.serial('MemcachedNode.run() reads an answer that came while this process stood still', async (t) => {
  let deadline = 300;
  while (!(await isReadAfterStandstill(t, deadline))) deadline *= 2;
});

/** `false` where the machine was so slow that the question took longer than the deadline: that proves nothing. */
async function isReadAfterStandstill(t: ExecutionContext, deadline: number): Promise<boolean> {
  let end = Infinity;
  let wasAnswered = false;
  const { node } = await brokenNode(
    t,
    (socket) => {
      socket.on('data', () => {
        socket.write('VERSION 1.6.18\r\n');
        const left = end - performance.now();
        wasAnswered = left > 0 && left <= deadline;
        if (wasAnswered) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, left + 50);
      });
    },
    deadline,
  );
  await node.run(version()).catch(() => {});
  end = performance.now() + deadline;
  const replies = await node.run(version()).catch((error: unknown) => [error]);
  if (wasAnswered) t.deepEqual(replies, ['1.6.18']);
  return wasAnswered;
}

for (const [what, text, words] of [
  ['garbage', 'VALUE b 0 1\r\n', 'answered "VALUE b 0 1"'],
  ['what Redis says', "-ERR unknown command 'get'\r\n", `answered "-ERR unknown command 'get'"`],
  ['a line without an end', 'x'.repeat(5000), 'answered "xxxxxxxxxxxx'],
  ['more than the item has', 'VALUE a 0 1\r\nabc\r\nEND\r\n', 'answered "VALUE a 0 1 … bc"'],
] as const) {
  test(`MemcachedNode.run() rejects all callers and hangs up where the server says ${what}`, async (t) => {
    const { node, hungUp } = await brokenNode(t, (socket) => {
      socket.once('data', () => socket.write(text));
    });
    const { message, reason, wasSent, code } = await failure(t, node);
    t.true(message.startsWith(`The memcached at "${node.server.name}" ${words}`), message);
    t.deepEqual(
      { reason, wasSent, code },
      { reason: 'no-memcached', wasSent: true, code: 'STORE_UNREACHABLE' },
    );
    await hungUp;
  });
}

test('MemcachedNode.run() tells what was read where the server closes in the middle of an item', async (t) => {
  const { node } = await brokenNode(t, (socket) => {
    socket.once('data', () => socket.end('VALUE a 0 100\r\nhalf a page'));
  });
  const { message, wasSent } = await failure(t, node);
  t.is(message, `The memcached at "${node.server.name}" closed the connection after "half a page".`);
  t.true(wasSent);
});

test('MemcachedNode.run() rejects where the server is one of HTTP', async (t) => {
  const { port } = await listen(t, (_request, response) => response.end());
  const node = nodeAt(t, port, 30_000);
  const { message, reason } = await failure(t, node);
  t.is(
    message,
    `The memcached at "${node.server.name}" answered "HTTP/1.1 400 Bad Request", as no memcached does.`,
  );
  t.is(reason, 'no-memcached');
});

test('MemcachedNode.run() rejects where the server is one of TLS', async (t) => {
  const server = createTlsServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => new Promise<void>((resolve) => server.close(() => resolve())));
  const node = nodeAt(t, (server.address() as AddressInfo).port, 30_000);
  const { message } = await failure(t, node);
  t.regex(message, /closed the connection|cannot be reached/);
});

test('MemcachedNode.run() rejects where the server says that it has too many connections', async (t) => {
  const { node } = await brokenNode(t, (socket) => {
    socket.once('data', () => socket.end('ERROR Too many open connections\r\n'));
  });
  const { message, reason } = await failure(t, node);
  t.is(message, `The memcached at "${node.server.name}" answered "ERROR Too many open connections".`);
  t.is(reason, 'no-answer');
});

test('MemcachedNode.run() rejects where nobody listens, and has sent nothing', async (t) => {
  const node = nodeAt(t, await freePort(), 30_000);
  const { message, wasSent } = await failure(t, node);
  t.is(message, `The memcached at "${node.server.name}" cannot be reached (ECONNREFUSED).`);
  t.false(wasSent);
});

test('MemcachedNode.run() rejects at the deadline where the server never answers', async (t) => {
  const { node } = await brokenNode(t, () => {}, 100);
  const { message, reason } = await failure(t, node);
  t.is(message, `The memcached at "${node.server.name}" did not answer within 100 ms.`);
  t.is(reason, 'no-answer');
});

test('MemcachedNode.run() rejects at the deadline where the server answers byte by byte, too slowly', async (t) => {
  const { node, hungUp } = await brokenNode(
    t,
    (socket) => {
      const timer = setInterval(() => socket.write('x'), 10).unref();
      socket.on('close', () => clearInterval(timer));
    },
    100,
  );
  const { message } = await failure(t, node);
  t.regex(message, /did not answer within 100 ms(?: after "x+")?\.$/);
  await hungUp;
});

test.serial('MemcachedNode.run() refuses a host of several addresses, and says what to write', async (t) => {
  // No name on the machine has several for certain.
  const { lookup } = dns;
  const found = ['192.0.2.1', '192.0.2.2', '192.0.2.1'].map((address) => ({ address, family: 4 }));
  const several = (host: string, _: object, callback: Function) => {
    t.is(host, 'cache.test');
    process.nextTick(callback, null, found);
  };
  const restore = (): void => {
    Object.assign(dns, { lookup });
    syncBuiltinESMExports();
  };
  t.teardown(restore);
  Object.assign(dns, { lookup: several });
  syncBuiltinESMExports();
  const [server] = parseServers(['cache.test:11211'], 'servers');
  const node = new MemcachedNode(server!, { deadlineMilliseconds: 60_000 });
  t.teardown(() => node.close());
  const { message, reason, wasSent } = await failure(t, node);
  t.is(
    message,
    'The memcached at "cache.test:11211" has several addresses, which nginx would use in turn: ' +
      'write "192.0.2.1" or "192.0.2.2" in place of the name.',
  );
  t.deepEqual({ reason, wasSent }, { reason: 'several-addresses', wasSent: false });
});

test('MemcachedNode.run() rejects at once where too much waits to be sent', async (t) => {
  const { node } = await brokenNode(t, (socket) => socket.pause());
  const value = Buffer.alloc(1024 * 1024);
  const errors: unknown[] = [];
  const runs = Array.from({ length: 100 }, (_, index) =>
    node.run(set(`${index}`, value, { ttlSeconds: 1 })).catch((error: unknown) => errors.push(error)),
  );
  await setImmediate();
  const refused = errors.filter((error) => error instanceof MemcachedUnreachable && !error.wasSent);
  t.true(refused.length >= 30);
  t.regex((refused[0] as Error).message, /takes no more: 6\d MB wait to be sent/);
  t.false(node.isDown);
  await node.close();
  await Promise.all(runs);
  t.is(errors.length, 100);
});
