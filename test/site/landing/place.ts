import { mkdir, readdir, readFile, readlink, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { versionOf } from '../../../src/core/hash.ts';
import {
  openSiteFolder,
  type PlannedFile,
  type Phase,
  type SiteFolder,
  type SiteFolderOptions,
} from '../../../src/site/landing/index.ts';
import { temporaryFolder } from '../../helpers/folder.ts';

/** The content of a site's files by their names. */
export type Content = Readonly<Record<string, string>>;

/** A project with a folder `site` in it, which is not there yet. */
export async function createPlace(t: ExecutionContext): Promise<SiteFolderOptions> {
  const projectFolder = await temporaryFolder(t);
  return optionsFor(join(projectFolder, 'site'), { projectFolder });
}

/** How the folder of a test's site is opened. */
export function optionsFor(out: string, options: Partial<SiteFolderOptions> = {}): SiteFolderOptions {
  return {
    out,
    swap: 'files',
    keep: ['.git'],
    protectedFolders: [],
    projectFolder: dirname(out),
    ...options,
  };
}

/** The phase of a file in these tests, by its name. */
function phaseOf(name: string): Phase {
  if (name.startsWith('assets/')) return 'asset';
  if (name === 'index.html') return 'entry';
  return name.endsWith('.html') ? 'page' : 'file';
}

/** Writes what differs from what stands there into the staging folder, as an export does. */
export async function stage(folder: SiteFolder, content: Content): Promise<Map<string, PlannedFile>> {
  const plan = new Map<string, PlannedFile>();
  for (const [name, text] of Object.entries(content)) {
    const digest = versionOf(text);
    const before = folder.previous.get(name);
    if (before?.digest === digest && folder.isAsWritten(name)) {
      plan.set(name, { name, record: before, staged: undefined });
      continue;
    }
    const staged = join(folder.staging, String(plan.size));
    await writeFile(staged, text, { mode: 0o600 });
    const { size, mtimeMs } = await stat(staged);
    plan.set(name, { name, record: { phase: phaseOf(name), digest, size, mtimeMs }, staged });
  }
  return plan;
}

/** An export of fixed content. */
export async function exportContent(
  options: SiteFolderOptions,
  content: Content,
  { force = false, settings = 'settings' }: { readonly force?: boolean; readonly settings?: string } = {},
): Promise<{ readonly written: number; readonly deleted: number }> {
  const folder = await openSiteFolder(options);
  try {
    const plan = await stage(folder, content);
    if (force) await folder.foreignFiles();
    return await folder.land(plan, { settings });
  } finally {
    await folder.close();
  }
}

/** All files under a folder, by their names; a symbolic link in it by where it leads to, an empty folder as such. */
export async function contentOf(folder: string): Promise<Record<string, string>> {
  const content: Record<string, string> = {};
  const visit = async (prefix: string): Promise<void> => {
    const entries = await readdir(join(folder, prefix), { withFileTypes: true });
    if (entries.length === 0 && prefix !== '') content[prefix] = '(empty)';
    for (const entry of entries) {
      const name = prefix + entry.name;
      const path = join(folder, name);
      if (entry.isDirectory()) await visit(`${name}/`);
      else if (entry.isSymbolicLink()) content[name] = `-> ${await readlink(path)}`;
      else content[name] = await readFile(path, 'utf8');
    }
  };
  await visit('');
  return content;
}

/** Puts files of somebody else into a folder. */
export async function scribble(folder: string, content: Content): Promise<void> {
  for (const [name, text] of Object.entries(content)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
}
