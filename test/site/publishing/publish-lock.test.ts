import { hostname } from 'node:os';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import test from 'ava';
import { createRunId } from '../../../src/files/run-id.ts';
import { LOCK_KEY } from '../../../src/site/publishing/control-objects.ts';
import { lockTarget } from '../../../src/site/publishing/publish-lock.ts';
import { memoryTarget, type MemoryTarget } from '../../helpers/memory-target.ts';

test('lockTarget() leaves an object that says who holds it, and takes it away again', async (t) => {
  const target = memoryTarget();
  const lock = await lockTarget(target, 60);
  t.like(JSON.parse(target.text(LOCK_KEY) ?? ''), { process: process.pid, host: hostname() });
  await lock.release();
  t.false(target.objects.has(LOCK_KEY));
});

test('lockTarget() says who publishes at the same time, as soon as that one has beaten', async (t) => {
  const target = memoryTarget();
  const first = await lockTarget(target, 60);
  beatAfter(target, async () => first.check());
  await t.throwsAsync(lockTarget(target, 60), {
    code: 'PUBLISH_LOCKED',
    message: new RegExp(`process ${process.pid} on "${hostname()}"`),
  });
  await first.release();
});

test('lockTarget() takes over a lock that does not beat for its time', async (t) => {
  const target = memoryTarget();
  lockOf(target, { run: 'of another host', seconds: 1 });
  const lock = await lockTarget(target, 60);
  t.like(JSON.parse(target.text(LOCK_KEY) ?? ''), { process: process.pid });
  await lock.release();
});

test('lockTarget() does not wait for a process of this host that has ended', async (t) => {
  const target = memoryTarget();
  const child = spawn(process.execPath, ['--eval', '']);
  await once(child, 'exit');
  // Its own run, with the number of a process that is no more.
  lockOf(target, { run: createRunId().replace(/^\d+-\d+/, `${child.pid}-1`), seconds: 3600 });
  const lock = await lockTarget(target, 60);
  t.is(target.calls.filter((call) => call.startsWith('read')).length, 1);
  await lock.release();
});

test('lockTarget() waits for a lock that it cannot read, and takes it over', async (t) => {
  const target = memoryTarget();
  target.put(LOCK_KEY, JSON.stringify({ seconds: 1, run: 5 }));
  const lock = await lockTarget(target, 1);
  await lock.release();
  t.false(target.objects.has(LOCK_KEY));
});

test('lockTarget() refuses a target that creates once, and then writes whatever tag is there', async (t) => {
  for (const left of [undefined, { run: 'of another host', seconds: 1 }]) {
    const target = memoryTarget();
    if (left !== undefined) lockOf(target, left);
    const writeIf = target.writeIf?.bind(target);
    target.writeIf = async (key, content, headers, condition) =>
      'absent' in condition
        ? writeIf?.(key, content, headers, condition)
        : target.write(key, content, headers);
    await t.throwsAsync(lockTarget(target, 60), { code: 'PUBLISH_REFUSED', message: /--no-lock/ });
    t.false(target.objects.has(LOCK_KEY));
  }
});

test('lockTarget() leaves no lock behind when the target fails while it is tried', async (t) => {
  for (const failing of [2, 3, 4]) {
    const target = memoryTarget();
    let writes = 0;
    target.before = (call) => {
      if (call === `writeIf ${LOCK_KEY}` && (writes += 1) === failing) throw new Error('The disk is full.');
    };
    await t.throwsAsync(lockTarget(target, 60), { message: 'The disk is full.' });
    t.false(target.objects.has(LOCK_KEY), String(failing));
  }
});

test('lockTarget() leaves the lock of another alone that has taken it over at once', async (t) => {
  const target = memoryTarget();
  let writes = 0;
  target.before = (call) => {
    if (call === `writeIf ${LOCK_KEY}` && (writes += 1) === 2)
      lockOf(target, { run: 'another', process: 4711, host: 'elsewhere' });
  };
  await t.throwsAsync(lockTarget(target, 60), { code: 'PUBLISH_LOCKED', message: /process 4711/ });
  t.true(target.objects.has(LOCK_KEY));
});

test('a lock that was taken away says so, and never comes back', async (t) => {
  const target = memoryTarget();
  const lock = await lockTarget(target, 60);
  await lock.check();
  lockOf(target, { run: 'another', process: 4711, host: 'elsewhere' });
  await t.throwsAsync(lock.check(), { code: 'PUBLISH_LOCKED', message: /4711 on "elsewhere"/ });
  await t.throwsAsync(lock.checkLately(), { code: 'PUBLISH_LOCKED' });
  await lock.release();
  t.true(target.objects.has(LOCK_KEY), 'it is the other one’s');
});

test('a lock that somebody deleted is lost', async (t) => {
  const target = memoryTarget();
  const lock = await lockTarget(target, 60);
  target.objects.delete(LOCK_KEY);
  await t.throwsAsync(lock.check(), { code: 'PUBLISH_LOCKED', message: /somebody deleted it/ });
  await lock.release();
});

test('a lock beats by itself', async (t) => {
  const target = memoryTarget();
  const lock = await lockTarget(target, 1);
  const beaten = new Promise<void>((resolve) => {
    const created = target.calls.length;
    target.before = () => void (target.calls.length > created && resolve());
  });
  await beaten;
  await lock.release();
  t.pass();
});

test('lock.checkLately() asks the target only when the last answer is old', async (t) => {
  const target = memoryTarget();
  const lock = await lockTarget(target, 3600);
  const before = target.calls.length;
  await lock.checkLately();
  t.is(target.calls.length, before);
  await lock.release();
});

test('lockTarget() refuses a target without conditional writes, and one that ignores conditions', async (t) => {
  const without = memoryTarget();
  delete without.writeIf;
  const refusal = { code: 'PUBLISH_REFUSED', message: /--no-lock/ };
  await t.throwsAsync(lockTarget(without, 60), refusal);
  const target = memoryTarget();
  target.writeIf = async (key, content, headers) => target.write(key, content, headers);
  await t.throwsAsync(lockTarget(target, 60), refusal);
  t.false(target.objects.has(LOCK_KEY));
});

/** Lets a holder beat once who waits has looked. */
function beatAfter(target: MemoryTarget, beat: () => Promise<void>): void {
  let looks = 0;
  target.before = async (call) => {
    if (call === `read ${LOCK_KEY}` && (looks += 1) === 1) {
      target.before = () => {};
      // Behind the look that is under way.
      setImmediate(() => void beat());
    }
  };
}

function lockOf(target: MemoryTarget, holder: Readonly<Record<string, unknown>>): void {
  target.put(LOCK_KEY, JSON.stringify({ since: '2026-01-01T00:00:00.000Z', beat: 1, ...holder }));
}
