import { createHash } from 'node:crypto';
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readUsableManifests } from '../../src/releases/manifests.ts';
import { parentsOf, planNames } from '../../src/releases/name-plan.ts';
import { layoutOf } from '../../src/releases/release-layout.ts';
import { isVersion } from '../../src/core/version-format.ts';
import type { Files } from '../helpers/folder.ts';

/** The files of a small site: a stylesheet with an image, two modules that import each other, a page, strange names. */
export const SITE: Files = {
  'css/app.css': `body { background: url(../img/a.svg) }\n${'.rule { color: teal }\n'.repeat(40)}`,
  'css/copy of app 100%.css': `body { background: url(../img/a.svg) }\n${'.rule { color: teal }\n'.repeat(40)}`,
  'img/a.svg': `<svg xmlns="http://www.w3.org/2000/svg">${'<path d="M0 0h1v1z"/>'.repeat(20)}</svg>\n`,
  'img/grüße.png': createHash('sha512').update('png').digest(),
  'js/a.js': "import { b } from './b.js';\nexport const a = () => b;\n//# sourceMappingURL=a.js.map\n",
  'js/a.js.map': JSON.stringify({ version: 3, sources: [], mappings: 'A'.repeat(100) }),
  'js/b.js': "import { a } from './a.js';\nexport const b = () => a;\n",
  'fonts/a.woff2': createHash('sha512').update('font').digest(),
  'tiny.txt': 'x',
};

/** What a path under a folder is: a folder, or a file with its bytes. */
export interface Entry {
  readonly mode: string;
  /** Digest of its bytes; `undefined` for a folder. */
  readonly bytes: string | undefined;
  readonly inode: bigint;
  /** In nanoseconds. */
  readonly changed: bigint;
}

/**
 * The tree of names, whose own name is different in each run: {@link namesIn} tells what is in it; and the link to it, which
 * leads nowhere until it is in its place.
 */
const NAMES = /(?:^|\/)\.static-url\/(?:name(?:s|-trees)\/|staging\/[^/]+\/names$)/;

/** Everything under a folder but the tree of names, by path, sorted; nothing when it is not there. */
export async function treeOf(folder: string): Promise<Map<string, Entry>> {
  const tree = new Map<string, Entry>();
  const names: string[] = await readdir(folder, { recursive: true }).catch(() => []);
  for (const name of names.toSorted()) {
    if (NAMES.test(name)) continue;
    const path = join(folder, name);
    const stats = await stat(path, { bigint: true });
    const bytes = stats.isDirectory() ? undefined : digest(await readFile(path));
    tree.set(name, {
      mode: (stats.mode & 0o7777n).toString(8),
      bytes,
      inode: stats.ino,
      changed: stats.mtimeNs,
    });
  }
  return tree;
}

function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** The bytes under a folder by path, folders included, to compare. */
export async function contentOf(folder: string): Promise<Record<string, string>> {
  const tree = await treeOf(folder);
  return Object.fromEntries([...tree].map(([name, { bytes }]) => [name, bytes ?? 'a folder']));
}

/** The bytes that kept releases have by name. */
export async function namesIn(releases: string): Promise<Record<string, string>> {
  return contentOf(await realpath(join(releases, '.static-url/names')));
}

/** The bytes that the tree of names should have, by what the manifests say. */
export async function expectedNamesIn(releases: string): Promise<Record<string, string>> {
  const { files } = planNames((await readUsableManifests(layoutOf(releases))).map(({ index }) => index));
  const contents = [...files.values()].map(async ({ name, file }) => [name, digest(await readFile(file))]);
  const folders = [...files.keys()].flatMap(parentsOf).map((folder) => [folder, 'a folder']);
  return Object.fromEntries([...(await Promise.all(contents)), ...folders]);
}

/** The fingerprints that have a folder. */
export async function foldersIn(releases: string): Promise<string[]> {
  const names: string[] = await readdir(releases).catch(() => []);
  return names.filter(isVersion).toSorted();
}

/** The paths that runs have left behind in a releases folder. */
export async function leftoversIn(releases: string): Promise<string[]> {
  const left: string[] = [];
  for (const folder of ['announcements', 'condemned', 'staging'])
    for (const name of await readdir(join(releases, '.static-url', folder)).catch(() => []))
      left.push(`${folder}/${name}`);
  return left;
}

/** The versions of the manifests in a releases folder. */
export async function versionsIn(releases: string): Promise<string[]> {
  const names: string[] = await readdir(join(releases, '.static-url/manifests')).catch(() => []);
  return names.map((name) => name.replace('.json', '')).toSorted();
}
