import { isStringList } from '../../core/option-kinds.ts';
import { isPlainObject } from '../../core/text.ts';
import { type BundleEntry, entryOf } from './bundle.ts';

/** A chunk of {@link ViteManifest}. */
interface ViteChunk {
  readonly file: string;
  readonly name?: unknown;
  readonly isEntry?: unknown;
  /** Keys of the chunks that it imports statically. */
  readonly imports?: readonly string[];
  readonly css?: readonly string[];
}

/** Vite's manifest (`build.manifest`), by keys: the source files of entries, made-up names of shared chunks. */
export type ViteManifest = Readonly<Record<string, ViteChunk>>;

/** Whether JSON has the shape of Vite's manifest. */
export function isViteManifest(value: unknown): value is ViteManifest {
  if (!isPlainObject(value)) return false;
  const chunks = Object.values(value);
  return chunks.length > 0 && chunks.every(isChunk);
}

function isChunk(value: unknown): value is ViteChunk {
  if (!isPlainObject(value)) return false;
  const { file, imports = [], css = [] } = value;
  return typeof file === 'string' && isStringList(imports) && isStringList(css);
}

/**
 * The entries of Vite's manifest, and what is loaded lazily: by their source files, entries by their short names as well
 * where these are nobody else's.
 *
 * Each has the stylesheets of all that it imports, since shared ones may hang on any chunk: those of its imports first, as
 * Vite itself orders them.
 */
export function viteEntries(manifest: ViteManifest): Map<string, BundleEntry> {
  const chunks = new Map(Object.entries(manifest));
  const entries = new Map<string, BundleEntry>();
  const shortNames = new Map<string, BundleEntry | undefined>();
  for (const [key, chunk] of chunks) {
    // Chunks that Vite has made up have made-up keys.
    const entry =
      key.startsWith('_') && chunk.isEntry !== true
        ? undefined
        : entryOf(chunk.file, stylesheetsOf(key, chunks));
    if (entry === undefined) continue;
    entries.set(key, entry);
    const { name } = chunk;
    if (chunk.isEntry === true && typeof name === 'string')
      shortNames.set(name, shortNames.has(name) ? undefined : entry);
  }
  for (const [name, entry] of shortNames)
    if (entry !== undefined && !entries.has(name)) entries.set(name, entry);
  return entries;
}

function stylesheetsOf(key: string, chunks: ReadonlyMap<string, ViteChunk>): string[] {
  const stylesheets = new Set<string>();
  const visited = new Set<string>();
  const visit = (each: string): void => {
    const chunk = chunks.get(each);
    if (chunk === undefined || visited.has(each)) return;
    visited.add(each);
    for (const imported of chunk.imports ?? []) visit(imported);
    for (const stylesheet of chunk.css ?? []) stylesheets.add(stylesheet);
  };
  visit(key);
  return [...stylesheets];
}
