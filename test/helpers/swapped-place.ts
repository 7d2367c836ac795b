import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { ExecutionContext } from 'ava';

/** Ways to lead a place now inside, now outside, as fast as a program can. */
const SWAPPERS = {
  /** There is always a link. */
  link: `
    for (let count = 0; count < 20_000; count += 1) {
      fs.symlinkSync(count % 2 ? inside : outside, place + '.next');
      fs.renameSync(place + '.next', place);
    }
  `,
  /** There is a file or a link. */
  file: `
    for (let count = 0; count < 5_000; count += 1) {
      if (count % 2) fs.copyFileSync(inside, place + '.next');
      else fs.symlinkSync(outside, place + '.next');
      fs.renameSync(place + '.next', place);
    }
  `,
  /** There is a folder, a link, or nothing for a moment. */
  folder: `
    fs.symlinkSync(outside, place + '.link');
    for (let count = 0; count < 10_000; count += 1) {
      fs.renameSync(place, place + '.folder');
      fs.renameSync(place + '.link', place);
      fs.renameSync(place, place + '.link');
      fs.renameSync(place + '.folder', place);
    }
  `,
};

/** How a place is swapped. */
export type Swapper = keyof typeof SWAPPERS;

/** Where a place leads in turn; what is inside stands there at the end. */
export interface SwappedPlace {
  readonly place: string;
  readonly inside: string;
  readonly outside: string;
}

/** Swaps a place in a process of its own, and asks again and again until that ends. */
export async function whileSwapped(
  t: ExecutionContext,
  swapper: Swapper,
  { place, inside, outside }: SwappedPlace,
  ask: () => Promise<void>,
): Promise<void> {
  const program = `const fs = require('node:fs'); const [, place, inside, outside] = process.argv; ${SWAPPERS[swapper]}`;
  const child = spawn(process.execPath, ['--eval', program, place, inside, outside], { stdio: 'inherit' });
  const ended = once(child, 'close');
  while (child.exitCode === null) await ask();
  t.deepEqual(await ended, [0, null]);
}
