import { realpathSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { StaticUrlError, systemErrorCode } from '../core/errors.ts';

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
    return await importDefault(file, shown);
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

/**
 * Where in a file an error arose: the first place in it that the error's stack names.
 *
 * @param file - its absolute path
 * @returns `:line:column` or `:line`; empty when the stack names none, as Node's of a mistake in a module's syntax
 */
function placeIn(file: string, error: unknown): string {
  if (!(error instanceof Error)) return '';
  // Node resolves symbolic links, jiti does not.
  const real = realpathSync(file);
  const names = [pathToFileURL(real).href, real, file];
  for (const line of error.stack?.split('\n') ?? []) {
    for (const name of names) {
      const [, after = ''] = line.split(name);
      const [place] = /^(?::\d+){1,2}/.exec(after) ?? [];
      if (place !== undefined) return place;
    }
  }
  return '';
}
