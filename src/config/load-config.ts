import { existsSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { StaticUrlError, systemErrorCode } from '../core/errors.ts';
import { quote } from '../core/options.ts';
import { resolveConfig, type ResolvedConfig } from './resolve-config.ts';

const NAMES = ['static-url.config.js', 'static-url.config.mjs', 'static-url.config.ts'];

/**
 * Reads the configuration of a folder.
 *
 * @param folder - where it is looked for: absolute
 * @param named - the file itself, relative to the folder, when it was named
 * @returns `undefined` when there is none and none was named
 * @throws TypeError for a mistake in it, with its place
 * @throws {@link StaticUrlError} `CONFIG_NOT_FOUND`, `CONFIG_FAILED`, `PACKAGE_MISSING`
 */
export async function loadConfig(folder: string, named?: string): Promise<ResolvedConfig | undefined> {
  const file = named === undefined ? findConfig(folder) : resolve(folder, named);
  if (file === undefined) return undefined;
  if (!existsSync(file)) {
    throw new StaticUrlError(
      'CONFIG_NOT_FOUND',
      `Cannot find the configuration ${quote(file)}. Correct the path of --config.`,
    );
  }
  const shown = relative(folder, file);
  const exported = await importFile(file, shown);
  if (exported === undefined) {
    throw new TypeError(
      `${shown} has no default export. Write "export default defineConfig({ … });", with defineConfig from "static-url/config".`,
    );
  }
  return resolveConfig(exported, file, shown);
}

function findConfig(folder: string): string | undefined {
  const [found, other] = NAMES.filter((name) => existsSync(resolve(folder, name)));
  if (other !== undefined) {
    throw new TypeError(
      `There are two configurations in ${quote(folder)}: ${quote(found)} and ${quote(other)}. Remove one, or name one with --config.`,
    );
  }
  return found === undefined ? undefined : resolve(folder, found);
}

async function importFile(file: string, shown: string): Promise<unknown> {
  try {
    const module: { readonly default?: unknown } = await importModule(file, shown);
    return module.default;
  } catch (error) {
    if (error instanceof StaticUrlError) throw error;
    throw new StaticUrlError(
      'CONFIG_FAILED',
      `Cannot run ${shown}: ${error instanceof Error ? error.message : String(error)}`,
      { cause: error },
    );
  }
}

async function importModule(file: string, shown: string): Promise<object> {
  const url = pathToFileURL(file).href;
  try {
    const module: object = await import(url);
    return module;
  } catch (error) {
    // Node strips types since 22.18 (process.features.typescript), and before that a loader such as tsx may.
    if (systemErrorCode(error) !== 'ERR_UNKNOWN_FILE_EXTENSION') throw error;
    const { createJiti } = await importJiti(shown);
    return createJiti(import.meta.url, { fsCache: false }).import(url);
  }
}

interface Jiti {
  readonly createJiti: (
    base: string,
    options: { readonly fsCache: boolean },
  ) => { readonly import: (url: string) => Promise<object> };
}

async function importJiti(shown: string): Promise<Jiti> {
  // An optional peer dependency, so its types are not ours to rely on.
  const name: string = 'jiti';
  try {
    const jiti: Jiti = await import(name);
    return jiti;
  } catch (error) {
    if (systemErrorCode(error) !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new StaticUrlError(
      'PACKAGE_MISSING',
      `Cannot read ${shown}: Node ${process.versions.node} strips no types. Use Node 22.18 or newer, or run "npm install --save-dev jiti".`,
      { cause: error },
    );
  }
}
