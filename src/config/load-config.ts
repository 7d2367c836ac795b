import { existsSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { StaticUrlError } from '../core/errors.ts';
import { quote } from '../core/text.ts';
import { importConfig } from './import-config.ts';
import { resolveConfig, type ResolvedConfig } from './resolve-config.ts';

const NAMES = ['static-url.config.js', 'static-url.config.mjs', 'static-url.config.ts'];
/** What people name it too, and would wonder at as its settings have no effect. */
const OTHER_NAMES = [
  'static-url.config.cjs',
  'static-url.config.cts',
  'static-url.config.mts',
  'static-url.config.json',
];

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
  const exported = await importConfig(file, shown);
  if (exported === undefined) {
    throw new TypeError(
      `${shown} has no default export. Write "export default defineConfig({ … });", with defineConfig from "static-url/config".`,
    );
  }
  return resolveConfig(exported, file, shown);
}

function findConfig(folder: string): string | undefined {
  const [found, other] = [...NAMES, ...OTHER_NAMES].filter((name) => existsSync(resolve(folder, name)));
  if (found === undefined) return undefined;
  if (other !== undefined) {
    throw new TypeError(
      `There are two configurations in ${quote(folder)}: ${quote(found)} and ${quote(other)}. Remove one, or name one with --config.`,
    );
  }
  if (NAMES.includes(found)) return resolve(folder, found);
  throw new TypeError(
    `The configuration ${quote(found)} has an ending that is not read. Name it ${NAMES.map(quote).join(' or ')}.`,
  );
}
