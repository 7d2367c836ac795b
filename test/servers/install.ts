// Makes sure that the programs are there which the tests run: npm test calls this first, and test:full with "full".
import { spawnSync } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Programs, each with the Debian package that brings it. */
const PACKAGES: Readonly<Record<string, string>> = {
  nginx: 'nginx',
  memcached: 'memcached',
  chromium: 'chromium',
  git: 'git',
  zstd: 'zstd',
};

/** What the slow tests run besides. */
const FULL_PACKAGES: Readonly<Record<string, string>> = {
  'ceph-mon': 'ceph-mon',
  'ceph-osd': 'ceph-osd',
  radosgw: 'radosgw',
};

const isFull = process.argv.includes('full');
const needed = isFull ? { ...PACKAGES, ...FULL_PACKAGES } : PACKAGES;
const missing = Object.entries(needed).flatMap(([program, name]) => (isInstalled(program) ? [] : [name]));
if (missing.length > 0) install(missing);
if (isFull) installBundlers();

function install(packages: readonly string[]): void {
  const command = ['apt-get', 'install', '--yes', '--no-install-recommends', ...packages];
  const become =
    process.getuid?.() === 0 ? [] : succeeds(['sudo', '-n', 'true']) ? ['sudo', '-n'] : undefined;
  if (become === undefined || !succeeds(['apt-get', '--version'])) {
    console.error(`The tests need ${packages.join(', ')}. On Debian or Ubuntu: sudo ${command.join(' ')}`);
    process.exit(1);
  }
  console.log(`Installing ${packages.join(', ')} for the tests …`);
  run([...become, 'apt-get', 'update', '--quiet']);
  run([...become, ...command]);
}

/** Vite, webpack and others, too big for those who only run the quick tests. */
function installBundlers(): void {
  const folder = fileURLToPath(new URL('../full/bundlers', import.meta.url));
  // Written by npm when all is done.
  const installed = statSync(join(folder, 'node_modules/.package-lock.json'), { throwIfNoEntry: false });
  if (installed && installed.mtimeMs > statSync(join(folder, 'package-lock.json')).mtimeMs) return;
  console.log('Installing bundlers for the tests …');
  run(['npm', 'ci', '--prefix', folder, '--no-audit', '--no-fund', '--ignore-scripts']);
}

/** Debian's nginx lives where only root looks. */
function isInstalled(program: string): boolean {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin'];
  return folders.some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

function succeeds([program = '', ...parameters]: readonly string[]): boolean {
  return spawnSync(program, parameters, { stdio: 'ignore' }).status === 0;
}

function run([program = '', ...parameters]: readonly string[]): void {
  const { status } = spawnSync(program, parameters, {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  if (status === 0) return;
  console.error(
    `"${[program, ...parameters].join(' ')}" ended with ${status}. Run it by hand, then the tests again.`,
  );
  process.exit(1);
}
