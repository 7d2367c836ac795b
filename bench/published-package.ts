import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/**
 * Fetches one version of a package from the registry, into a folder of its own.
 *
 * @returns where its files are
 */
export async function fetchPackage(folder: string, name: string, version: string): Promise<string> {
  const target = join(folder, `${name}-${version}`);
  await mkdir(target, { recursive: true });
  const pack = ['pack', '--silent', '--pack-destination', folder, `${name}@${version}`];
  const { stdout } = await execute('npm', pack, { timeout: 120_000 });
  await execute('tar', ['-xzf', join(folder, stdout.trim()), '-C', target]);
  return join(target, 'package');
}
