import { chmod, stat } from 'node:fs/promises';
import type { ExecutionContext } from 'ava';

/** Takes all permissions from a file or folder until the test ends. */
export async function closeUntilEnd(t: ExecutionContext, path: string): Promise<void> {
  const { mode } = await stat(path);
  await chmod(path, 0o000);
  t.teardown(() => chmod(path, mode));
}

/**
 * JavaScript that makes its process an unprivileged one when it is root's, for whom no permission counts. It stands
 * after the imports, so that the checkout itself needs no permissions.
 */
export const DROP_PRIVILEGES = `
  if (process.getuid() === 0) {
    process.setgroups([]);
    process.setgid(65534);
    process.setuid(65534);
  }
`;
