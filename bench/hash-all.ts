import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** The milliseconds that native xxhsum takes, from the start of its process to its end. */
export async function hashAll(cwd: string, names: readonly string[]): Promise<number> {
  const start = performance.now();
  const child = spawn('xxhsum', ['-H64', ...names], {
    cwd,
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: 60_000,
  });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (piece: string) => (errors += piece));
  const [code]: unknown[] = await once(child, 'exit');
  const milliseconds = performance.now() - start;
  if (code !== 0) throw new Error(`xxhsum ended with ${String(code)}: ${errors.slice(0, 500)}`);
  return milliseconds;
}
