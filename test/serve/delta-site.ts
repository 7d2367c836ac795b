import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import type { AssetsHandlerOptions } from '../../src/assets.ts';
import { writeRelease } from '../../src/releases/write-release.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { placeDelta, type PlacedDelta } from '../helpers/place-delta.ts';
import { serveRoot, type Served } from './serve-assets.ts';

/** Text that compresses badly, so that a delta is by far the shortest. */
function script(lines: number): string {
  return Array.from(
    { length: lines },
    (_, line) => `const ${createHash('sha256').update(String(line)).digest('base64url')} = ${line};\n`,
  ).join('');
}

/** Two versions of a script. */
export const OLDER: string = script(100);
export const NEWER = `${OLDER}const added = 1;\n`;

/** A site of two releases, of which the newer is served, with a delta of its script. */
export interface DeltaSite extends Served {
  readonly releases: string;
  /** URL of the script. */
  readonly path: string;
  readonly delta: PlacedDelta;
}

/** Serves `app.js` and the few files beside it, from the manifest of the newer release or from the roots. */
export async function serveDeltas(
  t: ExecutionContext,
  options: AssetsHandlerOptions = { deltas: true },
  source: 'manifest' | 'roots' = 'manifest',
): Promise<DeltaSite> {
  const folder = await temporaryFolder(t, { 'public/app.js': OLDER, 'public/other.js': 'other();' });
  const releases = join(folder, 'releases');
  const release = { roots: join(folder, 'public'), releases, manifest: join(folder, 'assets.json') };
  await writeRelease(release);
  await writeFile(join(folder, 'public/app.js'), NEWER);
  await writeRelease({ ...release, compress: true });
  const { manifest } = release;
  const served = await serveRoot(t, folder, options, {
    releases,
    ...(source === 'manifest' && { manifest }),
  });
  const path = served.assets.url('app.js');
  const delta = await placeDelta(folderOf(releases, path), 'app.js', OLDER, NEWER);
  return { ...served, releases, path, delta };
}

/** The folder of the version of a URL under `/static/`. */
export function folderOf(releases: string, url: string): string {
  const [, , version = ''] = url.split('/');
  return join(releases, version);
}
