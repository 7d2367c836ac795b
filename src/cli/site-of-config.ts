import type { Command } from 'commander';
import type { ResolvedConfig } from '../config/index.ts';
import { isOptionError } from '../core/errors.ts';
import type { AnyTable } from '../core/options.ts';
import type { Site } from '../site/index.ts';
import { SITE_OPTIONS, type SiteOptions } from '../site/options.ts';
import { appOfConfig } from './app-of-config.ts';
import type { CommandCall, FromConfig } from './command.ts';
import { readConfig } from './config-values.ts';
import type { Terminal } from './terminal.ts';

/** The options of a site that have a flag: none of them has to be given, since the configuration says them. */
export const SITE_FLAGS: AnyTable = Object.fromEntries(
  Object.entries(SITE_OPTIONS as AnyTable)
    .filter(([, { flag }]) => flag !== undefined)
    .map(([name, { required: _required, ...spec }]) => [name, spec]),
);

/** Each flag of a site takes its value from `site` of the configuration. */
export const SITE_VALUES: FromConfig<Record<string, unknown>> = Object.fromEntries(
  Object.keys(SITE_FLAGS).map((name) => [
    name,
    ({ values }: ResolvedConfig) => Reflect.get(Object(values.site), name),
  ]),
);

/** What the URLs of the site's assets start with: "prefix" of the configuration, or that of the assets themselves. */
export async function sitePrefix({ prefix, site }: ResolvedConfig['values']): Promise<string | undefined> {
  if (prefix !== undefined || site?.assets === undefined) return prefix;
  const { assetsPrefix } = await import('../site/index.ts');
  return assetsPrefix(site.assets);
}

/** What the configuration says of the site. */
export async function siteOfConfig(
  terminal: Terminal,
  command: Command,
): Promise<{ readonly config: ResolvedConfig; readonly site: Omit<SiteOptions, 'app'> }> {
  const config = await readConfig(command, terminal);
  const given = config?.values.site;
  if (config === undefined || given === undefined)
    throw new TypeError(
      `${config === undefined ? 'There is no static-url.config.js in the working folder' : `${config.name} has no "site"`}. Write which pages there are: export default defineConfig({ app: async () => (await import('./app.js')).default, site: { origin: 'https://www.example.com', out: 'site', routes: [route('/')] } }); with route from "static-url/site".`,
    );
  // For messages about what it says.
  command.setOptionValueWithSource('config', config.name, 'config');
  return { config, site: given };
}

/** Makes the site of the configuration, with what the flags say. */
export async function openSite(
  terminal: Terminal,
  { command, takenBack }: Pick<CommandCall, 'command' | 'takenBack'>,
  flags: Readonly<Record<string, unknown>>,
  listening: Promise<never>,
): Promise<Site> {
  const { config, site: given } = await siteOfConfig(terminal, command);
  // Only these commands pay for it.
  const { createSite } = await import('../site/index.ts');
  const kept = Object.fromEntries(Object.entries(given).filter(([name]) => !takenBack.has(name)));
  // What is on unless somebody says otherwise is off then.
  for (const name of takenBack) if (SITE_FLAGS[name]?.default === true) kept[name] = false;
  // The flags have been checked one by one, and createSite() checks the whole.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const options = { ...kept, ...flags, appModule: given.appModule ?? config.file } as Omit<
    SiteOptions,
    'app'
  >;
  try {
    return createSite({ ...options, app: appOfConfig(config, listening) });
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof RangeError)) throw error;
    // A mistake in a flag is told as that of any command.
    if (isOptionError(error) && command.getOptionValueSource(error.option) === 'cli') throw error;
    const reason = isOptionError(error)
      ? error.inWords((option) => `"${option}" in "site"`)
      : error.message.replace(/^createSite\(\)/, '"site"');
    throw new TypeError(`${config.name}: ${reason}`, { cause: error });
  }
}
