import { spawnSync } from 'node:child_process';

/** A Python that has Django. */
export interface Django {
  readonly python: string;
  readonly version: string;
}

/** Django where it is installed: Debian's package is for Debian's Python, which may not be the first one in the path. */
export function findDjango(): Django | undefined {
  for (const python of ['python3', '/usr/bin/python3']) {
    const { status, stdout } = spawnSync(python, ['-c', 'import django; print(django.get_version())'], {
      encoding: 'utf8',
    });
    if (status === 0) return { python, version: stdout.trim() };
  }
  return undefined;
}
