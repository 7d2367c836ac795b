import { createCipheriv } from 'node:crypto';
import { copyFile, mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where real stylesheets and scripts come from, under `node_modules`. */
const PACKAGES = [
  'bootstrap/dist',
  'jquery-ui-dist',
  'leaflet/dist',
  '@fortawesome/fontawesome-free/css',
  'three/examples/jsm',
];
/** What those stylesheets refer to. */
const PICTURES_AND_FONTS = [
  'jquery-ui-dist/images',
  'leaflet/dist/images',
  '@fortawesome/fontawesome-free/webfonts',
];
const BINARY_EXTENSIONS = ['png', 'webp', 'jpg', 'woff2'];
const FOLDERS = 100;

/** A tree for {@link writeAssetTree}. */
export interface AssetTree {
  /** The names of all files relative to the root. */
  readonly names: readonly string[];
  /** How many of them, and of their bytes, are CSS and JavaScript. */
  readonly text: { readonly files: number; readonly bytes: number };
}

/**
 * Writes a tree such as a site has: a tenth of its bytes are CSS and JavaScript as published on npm, the rest images
 * and fonts, all of them random bytes. Equal on every host.
 */
export async function writeAssetTree(root: string, files: number, totalBytes: number): Promise<AssetTree> {
  const names: string[] = [];
  let bytes = 0;
  const copy = async ({ name, path }: PublishedFile): Promise<void> => {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await copyFile(path, join(root, name));
    names.push(name);
  };
  for (const file of await publishedFiles(PACKAGES, ['.css', '.js'])) {
    if (bytes + file.size > totalBytes / 10) continue;
    await copy(file);
    bytes += file.size;
  }
  const text = { files: names.length, bytes };
  for (const file of await publishedFiles(PICTURES_AND_FONTS, ['.png', '.woff2', '.ttf'])) {
    await copy(file);
    bytes += file.size;
  }
  const random = createCipheriv('aes-128-ctr', Buffer.alloc(16), Buffer.alloc(16));
  const noise = random.update(Buffer.alloc(totalBytes - bytes));
  const sizes = unequalSizes(files - names.length, noise.length);
  for (let folder = 0; folder < FOLDERS; folder += 1)
    await mkdir(join(root, `media/section-${folder}`), { recursive: true });
  let position = 0;
  for (const [index, size] of sizes.entries()) {
    const extension = BINARY_EXTENSIONS[index % BINARY_EXTENSIONS.length];
    const name = `media/section-${index % FOLDERS}/file-${index}.${extension}`;
    await writeFile(join(root, name), noise.subarray(position, position + size));
    position += size;
    names.push(name);
  }
  return { names, text };
}

/** Most are small, a few are big. */
function unequalSizes(count: number, total: number): number[] {
  const weights = Array.from(
    { length: count },
    (_, index) => -Math.log(((index * 7919 + 1) % count) / count + 1e-6),
  );
  const sum = weights.reduce((all, each) => all + each, 0);
  const sizes = weights.map((weight) => Math.max(1, Math.floor((weight / sum) * total)));
  sizes[0] = (sizes[0] ?? 0) + total - sizes.reduce((all, each) => all + each, 0);
  return sizes;
}

interface PublishedFile {
  /** Relative to the root. */
  readonly name: string;
  readonly path: string;
  readonly size: number;
}

async function publishedFiles(
  folders: readonly string[],
  extensions: readonly string[],
): Promise<PublishedFile[]> {
  const modules = fileURLToPath(new URL('../node_modules/', import.meta.url));
  const found: PublishedFile[] = [];
  for (const folder of folders) {
    const entries = await readdir(join(modules, folder), { recursive: true });
    for (const entry of entries.toSorted()) {
      if (!extensions.includes(extname(entry))) continue;
      const path = join(modules, folder, entry);
      found.push({ name: `vendor/${folder}/${entry}`, path, size: (await stat(path)).size });
    }
  }
  return found;
}
