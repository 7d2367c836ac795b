import { dirname, isAbsolute } from 'node:path';
import { Option, type Command } from 'commander';
import { loadConfig } from '../config/load-config.ts';
import type { ResolvedConfig } from '../config/resolve-config.ts';
import { pathFlag } from './paths.ts';
import type { Terminal } from './terminal.ts';

/** What a command takes from the configuration, by the names of its flags. */
type Defaults = Readonly<Record<string, (config: ResolvedConfig, command: Command) => unknown>>;

const SOURCES: Defaults = {
  prefix: ({ prefix }) => prefix,
  dotfiles: ({ dotfiles }) => dotfiles,
  wellKnown: ({ wellKnown }) => wellKnown,
};
const LOCATION: Defaults = {
  prefix: ({ prefix }) => prefix,
  root: onlyRoot,
  header: ({ headers }) => headers,
  cors: ({ cors }) => cors,
  gzipStatic: ({ gzipStatic }) => gzipStatic,
  refuseSymlinks: ({ symlinks }) => (symlinks === undefined ? undefined : symlinks === 'refuse'),
  wellKnown: ({ wellKnown }) => wellKnown,
  unversioned: ({ unversionedCacheControl }) => unversionedCacheControl,
};

const COMMANDS: Readonly<Record<string, Defaults>> = {
  url: {
    ...SOURCES,
    root: (config, command) =>
      command.getOptionValue('from') === 'content' ? onlyRoot(config, command) : undefined,
  },
  check: { ...SOURCES, root: ({ roots }) => roots, imports: ({ imports }) => imports },
  release: {
    ...SOURCES,
    root: ({ roots }) => roots,
    out: ({ releases }) => releases,
    manifest: ({ manifest }) => manifest,
    modules: ({ modules }) => modules,
    imports: ({ imports }) => imports,
    compress: ({ compress }) => compress,
  },
  prune: { out: ({ releases }) => releases },
  'nginx static': { ...LOCATION, current: ({ current }) => current },
  'nginx releases': { ...LOCATION, releases: ({ releases }) => releases },
};

/**
 * Lets all commands read the configuration: what it says are the defaults of their flags.
 *
 * @param program - with all its commands
 */
export function readConfigFor(program: Command, terminal: Terminal): void {
  for (const command of leaves(program)) {
    const defaults = COMMANDS[nameOf(command)];
    if (defaults === undefined) continue;
    const switches = command.options.filter(
      (option) => option.isBoolean() && option.attributeName() in defaults,
    );
    // What the file switches on can be switched off again.
    for (const { long } of switches) command.addOption(new Option(`--no-${long?.slice(2)}`).hideHelp());
    command
      .option(
        '--config <file>',
        'the configuration (default: static-url.config.js, .mjs or .ts in the working folder)',
        pathFlag,
      )
      .hook('preAction', async () => {
        const config = await readConfig(command, terminal);
        if (config !== undefined) applyDefaults(command, defaults, config);
      });
  }
}

function applyDefaults(command: Command, defaults: Defaults, config: ResolvedConfig): void {
  for (const [name, read] of Object.entries(defaults)) {
    if (command.getOptionValueSource(name) === 'cli') continue;
    const value = read(config, command);
    if (value !== undefined) command.setOptionValueWithSource(name, value, 'config');
  }
}

async function readConfig(command: Command, terminal: Terminal): Promise<ResolvedConfig | undefined> {
  const named: string | undefined = command.getOptionValue('config');
  if (named !== undefined) return loadConfig(isAbsolute(named) ? dirname(named) : terminal.cwd, named);
  let folder: string;
  try {
    folder = terminal.cwd;
  } catch {
    // The working folder is gone, which does not matter to commands whose paths are absolute.
    return undefined;
  }
  return loadConfig(folder);
}

function onlyRoot({ roots = [] }: ResolvedConfig, command: Command): string | undefined {
  if (roots.length < 2) return roots[0];
  throw new TypeError(
    `The configuration has ${roots.length} folders in "roots", and "static-url ${nameOf(command)}" takes one. Name it with --root.`,
  );
}

function leaves(command: Command): Command[] {
  return command.commands.length === 0 ? [command] : command.commands.flatMap((each) => leaves(each));
}

/** The name of a command with those above it, without the program's. */
function nameOf(command: Command): string {
  const above = command.parent?.parent ? `${nameOf(command.parent)} ` : '';
  return above + command.name();
}
