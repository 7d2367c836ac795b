import { readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { StaticUrlError, systemErrorCode } from '../../core/errors.ts';
import { quote } from '../../core/text.ts';
import type { Bundle } from './bundle.ts';
import { esbuildEntries, isEsbuildMetafile } from './esbuild-metafile.ts';
import { isViteManifest, viteEntries } from './vite-manifest.ts';

/** Where a bundler says what it has written. */
export interface BundleSource {
  /** An absolute path. */
  readonly file: string;
  /** The working folder at the time when the file was named: absolute. */
  readonly workingFolder: string;
}

/**
 * Reads what a bundler says that it has written.
 *
 * @throws {@link StaticUrlError} `BUNDLE_NOT_FOUND`, `BUNDLE_INVALID`
 */
export function readBundle(source: BundleSource): Bundle {
  return parseBundle(readText(source.file), source);
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const code = systemErrorCode(error);
    const advice =
      code === 'ENOENT' ? 'Build first, or correct its path.' : 'Check its path and permissions.';
    throw new StaticUrlError(
      'BUNDLE_NOT_FOUND',
      `Cannot read the bundle ${quote(file)}: ${code ?? String(error)}. ${advice}`,
      { cause: error },
    );
  }
}

/**
 * Tells Vite's manifest and esbuild's metafile apart by their shapes. Vite's paths are relative to its `outDir`, which has
 * the manifest in it or in its folder `.vite`; esbuild's to the working folder of the build.
 *
 * @throws {@link StaticUrlError} `BUNDLE_INVALID`
 */
export function parseBundle(text: string, { file, workingFolder }: BundleSource): Bundle {
  const folder = dirname(file);
  const content = parseJson(text, file);
  if (isViteManifest(content)) {
    const outDir = basename(folder) === '.vite' ? dirname(folder) : folder;
    return { file, bases: [outDir], entries: viteEntries(content) };
  }
  if (isEsbuildMetafile(content))
    return { file, bases: [workingFolder, folder], entries: esbuildEntries(content) };
  throw new StaticUrlError(
    'BUNDLE_INVALID',
    `The bundle ${quote(file)} is neither Vite's manifest nor esbuild's metafile. Name the file that "build.manifest" of Vite or "metafile" of esbuild gives.`,
  );
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new StaticUrlError('BUNDLE_INVALID', `The bundle ${quote(file)} is not JSON. Build again.`, {
      cause: error,
    });
  }
}
