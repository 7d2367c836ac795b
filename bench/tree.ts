import { createCipheriv } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const FOLDERS = 100;
const EXTENSIONS = ['css', 'js', 'png', 'svg', 'woff2'];

/**
 * Writes a tree that is the same on every host: names, sizes and bytes. Most files are small, a few are big.
 *
 * @returns the names of the files relative to the root
 */
export async function writeTree(root: string, files: number, totalBytes: number): Promise<string[]> {
  const random = randomBytesOf(files * 4);
  const weights = Array.from(
    { length: files },
    (_, index) => -Math.log((random.readUInt32LE(index * 4) + 1) / 2 ** 32),
  );
  const sum = weights.reduce((total, each) => total + each, 0);
  const sizes = weights.map((weight) => Math.floor((weight / sum) * totalBytes));
  sizes[0] = (sizes[0] ?? 0) + totalBytes - sizes.reduce((total, each) => total + each, 0);

  for (let folder = 0; folder < FOLDERS; folder += 1)
    await mkdir(join(root, folderName(folder)), { recursive: true });
  const bytes = randomBytesOf(totalBytes);
  const names: string[] = [];
  let position = 0;
  for (const [index, size] of sizes.entries()) {
    const name = `${folderName(index % FOLDERS)}/asset-${index}.${EXTENSIONS[index % EXTENSIONS.length]}`;
    await writeFile(join(root, name), bytes.subarray(position, position + size));
    position += size;
    names.push(name);
  }
  return names;
}

function folderName(folder: number): string {
  return `section-${Math.floor(folder / 10)}/part-${folder}`;
}

/** Always the same ones: the key stream of AES. */
function randomBytesOf(length: number): Buffer {
  return createCipheriv('aes-128-ctr', Buffer.alloc(16), Buffer.alloc(16)).update(Buffer.alloc(length));
}
