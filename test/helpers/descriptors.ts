import { readdir, readlink } from 'node:fs/promises';
import { setTimeout as later } from 'node:timers/promises';
import type { ExecutionContext } from 'ava';

/** How often this process has a file open. */
export async function descriptorsOf(path: string): Promise<number> {
  const links = await Promise.all(
    (await readdir('/proc/self/fd')).map((descriptor) =>
      readlink(`/proc/self/fd/${descriptor}`).catch(() => ''),
    ),
  );
  return links.filter((link) => link === path || link === `${path} (deleted)`).length;
}

/** Fails a test in which a file was closed only because nothing led to it any more: Node warns of that. */
export function failOnForgottenDescriptors(t: ExecutionContext): void {
  const forgotten: string[] = [];
  const onWarning = ({ message }: Error): void => {
    if (message.includes('garbage collection')) forgotten.push(message);
  };
  process.on('warning', onWarning);
  t.teardown(() => {
    process.off('warning', onWarning);
    if (forgotten.length > 0) throw new Error(forgotten.join('\n'));
  });
}

/** Waits until something is so; a test that waits for what never comes ends by its own time limit. */
export async function until(isSo: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await isSo())) await later(5);
}
