import { setTimeout as pause } from 'node:timers/promises';
import test from 'ava';
import { Burst } from '../../../src/files/watch/burst.ts';

test('Burst calls back once for what happens in quick succession', async (t) => {
  const ends: number[] = [];
  let added = 0;
  const burst = new Burst(20, 10_000, () => ends.push(added));
  for (; added < 100; added += 1) burst.add();
  while (ends.length === 0) await pause(1);
  await pause(50);
  t.deepEqual(ends, [100]);
});

test('Burst calls back now and then when something happens all the time', async (t) => {
  const ends: number[] = [];
  const burst = new Burst(1_000_000, 50, () => ends.push(1));
  while (ends.length < 3) {
    burst.add();
    await pause(1);
  }
  burst.cancel();
  t.is(ends.length, 3);
});

test('Burst forgets what has happened when it is cancelled', async (t) => {
  const burst = new Burst(1, 1, () => t.fail());
  burst.add();
  burst.cancel();
  await pause(20);
  t.pass();
});
