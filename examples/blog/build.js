import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const cli = fileURLToPath(new URL('dist/cli/bin.js', import.meta.resolve('static-url/package.json')));
const fontPackage = import.meta.resolve('@fontsource-variable/newsreader/package.json');
const fonts = join(import.meta.dirname, 'public/fonts');
const fontFiles = [
  'files/newsreader-latin-opsz-normal.woff2',
  'files/newsreader-latin-opsz-italic.woff2',
  'LICENSE',
];

/** Brings the fonts into the folder of static files. */
export async function build() {
  await mkdir(fonts, { recursive: true });
  for (const file of fontFiles) await copyIfChanged(new URL(file, fontPackage), join(fonts, basename(file)));
}

/**
 * Adds a release to those before it, with the command that a deploy script would use: `npx static-url release`. It
 * reads `static-url.config.js`.
 */
export const release = () => run('release');

/** Exports the blog as a static site: `npx static-url export`. */
export const exportSite = () => run('export');

/**
 * Publishes the blog: `npx static-url publish`.
 *
 * @param {string} target One of `targets` in `static-url.config.js`.
 */
export const publishSite = (target) => run('publish', target);

/**
 * @param {string[]} command
 * @returns {Promise<string>} What it tells.
 */
async function run(...command) {
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [cli, ...command], {
    cwd: import.meta.dirname,
  });
  return stderr + stdout;
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
