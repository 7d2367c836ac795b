import { execFileSync, spawnSync } from 'node:child_process';

/** Programs that benches need, each with the Debian package it is in and the option that prints its version. */
const TOOLS = {
  'ceph-mon': { debianPackage: 'ceph-mon', versionOption: '--version' },
  'ceph-osd': { debianPackage: 'ceph-osd', versionOption: '--version' },
  memcached: { debianPackage: 'memcached', versionOption: '--version' },
  nginx: { debianPackage: 'nginx', versionOption: '-v' },
  radosgw: { debianPackage: 'radosgw', versionOption: '--version' },
  rclone: { debianPackage: 'rclone', versionOption: 'version' },
  wrk: { debianPackage: 'wrk', versionOption: '--version' },
  xxhsum: { debianPackage: 'xxhash', versionOption: '--version' },
} as const;

export type Tool = keyof typeof TOOLS;

/**
 * Makes sure that programs are there, installs them where that is allowed, and returns their versions.
 *
 * @throws Error with the line that installs what is missing
 */
export function requireTools(tools: readonly Tool[]): Record<string, string> {
  const missing = tools.filter((tool) => versionOf(tool) === undefined);
  if (missing.length > 0) install(missing);
  return Object.fromEntries(tools.map((tool) => [tool, versionOf(tool) ?? 'of unknown version']));
}

function install(tools: readonly Tool[]): void {
  const packages = tools.map((tool) => TOOLS[tool].debianPackage);
  const refused = (reason: string): Error =>
    new Error(
      `Cannot find ${tools.join(' and ')}, ${reason}. Run "sudo apt-get install --yes ${packages.join(' ')}".`,
    );
  if (process.platform !== 'linux' || process.getuid?.() !== 0) {
    throw refused('and only root may install programs');
  }
  process.stderr.write(`Installing ${packages.join(' ')} …\n`);
  const options = {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    stdio: ['ignore', 'ignore', 'inherit'] as const,
    timeout: 300_000,
  };
  try {
    execFileSync('apt-get', ['update', '--quiet'], { ...options, stdio: [...options.stdio] });
    execFileSync('apt-get', ['install', '--yes', '--no-install-recommends', ...packages], {
      ...options,
      stdio: [...options.stdio],
    });
  } catch (error) {
    throw refused(
      `and apt-get could not install it (${error instanceof Error ? error.message : String(error)})`,
    );
  }
}

/** The first number with dots that a program says of itself, wherever it says it and with whatever status. */
function versionOf(tool: Tool): string | undefined {
  const { stdout, stderr, error } = spawnSync(tool, [TOOLS[tool].versionOption], { encoding: 'utf8' });
  if (error) return undefined;
  return /\d+(?:\.\d+)+/.exec(`${stdout}\n${stderr}`)?.[0];
}
