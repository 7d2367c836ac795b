import type { Command } from 'commander';
import type { ResolvedConfig } from '../config/index.ts';
import { commandName } from './command-name.ts';
import type { NamedValues } from './named-values.ts';
import { optionOf } from './option-names.ts';

/** What a command takes from the configuration, by the names of its flags. */
export type Defaults = Readonly<Record<string, (config: ResolvedConfig, command: Command) => unknown>>;

const SOURCES: Defaults = asTheyAre('prefix', 'dotfiles', 'wellKnown');
const RELEASED: Defaults = {
  ...SOURCES,
  ...asTheyAre('imports'),
  root: ({ roots }) => roots,
  followSymlinks: ({ symlinks }) => (symlinks === undefined ? undefined : symlinks === 'follow'),
};
const LOCATION: Defaults = {
  ...asTheyAre(
    'prefix',
    'maxAge',
    'unversioned',
    'header',
    'cors',
    'gzipStatic',
    'dotfiles',
    'wellKnown',
    'mediaType',
  ),
  refuseSymlinks: ({ symlinks }) => (symlinks === undefined ? undefined : symlinks === 'refuse'),
};

/** What each command takes, by its name with those above it. */
export const CONFIG_DEFAULTS: Readonly<Record<string, Defaults>> = {
  url: {
    ...SOURCES,
    root: (config, command) =>
      command.getOptionValue('from') === 'content'
        ? onlyRoot(config, command, 'Name it with --root.')
        : undefined,
  },
  check: RELEASED,
  release: { ...RELEASED, ...asTheyAre('out', 'manifest', 'modules', 'compress') },
  prune: asTheyAre('out', 'keep', 'olderThan'),
  'nginx static': {
    ...LOCATION,
    ...asTheyAre('current'),
    root: (config, command) =>
      onlyRoot(
        config,
        command,
        'Name with --root the one that holds what pages ask for: files of the others are 404.',
      ),
    // Said for releases, it means nothing to a location that knows no version.
    unknownVersion: (config, command) =>
      markerFolder(config, command) === undefined ? undefined : config.unknownVersion,
  },
  'nginx releases': {
    ...LOCATION,
    ...asTheyAre('releases', 'unknownVersion', 'maxOpenFiles'),
    root: (config, command) =>
      onlyRoot(
        config,
        command,
        'Name with --root the one whose files are asked for without a version, such as "favicon.ico": files of the others are 404 without one, and under versions that are not released.',
      ),
  },
};

/** The flags that are added to what the configuration says, name by name. */
export const ADDED_TO_CONFIG: Readonly<Record<string, (config: ResolvedConfig) => NamedValues | undefined>> =
  {
    header: ({ headers }) => headers,
    mediaType: ({ mediaTypes }) => mediaTypes,
  };

/** Takes options for the flags that stand for them. */
function asTheyAre(...flags: string[]): Defaults {
  return Object.fromEntries(
    flags.map((flag) => [flag, (config: Readonly<Record<string, unknown>>) => config[optionOf(flag)]]),
  );
}

/** What the command line says of it, `--no-current` too, else what the configuration says. */
function markerFolder({ current }: ResolvedConfig, command: Command): string | undefined {
  return command.getOptionValueSource('current') === 'cli' ? command.getOptionValue('current') : current;
}

function onlyRoot(
  { name, roots = [] }: ResolvedConfig,
  command: Command,
  advice: string,
): string | undefined {
  if (roots.length < 2) return roots[0];
  throw new TypeError(
    `${name} has ${roots.length} folders in "roots", and "static-url ${commandName(command)}" takes one. ${advice}`,
  );
}
