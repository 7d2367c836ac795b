import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { openAssets } from 'static-url/assets';

/** Where the site will be; it may have a path. */
export const origin = process.env.DOCS_ORIGIN ?? 'https://static-url.example';

/** Where the repository can be visited; links to its files are plain text without. */
export const repository = process.env.DOCS_REPOSITORY;

/** The path that all URLs of the site begin with. */
export const base = new URL(origin).pathname.replace(/\/*$/, '/');

export const assetSettings = { prefix: `${base}static/`, roots: join(import.meta.dirname, 'public') };

/** Sent with every page: none has a script or a style inside. */
export const headers = {
  'Content-Security-Policy': "default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'",
  'Referrer-Policy': 'strict-origin-when-cross-origin',
  'X-Content-Type-Options': 'nosniff',
};

const fonts = import.meta.resolve('@fontsource-variable/newsreader/package.json');
const search = import.meta.resolve('minisearch');

/** What the site takes from packages, by its name among the static files. */
const borrowed = {
  'vendor/newsreader/newsreader.woff2': new URL('files/newsreader-latin-opsz-normal.woff2', fonts),
  'vendor/newsreader/newsreader-italic.woff2': new URL('files/newsreader-latin-wght-italic.woff2', fonts),
  'vendor/newsreader/LICENSE': new URL('LICENSE', fonts),
  'vendor/minisearch/index.js': new URL(search),
  'vendor/minisearch/index.js.map': new URL(`${search}.map`),
};

/**
 * Opens the static files of the site.
 *
 * @param {{ watch?: boolean }} [options]
 */
export async function openSiteAssets({ watch = false } = {}) {
  for (const [name, source] of Object.entries(borrowed))
    await copyIfChanged(source, join(assetSettings.roots, name));
  return openAssets({ ...assetSettings, watch });
}

/**
 * Leaves an equal file alone, and puts another in its place whole: somebody may be reading it.
 *
 * @param {URL} source
 * @param {string} target
 */
async function copyIfChanged(source, target) {
  const bytes = await readFile(source);
  const present = await readFile(target).catch(() => undefined);
  if (present?.equals(bytes)) return;
  await mkdir(dirname(target), { recursive: true });
  const whole = join(dirname(target), `.${randomUUID()}`);
  await writeFile(whole, bytes);
  await rename(whole, target);
}
