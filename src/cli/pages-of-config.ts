import type { Command } from 'commander';
import type { ResolvedConfig } from '../config/index.ts';
import { isOptionError, StaticUrlError } from '../core/errors.ts';
import type { Pages } from '../pages/index.ts';
import { createCommand, type CommandCall, type CommandSpec } from './command.ts';
import { addConfigFlag, readConfig } from './config-values.ts';
import { appOfConfig } from './app-of-config.ts';
import { withHostedApp } from './hosted-app.ts';
import type { Terminal } from './terminal.ts';

/** A command that works on the pages of the configuration. */
interface PagesCommandSpec<Options, Open extends keyof Options> extends Omit<
  CommandSpec<Options, Open>,
  'fromConfig' | 'run'
> {
  readonly run: (pages: Pages, options: Options, call: CommandCall) => Promise<void>;
}

/** Makes a command of its spec, which opens the pages of the configuration in this process while the app runs in its own. */
export function createPagesCommand<Options, Open extends keyof Options>(
  terminal: Terminal,
  spec: PagesCommandSpec<Options, Open>,
): Command {
  const command = createCommand(terminal, {
    ...spec,
    fromConfig: false,
    async run(options, call) {
      await withHostedApp(terminal, async (listening) =>
        usePages(terminal, call.command, listening, (pages) => spec.run(pages, options, call)),
      );
    },
  });
  addConfigFlag(command, 'The configuration, with "pages" and "app".');
  return command;
}

async function usePages(
  terminal: Terminal,
  command: Command,
  listening: Promise<never>,
  use: (pages: Pages) => Promise<void>,
): Promise<void> {
  const pages = await openPages(await readConfig(command, terminal), command, listening);
  try {
    await use(pages);
  } catch (error) {
    const { RenderFailure } = await import('../render/index.ts');
    if (error instanceof RenderFailure)
      throw new StaticUrlError('APP_FAILED', error.message, { cause: error });
    if (error instanceof StaticUrlError && error.code === 'STORE_UNREACHABLE')
      // Whatever the store says of later ends with this process.
      throw new StaticUrlError(error.code, `${error.message} Run the command again once it answers.`, {
        cause: error,
      });
    // What no flag of the command says, createPages() was not given.
    if (isOptionError(error) && error.option === 'assets')
      throw new TypeError(
        error.inWords((option) => `"${option}" in "pages" of ${command.getOptionValue('config')}`),
        { cause: error },
      );
    throw error;
  } finally {
    await pages.close();
  }
}

async function openPages(
  config: ResolvedConfig | undefined,
  command: Command,
  listening: Promise<never>,
): Promise<Pages> {
  if (config?.values.pages === undefined)
    throw new TypeError(
      `${config === undefined ? 'There is no static-url.config.js in the working folder' : `${config.name} has no "pages"`}. Write which pages are stored, and where: export default defineConfig({ app: async () => (await import('./app.js')).default, pages: { sites: ['https://www.example.com'], urls: ['/'], store: fileStore({ folder: '/srv/app/pages' }) } });`,
    );
  // For messages about what it says.
  command.setOptionValueWithSource('config', config.name, 'config');
  // Only these commands pay for it.
  const { createPages } = await import('../pages/index.ts');
  try {
    return createPages({
      ...config.values.pages,
      app: appOfConfig(config, listening),
      sweepSeconds: 0,
      renewAtStart: false,
    });
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof RangeError)) throw error;
    const reason = isOptionError(error)
      ? error.inWords((option) => `"${option}" in "pages"`)
      : error.message.replace(/^createPages\(\)/, '"pages"');
    throw new TypeError(`${config.name}: ${reason}`, { cause: error });
  }
}
