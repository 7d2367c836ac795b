import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';

/** Node's version, those of some npm packages, and the processors that all had to share. */
export function versionsOf(packages: readonly string[]): Record<string, string> {
  const processors = cpus();
  return {
    node: process.versions.node,
    ...Object.fromEntries(packages.map((name) => [name, packageVersion(name)])),
    processors: `${processors.length} × ${processors[0]?.model.trim() ?? 'unknown'}`,
  };
}

function packageVersion(name: string): string {
  const description: unknown = JSON.parse(
    readFileSync(new URL(`../node_modules/${name}/package.json`, import.meta.url), 'utf8'),
  );
  if (typeof description === 'object' && description && 'version' in description) {
    return String(description.version);
  }
  throw new Error(`The package "${name}" says no version.`);
}
