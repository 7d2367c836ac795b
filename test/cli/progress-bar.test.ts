import { Writable } from 'node:stream';
import test from 'ava';
import { createProgressBar } from '../../src/cli/progress-bar.ts';

/** A terminal that remembers what was written to it. */
function terminal() {
  let text = '';
  const stream = new Writable({
    write(piece, _, done) {
      text += String(piece);
      done();
    },
  });
  return { stream: Object.assign(stream, { isTTY: true, columns: 200 }), text: () => text };
}

for (const [done, total, amount] of [
  [12_300_000, 40_100_000, '12.3/40.1 MB'],
  [0, 2_500_000_000, '0.0/2.5 GB'],
  [600, 1200, '0.6/1.2 kB'],
] as const)
  test(`createProgressBar() shows ${done} of ${total} bytes as ${amount}`, async (t) => {
    const { stream, text } = terminal();
    const bar = await createProgressBar(stream, { rate: true });
    bar.show({ stage: 'uploading', done, total });
    bar.end();
    t.true(text().includes(` ${amount} | 0 B/s | `), text());
  });

test('createProgressBar() counts what is not bytes, and shows one stage after the other', async (t) => {
  const { stream, text } = terminal();
  const bar = await createProgressBar(stream, { rate: true });
  bar.show({ stage: 'hashing', done: 1000, total: 1000 });
  bar.show({ stage: 'listing', done: 1000, total: 0 });
  bar.show({ stage: 'verifying URLs', done: 1, total: 1000 });
  bar.end();
  t.regex(text(), /hashing .* 1\.0\/1\.0 kB .*verifying URLs .* 1\/1000 \| 0\/s/s);
  t.notRegex(text(), /listing/);
});
