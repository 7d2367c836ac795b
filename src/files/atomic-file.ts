import { open, rename } from 'node:fs/promises';

/** For everyone to read, whatever the umask: a web server has an account of its own. */
export const FILE_MODE = 0o644;

/**
 * Writes a file that appears whole or not at all, in place of what had its name. Its bytes are on the disk before it has
 * its name, so that not even a power failure leaves an empty one.
 *
 * @param temporary - where it is written first: a path on the same file system that nobody else uses
 */
export async function writeFileAtomically(file: string, text: string, temporary: string): Promise<void> {
  await writeDurably(temporary, text);
  await rename(temporary, file);
}

/** Writes a new file and waits until it is on the disk. */
export async function writeDurably(file: string, content: string | Uint8Array): Promise<void> {
  const handle = await open(file, 'w', FILE_MODE);
  try {
    await handle.writeFile(content);
    await handle.chmod(FILE_MODE);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
