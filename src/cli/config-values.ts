import { dirname, isAbsolute } from 'node:path';
import type { Command } from 'commander';
import { loadConfig, type ResolvedConfig } from '../config/index.ts';
import { CONFIG_OPTIONS } from '../config/options.ts';
import { PATH } from '../core/option-kinds.ts';
import type { AnyTable } from '../core/options.ts';
import type { FromConfig } from './command.ts';
import { flagOf, mergePairs, negationOf, refuseRepeats, type Pairs } from './flags.ts';
import type { Terminal } from './terminal.ts';

/**
 * Adds `--config`, and to each flag a hidden one that takes back what the configuration says.
 *
 * @param own - options that the configuration says in another place than by their names
 * @param table - a switch that is on unless it is said otherwise is off then
 * @returns the options that were taken back, once the command line is read
 */
export function negate(
  command: Command,
  own: readonly string[] = [],
  table: AnyTable = {},
): ReadonlySet<string> {
  const takenBack = new Set<string>();
  const flags = command.options.filter(
    (option) => isConfigurable(option.attributeName()) || own.includes(option.attributeName()),
  );
  for (const flag of flags) {
    const negation = negationOf(flag);
    command
      .addOption(negation)
      .on(`option:${negation.name()}`, () => void takenBack.add(negation.attributeName()));
  }
  const [first = '', second = ''] = flags.slice(-2).map(({ long }) => `--no-${long?.slice(2)}`);
  addConfigFlag(
    command,
    `The configuration${flags.length === 0 ? '.' : `; ${first}, ${second} and the like take back what it says.`}`,
  );
  command.hook('preAction', () => {
    // Commander makes the value of a negated flag `false`, whatever it takes.
    for (const name of takenBack)
      if (command.getOptionValue(name) === false && table[name]?.default !== true)
        command.setOptionValueWithSource(name, undefined, 'cli');
  });
  return takenBack;
}

/** Adds `--config`. */
export function addConfigFlag(command: Command, help: string): void {
  const config = flagOf('config', {
    ...PATH,
    flag: '--config <file>',
    help,
    defaultText: 'static-url.config.js, .mjs or .ts in the working folder',
  });
  command.addOption(config);
  refuseRepeats(command, config);
}

function isConfigurable(name: string): boolean {
  return name === 'root' || name in CONFIG_OPTIONS;
}

/** Takes from the configuration what no flag says. */
export async function applyConfig(
  command: Command,
  table: AnyTable,
  config: ResolvedConfig,
  fromConfig: FromConfig<Record<string, unknown>>,
  takenBack: ReadonlySet<string>,
): Promise<void> {
  const values: Readonly<Record<string, unknown>> = config.values;
  for (const [name, { argument }] of Object.entries(table)) {
    if (takenBack.has(name)) continue;
    const isGiven = command.getOptionValueSource(name) === 'cli';
    if (isGiven && argument.kind !== 'pairs') continue;
    const read = fromConfig[name];
    const value = read ? await read(config, command) : values[name];
    if (value === undefined) continue;
    if (!isGiven) command.setOptionValueWithSource(name, value, 'config');
    else {
      const [below, above]: readonly Pairs[] = [Object(value), command.getOptionValue(name)];
      command.setOptionValueWithSource(name, mergePairs(below ?? {}, above ?? {}), 'cli');
    }
  }
  // For messages about what it says.
  command.setOptionValueWithSource('config', config.name, 'config');
}

/** Reads the configuration that is named, or that of the working folder. */
export async function readConfig(command: Command, terminal: Terminal): Promise<ResolvedConfig | undefined> {
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

/** The one root of a configuration, for commands that take one. */
export function onlyRoot(advice: string): (config: ResolvedConfig, command: Command) => string | undefined {
  return ({ name, values: { roots = [] } }, command) => {
    if (roots.length < 2) return roots[0];
    throw new TypeError(
      `${name} has ${roots.length} folders in "roots", and "static-url ${command.parent?.parent ? `${command.parent.name()} ` : ''}${command.name()}" takes one. ${advice}`,
    );
  };
}

/** `'refuse'` is a word for nginx: `release` and `check` take it for `'inside'`. */
export function linksOfSources({ values: { symlinks } }: ResolvedConfig): 'inside' | 'follow' | undefined {
  return symlinks === undefined ? undefined : symlinks === 'follow' ? 'follow' : 'inside';
}
