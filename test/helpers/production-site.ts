import { cp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import xxhash from 'xxhash-wasm';
import { openAssets, type Assets, type Manifest, type ManifestAsset } from '../../src/assets.ts';
import { scanFolder } from '../../src/files/scan-folder.ts';
import { releaseSite } from './release-tree.ts';
import { CURRENT, type Site } from './site.ts';

/** Opens a site's sources; the release of its current version is taken away, the earlier one stays. */
export async function openSources(site: Site, prefix: string, dotfiles = false): Promise<Assets> {
  const releases = await releaseSite(site);
  await rm(join(releases, CURRENT), { recursive: true });
  return openAssets({ prefix, roots: site.root, releases, dotfiles });
}

/** Opens a release of a site in which all assets have the fingerprint {@link CURRENT}, beside the earlier one. */
export async function openRelease(site: Site, prefix: string, dotfiles = false): Promise<Assets> {
  const releases = await releaseSite(site);
  const folder = join(releases, CURRENT);
  // A release has the files themselves, and none that a link brings from outside of the roots.
  await rm(folder, { recursive: true });
  await cp(site.root, folder, { recursive: true, dereference: true });
  await rm(join(folder, 'linked.txt'));
  const hashes = await xxhash();
  const assets: Record<string, ManifestAsset> = {};
  for (const name of scanFolder(folder, { dotfiles, wellKnown: false })) {
    const hash = hashes
      .h64Raw(await readFile(join(folder, name)))
      .toString(16)
      .padStart(16, '0');
    assets[name] = { fingerprint: CURRENT, hash, size: (await stat(join(folder, name))).size };
  }
  const manifest: Manifest = { format: 1, modules: 'group', version: CURRENT, assets };
  const file = join(site.folder, 'manifest.json');
  await writeFile(file, JSON.stringify(manifest));
  return openAssets({ prefix, manifest: file, releases, dotfiles });
}

/** A path with the version that an asset has among others in place of {@link CURRENT}. */
export function withFingerprint(assets: Assets, prefix: string, path: string): string {
  const start = `${prefix}${CURRENT}`;
  if (!path.startsWith(start)) return path;
  const [name = ''] = path.slice(start.length + 1).split('?');
  const fingerprint = assets.url(nameOf(assets, name)).slice(prefix.length, prefix.length + CURRENT.length);
  return prefix + fingerprint + path.slice(start.length);
}

function nameOf(assets: Assets, encoded: string): string {
  try {
    const name = decodeURIComponent(encoded);
    if (assets.has(name)) return name;
  } catch {
    // a path that names nothing
  }
  return 'css/app.css';
}
