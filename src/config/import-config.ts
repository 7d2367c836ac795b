import { pathToFileURL } from 'node:url';
import { StaticUrlError, systemErrorCode } from '../core/errors.ts';
import { placeIn } from './error-place.ts';

/**
 * Runs a configuration and waits for what it exports by default.
 *
 * @param file - its absolute path
 * @param shown - the file's name in messages
 * @returns `undefined` when it has no default export
 * @throws {@link StaticUrlError} `CONFIG_FAILED`, `PACKAGE_MISSING`
 */
export async function importConfig(file: string, shown: string): Promise<unknown> {
  try {
    return await unlessIdle(importDefault(file, shown), shown);
  } catch (error) {
    if (error instanceof StaticUrlError) throw error;
    const place = placeIn(file, error);
    const reason = error instanceof Error ? error.message : String(error);
    const advice =
      error instanceof SyntaxError && place === ''
        ? `. Run "node --check ${file}" to see where; if that finds nothing, with the files that it imports.`
        : '';
    throw new StaticUrlError('CONFIG_FAILED', `Cannot run ${shown}${place}: ${reason}${advice}`, {
      cause: error,
    });
  }
}

/** Fails when the process has nothing left to do while it waits: then it would end with success, and without a word. */
function unlessIdle<Value>(waited: Promise<Value>, shown: string): Promise<Value> {
  return new Promise((resolve, reject) => {
    const refuse = (): void =>
      reject(
        new StaticUrlError(
          'CONFIG_FAILED',
          `Cannot run ${shown}: it waits for a promise that nothing settles. Export the settings themselves, or settle it.`,
        ),
      );
    process.once('beforeExit', refuse);
    void waited.then(resolve, reject).finally(() => process.off('beforeExit', refuse));
  });
}

async function importDefault(file: string, shown: string): Promise<unknown> {
  const module = await importModule(pathToFileURL(file).href, shown);
  const exported = module.default;
  // Where TypeScript was compiled to CommonJS, Node and jiti give its whole exports for the default one.
  return isCompiled(exported) ? exported.default : exported;
}

interface Module {
  readonly default?: unknown;
}

function isCompiled(exported: unknown): exported is Module {
  return typeof exported === 'object' && exported !== null && Reflect.get(exported, '__esModule') === true;
}

async function importModule(url: string, shown: string): Promise<Module> {
  try {
    const module: Module = await import(url);
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
  ) => { readonly import: (url: string) => Promise<Module> };
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
