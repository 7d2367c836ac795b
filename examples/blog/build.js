import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';

const fontPackage = import.meta.resolve('@fontsource-variable/newsreader/package.json');
const fonts = join(import.meta.dirname, 'public/fonts');
const fontFiles = [
  'files/newsreader-latin-opsz-normal.woff2',
  'files/newsreader-latin-opsz-italic.woff2',
  'LICENSE',
];

/** Prepares a deploy: brings the fonts, then touches the sentinel that `settings.js` reads. */
export async function build() {
  await mkdir(fonts, { recursive: true });
  for (const file of fontFiles) await copyIfChanged(new URL(file, fontPackage), join(fonts, basename(file)));
  await writeFile(join(import.meta.dirname, '.deployed'), '');
}

/**
 * Leaves an equal file alone: its modification time tells caches that nothing changed.
 *
 * @param {URL} source
 * @param {string} target
 */
async function copyIfChanged(source, target) {
  const bytes = await readFile(source);
  const present = await readFile(target).catch(() => undefined);
  if (!present?.equals(bytes)) await writeFile(target, bytes);
}
