import { spawn, type ChildProcess } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { hostname } from 'node:os';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import test, { type ExecutionContext } from 'ava';
import { LOCK_KEY } from '../../../src/site/publishing/control-objects.ts';
import { TYPESCRIPT } from '../../helpers/run-node.ts';
import { CREDENTIALS } from '../../helpers/strict-s3/signature.ts';
import { startStrictS3, type StrictS3 } from '../../helpers/strict-s3/strict-s3.ts';
import type { PublishOrder } from './killed/publish-program.ts';
import { exportTwoVersions } from './killed/two-versions.ts';

const PROGRAM = fileURLToPath(new URL('killed/publish-program.ts', import.meta.url));

test('of two publishes at once one works, and the other says who holds the lock', async (t) => {
  t.timeout(5 * 60 * 1000);
  const [first, second] = await exportTwoVersions(t);
  const server = await startStrictS3(t);
  const events = new EventEmitter();
  const reached = once(events, 'reached');
  const gate = once(events, 'open');
  server.faults.push(async ({ kind, key }) => {
    if (kind !== 'write' || key !== 'one/index.html') return undefined;
    events.emit('reached');
    await gate;
    return undefined;
  });
  const working = publishing(t, orderOf(server, second, 20));
  await reached;
  const refused = await publishing(t, orderOf(server, first, 20)).ended;
  t.is(refused.code, 1);
  t.regex(refused.stderr, new RegExp(`PUBLISH_LOCKED|process ${working.child.pid} on`));
  t.true(
    refused.stderr.includes(`process ${working.child.pid} on "${hostname()}", since 20`),
    refused.stderr,
  );
  events.emit('open');
  const { code, stderr } = await working.ended;
  t.is(code, 0, stderr);
  t.true(server.bucket().objects.has('only-2/index.html'));
  t.false(server.bucket().objects.has('only-1/index.html'));
  t.false(server.bucket().objects.has(LOCK_KEY));
});

test('a publish that was held up writes nothing more once another has taken its lock over', async (t) => {
  t.timeout(5 * 60 * 1000);
  const [first, second] = await exportTwoVersions(t);
  const server = await startStrictS3(t);
  const events = new EventEmitter();
  const stopped = once(events, 'stopped');
  let sleeper: ChildProcess | undefined;
  server.faults.push(({ kind, key }) => {
    // Its assets are there, and its first page is on the way.
    if (kind === 'write' && key === 'one/index.html' && sleeper !== undefined) {
      sleeper.kill('SIGSTOP');
      sleeper = undefined;
      events.emit('stopped');
    }
    return undefined;
  });
  const held = publishing(t, { ...orderOf(server, second, 2), parallel: 1 });
  sleeper = held.child;
  await stopped;
  const other = await publishing(t, orderOf(server, first, 2)).ended;
  t.is(other.code, 0, other.stderr);
  const { objects } = server.bucket();
  const after = new Map(objects);
  held.child.kill('SIGCONT');
  const { code, stderr } = await held.ended;
  t.is(code, 1);
  t.regex(stderr, /The lock of this publish .* was taken away/);
  t.deepEqual(objects, after);
});

interface Publishing {
  readonly child: ChildProcess;
  readonly ended: Promise<{ readonly code: unknown; readonly stderr: string }>;
}

/** Publishes in a process of its own. */
function publishing(t: ExecutionContext, order: PublishOrder): Publishing {
  const child = spawn(process.execPath, ['--import', TYPESCRIPT, PROGRAM, JSON.stringify(order)], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  t.teardown(() => child.kill('SIGKILL'));
  const ended = Promise.all([once(child, 'close'), text(child.stderr)]);
  return { child, ended: ended.then(([[code], stderr]) => ({ code: code as unknown, stderr })) };
}

function orderOf({ endpoint }: StrictS3, from: string, lockSeconds: number): PublishOrder {
  const target = {
    bucket: 'site',
    endpoint,
    region: 'eu-central-1',
    credentials: CREDENTIALS,
    publicUrl: false,
  } as const;
  return { from, target, lockSeconds };
}
